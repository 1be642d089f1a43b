"""Boxes of which one, or the gap, speaks for a 5, and parts that leave to it what a test wants."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np

from bot.claims.findings import Effect, Findings, in_order
from explainers.values import Outcome, Part, Test
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier


def one_part_matters(strength: float, which: int = 2) -> Findings:
    """A classifier whose 5 hangs on one of five boxes, by ``strength`` logits, and a little on all ink."""
    case = boxes_case(FakeClassifier(np.zeros((10, 28, 28))))
    weights = np.zeros((10, 28, 28))
    mask = case.parts[which].mask
    weights[5][mask] = strength / case.pixels[mask].sum()
    biases = np.zeros(10)
    biases[3] = 2.0
    return Findings(boxes_case(FakeClassifier(weights, biases)), 5)


BEFORE = 0.6  # what the 5 has of what is made up


def random_places(
    drops: Sequence[float] | np.ndarray, log_odds: Sequence[float] | None = None, elsewhere: int = 0
) -> SimpleNamespace:
    """A control of the 5 with these drops, the last ``elsewhere`` of them at places elsewhere."""
    falls = np.array(drops)
    return SimpleNamespace(
        digit=5,
        drops=falls,
        log_odds_drops=falls if log_odds is None else np.array(log_odds),
        left=BEFORE - float(falls.mean()),
        elsewhere=lambda _: np.arange(len(falls)) >= len(falls) - elsewhere,
    )


def made_up(erased: Sequence[float], filled: Sequence[float], causes: Sequence[float]) -> Findings:
    """Parts and gaps that leave so much to the 5 by themselves; those of ``causes`` beat their control, which is 0."""
    findings = Findings(boxes_case(FakeClassifier(np.zeros((10, 28, 28))), max(len(erased), 1)), 5)
    findings.erasures = in_order(left(part, after) for part, after in zip(findings.ink, erased, strict=False))
    findings.fillings = in_order(left(findings.gaps[0], after) for after in filled)
    findings.smallest_flip = None
    nothing = random_places(np.zeros(8))
    findings.control = lambda _: nothing  # type: ignore[method-assign,assignment,return-value]
    findings.beats_control = lambda effect: effect.after in np.float32(causes)  # type: ignore[method-assign]
    return findings


def left(part: Part, after: float) -> Effect:
    """A change that leaves so much to the 5."""
    ink, outcomes = (0, 1) if part.kind == "gap" else (1, 0), []
    for level, share in zip(ink, (BEFORE, after), strict=True):
        probabilities = np.full(10, (1 - share) / 9, np.float32)
        probabilities[5] = share
        outcomes.append(Outcome(np.full((28, 28), level, np.float32), np.log(probabilities), probabilities))
    return Effect((part,), Test({"kind": "fill" if part.kind == "gap" else "erase"}, *outcomes), 5)


def gap_and_part(gap: float, part: float) -> Findings:
    """The 5 hangs on a box, by ``part`` logits, and on the gap staying empty, by ``gap``."""
    case = boxes_case(FakeClassifier(np.zeros((10, 28, 28))))
    weights = np.zeros((10, 28, 28))
    weights[5][case.parts[0].mask] = part / case.pixels[case.parts[0].mask].sum()
    weights[5][case.parts[-1].mask] = -gap / case.parts[-1].mask.sum()
    biases = np.zeros(10)
    biases[3] = part - 3.0
    return Findings(boxes_case(FakeClassifier(weights, biases)), 5)
