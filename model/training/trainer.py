"""One training run: network, moving average, optimizer, and where it stands."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from model import datasets
from model.alphabet import Alphabet
from model.catalogue import DATA_SETS
from model.classifier import Classifier
from model.errors import ModelError
from model.network import DigitNet
from model.training import checkpoints, depth, starts
from model.training.batches import Batch, Pictures, smallest_batch
from model.training.processes import Processes
from model.training.schedule import learning_rate, share_done
from model.training.settings import Settings, Stage
from model.training.watch import Moment, Watch
from model.values import ModelIdentity
from model.weights import CONFIG_FILE, TrainingRecord, save_weights

LINE_SECONDS, CHECKPOINT_SECONDS = 20.0, 120.0
MOMENTUM = 0.9  # of stochastic gradient descent, Nesterov's


class Learner(nn.Module):
    """The network as it is trained: a stage's view of the picture, and features left out by chance."""

    def __init__(self, network: DigitNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor, size: int, crop: int, kept: Tensor | None) -> Tensor:
        """(N, 28, 28), by what the features are multiplied (N, C) → logits (N, K)."""
        network = self.network
        prepared = network.prepare(pictures, size, crop=crop).contiguous(memory_format=torch.channels_last)
        features = network.pooled(network.maps(prepared))
        return network.classifier(features if kept is None else features * kept)


class Trainer:
    """Trains to the end, with checkpoints in ``out``."""

    def __init__(self, settings: Settings, out: Path, device: torch.device, processes: Processes | None = None) -> None:
        """``processes``: which of several this one is, where they train together."""
        self.settings, self.out = settings, out
        self.processes = processes or Processes()
        self.device = self.processes.device(device)
        random.seed(settings.seed)
        np.random.seed(settings.seed)
        torch.manual_seed(settings.seed)
        self.data_set = DATA_SETS[settings.dataset]
        self.alphabet = Alphabet(self.data_set.labels, self.data_set.id)
        train, self.validation = datasets.split_training(datasets.load(settings.dataset, "train"), self.data_set)
        self.pictures = Pictures(train, self.data_set, settings)
        self._check_batches()
        self.network = DigitNet(len(self.data_set.labels))
        self.start = starts.fill(self.network, settings.start, self.data_set.labels)
        depth.freeze(self.network, settings.unfreeze)
        self.network.to(self.device).to(memory_format=torch.channels_last)
        self.averaged = copy.deepcopy(self.network).requires_grad_(False).eval()
        if self.processes.count > 1 and self.device.type == "cuda":
            self.network = nn.SyncBatchNorm.convert_sync_batchnorm(self.network)
        self.optimizer = _optimizer(settings, [one for one in self.network.parameters() if one.requires_grad])
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.bfloat16 = settings.precision == "bfloat16" or (settings.precision == "auto" and device.type == "cuda")
        self.done = 0  # pictures seen, over all stages
        self.steps = 0
        self.seconds = 0.0
        self._learner: nn.Module | None = None

    @property
    def share(self) -> float:
        """The share of the whole work that is done, 0 to 1."""
        return share_done(self.settings.stages, self.done)

    def step(self, index: Tensor, stage: Stage) -> float:
        """Train on the pictures ``index`` and a few that show nothing; returns the loss of this process's part."""
        if self._learner is None:
            self._learner = self.processes.together(Learner(self.network), self.device)
        whole = self.pictures.batch(index, self.generator, self.network.classifier.in_features)
        depth.training_mode(self.network, self.settings.unfreeze)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.settings, self.share)
        self.optimizer.zero_grad(set_to_none=True)
        loss = self._loss(self._learner, whole, stage)
        loss.backward()
        self.optimizer.step()
        self.done += len(index)
        self.steps += 1
        self._average()
        return float(loss.detach())

    def _loss(self, learner: nn.Module, whole: Batch, stage: Stage) -> Tensor:
        processes = self.processes
        mine = whole.part(processes.rank, processes.count)
        kept = None if mine.kept is None else mine.kept.to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
            logits = learner(mine.pictures.to(self.device), stage.size, stage.crop, kept)
        total = F.cross_entropy(logits.float(), mine.targets.to(self.device), reduction="sum")
        # Parts may differ in size by one: the mean over the processes is to be the mean over the whole batch.
        return total * processes.count / len(whole.pictures)

    def _average(self) -> None:
        # Early on the average would be mostly the random start; the ramp keeps it young.
        decay = min(self.settings.average, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for mean, now in zip(self.averaged.state_dict().values(), self.network.state_dict().values(), strict=True):
                if mean.is_floating_point():
                    mean.lerp_(now, 1 - decay)

    # -- the run -------------------------------------------------------------------------------------------

    def run(self, watch: Watch | None = None, checkpoint_seconds: float | None = CHECKPOINT_SECONDS) -> None:
        """Train to the end, with a line of progress every 20 seconds, and checkpoints (None: without them)."""
        self.processes.agree(self.done)
        watch = watch if watch and self.processes.first else Watch()
        clock = _Clock(self)
        losses: list[float] = []
        since_look: list[float] = []
        stage_before, end = None, sum(stage.pictures for stage in self.settings.stages)
        for stage, index in self.pictures.remaining(self.done):
            if stage is not stage_before:
                self.say(f"stage {stage.size} px, crop {stage.crop}: {stage.pictures:,} pictures")
                stage_before = stage
            losses.append(self.step(index, stage))
            since_look.append(losses[-1])
            if watch.due(self.steps, last=self.done >= end):
                begun = time.monotonic()
                moment = self.moment(stage, since_look, watch.pictures)
                watch.look(moment, time.monotonic() - begun)
                since_look = []
            self.seconds = clock.seconds - watch.seconds
            if clock.line_due():
                mean, minutes = sum(losses) / len(losses), clock.minutes_left()
                self.say(f"{self.done:,} pictures  {self.share:.1%}  loss {mean:.4f}  {minutes:.0f} min left")
                losses = []
            if checkpoint_seconds is not None and clock.checkpoint_due(checkpoint_seconds):
                self.save_checkpoint()
        if checkpoint_seconds is not None:
            self.save_checkpoint()
        watch.close()
        if watch.looks:
            self.say(f"watched: {watch.told}")

    def say(self, line: str) -> None:
        """Print it, where this is the process that prints."""
        if self.processes.first:
            print(line, flush=True)

    def moment(self, stage: Stage, losses: Sequence[float], pictures: int) -> Moment:
        """Where the run stands, measured at the stage's size."""
        classifier = self.classifier(stage)
        some = self.validation.part(slice(0, pictures))
        read = classifier.logits(some.pictures.astype(np.float32) / 255).argmax(axis=1)
        return Moment(
            steps=self.steps,
            pictures=self.done,
            share=self.share,
            seconds=self.seconds,
            stage=stage,
            loss=float(np.mean(losses)),
            learning_rate=self.optimizer.param_groups[0]["lr"],
            accuracy=float((read == some.labels).mean()),
            classifier=classifier,
        )

    def classifier(self, stage: Stage) -> Classifier:
        """The averaged network as it stands, seeing pictures as ``stage`` does."""
        network = copy.deepcopy(self.averaged)
        network.image_size, network.crop = stage.size, stage.crop
        record = {"labels": list(self.alphabet.labels), "dataset": self.alphabet.dataset}
        return Classifier(network, ModelIdentity("in training", None, "", record), device=self.device)

    @torch.no_grad()
    def settle(self) -> None:
        """Take the averaged network's batch-norm statistics anew, at full size, as a plain mean over batches.

        Where a block is not trained they stay as they are.
        """
        norms = depth.trained_norms(self.averaged, self.settings.unfreeze)
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # cumulative mean
        depth.training_mode(self.averaged, self.settings.unfreeze)
        chosen = torch.randperm(len(self.pictures), generator=self.generator)[: self.settings.settled]
        for index in chosen.split(50):
            self.averaged((self.pictures.pictures[index].float() / 255).to(self.device))
        for norm in norms:
            norm.momentum = 0.1
        self.averaged.eval()

    def finish(self) -> None:
        """Settle the averaged weights and write them with their record; only the first process does."""
        if not self.processes.first:
            return
        self.settle()
        record = TrainingRecord(
            data=self.data_set.trained_on,
            started_from=self.start.name,
            pictures_seen=self.done,
            minutes=round(self.seconds / 60, 1),
            device=str(self.device.type),
            precision="bfloat16" if self.bfloat16 else "float32",
            settings={name: value for name, value in asdict(self.settings).items() if name != "start"},
            before=self.start.record,
        )
        save_weights(self.out, self.averaged, record, self.alphabet)
        self.say(f"wrote {self.out / CONFIG_FILE} and the weights beside it")

    # -- checkpoints ---------------------------------------------------------------------------------------

    def save_checkpoint(self) -> None:
        """Keep where the run stands; only the first process does."""
        if not self.processes.first:
            return
        state = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
            "done": self.done,
            "steps": self.steps,
            "seconds": self.seconds,
            "started_from": self.start.name,
            "before": self.start.record,
        }
        checkpoints.write(self.out, self.settings, state)

    def load_checkpoint(self) -> None:
        """Go on from the checkpoint in ``out``; it must come from the same settings."""
        state = checkpoints.read(self.out, self.settings, self.device)
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"].cpu())
        self.done, self.steps, self.seconds = state["done"], state["steps"], state["seconds"]
        self.start = starts.Start(state["started_from"], state.get("before"))

    def _check_batches(self) -> None:
        """Batch norm cannot learn from one picture: each process must get two of the smallest batch."""
        smallest = min(smallest_batch(stage) for stage in self.settings.stages)
        if smallest < 2 * self.processes.count:
            raise ModelError(f"A batch of {smallest} pictures is too small for {self.processes.count} processes.")


class _Clock:
    """When a line or a checkpoint is due, and how long the rest will take."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer, self._before, self._share = trainer, trainer.seconds, trainer.share
        self._start = self._line = self._checkpoint = time.monotonic()

    @property
    def seconds(self) -> float:
        """Of the whole run, those before it was gone on with among them."""
        return self._before + time.monotonic() - self._start

    def line_due(self) -> bool:
        """Whether to print; the next one is due after a while."""
        if time.monotonic() - self._line <= LINE_SECONDS:
            return False
        self._line = time.monotonic()
        return True

    def checkpoint_due(self, seconds: float) -> bool:
        """The same of a checkpoint every so many seconds."""
        if time.monotonic() - self._checkpoint <= seconds:
            return False
        self._checkpoint = time.monotonic()
        return True

    def minutes_left(self) -> float:
        """By the pace since this session began."""
        share = self._trainer.share
        return (time.monotonic() - self._start) * (1 - share) / max(share - self._share, 1e-9) / 60


def _optimizer(settings: Settings, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    if settings.optimizer == "sgd":
        return torch.optim.SGD(
            parameters, settings.learning_rate, MOMENTUM, weight_decay=settings.weight_decay, nesterov=True
        )
    return torch.optim.AdamW(parameters, settings.learning_rate, weight_decay=settings.weight_decay)
