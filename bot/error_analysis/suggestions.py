"""What could be done about the mistakes: only what follows from a measurement, by rules with thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.error_analysis.comparison import Comparison, Group, borders, compare, groups_of, tail
from bot.error_analysis.summary import Summary

LEAST = 3  # pictures; fewer are no pattern
CHANCE = (
    0.05  # that anything at all on the page is suggested by chance: divided by the number of comparisons (Bonferroni)
)
SHARE = 1 / 3  # of a group's pictures, from which what was tested on them is a pattern
ALIKE, NEIGHBOURS = 8, 10  # so many of the nearest training pictures agree with the reading: look at the label
CALIBRATED = 0.01  # expected calibration error up to which the percentages are left as they are
# On these sides the measure tells what can be trained for; on the others it says that a digit is unremarkable.
ADVISED = (
    "slant_low", "slant_high", "pen_low", "pen_high", "aspect_low", "aspect_high", "size_low", "darkness_low",
    "pieces_high", "loops_low", "loops_high", "opening_low", "strangeness_high",
)  # fmt: skip


@dataclass(frozen=True)
class Suggestion:
    """One suggestion and what it follows from."""

    advice: str  # the sentence ``errors_advice_<advice>``
    group: Group
    measured: str  # the sentence ``errors_measured_<measured>``
    slots: Mapping[str, object]  # for both
    images: tuple[int, ...] = ()  # the pictures that show it


def suggestions(summary: Summary) -> tuple[list[Suggestion], int]:
    """All that follow, and how many comparisons with chance were made for them."""
    misread = summary.misread
    right = [row for row in summary.rows if row["digit"] == row["label"]]
    compared = [one for one in compare(misread, borders(right), LEAST) if _name(one) in ADVISED]
    directions = [pair for pair in summary.counts.pairs() if pair.there >= LEAST]
    shown = [digit for digit in summary.counts.classes if summary.counts.of(digit)]
    tests = len(compared) + len(directions) + len(shown)
    bar = CHANCE / max(tests, 1)
    found = [
        *written(compared, bar),
        *tested(misread),
        *one_way(directions, bar),
        *hard(summary, shown, bar),
        *labels(misread),
        *calibration(summary),
    ]
    return found, tests


def _name(one: Comparison) -> str:
    return f"{one.measure}_{one.side}"


def written(compared: Sequence[Comparison], bar: float) -> Iterator[Suggestion]:
    """How digits are written: of each measure and side the group that chance explains least."""
    clear = sorted(
        (one for one in compared if len(one.beyond) >= LEAST and one.chance <= bar), key=lambda one: one.chance
    )
    best = {_name(one): one for one in reversed(clear)}
    for name in ADVISED:
        if name in best:
            one = best[name]
            slots = {
                "count": len(one.beyond), "pictures": one.pictures, "expected": one.expected, "chance": one.chance,
                "some": one.pictures < one.members, "trait": f"errors_trait_{name}",
            }  # fmt: skip
            yield Suggestion(name, one.group, "beyond", slots, one.beyond)


def tested(misread: Sequence[Mapping]) -> Iterator[Suggestion]:
    """What was tried on the pictures: of each change the group with the largest share in which it makes it right."""
    for change in ("fill", "erase"):
        found = []
        for group in groups_of(misread, LEAST):
            members = [row for row in misread if group.holds(row)]
            images = tuple(
                row["image"] for row in members if any(one["wins"] and one["change"] == change for one in row["misled"])
            )
            if len(images) >= LEAST and len(images) / len(members) >= SHARE:
                found.append((len(images) / len(members), len(images), group, images, len(members)))
        if found:
            _, count, group, images, pictures = max(found, key=lambda one: one[:2])
            yield Suggestion(
                f"tested_{change}", group, f"tested_{change}", {"count": count, "pictures": pictures}, images
            )


def one_way(pairs: Sequence, bar: float) -> Iterator[Suggestion]:
    """Pairs that are mixed up in one direction much more than in the other."""
    for pair in pairs:
        chance = min(1.0, 2 * tail(pair.there, pair.both, 0.5))
        if chance <= bar:
            slots = {"digit": pair.digit, "other": pair.other, "there": pair.there, "back": pair.back, "chance": chance}
            yield Suggestion("one_way", Group(pair.digit, pair.other), "one_way", slots)


def hard(summary: Summary, shown: Sequence[int], bar: float) -> Iterator[Suggestion]:
    """Digits that are misread more often than all are together."""
    counts = summary.counts
    every = counts.wrong / counts.pictures
    for digit in shown:
        wrong = counts.of(digit) - counts.right(digit)
        chance = tail(wrong, counts.of(digit), every)
        if wrong >= LEAST and chance <= bar:
            slots = {"digit": digit, "count": wrong, "pictures": counts.of(digit), "share": wrong / counts.of(digit)}
            slots |= {"every": every, "chance": chance}
            yield Suggestion("hard", Group(digit, None), "hard", slots)


def labels(misread: Sequence[Mapping]) -> Iterator[Suggestion]:
    """Pictures whose nearest training pictures bear the digit that was read: the label may be the mistake."""
    known = [row for row in misread if row["neighbours"]]
    images = tuple(row["image"] for row in known if row["neighbours"].count(row["digit"]) >= ALIKE)
    if len(images) >= LEAST:
        slots = {"count": len(images), "pictures": len(known), "alike": ALIKE, "neighbours": NEIGHBOURS}
        yield Suggestion("labels", Group(None, None), "labels", slots, images)


def calibration(summary: Summary) -> Iterator[Suggestion]:
    """Percentages that do not hold."""
    error = float(summary.measured["ece"])
    if error > CALIBRATED:
        yield Suggestion("calibration", Group(None, None), "calibration", {"error": error, "most": CALIBRATED})
