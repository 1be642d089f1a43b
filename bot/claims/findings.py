"""What erasing and filling do to one picture's reading: every test that a claim may rest on, run once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log

import numpy as np

from explainers import checks
from explainers.base import Case
from explainers.changes import pairs
from explainers.controls import Changed, Control, erased_elsewhere, inked_elsewhere, run_controls
from explainers.once import once
from explainers.values import Part, Test

NOTICEABLE = 0.10  # a change of probability worth a sentence
TOLD = 0.01  # a smaller change of probability may not show in the numbers that are told
CLEAR_LEAD = 0.10  # probability by which a part must cost the digit more than random ink of its size
LEAST_ALIKE = 2  # random places elsewhere that do about as much: a single one may be luck
ALIKE_LOG_ODDS = log(2)  # by which the log-odds fall less where about as much happens to the odds


@dataclass(frozen=True, eq=False)
class Effect:
    """A test of some parts, and what a control of the same amount of ink did instead."""

    parts: tuple[Part, ...]  # empty where a place was changed that is no part
    test: Test
    digit: int

    @property
    def before(self) -> float:
        """The digit's probability in the unchanged picture."""
        return float(self.test.before.probabilities[self.digit])

    @property
    def after(self) -> float:
        """The digit's probability in the changed picture."""
        return float(self.test.after.probabilities[self.digit])

    @property
    def drop(self) -> float:
        """By how much the probability fell; negative where it rose."""
        return self.before - self.after

    @property
    def log_odds_drop(self) -> float:
        """By how much the log-odds fell: tells parts apart even where the probability stays near 1."""
        return self.test.log_odds_drop(self.digit)

    @property
    def flips(self) -> bool:
        """Whether another digit is read afterwards."""
        return self.test.after.digit != self.test.before.digit

    @property
    def changed(self) -> np.ndarray:
        """(28, 28) float64: by how much each pixel was inked; negative where it was erased."""
        return self.test.after.pixels.astype(np.float64) - self.test.before.pixels

    @property
    def filled(self) -> bool:
        """Whether ink was added, and none erased."""
        return bool(self.changed.any() and self.changed.min() >= 0)


@dataclass(eq=False)
class Findings:
    """Tests about one digit in one picture."""

    case: Case
    digit: int
    _controls: dict[bytes, Control] = field(default_factory=dict, repr=False)

    @property
    def ink(self) -> tuple[Part, ...]:
        """The parts of the ink."""
        return tuple(part for part in self.case.parts if part.kind == "ink")

    @property
    def gaps(self) -> tuple[Part, ...]:
        """The empty places."""
        return tuple(part for part in self.case.parts if part.kind == "gap")

    @once
    def erasures(self) -> tuple[Effect, ...]:
        """Each ink part erased alone, the one that leaves the digit least first."""
        # Without its only part the picture is blank: that says nothing about the part.
        return self._alone(self.ink) if len(self.ink) > 1 else ()

    @once
    def fillings(self) -> tuple[Effect, ...]:
        """Each gap filled alone, the one that leaves the digit least first."""
        return self._alone(self.gaps)

    def _alone(self, parts: Sequence[Part]) -> tuple[Effect, ...]:
        checks.each_alone(self.case, self.case.parts)  # ink and gaps together: one batch is quicker than two
        tests = checks.each_alone(self.case, parts)
        effects = [Effect((part,), test, self.digit) for part, test in zip(parts, tests, strict=True)]
        return in_order(effects)

    @once
    def smallest_flip(self) -> Effect | None:
        """The fewest parts, at most three, whose erasing together changes the reading; of equal sets the strongest.

        At least as much ink as is erased must stay: an almost empty picture flips without telling anything.
        """
        for size in (2, 3):
            found = [effect for effect in self._together(size) if effect.flips]
            if found:
                return max(found, key=lambda effect: effect.log_odds_drop)
        return None

    def flips_with(self, part: Part) -> Iterator[tuple[Effect, Effect]]:
        """The sets of at most three parts with ``part`` in them whose erasing changes the reading, and each without it.

        The smallest first, of equal ones the strongest; again at least as much ink must stay.
        """
        for size in (2, 3):
            found = [effect for effect in self._together(size) if part in effect.parts and effect.flips]
            for effect in sorted(found, key=lambda effect: -effect.log_odds_drop):
                rest = self.erased(tuple(one for one in effect.parts if one is not part))
                yield effect, rest

    def erased(self, parts: tuple[Part, ...]) -> Effect:
        """Some ink parts erased together."""
        alone = next((effect for effect in self.erasures if effect.parts == parts), None)
        return alone or Effect(parts, checks.erase(self.case, parts), self.digit)

    def leaves_half(self, parts: Sequence[Part]) -> bool:
        """Whether at least as much ink stays as these parts have."""
        return 2 * checks.ink_amount(self.case.pixels, parts) <= float(self.case.pixels.sum(dtype=np.float64))

    @once
    def pairs(self) -> tuple[Effect, ...]:
        """Two changes at once, a part erased or a gap filled each; what leaves the digit most comes first."""
        found = [Effect(parts, test, self.digit) for parts, test in pairs.try_pairs(self.case, self.digit)]
        return tuple(sorted(found, key=lambda effect: effect.log_odds_drop))

    def _together(self, size: int) -> Iterator[Effect]:
        for chosen in combinations(self.ink, size):
            if size < len(self.ink) and self.leaves_half(chosen) and (effect := self._from_table(chosen)):
                yield effect

    def _from_table(self, parts: Sequence[Part]) -> Effect | None:
        # Only subsets that LIME ran anyway: larger digits have too many to run them all.
        if self.case.runs.row_without(part.id for part in parts) is None:
            return None
        return Effect(tuple(parts), checks.erase(self.case, tuple(parts)), self.digit)

    def control(self, effect: Effect) -> Control:
        """The same amount of ink erased at random places, or of paper inked: ``controls.REPEATS`` times."""
        self.run_controls([effect])
        return self._controls[_key(effect)]

    def run_controls(self, effects: Sequence[Effect]) -> None:
        """The controls of all these, for ``control``, in one batch."""
        new = {_key(effect): self._elsewhere(effect) for effect in effects if _key(effect) not in self._controls}
        if new:
            self._controls |= zip(new, run_controls(self.case, list(new.values()), self.digit), strict=True)

    def _elsewhere(self, effect: Effect) -> list[Changed]:
        changed = effect.changed
        if effect.filled:
            return inked_elsewhere(self.case, int((changed > 0).sum()))
        return erased_elsewhere(self.case, float(-changed[changed < 0].sum()))

    def known_control(self, effect: Effect) -> Control | None:
        """The control of this change, where one was run before."""
        return self._controls.get(_key(effect))

    def beats_control(self, effect: Effect) -> bool:
        """Whether the named parts move the digit clearly more than random places of their size: ``beats``."""
        return beats(effect.test, self.control(effect))

    def beats_control_in_log_odds(self, effect: Effect) -> bool:
        """The same in log-odds alone: for a digit that has hardly any probability to lose."""
        control = self.control(effect)
        return beats_in_log_odds(effect.test, control) and not _odds_matched_elsewhere(effect.test, control)


def _key(effect: Effect) -> bytes:
    """Equal where the same was changed in the same picture."""
    return effect.changed.tobytes()


def beats(test: Test, control: Control) -> bool:
    """Whether ``test`` moves the control's digit clearly more, in its direction, than as much does at random places.

    By ``CLEAR_LEAD`` in probability on average, and by two standard errors of the control both in probability and in
    log-odds: the first is what a reader is told, the second does not saturate. And not where half of the places
    elsewhere do about as much, which an average can hide. Where no control could be run, nothing is beaten.
    """
    drop, drops = test.drop(control.digit), control.drops
    sign = 1 if drop >= 0 else -1
    return (
        len(drops) > 0
        and sign * drop >= float(np.mean(sign * drops)) + CLEAR_LEAD
        and clearly_above(sign * drop, sign * drops)
        and beats_in_log_odds(test, control)
        and not matched_elsewhere(test, control)
    )


def matched_elsewhere(test: Test, control: Control) -> bool:
    """Whether about as much happens at half of the random places elsewhere as by ``test``, and at two of them.

    Half, as some of them may hit what counts as much: two parts can both be reasons.
    """
    return _half_of(control.elsewhere(test), alike_elsewhere(test, control))


def _odds_matched_elsewhere(test: Test, control: Control) -> bool:
    """The same of the log-odds: about as much, where they move the same way, is at most ``ALIKE_LOG_ODDS`` less."""
    drop, elsewhere = test.log_odds_drop(control.digit), control.elsewhere(test)
    sign = 1 if drop >= 0 else -1
    return _half_of(elsewhere, elsewhere & (sign * control.log_odds_drops > sign * drop - ALIKE_LOG_ODDS))


def _half_of(elsewhere: np.ndarray, alike: np.ndarray) -> bool:
    return bool(alike.sum() >= max(LEAST_ALIKE, elsewhere.sum() / 2))


def alike_elsewhere(test: Test, control: Control) -> np.ndarray:
    """(K,) bool: the random places where about as much happens as by ``test``, of those that are elsewhere.

    About as much: the probability moves the same way, and no more than ``CLEAR_LEAD`` less. A place that overlaps
    with what was tested moves the digit for the same reason, and tells nothing of luck.
    """
    drop = test.drop(control.digit)
    sign = 1 if drop >= 0 else -1
    return control.elsewhere(test) & (sign * control.drops > sign * drop - CLEAR_LEAD)


def beats_in_log_odds(test: Test, control: Control) -> bool:
    """The same in log-odds alone, by two standard errors."""
    drop, drops = test.log_odds_drop(control.digit), control.log_odds_drops
    sign = 1 if drop >= 0 else -1
    return len(drops) > 0 and clearly_above(sign * drop, sign * drops)


def in_order(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """What leaves the digit least first.

    By the probability that a reader is told, so that "most" is true of it; the log-odds break ties near 0.
    """
    return tuple(sorted(effects, key=lambda effect: (round(effect.after, 3), -effect.log_odds_drop)))


def single(findings: Findings) -> tuple[Effect, ...]:
    """Every part by itself, erased or filled, what leaves the digit least first."""
    return in_order((*findings.erasures, *findings.fillings))


def standard_error(values: np.ndarray) -> float:
    """The standard error of the mean of ``values``."""
    return float(np.std(values) / np.sqrt(len(values)))


def hardly_matters(drops: np.ndarray) -> bool:
    """Whether random places do next to nothing: on average, and at each of them, as much of both would cancel."""
    return abs(float(drops.mean())) < NOTICEABLE / 2 and float(np.abs(drops).max()) < NOTICEABLE


def only_by_spread(value: float, controls: np.ndarray) -> bool:
    """Whether the mean of ``controls`` is well below ``value``, though some of them are not: then it alone misleads."""
    return len(controls) > 0 and min(value, float(controls.max())) >= float(controls.mean()) + CLEAR_LEAD


def clearly_above(value: float, controls: np.ndarray) -> bool:
    """Whether ``value`` lies more than two standard errors above the mean of ``controls``."""
    return value > float(np.mean(controls)) + 2 * standard_error(controls)
