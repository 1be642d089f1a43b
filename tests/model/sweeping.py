"""A function for sweeps that worker processes can make too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import torch


def make(offset: int, broken: int | None = None) -> Callable[[Sequence[int]], Iterator[dict]]:
    """Rows that tell the task, in which process it was done and with how many others; ``broken`` is not survived."""

    def work(tasks: Sequence[int]) -> Iterator[dict]:
        for task in tasks:
            if task == broken:
                raise ValueError(f"{task} cannot be done")
            row = {"image": task, "value": task + offset, "process": os.getpid(), "together": len(tasks)}
            yield row | {"threads": torch.get_num_threads()} | ({"only": None} if task == 3 else {"other": [task]})

    return work


plain = partial(make, 100)
