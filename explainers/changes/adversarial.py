"""The smallest change of the single pixels after which the network reads something else.

Projected gradient descent on the 28×28 picture, each pixel within ε of what it was and within 0 and 1: Madry et al.,
"Towards Deep Learning Models Resistant to Adversarial Attacks", 2018 (arXiv 1706.06083), equation 2. The smallest ε is
found by bisection over whole grey levels, each round starting from where the last one ended.

The log-odds stand for the paper's cross-entropy: −log p = log(1 + exp(−log-odds)), so the signs of both gradients are
opposite and the steps the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explainers.base import Case
from explainers.checks import outcome_test, try_pictures
from explainers.levels import GREYS, whole_greys
from explainers.once import once
from explainers.values import Test, log_odds

MOST_LEVELS = 76  # ε ≤ 0.3, the usual bound for MNIST, in grey levels
MOST_GRADIENTS = 40  # one takes some 60 ms on two cores
# At the largest ε, where it is decided whether there is such a change at all, and in each round that follows. On six
# training digits 7 steps found ε as small as 30 steps did, within a level or two; 5 steps missed it by up to five.
FIRST_STEPS, STEPS = 20, 7
NOISES = 8  # random patterns of the same size


@dataclass(frozen=True, eq=False)
class Attack:
    """The smallest change that was found; where none was, the one that came nearest."""

    test: Test
    target: int | None  # the digit that was wanted; None: any other than the one read
    found: bool
    case: Case  # the changed picture before the classifier
    gradients: int  # how many were taken

    @property
    def levels(self) -> int:
        """By how many grey levels, of 255, the most changed pixel changes."""
        return round(GREYS * float(np.abs(self.change).max()))

    @property
    def change(self) -> np.ndarray:
        """(28, 28) what was added to each pixel, −1 to 1."""
        return self.test.after.pixels - self.test.before.pixels

    @once
    def noises(self) -> tuple[Test, ...]:
        """Each pixel up or down by as many levels, at random: ``NOISES`` patterns, from the case's seed on."""
        pixels, seed = self.test.before.pixels, self.case.seed
        changed = []
        for one in range(seed, seed + NOISES):
            signs = np.random.default_rng(one).choice([-1, 1], pixels.shape)
            operation = {"kind": "noise_pattern", "levels": self.levels, "seed": one}
            changed.append((operation, whole_greys(pixels + signs * self.levels / GREYS)))
        return try_pictures(Case(self.case.classifier, pixels, seed), changed)


def smallest_attack(case: Case, target: int | None = None) -> Attack:
    """The smallest ε at which the network reads ``target``, or any other digit than now; at most ``MOST_LEVELS``.

    ``target`` must not be the digit read.
    """
    climb = Climb(case, target)
    if climb.reaches(MOST_LEVELS, FIRST_STEPS):
        low, high = 0, climb.levels  # too little, enough
        while high - low > 1 and climb.gradients < MOST_GRADIENTS:
            middle = (low + high) // 2
            if climb.reaches(middle, STEPS):
                high = climb.levels
            else:
                low = middle
    return climb.attack()


class Climb:
    """Steps along the sign of the gradient; keeps the best picture it saw."""

    def __init__(self, case: Case, target: int | None) -> None:
        self.case, self.target = case, target
        self.sign = -1 if target is None else 1
        self.digit: int = case.prediction.digit if target is None else target
        self.gradients = 0
        self.found = False
        self._delta = np.zeros_like(case.pixels)
        self._radius = 0  # grey levels within which ``_delta`` was made
        self._best: tuple[np.ndarray, np.ndarray] | None = None  # picture, logits

    @property
    def levels(self) -> int:
        """Of the best picture: the largest change of a pixel."""
        best = self.case.pixels if self._best is None else self._best[0]
        return round(GREYS * float(np.abs(best - self.case.pixels).max()))

    def reaches(self, levels: int, steps: int) -> bool:
        """Whether the wanted reading is reached with pixels changed by at most ``levels``."""
        radius = levels / GREYS
        self._delta *= levels / self._radius if self._radius else 1.0  # from where the last round ended
        self._radius = levels
        for step in range(1, min(steps, MOST_GRADIENTS - self.gradients) + 1):
            _, gradients = self.case.classifier.log_odds_gradients(self._moved(), self.digit)
            self.gradients += 1
            self._delta += self.sign * radius / step * np.sign(gradients[0])
            self._delta = np.clip(self.case.pixels + np.clip(self._delta, -radius, radius), 0, 1) - self.case.pixels
            if self._wanted(whole_greys(self._moved()[0])):
                return True
        return False

    def _moved(self) -> np.ndarray:
        return (self.case.pixels + self._delta)[None].astype(np.float32)

    def _wanted(self, picture: np.ndarray) -> bool:
        """Run the rounded picture; the smallest that does it is kept, and until there is one, the nearest to it."""
        logits = self.case.classifier.logits(picture[None])[0]
        said = int(logits.argmax())
        done = said == self.target if self.target is not None else said != self.digit
        if done or self._best is None or (not self.found and self._speaks(logits) > self._speaks(self._best[1])):
            self._best, self.found = (picture, logits), done or self.found
        return done

    def _speaks(self, logits: np.ndarray) -> float:
        return self.sign * float(log_odds(logits, self.digit))

    def attack(self) -> Attack:
        """What came of it."""
        picture = self.case.pixels if self._best is None else self._best[0]
        changed = Case(self.case.classifier, picture, self.case.seed)
        operation = {
            "kind": "adversarial",
            "levels": self.levels,
            "target": self.target,
            "gradients": self.gradients,
        }
        test = outcome_test(self.case, operation, picture, changed.prediction.logits)
        return Attack(test, self.target, self.found, changed, self.gradients)
