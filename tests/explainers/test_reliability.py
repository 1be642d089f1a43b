"""What tells a method that may be believed from one that may not, against closed forms and made-up wrong methods."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest
from scipy.stats import spearmanr

from explainers import all_explainers, explainer
from explainers.base import SEEDS, Case, Explainer
from explainers.checks import erase
from explainers.lime import fit_surrogate
from explainers.measures import ink_parts, part_totals
from explainers.reliability import LEAST_DROP, erasing_agreement, erasing_drops, fresh_agreement, over_seeds
from explainers.subsets.runs import run_parts
from explainers.values import Attribution
from model.classifier import Classifier
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier, tiny_classifier


def weighted(amounts: list[float], sign: float = 1.0) -> FakeClassifier:
    """The log-odds of 5 are the sum of what each box is worth, ``amounts``, and nothing else."""
    case = boxes_case(FakeClassifier(np.zeros((10, 28, 28))), len(amounts))
    weights = np.zeros((28, 28))
    for amount, part in zip(amounts, case.parts, strict=False):
        weights[part.mask] = sign * amount / case.pixels[part.mask].sum()
    return FakeClassifier.one_digit(5, weights)


class Made(Explainer):
    """A method made up for a test."""

    id: ClassVar[str] = "made"
    title: ClassVar[str] = "Made up"
    paper: ClassVar[str] = "none"
    signed: ClassVar[bool] = True
    additive: ClassVar[bool] = False
    random: ClassVar[bool] = False
    resolution: ClassVar[str] = "pixel"

    def values(self, case: Case) -> np.ndarray:
        """The ink itself, whatever the network says."""
        return case.pixels

    def explain(self, case: Case, target: int) -> Attribution:
        """The same for every digit."""
        return Attribution(self.id, target, self.values(case).astype(np.float32), "relative", None, {})


class Flat(Made):
    """The same on every pixel."""

    id: ClassVar[str] = "flat"

    def values(self, case: Case) -> np.ndarray:
        """Ones."""
        return np.ones_like(case.pixels)


def on_parts(case: Case, amounts: list[float]) -> Attribution:
    """A map that gives each ink part its amount."""
    given = {part.id: amount for part, amount in zip(ink_parts(case.parts), amounts, strict=True)}
    return Attribution("made", 5, np.zeros((28, 28), np.float32), "relative", None, {}, given)


PLAIN = [name for name, method in all_explainers().items() if not method.inside and name != "occlusion"]


@pytest.mark.parametrize("name", PLAIN)
def test_of_a_linear_network_every_method_agrees_with_erasing(name: str) -> None:
    amounts = [1.0, 3.0, -2.0, 0.5, 2.0]
    case = boxes_case(weighted(amounts))
    assert np.allclose(erasing_drops(case, 5), amounts, atol=1e-4)
    found = case.attribution(explainer(name), 5)
    assert erasing_agreement(case, found) == pytest.approx(1)
    mirrored = boxes_case(weighted(amounts, -1))
    assert np.allclose(erasing_drops(mirrored, 5), [-amount for amount in amounts], atol=1e-4)
    assert erasing_agreement(mirrored, found) == pytest.approx(-1)  # the map of the network with the other sign


def test_a_wrong_method_does_not_agree() -> None:
    case = boxes_case(weighted([1.0, 2.0, 3.0, 4.0]), 4)
    assert erasing_agreement(case, on_parts(case, [4, 3, 2, 1])) == pytest.approx(-1)
    assert erasing_agreement(case, on_parts(case, [1, 1, 1, 1])) is None


def test_the_drops_and_the_correlation_are_those_of_a_slow_rewrite() -> None:
    case = boxes_case(tiny_classifier(3), 6)
    slow = []
    for part in ink_parts(case.parts):
        without = np.where(part.mask, 0, case.pixels)[None].astype(np.float32)
        before, after = (case.classifier.logits(some)[0].astype(float) for some in (case.pixels[None], without))
        odds = [one[5] - np.log(np.exp(np.delete(one, 5)).sum()) for one in (before, after)]
        slow.append(odds[0] - odds[1])
    assert np.allclose(erasing_drops(case, 5), slow, atol=1e-5)
    found = case.attribution(explainer("gradient_x_input"), 5)
    expected = spearmanr(part_totals(found, case.parts), slow).statistic
    assert erasing_agreement(case, found) == pytest.approx(expected)


@pytest.mark.parametrize(("count", "known"), [(1, False), (2, False), (3, True)])
def test_an_order_needs_three_parts(count: int, known: bool) -> None:
    case = boxes_case(weighted([1.0, 2.0, 4.0][:count]), count)
    assert len(erasing_drops(case, 5)) == (0 if count == 1 else count)
    agreement = erasing_agreement(case, case.attribution(explainer("integrated_gradients"), 5))
    assert agreement == (pytest.approx(1) if known else None)


@pytest.mark.parametrize(("scale", "known"), [(0.99, False), (1.01, True)])
def test_what_hardly_changes_anything_has_no_order(scale: float, known: bool) -> None:
    case = boxes_case(weighted([LEAST_DROP * scale, 0.0, 0.0]), 3)
    assert (erasing_agreement(case, on_parts(case, [3, 2, 1])) is not None) == known


def test_a_network_that_always_says_the_same_has_no_order_and_no_map_to_lose() -> None:
    case = boxes_case(FakeClassifier(np.zeros((10, 28, 28))))
    for name in PLAIN:
        assert erasing_agreement(case, case.attribution(explainer(name), 5)) is None
        assert fresh_agreement(case, explainer(name), 5) is None


def test_where_every_subset_is_run_no_seed_is_tried() -> None:
    classifier = FakeClassifier.random(scale=0.05)
    case = boxes_case(classifier, 6)
    assert case.runs.complete
    before = classifier.runs
    for name in ("lime", "shapley"):
        draws = over_seeds(case, explainer(name), 5)
        assert draws is not None
        assert (draws.complete, draws.stable, draws.runs, draws.same) == (True, True, 64, SEEDS)
    assert case.other_draws == ()
    assert classifier.runs == before


def test_a_method_without_chance_has_no_seeds() -> None:
    assert over_seeds(boxes_case(tiny_classifier(1)), explainer("integrated_gradients"), 5) is None


def test_ten_seeds_are_ten_tables_and_no_run_is_made_twice() -> None:
    classifier = tiny_classifier(3)
    seen: list[bytes] = []
    read = classifier.engine.read

    def noted(some: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen.extend(one.tobytes() for one in some)
        return read(some)

    classifier.engine.read = noted  # type: ignore[method-assign]
    case = boxes_case(classifier, 7)
    draws = over_seeds(case, explainer("lime"), 5)
    assert draws is not None
    assert not draws.complete
    assert len(seen) == len(set(seen)) <= 2**7
    tops = []
    for seed in range(SEEDS):  # each from nothing
        table = run_parts(tiny_classifier(3), case.pixels, case.parts, seed)
        tops.append(table.ids[int(fit_surrogate(table, 5).weights.argmax())])
    assert draws.same == tops.count(tops[0])
    assert draws.top is not None
    assert draws.top.id == tops[0]
    assert len(case.other_draws) == SEEDS - 1
    assert len({other.seed for other in (case, *case.other_draws)}) == SEEDS


@pytest.mark.parametrize(("moved", "same"), [(0, SEEDS), (1, SEEDS - 1), (SEEDS - 1, 1)])
def test_every_draw_that_puts_another_part_first_counts(moved: int, same: int) -> None:
    class Wavers(Made):
        random: ClassVar[bool] = True

        def explain(self, case: Case, target: int) -> Attribution:
            """Another part first with the last ``moved`` seeds."""
            late = case.seed > SEEDS - 1 - moved
            return on_parts(case, [0, 1, 0, 0, 0, 0, 0] if late else [1, 0, 0, 0, 0, 0, 0])

    draws = over_seeds(boxes_case(FakeClassifier.random(scale=0.05), 7), Wavers(), 5)
    assert draws is not None
    assert not draws.complete
    assert (draws.same, draws.stable) == (same, moved == 0)


def test_a_map_of_the_picture_alone_survives_any_weights_and_a_flat_one_says_nothing() -> None:
    case = boxes_case(tiny_classifier(3))
    assert fresh_agreement(case, Made(), 5) == pytest.approx(1)
    assert fresh_agreement(case, Flat(), 5) is None


LINEAR, TINY = FakeClassifier.random(scale=0.01), tiny_classifier(3, 224)


@pytest.mark.parametrize(
    ("name", "classifier"),
    [*((name, LINEAR) for name in PLAIN), *((name, TINY) for name in (*PLAIN, "grad_cam", "cam", "lrp"))],
)
def test_nothing_is_left_of_the_maps_of_the_real_methods(name: str, classifier: Classifier) -> None:
    case = boxes_case(classifier)
    agreement = fresh_agreement(case, explainer(name), 5)
    assert agreement is not None
    assert abs(agreement) <= 0.35
    fresh, mirrored = case.unlearnt
    assert fresh.parts is mirrored.parts is case.parts
    ink = case.pixels > 0
    slow = [
        spearmanr(case.attribution(explainer(name), 5).values[ink], explainer(name).explain(one, 5).values[ink])
        for one in (fresh, mirrored)
    ]
    assert agreement == pytest.approx(np.mean([one.statistic for one in slow]), abs=1e-6)


def test_signs_count() -> None:
    """The same map with all signs turned is the opposite, not the same."""

    class Turned(Made):
        def values(self, case: Case) -> np.ndarray:
            return (
                case.pixels
                if isinstance(case.classifier, FakeClassifier) and case.classifier.biases.any()
                else -case.pixels
            )

    biased = FakeClassifier.random(scale=0.01)
    biased.biases = np.ones(10)
    assert fresh_agreement(boxes_case(biased), Turned(), 5) == pytest.approx(-1)


def test_erasing_two_parts_is_not_a_part_alone() -> None:
    case = boxes_case(weighted([1.0, 2.0, 3.0]), 3)
    both = erase(case, case.parts[:2])
    assert both.log_odds_drop(5) == pytest.approx(sum(erasing_drops(case, 5)[:2]), abs=1e-4)
