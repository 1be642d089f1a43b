"""The work of a sweep on a cluster, through Ray Data (``pip install 'ray[data]'``; docs.ray.io/en/latest/data).

Rows travel as text, and of the tasks the number of the piece, by which a worker finds them in Ray's object store: as
columns, Arrow would give all rows the keys of each, and nulls for what they lack. The code and the weights have to be
on every machine, under the same path.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch

from model.errors import ModelError
from model.sweep.processes import Make, Task


class Worker:
    """One of the cluster's workers: it makes the function once and keeps it."""

    def __init__(self, make: Make, pieces: Any) -> None:
        import ray

        torch.set_num_threads(1)
        self.work = make()
        self.pieces: Sequence[Sequence[Task]] = ray.get(pieces)

    def __call__(self, item: Mapping[str, int]) -> dict[str, str]:
        """The number of a piece → its rows."""
        return {"rows": json.dumps(list(self.work(self.pieces[item["piece"]])))}


def over_cluster(pieces: Sequence[Sequence[Task]], make: Make, workers: int) -> Iterator[dict]:
    """The rows of all pieces, in order. Raises ModelError where Ray is not installed.

    A Ray that was started before is used, or the cluster that ``RAY_ADDRESS`` names; else one is started here. A worker
    gets one processor, and a GPU of its own where the cluster has any.
    """
    try:
        import ray
        import ray.data
    except ImportError as problem:
        raise ModelError(f"Ray Data is not installed ({problem}): pip install 'ray[data]'.") from problem
    if not pieces:
        return
    if not ray.is_initialized():
        ray.init(log_to_driver=False, include_dashboard=False)
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    items = [{"piece": number} for number in range(len(pieces))]
    gpus = 1 if ray.cluster_resources().get("GPU") else None
    busy = min(workers, len(items))
    worker: Any = Worker  # Ray Data calls what the class makes, one of them in each actor
    found = ray.data.from_items(items, override_num_blocks=len(items)).map(
        worker, fn_constructor_args=(make, ray.put(pieces)), concurrency=busy, num_cpus=1, num_gpus=gpus
    )
    for item in found.iter_rows():
        yield from json.loads(item["rows"])
