"""Several processes that train one network together, as ``torchrun`` starts them: each does a part of every batch.

What they do is what one process would do alone: all draw the same pictures and augmentations, each runs its own part,
and the gradients are averaged over the whole batch. The augmentation, which all of them do whole, takes far less time
than the network. On CUDA batch norms take their statistics over all processes (SyncBatchNorm); on a processor torch
has no such thing, so each takes those of its own part, and the running ones are the first process's.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import nn

from model.errors import ModelError


@dataclass(frozen=True)
class Processes:
    """Which of how many processes this one is."""

    rank: int = 0
    count: int = 1
    local: int = 0  # which on this machine: the GPU that it takes

    @property
    def first(self) -> bool:
        """Whether this is the process that writes and prints."""
        return self.rank == 0

    def device(self, device: torch.device) -> torch.device:
        """This process's own device of that kind."""
        return torch.device("cuda", self.local) if self.count > 1 and device.type == "cuda" else device

    def together(self, learner: nn.Module, device: torch.device) -> nn.Module:
        """``learner``, with gradients averaged over the processes; alone, itself."""
        if self.count == 1:
            return learner
        return nn.parallel.DistributedDataParallel(
            learner, device_ids=[device.index] if device.type == "cuda" else None
        )

    def agree(self, done: int) -> None:
        """Raises ModelError where the processes do not all go on from the same place: each must see ``--out``."""
        if self.count == 1:
            return
        every: list[int | None] = [None] * self.count
        dist.all_gather_object(every, done)
        if len(set(every)) > 1:
            raise ModelError(f"The processes stand at {every} pictures: --out must be one folder that all of them see.")


def join(device: torch.device) -> Processes:
    """Meet the other processes, where ``torchrun`` has started several; alone, nothing is done."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        return Processes()
    found = Processes(int(os.environ["RANK"]), count, int(os.environ["LOCAL_RANK"]))
    own = found.device(device)
    if own.type == "cuda":
        torch.cuda.set_device(own)
    dist.init_process_group("nccl" if own.type == "cuda" else "gloo")
    return found


def part(processes: Processes) -> None:
    """Leave the others, at the end."""
    if processes.count > 1:
        dist.destroy_process_group()
