"""One function over the pictures of a whole data set: resumable, on one machine or on a cluster.

Each picture's row goes into a file of JSON lines as soon as it is made (``rows.py``); a run that was cut short, also by
SIGKILL, goes on behind the last whole line. Several processes share the work (``processes.py``), or the machines
of a Ray cluster (``cluster.py``); the function is the same everywhere, and so are the rows and their order.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence

from model.progress import Progress
from model.sweep.processes import Make, Task, over_processes
from model.sweep.rows import Rows

PLACES = ("processes", "ray")


def sweep(
    rows: Rows,
    tasks: Sequence[Task],
    make: Make,
    workers: int,
    on: str = "processes",
    together: int = 1,
    note: Callable[[Mapping], str] = lambda row: "",
) -> Rows:
    """``rows`` with one more for each of ``tasks``, appended in their order as they are made.

    ``make`` is called once in each of ``workers`` processes and gives the function that turns up to ``together`` tasks
    into as many rows; both have to be picklable. On standard error a line tells how long it will take yet, and
    ``note`` of the last row.
    """
    progress = Progress(len(rows.rows) + len(tasks), len(rows.rows))
    for row in _over(on)(pieces(tasks, together), make, workers):
        rows.append(row)
        progress.step(note(row))
    return rows


def pieces(tasks: Sequence[Task], together: int) -> list[Sequence[Task]]:
    """The tasks in order, ``together`` at a time."""
    return [tasks[first : first + together] for first in range(0, len(tasks), together)]


def add_options(parser: ArgumentParser) -> None:
    """``--workers`` and ``--on``, the same for every command that sweeps."""
    parser.add_argument("--workers", type=int, default=1, help="processes; four share a GPU well")
    parser.add_argument(
        "--on", choices=PLACES, default="processes",
        help="ray: the workers are those of the Ray cluster that RAY_ADDRESS names, else of a local one",
    )  # fmt: skip


def _over(on: str) -> Callable[[Sequence[Sequence[Task]], Make, int], Iterator[dict]]:
    if on == "processes":
        return over_processes
    from model.sweep.cluster import over_cluster  # an extra: only who asks for it needs Ray

    return over_cluster
