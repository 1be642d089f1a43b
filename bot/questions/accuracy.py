"""How accurate are you? What was measured on the test pictures, of all digits or of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.figures.record import draw_accuracy
from bot.questions.base import Answer, Asked, Drawing
from bot.record.counts import Counts, counts_of
from bot.record.measured import EVALUATE, count, measured, never_seen, recorded, share, short_name
from bot.values import Claim, Evidence, Figure
from model.catalogue import MNIST
from model.values import ModelIdentity

# Expected calibration error, as a probability: up to here the percentages are called fitting.
FITTING = 0.02


class Accuracy(Answer):
    """The share read right, the easiest and the hardest digit, how well the percentages fit, and on what pictures."""

    type = "accuracy"
    needs_picture = False

    def claims(self, asked: Asked) -> Iterator[Claim]:
        """Of one digit, first what concerns that digit."""
        identity, counts = asked.identity, counts_of(asked.identity)
        if asked.named is not None and counts is not None:
            yield from _of_one(counts, asked.named)
        else:
            overall = list(_overall(identity, counts))
            if not overall:
                yield unmeasured("accuracy_unknown", identity)
                return
            yield from overall
            if counts is not None:
                yield _extremes(counts)
            elif asked.named is not None:
                yield unmeasured("table_unknown", identity)
        yield from _calibration(identity)
        yield from measured_on(identity, "measured_on_mnist_unseen" if never_seen(identity) else "measured_on_mnist")

    def figures(self, asked: Asked, claims: Sequence[Claim], drawing: Drawing) -> Iterator[Figure]:
        """How often each digit was misread."""
        counts = counts_of(asked.identity)
        if counts is not None:
            yield draw_accuracy(counts, drawing.words, asked.named)


def unmeasured(kind: str, identity: ModelIdentity) -> Claim:
    """That something is not known, and which command measures it."""
    evidence = (recorded("measured figures", len(measured(identity)), "figures"),)
    return Claim(kind, {"command": EVALUATE}, evidence)


def untested(digit: int) -> Claim:
    """That no test picture shows ``digit``."""
    evidence = (recorded("test pictures of the digit", 0, digit=digit),)
    return Claim("accuracy_one_untested", {"digit": digit}, evidence, digit=digit)


def measured_on(identity: ModelIdentity, known: str) -> Iterator[Claim]:
    """Which pictures these were, and for which others nothing follows; of MNIST's own as ``known`` says it."""
    data = measured(identity).get("data")
    name, evidence = short_name(data), (recorded("data sets", 1, "data sets"),)
    if data == MNIST.measured_on:
        yield Claim(known, {}, evidence, topic="record")
    elif name is not None:
        yield Claim("measured_on_other", {"data": name}, evidence, topic="record")


def _overall(identity: ModelIdentity, counts: Counts | None) -> Iterator[Claim]:
    """From the table; without one from the sums; of those, at least the share."""
    record = measured(identity)
    accuracy = share(record, "accuracy")
    if counts is not None:
        pictures, wrong = counts.pictures, counts.wrong
    elif (found := _sums(record)) is not None:
        pictures, wrong = found
    elif accuracy is not None:
        evidence = (recorded("accuracy", accuracy, "share"),)
        yield Claim("accuracy_share", {"accuracy": accuracy}, evidence)
        return
    else:
        return
    yield Claim(
        "accuracy_overall" if wrong else "accuracy_overall_perfect",
        {"pictures": pictures, "right": pictures - wrong, "wrong": wrong, "accuracy": 1 - wrong / pictures},
        (recorded("test pictures", pictures), recorded("test pictures misread", wrong)),
    )


def _sums(record: Mapping[str, object]) -> tuple[int, int] | None:
    """(pictures, those misread) where the record has both and they can be."""
    pictures, wrong = count(record, "pictures"), count(record, "mistakes")
    return (pictures, wrong) if pictures and wrong is not None and wrong <= pictures else None


def _of_one(counts: Counts, digit: int) -> Iterator[Claim]:
    """How often ``digit`` was read right, how that compares, and how often it was said rightly."""
    pictures, right, said = counts.of(digit), counts.right(digit), counts.read_as(digit)
    evidence = (
        recorded("test pictures of the digit", pictures, digit=digit),
        recorded("of these, read right", right, digit=digit),
    )
    if not pictures:
        yield untested(digit)
        return
    yield Claim(
        "accuracy_one" if right < pictures else "accuracy_one_perfect",
        {
            "digit": digit,
            "pictures": pictures,
            "right": right,
            "wrong": pictures - right,
            "accuracy": right / pictures,
        },
        evidence,
        digit=digit,
    )
    yield _rank(counts, digit)
    if said:
        slots = {"digit": digit, "said": said, "right": right, "precision": right / said}
        told = (recorded("test pictures read as the digit", said, digit=digit), evidence[1])
        yield Claim("accuracy_said", slots, told, digit=digit)


def _rank(counts: Counts, digit: int) -> Claim:
    """Whether any digit is read better, or worse, and which."""
    best, worst = counts.extreme(best=True), counts.extreme(best=False)
    if best == worst:
        return _extremes(counts)
    kind = "best" if digit in best else "worst" if digit in worst else "between"
    slots = {**_extreme_slots(counts), "digit": digit, "accuracy": 1 - counts.wrong / counts.pictures}
    evidence = (*_extreme_evidence(counts), recorded("accuracy", 1 - counts.wrong / counts.pictures, "share"))
    return Claim(f"accuracy_rank_{kind}", slots, evidence, digit=digit)


def _extremes(counts: Counts) -> Claim:
    """The digits that are read best and worst."""
    slots = _extreme_slots(counts)
    kind = "accuracy_even" if slots["easiest"] == slots["hardest"] else "accuracy_extremes"
    return Claim(kind, slots, _extreme_evidence(counts))


def _extreme_slots(counts: Counts) -> dict[str, object]:
    best, worst = counts.extreme(best=True), counts.extreme(best=False)
    return {
        "easiest": best,
        "easiest_share": counts.accuracy(best[0]),
        "hardest": worst,
        "hardest_share": counts.accuracy(worst[0]),
    }


def _extreme_evidence(counts: Counts) -> tuple[Evidence, ...]:
    every = dict.fromkeys((*counts.extreme(best=True), *counts.extreme(best=False)))
    return tuple(recorded("share read right", counts.accuracy(digit), "share", digit) for digit in every)


def _calibration(identity: ModelIdentity) -> Iterator[Claim]:
    """In words what the expected calibration error says."""
    ece = share(measured(identity), "ece")
    if ece is not None:
        kind = "percentages_fit" if ece <= FITTING else "percentages_off"
        evidence = (recorded("expected calibration error", ece, "probability"),)
        yield Claim(kind, {"calibration_error": ece}, evidence, topic="record")
