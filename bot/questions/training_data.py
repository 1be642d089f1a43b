"""What were you trained on? As the record of the weights tells, and what is publicly known of MNIST.

MNIST is by Yann LeCun, Corinna Cortes and Christopher Burges (yann.lecun.com/exdb/mnist): 60,000 pictures to train with
and 10,000 to test, 28×28 pixels each, half of both from NIST's special database 3, written by employees of the US
Census Bureau, half from special database 1, written by high-school students.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.questions.base import Answer, Asked
from bot.record.measured import (
    FROM_IMAGENET,
    SCRATCH,
    TRAIN,
    began_with,
    count,
    recorded,
    runs_of,
    share,
    short_name,
    training,
)
from bot.values import Claim, Evidence
from model.catalogue import MNIST
from model.values import SIDE

MNIST_TEST = 10_000  # pictures
NIST_CENSUS, NIST_SCHOOL = 3, 1  # the numbers of NIST's special databases


class TrainingData(Answer):
    """Which pictures, how many, where they come from, and what was never among them."""

    type = "training_data"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Of other data than ours only its name is known."""
        record = training(asked.identity)
        name, mnist = short_name(record.get("data")), record.get("data") == MNIST.trained_on
        pictures = MNIST.training - MNIST.held_out if mnist else None
        if name is None:
            evidence = (recorded("training figures", len(record), "figures"),)
            yield Claim("training_unknown", {"command": TRAIN}, evidence)
        elif pictures is not None:
            yield Claim("training_mnist", {"pictures": pictures}, (recorded("training pictures", pictures),))
        else:
            yield Claim("training_other", {"data": name}, (recorded("data sets", 1, "data sets"),))
        yield from _course(runs_of(record), pictures)
        if mnist:
            yield from _mnist(began_with(record))
        unchanged = (Evidence("weights that a conversation changes", 0.0, "weights", "program"),)
        yield Claim("training_not_yours", {}, unchanged, "unseen")


def _course(runs: Sequence[Mapping[str, object]], pictures: int | None) -> Iterator[Claim]:
    """How training began, how many pictures were looked at, of so many there are, and whether some held no digit."""
    start, settings = runs[0].get("started_from"), runs[-1].get("settings")
    each = [count(run, "pictures_seen") for run in runs]
    seen = sum(one or 0 for one in each)
    if all(each):
        kind = "training_seen" if pictures is not None and seen > pictures else "training_looked"
        yield Claim(kind, {"seen": seen}, (recorded("pictures looked at", seen),))
    if isinstance(start, str):
        began = began_with(runs[-1])
        kind = "scratch" if began == SCRATCH else "imagenet" if began == FROM_IMAGENET else "weights"
        yield Claim(f"training_from_{kind}", {}, (recorded("starting weights", start != SCRATCH, "sets"),))
    empty = share(settings, "nothing_share") if isinstance(settings, Mapping) else None
    if empty:
        yield Claim("training_empty", {"share": empty}, (recorded("pictures without a digit", empty, "share"),))


def _mnist(began: str | None) -> Iterator[Claim]:
    """Where MNIST comes from, and, where the beginning is known, what of it was kept back, and what follows."""
    sizes = (
        Evidence("training pictures in MNIST", float(MNIST.training), "pictures", "publication"),
        Evidence("test pictures in MNIST", float(MNIST_TEST), "pictures", "publication"),
    )
    slots: dict[str, object] = {
        "trained": MNIST.training,
        "tested": MNIST_TEST,
        "kept": MNIST.held_out,
        "pixels": SIDE,
        "census": NIST_CENSUS,
        "school": NIST_SCHOOL,
    }
    yield Claim("training_origin", slots, sizes, "origin")
    kept = recorded("training pictures kept back", MNIST.held_out)
    if began is not None:  # what other weights had seen before is not known
        yield Claim("training_unseen", slots, (sizes[1], kept), "unseen")
    if began == SCRATCH:
        yield Claim("training_limits", {}, sizes, "unseen")
