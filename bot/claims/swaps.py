"""Taking over a place from another picture: how far that moves the reading, and whether it may be called a reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.claims.findings import NOTICEABLE, beats
from explainers.changes.exchange import Difference, Pair
from explainers.controls import Control
from explainers.once import once
from explainers.values import Test


@dataclass(frozen=True, eq=False)
class Aim:
    """Which probability should move, and which way: towards what the other picture gets."""

    digit: int
    sign: int  # 1: it should rise; −1: fall

    def moved(self, test: Test) -> float:
        """By how much the probability moved that way."""
        return -self.sign * test.drop(self.digit)


def aims(pair: Pair) -> tuple[Aim, Aim]:
    """What the earlier picture's ink should do to the present one, and the present one's to the earlier."""
    present, earlier = pair.present.prediction, pair.earlier.prediction
    if present.digit != earlier.digit:
        return Aim(earlier.digit, 1), Aim(present.digit, 1)
    sign = 1 if earlier.probability >= present.probability else -1
    return Aim(present.digit, sign), Aim(present.digit, -sign)


@dataclass(frozen=True, eq=False)
class Swap:
    """One place of a picture taken over from the other one."""

    pair: Pair
    place: Difference
    test: Test
    aim: Aim
    aim_back: Aim

    @once
    def control(self) -> Control:
        """As much of the difference taken over elsewhere."""
        return Control(self.pair.elsewhere(self.place), self.aim.digit)

    @property
    def has_rest(self) -> bool:
        """Whether anything differs elsewhere."""
        return not np.array_equal(self.control.tests[0].after.pixels, self.pair.present.pixels)

    @property
    def control_moves(self) -> np.ndarray:
        """(K,) by how much that moved the probability."""
        return -self.aim.sign * self.control.drops

    @once
    def back(self) -> Swap:
        """The same place, the other way round."""
        pair, place = self.pair.turned, self.pair.turn(self.place)
        return Swap(pair, place, pair.taken_over([place])[0], self.aim_back, self.aim)

    @once
    def counts(self) -> bool:
        """Whether it may be called a reason: it moves noticeably, and clearly more than as much elsewhere."""
        return self.aim.moved(self.test) >= NOTICEABLE and beats(self.test, self.control)

    @once
    def outcome(self) -> str:
        """ "wins" where it is a reason and flips the reading, "moves" where it is noticed at all, else "fails".

        "tips" where it is not noticed and yet flips the reading, as it may where that is a close call.
        """
        flips = self.test.after.digit == self.aim.digit != self.test.before.digit
        if self.aim.moved(self.test) >= NOTICEABLE:
            return "wins" if flips and self.counts else "moves"
        return "tips" if flips else "fails"
