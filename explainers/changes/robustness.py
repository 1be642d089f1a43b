"""How far a picture can be turned, moved, scaled, thinned and thickened before another digit is read.

Coarse steps first, so that the first change is found also where a larger one would lead back; then bisection between
the last step that holds and the first that does not. All ways go on together, a batch a round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from explainers.base import Case
from explainers.changes.edits import LIMITS, Edit, apply
from explainers.values import Outcome, Test
from model.values import Prediction

COARSE = 4  # steps a way
MOST_RUNS = 60
ROUNDS = 4  # of bisection, as long as runs are left
FURTHEST_TURN = 90.0  # degrees
SMALLEST = 0.3  # times its size
MOST_STROKE = 4.0  # pixels thicker
STILL_INK = 0.5  # of full ink: what thinning leaves must have some
FINEST = {"rotate": 1.0, "shift": 1.0, "scale": 0.01, "thin": 0.5, "thicken": 0.5}  # steps that are told apart


@dataclass(frozen=True, eq=False)
class Border:
    """One way of changing the picture, and how far it goes."""

    held: Edit | None  # the furthest that holds; None: the smallest step already changes the reading
    flipped: Edit | None  # the first that does not; None: it holds as far as this way goes
    test: Test  # before: the last picture that holds; after: the first that does not, or the last that holds
    look: Prediction  # of the picture after: whether that still looks like a digit

    @property
    def furthest(self) -> Edit | None:
        """What was done to the picture after."""
        return self.flipped or self.held


@dataclass(eq=False)
class _Way:
    """One change in one direction, while it is looked into."""

    change: str
    direction: str | None
    start: float  # the amount that changes nothing
    limit: float
    known: dict[float, Outcome] = field(default_factory=dict)
    looks: dict[float, Prediction] = field(default_factory=dict)

    def edit(self, amount: float) -> Edit:
        return Edit(self.change, amount=amount, direction=self.direction)

    def coarse(self) -> list[float]:
        """Amounts from the smallest to the limit."""
        steps = [self._rounded(self.start + (self.limit - self.start) * (part + 1) / COARSE) for part in range(COARSE)]
        return [amount for amount in dict.fromkeys(steps) if amount != self.start]

    def border(self, digit: int) -> tuple[float | None, float | None]:
        """The last amount that holds before the first that does not, and that one."""
        held: float | None = None
        for amount in sorted(self.known, key=lambda amount: abs(amount - self.start)):
            if self.known[amount].digit != digit:
                return held, amount
            held = amount
        return held, None

    def between(self, digit: int) -> float | None:
        """Half-way between them; None where there is nothing between that could be told apart."""
        held, flipped = self.border(digit)
        if flipped is None:
            return None
        middle = self._rounded(((self.start if held is None else held) + flipped) / 2)
        return None if middle in (self.start, held, flipped) else middle

    def _rounded(self, amount: float) -> float:
        finest = FINEST[self.change]
        return round(round(amount / finest) * finest, 2)


def borders(case: Case) -> tuple[Border, ...]:
    """Every way in which the picture has room to be changed, each with how far it goes; ``MOST_RUNS`` runs at most."""
    digit = case.prediction.digit
    ways = _ways(case.pixels)
    if case.classifier.identity.alphabet.written:
        ways += _pen_ways(case.pixels)
    left = MOST_RUNS
    wanted = [(way, amount) for way in ways for amount in way.coarse()]
    for _ in range(1 + ROUNDS):
        wanted = wanted[:left]
        left -= len(wanted)
        _run(case, wanted)
        wanted = [(way, middle) for way in ways if (middle := way.between(digit)) is not None]
    return tuple(_border(case, way) for way in ways if way.known)


def _ways(pixels: np.ndarray) -> list[_Way]:
    """Every change that keeps all of the ink within the picture."""
    rows, columns = np.nonzero(pixels)
    last = len(pixels) - 1
    room = {"left": columns.min(), "right": last - columns.max(), "up": rows.min(), "down": last - rows.max()}
    middle = last / 2
    reach = max(abs(places - middle).max() for places in (rows, columns))
    return [
        *(_Way("rotate", direction, 0.0, FURTHEST_TURN) for direction in ("left", "right")),
        *(_Way("shift", direction, 0.0, float(most)) for direction, most in room.items() if most > 0),
        _Way("scale", None, 1.0, SMALLEST),
        *([_Way("scale", None, 1.0, min(float(middle / reach), LIMITS["scale"][1]))] if middle / reach >= 1.05 else []),
    ]


def _pen_ways(pixels: np.ndarray) -> list[_Way]:
    """Thinner and thicker strokes, which only writing has."""
    return [_Way("thin", None, 0.0, _thinnest(pixels)), _Way("thicken", None, 0.0, MOST_STROKE)]


def _thinnest(pixels: np.ndarray) -> float:
    """By how much strokes can be thinned before no clear ink is left, and at most by as much as makes sense."""
    step, amount = FINEST["thin"], 0.0
    while amount + step <= LIMITS["thin"][1] and apply(Edit("thin", amount=amount + step), pixels).max() >= STILL_INK:
        amount += step
    return amount


def _run(case: Case, wanted: Sequence[tuple[_Way, float]]) -> None:
    if not wanted:
        return
    pictures = [apply(way.edit(amount), case.pixels) for way, amount in wanted]
    looks = case.classifier.predictions(np.stack(pictures))
    for (way, amount), picture, look in zip(wanted, pictures, looks, strict=True):
        way.known[amount] = Outcome(picture, look.logits, look.probabilities)
        way.looks[amount] = look


def _border(case: Case, way: _Way) -> Border:
    held, flipped = (None if amount is None else way.edit(amount) for amount in way.border(case.prediction.digit))
    if flipped is None or held is None:  # an ordinary test: the picture as it is, and changed
        edit = flipped or held or way.edit(way.start)
        after = edit.amount or 0.0
        return Border(held, flipped, Test(edit.to_operation(), case.outcome, way.known[after]), way.looks[after])
    operation = {"kind": "border", "before": held.to_operation(), "after": flipped.to_operation()}
    before, after = held.amount or 0.0, flipped.amount or 0.0
    return Border(held, flipped, Test(operation, way.known[before], way.known[after]), way.looks[after])
