"""The work of a sweep in one process, or in several, each with a function of its own.

One picture at a time keeps a GPU waiting for the processor most of the time; several processes fill it.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import torch

Task = Any  # one picture, and what else there is to know of it; picklable
Work = Callable[[Sequence[Task]], Iterable[dict]]  # some tasks → as many rows, which JSON can hold
Make = Callable[[], Work]  # makes the function where it is to run; picklable

_work: Work | None = None  # of a worker process


def over_processes(pieces: Sequence[Sequence[Task]], make: Make, workers: int) -> Iterator[dict]:
    """The rows of all pieces, in order; with one worker in this very process."""
    if workers == 1:
        work = make()
        for piece in pieces:
            yield from work(piece)
        return
    os.environ.update({f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")})  # the workers' numpy
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, _start, (make,)) as pool:
        for rows in pool.map(_some, pieces):
            yield from rows


def _start(make: Make) -> None:
    global _work
    torch.set_num_threads(1)
    _work = make()


def _some(piece: Sequence[Task]) -> list[dict]:
    assert _work is not None
    return list(_work(piece))
