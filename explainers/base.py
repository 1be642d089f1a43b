"""What every explanation method shares: the case it is given, and the one method it writes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from explainers.once import once
from explainers.parts import find_parts, find_places
from explainers.subsets.runs import PartRuns, run_parts
from explainers.values import Attribution, Outcome, Part, Test
from model.classifier import Classifier
from model.jobs import beside
from model.values import Prediction

SEEDS = 10  # draws of the table of runs by which it is judged how much chance has a part in what rests on it


@dataclass(eq=False)
class Case:
    """One picture before one classifier. What several methods need is computed once, when first asked for."""

    classifier: Classifier
    pixels: np.ndarray  # (28, 28) float32 in [0, 1]
    seed: int = 0
    alone: dict[str, Test] = field(default_factory=dict, repr=False)  # part id → its test, filled by ``checks``
    _attributions: dict[tuple[str, int], Attribution] = field(default_factory=dict, repr=False)
    _begun: dict[tuple[str, int], Future[Attribution]] = field(default_factory=dict, repr=False)
    _begun_runs: Future[PartRuns] | None = field(default=None, repr=False)

    @once
    def prediction(self) -> Prediction:
        """What the network reads."""
        return self._look[0]

    @once
    def features(self) -> np.ndarray:
        """What the network's last layer sees, (C,) float32."""
        return self._look[1]

    @once
    def _look(self) -> tuple[Prediction, np.ndarray]:
        return self.classifier.look(self.pixels)

    @once
    def outcome(self) -> Outcome:
        """The unchanged picture and what the network said: the "before" of every test."""
        return Outcome(self.pixels, self.prediction.logits, self.prediction.probabilities)

    @once
    def parts(self) -> tuple[Part, ...]:
        """The ink parts, then the gaps; of a picture that shows no writing, its places."""
        alphabet = self.classifier.identity.alphabet
        if alphabet.written:
            return find_parts(self.pixels)
        return find_places(self.pixels, alphabet.labels[self.prediction.digit])

    @once
    def runs(self) -> PartRuns:
        """The table of runs with parts erased, which LIME and every "why not" share."""
        return self._table() if self._begun_runs is None else self._begun_runs.result()

    def begin_runs(self) -> None:
        """Start on ``runs`` beside all that the caller does, where the network runs aside.

        Once each part has been erased alone: the table holds these tests, whoever was quicker.
        """
        if self.classifier.aside and self._begun_runs is None and "runs" not in vars(self):
            self._begun_runs = beside(self._table)

    def _table(self) -> PartRuns:
        known = {frozenset((part,)): test.after.logits for part, test in list(self.alone.items())}
        known[frozenset()] = self.prediction.logits
        return run_parts(self.classifier, self.pixels, self.parts, self.seed, known)

    @once
    def other_draws(self) -> tuple[Case, ...]:
        """The same picture with the table drawn from further seeds, ``SEEDS`` in all with this one.

        Empty where all subsets of the parts are run, whatever the seed. What one table has run no other runs again, so
        that all together have at most 2^M runs, and as a rule about three times those of one.
        """
        if self.runs.complete:
            return ()
        known, found = self.runs.known, []
        for seed in range(self.seed + 1, self.seed + SEEDS):
            other = self._like(self.classifier, seed)
            other.runs = run_parts(self.classifier, self.pixels, self.parts, seed, known)
            known |= other.runs.known
            found.append(other)
        return tuple(found)

    @once
    def unlearnt(self) -> tuple[Case, Case]:
        """The same picture before the same network whose last layer was drawn anew, and that with its signs turned."""
        first, second = (
            self._like(self.classifier.fresh(self.seed, mirrored), self.seed) for mirrored in (False, True)
        )
        return first, second

    def _like(self, classifier: Classifier, seed: int) -> Case:
        """The same picture, cut into the same parts."""
        other = Case(classifier, self.pixels, seed)
        other.parts = self.parts
        return other

    @property
    def finished_runs(self) -> PartRuns | None:
        """The table where something has already asked for it: a single test is not worth making it."""
        return vars(self).get("runs") if self._begun_runs is None else self.runs

    def attribution(self, explainer: Explainer, target: int) -> Attribution:
        """``explainer``'s attribution to ``target``, computed once."""
        key = (explainer.id, target)
        if key not in self._attributions:
            begun = self._begun.pop(key, None)
            self._attributions[key] = explainer.explain(self, target) if begun is None else begun.result()
        return self._attributions[key]

    def begin(self, explainer: Explainer, target: int) -> None:
        """Start on an attribution that ``attribution`` is likely to be asked for, beside all that the caller does.

        Only where the network runs aside, and not where it is made of the tests' own runs: which of those are there
        already must not depend on who was quicker.
        """
        key = (explainer.id, target)
        if self.classifier.aside and not explainer.by_erasing and not {key} & {*self._attributions, *self._begun}:
            self._begun[key] = beside(lambda: explainer.explain(self, target))


class Explainer(ABC):
    """One explanation method. A subclass states its traits and writes ``explain``."""

    id: ClassVar[str]  # as in the question slot ``method``
    title: ClassVar[str]
    paper: ClassVar[str]  # "arXiv 1602.04938"
    authors: ClassVar[tuple[str, ...]]  # their surnames, in the order of the paper
    year: ClassVar[int]
    signed: ClassVar[bool]  # negative values speak against the target
    additive: ClassVar[bool]  # values add up to the output, within the gap
    random: ClassVar[bool]  # depends on the seed
    resolution: ClassVar[str]  # "pixel", "part" or "7x7"
    inside: ClassVar[bool] = False  # looks at the network's layers, not only at what goes in and comes out

    @property
    def coarse(self) -> bool:
        """Whether one value may cover pieces of several parts, and of the paper beside them."""
        return self.resolution == "7x7"

    @property
    def by_erasing(self) -> bool:
        """Whether it is made of runs with parts erased, as the tests are that it is compared with."""
        return self.resolution == "part"

    @abstractmethod
    def explain(self, case: Case, target: int) -> Attribution:
        """The attribution of the log-odds of ``target`` to the pixels of ``case``."""
