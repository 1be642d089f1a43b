"""One of two processes that train together: ``torchrun --nproc-per-node 2 -m tests.model.training.worker FOLDER``.

Writes into ``FOLDER/<rank>.json`` what it found.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch

from model import catalogue, datasets
from model.errors import ModelError
from model.network import DigitNet
from model.training import trainer as module
from model.training.processes import Processes, join, part
from model.training.trainer import Trainer
from tests.model.training.conftest import SETTINGS, TINY, tiny_data

CPU = torch.device("cpu")
FROZEN = replace(SETTINGS, unfreeze=0, dropout=0.3)  # whose batch norms look at no other picture of the batch


@contextlib.contextmanager
def tiny() -> Iterator[None]:
    """Tiny networks on random pictures."""
    kept = module.DigitNet, datasets.load, catalogue.VALIDATION
    module.DigitNet = lambda classes: DigitNet(classes, **TINY)  # type: ignore[misc, assignment]
    datasets.load = lambda name, split: tiny_data()
    catalogue.VALIDATION = 8
    try:
        yield
    finally:
        module.DigitNet, datasets.load, catalogue.VALIDATION = kept  # type: ignore[misc]


def digest(trainer: Trainer) -> str:
    """The parameters, without the running statistics, which are the first process's alone."""
    return hashlib.sha256(b"".join(one.detach().numpy().tobytes() for one in trainer.network.parameters())).hexdigest()


def whole(settings: module.Settings, out: Path, processes: Processes) -> Trainer:
    """A run to the end, written."""
    out.mkdir(exist_ok=True)
    trainer = Trainer(settings, out, CPU, processes)
    trainer.run()
    trainer.finish()
    return trainer


def killed(settings: module.Settings, out: Path, processes: Processes) -> Trainer:
    """A run that is broken off after five steps and gone on with by new trainers."""
    out.mkdir(exist_ok=True)
    first = Trainer(settings, out, CPU, processes)
    for count, (stage, index) in enumerate(first.pictures.remaining(0)):
        if count == 5:
            break
        first.step(index, stage)
    first.save_checkpoint()
    torch.distributed.barrier()
    second = Trainer(settings, out, CPU, processes)
    second.load_checkpoint()
    second.run()
    return second


def main() -> None:
    """What each process does."""
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    processes = join(CPU)
    printed = io.StringIO()
    with tiny(), contextlib.redirect_stdout(printed):
        found: dict[str, object] = {
            "frozen": digest(whole(FROZEN, folder / "frozen", processes)),
            "killed": digest(killed(FROZEN, folder / "killed", processes)),
            "trained": digest(whole(SETTINGS, folder / "trained", processes)),
        }
        try:
            processes.agree(processes.rank)
        except ModelError as problem:
            found["apart"] = str(problem)
    part(processes)
    (folder / f"{processes.rank}.json").write_text(json.dumps({**found, "printed": printed.getvalue()}))


if __name__ == "__main__":
    main()
