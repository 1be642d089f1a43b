"""Train the reader: ``python -m model.train --out runs/first`` (goes on where a killed run stopped).

Small pictures first, the full 224 at the end, because a pass at 48 pixels costs a twentieth of one at 224.
All stages but the last see only the middle 24×24 of each picture, enlarged to the scale of the whole: what is cut
away is black. Digits are augmented; a share of each batch holds no digit and is trained towards the
uniform distribution. The weights kept are a moving average of the trained ones (Polyak & Juditsky, 1992),
with batch-norm statistics taken anew at full size.
"""

from __future__ import annotations

import argparse
import copy
import math
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model import datasets
from model.augment import augment, not_digits
from model.devices import pick_device
from model.errors import WeightsError
from model.network import IMAGE_SIZE, DigitNet
from model.values import SIDE
from model.weights import CONFIG_FILE, TrainingRecord, read_tensors, save_weights

CHECKPOINT = "checkpoint.pt"


@dataclass(frozen=True)
class Stage:
    """``pictures`` training pictures, the middle ``crop``×``crop`` of each enlarged to ``size``×``size``."""

    size: int
    crop: int
    pictures: int
    batch: int

    @property
    def work(self) -> float:
        """The cost of the stage, in full-size pictures."""
        return self.pictures * (self.size / IMAGE_SIZE) ** 2

    @staticmethod
    def parse(text: str) -> Stage:
        """``size@crop:pictures:batch``, as in ``192@24:30000:32``."""
        try:
            shape, pictures, batch = text.split(":")
            size, crop = shape.split("@")
            stage = Stage(int(size), int(crop), int(pictures), int(batch))
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not size@crop:pictures:batch, as 192@24:30000:32") from None
        # Batch norm cannot learn from a single picture, and the last maps of less than 32 pixels are empty.
        if stage.size < 32 or not 1 <= stage.crop <= SIDE or min(stage.pictures, stage.batch) < 2:
            raise argparse.ArgumentTypeError(f"{text!r}: size from 32, crop 1 to {SIDE}, pictures and batch from 2")
        return stage


STAGES = (Stage(48, 24, 100_000, 64), Stage(96, 24, 70_000, 64), Stage(192, 24, 30_000, 32), Stage(224, 28, 4_000, 32))


@dataclass(frozen=True)
class Settings:
    """All that decides a training run."""

    stages: tuple[Stage, ...] = STAGES
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.02
    warmup: float = 0.02  # share of the work
    nothing_share: float = 0.06  # of each batch: pictures without a digit
    average: float = 0.99  # decay of the moving average, a step
    seed: int = 0
    start: str = "imagenet"  # or a weights directory to go on from, or "scratch"
    precision: str = "auto"
    settled: int = 2_000  # pictures for the final batch-norm statistics


class Trainer:
    """One run: network, moving average, optimizer, and where it stands."""

    def __init__(self, settings: Settings, out: Path, device: torch.device) -> None:
        self.settings, self.out, self.device = settings, out, device
        random.seed(settings.seed)
        np.random.seed(settings.seed)
        torch.manual_seed(settings.seed)
        self.network = DigitNet()
        self.started_from = _start(self.network, settings.start)
        self.network.to(device).to(memory_format=torch.channels_last)
        self.averaged = copy.deepcopy(self.network).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), settings.learning_rate, weight_decay=settings.weight_decay
        )
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.bfloat16 = settings.precision == "bfloat16" or (settings.precision == "auto" and device.type == "cuda")
        self.done = 0  # pictures seen, over all stages
        self.steps = 0
        self.seconds = 0.0
        train, self.validation = datasets.split_training(datasets.load("mnist", "train"))
        self.pictures, self.labels = torch.from_numpy(train.pictures), torch.from_numpy(train.labels)

    # -- one step ------------------------------------------------------------------------------------------

    def _share_done(self) -> float:
        """The share of the whole work that is done, 0 to 1."""
        stages, left, work = self.settings.stages, self.done, 0.0
        for stage in stages:
            seen = min(left, stage.pictures)
            work += stage.work * seen / stage.pictures
            left -= seen
        return work / sum(stage.work for stage in stages)

    def _learning_rate(self) -> float:
        """Linear warm-up, then half a cosine down to zero, over the share of the work done."""
        share, warmup = self._share_done(), self.settings.warmup
        if share < warmup:
            return self.settings.learning_rate * (share + 1e-3) / (warmup + 1e-3)
        return self.settings.learning_rate * 0.5 * (1 + math.cos(math.pi * (share - warmup) / (1 - warmup)))

    def _loss(self, pictures: Tensor, targets: Tensor, stage: Stage) -> Tensor:
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
            cut = (pictures.shape[-1] - stage.crop) // 2
            inner = pictures[:, cut : cut + stage.crop, cut : cut + stage.crop]
            prepared = self.network.prepare(inner, stage.size).contiguous(memory_format=torch.channels_last)
            logits = self.network.classifier(self.network.pooled(self.network.maps(prepared)))
        return F.cross_entropy(logits.float(), targets)  # targets: distributions (N, 10)

    def step(self, index: Tensor, stage: Stage) -> float:
        """Train on the digits ``index`` and a few pictures without a digit; returns the loss."""
        empty = round(len(index) * self.settings.nothing_share)
        digits = augment(self.pictures[index].float() / 255, self.generator)
        pictures = torch.cat([digits, not_digits(empty, self.generator)]).to(self.device)
        targets = torch.cat([F.one_hot(self.labels[index], 10).float(), torch.full((empty, 10), 0.1)]).to(self.device)
        self.network.train()
        for group in self.optimizer.param_groups:
            group["lr"] = self._learning_rate()
        self.optimizer.zero_grad(set_to_none=True)
        loss = self._loss(pictures, targets, stage)
        loss.backward()
        self.optimizer.step()
        self.done += len(index)
        self.steps += 1
        self._average()
        return float(loss.detach())

    def _average(self) -> None:
        # Early on the average would be mostly the random start; the ramp keeps it young.
        decay = min(self.settings.average, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for mean, now in zip(self.averaged.state_dict().values(), self.network.state_dict().values(), strict=True):
                if mean.is_floating_point():
                    mean.lerp_(now, 1 - decay)

    # -- the run -------------------------------------------------------------------------------------------

    def _batches(self) -> Iterator[tuple[Stage, Tensor]]:
        """From where the run stands to its end; the order of an epoch follows from the seed and its number."""
        offset = 0
        for stage in self.settings.stages:
            while self.done < offset + stage.pictures:
                left = offset + stage.pictures - self.done
                # One picture is never left over: batch norm cannot learn from it.
                size = left if left <= stage.batch + 1 else stage.batch
                yield stage, self._draw(size)
            offset += stage.pictures

    def _draw(self, size: int) -> Tensor:
        epoch, place = divmod(self.done, len(self.labels))
        index = self._order(epoch)[place : place + size]
        # A batch that crosses into the next epoch stays whole: batch norm cannot learn from a single picture.
        return torch.cat([index, self._order(epoch + 1)[: size - len(index)]]) if len(index) < size else index

    def _order(self, epoch: int) -> Tensor:
        seed = self.settings.seed * 1000 + epoch
        return torch.randperm(len(self.labels), generator=torch.Generator().manual_seed(seed))

    def run(self, checkpoint_seconds: float = 120) -> None:
        """Train to the end, with a line of progress every 20 seconds and a checkpoint every two minutes."""
        session, last_line, last_save = time.monotonic(), time.monotonic(), time.monotonic()
        seconds_before, share_before, losses, stage_before = self.seconds, self._share_done(), [], None
        for stage, index in self._batches():
            if stage is not stage_before:
                print(f"stage {stage.size} px, crop {stage.crop}: {stage.pictures:,} pictures", flush=True)
                stage_before = stage
            losses.append(self.step(index, stage))
            now = time.monotonic()
            self.seconds = seconds_before + now - session
            if now - last_line > 20:
                share = self._share_done()
                left = (now - session) * (1 - share) / max(share - share_before, 1e-9)
                mean = sum(losses) / len(losses)
                print(f"{self.done:,} pictures  {share:.1%}  loss {mean:.4f}  {left / 60:.0f} min left", flush=True)
                last_line, losses = now, []
            if now - last_save > checkpoint_seconds:
                self.save_checkpoint()
                last_save = now
        self.save_checkpoint()

    @torch.no_grad()
    def settle(self) -> None:
        """Take the averaged network's batch-norm statistics anew, at full size, as a plain mean over batches."""
        norms = [module for module in self.averaged.modules() if isinstance(module, nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # cumulative mean
        self.averaged.train()
        chosen = torch.randperm(len(self.labels), generator=self.generator)[: self.settings.settled]
        for index in chosen.split(50):
            self.averaged((self.pictures[index].float() / 255).to(self.device))
        for norm in norms:
            norm.momentum = 0.1
        self.averaged.eval()

    def finish(self) -> None:
        """Settle the averaged weights and write them with their record."""
        self.settle()
        record = TrainingRecord(
            data=datasets.TRAINED_ON,
            started_from=self.started_from,
            pictures_seen=self.done,
            minutes=round(self.seconds / 60, 1),
            device=str(self.device.type),
            precision="bfloat16" if self.bfloat16 else "float32",
            settings=asdict(self.settings),
        )
        save_weights(self.out, self.averaged, record)
        print(f"wrote {self.out / CONFIG_FILE} and the weights beside it", flush=True)

    # -- checkpoints ---------------------------------------------------------------------------------------

    def save_checkpoint(self) -> None:
        """Written beside and moved into place, so that a kill never leaves half a file."""
        state = {
            "settings": repr(self.settings),
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
            "done": self.done,
            "steps": self.steps,
            "seconds": self.seconds,
            "started_from": self.started_from,
        }
        unfinished = self.out / (CHECKPOINT + ".part")
        torch.save(state, unfinished)
        unfinished.replace(self.out / CHECKPOINT)

    def load_checkpoint(self) -> None:
        """Go on from the checkpoint in ``out``; it must come from the same settings."""
        state = torch.load(self.out / CHECKPOINT, map_location=self.device, weights_only=True)
        if state["settings"] != repr(self.settings):
            raise WeightsError(f"{self.out} holds a run with other settings; choose another --out or remove it.")
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"].cpu())
        self.done, self.steps, self.seconds = state["done"], state["steps"], state["seconds"]
        self.started_from = state["started_from"]


def _start(network: DigitNet, start: str) -> str:
    """Fill the network with its starting weights; returns what they are, for the record."""
    if start == "imagenet":
        from torchvision.models import DenseNet121_Weights

        try:
            tensors = DenseNet121_Weights.IMAGENET1K_V1.get_state_dict(progress=False)
        except OSError as problem:
            print(f"ImageNet weights could not be downloaded ({problem}): starting from scratch", flush=True)
            return "scratch"
        tensors = {name: tensor for name, tensor in tensors.items() if not name.startswith("classifier")}
        network.load_state_dict(tensors, strict=False)
        return "ImageNet (torchvision IMAGENET1K_V1)"
    if start != "scratch":
        network.load_state_dict(read_tensors(Path(start)))
    return start


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m model.train", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints and the final weights")
    parser.add_argument("--stages", type=Stage.parse, nargs="+", default=STAGES, help="size@crop:pictures:batch …")
    parser.add_argument("--lr", type=float, default=Settings.learning_rate)
    parser.add_argument(
        "--start", default="imagenet", help="imagenet (falls back to scratch), scratch, or a weights folder"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precision", choices=("auto", "float32", "bfloat16"), default="auto",
                        help="auto: bfloat16 on a GPU; a CPU with AMX gains from it too")  # fmt: skip
    options = parser.parse_args()
    settings = Settings(stages=tuple(options.stages), learning_rate=options.lr, seed=options.seed,
                        start=options.start, precision=options.precision)  # fmt: skip
    options.out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(settings, options.out, pick_device(options.device))
    if (options.out / CHECKPOINT).exists():
        trainer.load_checkpoint()
        print(f"going on after {trainer.done:,} pictures", flush=True)
    trainer.run()
    trainer.finish()


if __name__ == "__main__":
    main()
