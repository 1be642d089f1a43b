"""Train the reader: ``python -m model.train --out runs/first`` (goes on where a killed run stopped).

Small pictures first, the full 224 at the end, because a pass at 48 pixels costs a twentieth of one at 224.
Of digits all stages but the last see only the middle 24×24 of each picture, enlarged to the scale of the whole: what is
cut away is black. Pictures are augmented; a share of each batch shows nothing and is trained towards the uniform
distribution. The weights kept are a moving average of the trained ones (Polyak & Juditsky, 1992), with batch-norm
statistics taken anew at full size.

While it trains it is watched (``--watch``), ``--tune`` searches for good settings, and ``torchrun --nproc-per-node 4
-m model.train …`` trains on several GPUs: docs/training.md.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from model.catalogue import DATA_SETS, MNIST
from model.devices import pick_device
from model.training import tune
from model.training.checkpoints import CHECKPOINT
from model.training.processes import join, part
from model.training.settings import BLOCKS, OPTIMIZERS, Settings, Stage, default_stages
from model.training.trainer import Trainer
from model.training.watch import SHARE, Watch

# Explanations and drawings lie above this folder, which imports neither: who looks on comes by name.
WATCHER, DRAWING = "explainers.watching", "benchmarks.watched"


def settings_of(options: argparse.Namespace) -> Settings:
    """What the command line asks for."""
    return Settings(
        stages=tuple(options.stages or default_stages(DATA_SETS[options.dataset].crop)),
        learning_rate=OPTIMIZERS[options.optimizer] if options.lr is None else options.lr,
        seed=options.seed,
        start=options.start,
        precision=options.precision,
        dataset=options.dataset,
        optimizer=options.optimizer,
        dropout=options.dropout,
        unfreeze=options.unfreeze,
    )


def parser() -> argparse.ArgumentParser:
    """The command line's options."""
    found = argparse.ArgumentParser(prog="python -m model.train", description=__doc__.splitlines()[0])
    add = found.add_argument
    add("--out", type=Path, required=True, help="folder for checkpoints and the final weights")
    add("--dataset", choices=DATA_SETS, default=MNIST.id)
    add("--stages", type=Stage.parse, nargs="+", help="size@crop:pictures:batch …")
    add("--lr", type=float, help="; ".join(f"{rate} with {name}" for name, rate in OPTIMIZERS.items()))
    add("--optimizer", choices=OPTIMIZERS, default="adamw", help="sgd: with Nesterov's momentum")
    add("--dropout", type=_share, default=0.0, help="share of the features that the classifier does not get")
    add("--unfreeze", type=int, choices=range(BLOCKS + 1), default=BLOCKS,
        help="dense blocks from the end that are trained; 0: the classifier alone, 4: everything")  # fmt: skip
    add("--start", default="imagenet", help="imagenet (falls back to scratch), scratch, or a weights folder")
    add("--seed", type=int, default=0)
    add("--device", default="auto")
    add("--watch", type=int, default=250, metavar="STEPS",
        help="look at the explanations of 20 validation pictures every so many steps; 0: never")  # fmt: skip
    add("--watch-share", type=_share, default=SHARE, metavar="SHARE",
        help="of the time that looking may take; a look that would make it more is left out")  # fmt: skip
    add("--tune", type=int, metavar="TRIALS",
        help="search for good settings in so many short runs instead; --stages says how long each is")  # fmt: skip
    add("--precision", choices=("auto", "float32", "bfloat16"), default="auto",
        help="auto: bfloat16 on a GPU; a CPU with AMX gains from it too")  # fmt: skip
    return found


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share from 0 to below 1")
    return share


def main() -> None:
    """The command line."""
    options = parser().parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    device = pick_device(options.device)
    if options.tune:
        best = tune.search(settings_of(options), options.out, device, options.tune)[0]
        print(f"wrote {options.out / tune.TABLE}; the best: {tune.options(best.settings)}")
        return
    processes = join(device)
    trainer = Trainer(settings_of(options), options.out, device, processes)
    if (options.out / CHECKPOINT).exists():
        trainer.load_checkpoint()
        trainer.say(f"going on after {trainer.done:,} pictures")
    trainer.run(_watch(trainer, options.watch, options.watch_share))
    if options.watch and processes.first and (drawn := importlib.import_module(DRAWING).draw(options.out)):
        trainer.say(f"drew {drawn}")
    trainer.finish()
    part(processes)


def _watch(trainer: Trainer, every: int, most: float) -> Watch:
    if not every or not trainer.processes.first:
        return Watch()
    watcher = importlib.import_module(WATCHER).watcher
    return Watch([watcher(trainer.out, trainer.validation, trainer.settings.seed, trainer.steps)], every, most=most)


if __name__ == "__main__":
    main()
