"""Functions of tensors recorded as CUDA graphs: a GPU finishes a layer before Python has asked for the next.

A recording replays the same kernels on the same memory, so that the host gives one command instead of a thousand.
There is one for each of a few batch sizes; smaller batches are filled up with black pictures.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

log = logging.getLogger(__name__)

WARM_UPS = 2  # runs before the recording, in which the libraries choose their kernels and take their memory

Run = Callable[..., tuple[Tensor, ...]]


@dataclass(frozen=True, eq=False)
class Recording:
    """One batch size. ``replay`` computes ``outputs`` from what lies in ``inputs``."""

    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]
    replay: Callable[[], None]


def record(run: Run, inputs: Sequence[Tensor]) -> Recording:
    """``run`` of ``inputs`` as a CUDA graph. All that it allocates stays as it is, for the replays."""
    beside = torch.cuda.Stream(inputs[0].device)
    beside.wait_stream(torch.cuda.current_stream(inputs[0].device))
    with torch.cuda.stream(beside):
        for _ in range(WARM_UPS):
            run(*inputs)
    torch.cuda.current_stream(inputs[0].device).wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    # Other threads may use the GPU meanwhile, as long as they do not do so on this stream.
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):
        outputs = run(*inputs)
    return Recording(inputs, outputs, graph.replay)


class Recorded:
    """A function of (N, …) tensors and of others that do not depend on N; one caller at a time."""

    def __init__(self, run: Run, record: Callable[[Run, Sequence[Tensor]], Recording] = record) -> None:
        """``run(batch, *rest)`` gives tensors of N rows each; row by row, it does not depend on the other rows."""
        self._run, self._record = run, record
        self._recordings: dict[int, Recording] = {}
        self._works = True

    def __call__(self, batch: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        """As ``run``; the tensors hold until the next call. Raises what ``run`` raises for want of memory."""
        if not self._works:
            return self._run(batch, *rest)
        count = len(batch)
        size = 1 << (count - 1).bit_length()
        if size not in self._recordings:
            room = batch.new_zeros((size, *batch.shape[1:]))
            try:
                self._recordings[size] = self._record(self._run, [room, *(one.clone() for one in rest)])
            except torch.OutOfMemoryError:
                raise
            except RuntimeError as problem:  # what CUDA raises for all that it cannot record
                log.warning("The GPU's work cannot be recorded (%s); it goes on step by step, more slowly.", problem)
                self._works = False
                return self._run(batch, *rest)
        recording = self._recordings[size]
        first, *others = recording.inputs
        first[:count].copy_(batch)
        first[count:].zero_()
        for held, given in zip(others, rest, strict=True):
            held.copy_(given)
        recording.replay()
        return tuple(output[:count] for output in recording.outputs)

    def forget(self) -> None:
        """Give the recordings' memory back."""
        self._recordings.clear()
