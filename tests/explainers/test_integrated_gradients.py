"""Integrated Gradients against closed forms, captum, and its own promises."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainers import integrated_gradients
from explainers.base import Case
from explainers.integrated_gradients import CROWDING, MANY, MOST_STEPS, IntegratedGradients, integrate
from model.torch_engine import log_odds
from tests.explainers.pictures import boxes, boxes_case
from tests.fakes import FakeClassifier, tiny_classifier


def test_a_linear_model_is_exact_at_the_first_check() -> None:
    weights = np.random.default_rng(2).normal(0, 1, (28, 28))
    classifier = FakeClassifier.one_digit(4, weights)
    case = boxes_case(classifier)
    attribution = IntegratedGradients().explain(case, 4)
    assert np.allclose(attribution.values, weights * case.pixels, atol=1e-5)
    assert attribution.gap == pytest.approx(0, abs=1e-4)
    assert attribution.settings["steps"] == 4
    assert attribution.settings["settled"]
    assert classifier.gradients == 5
    for part in case.parts[:5]:
        assert attribution.part_values[part.id] == pytest.approx((weights * case.pixels)[part.mask].sum(), abs=1e-4)


def test_nothing_is_computed_twice_and_the_steps_have_an_end() -> None:
    classifier = _Jagged()
    integral = integrate(Case(classifier, boxes(5)[0]), 0)
    assert integral.steps == MOST_STEPS
    assert not integral.settled
    assert classifier.gradients == MOST_STEPS + 1 == len(set(classifier.asked))


def test_where_much_happens_the_steps_are_short() -> None:
    classifier, pixels = _Step(boxes(5)[0]), boxes(5)[0]
    integral = integrate(Case(classifier, pixels), 0)
    assert integral.settled
    assert integral.change == pytest.approx(HEIGHT, abs=1e-3)
    assert integral.gap <= max(0.01 * HEIGHT, 0.02)
    assert np.abs(integral.values - HEIGHT * pixels / pixels.sum()).sum() <= 0.1 * HEIGHT
    near = [share for share in classifier.asked if abs(share - EDGE) < 0.125]
    assert len(near) > len(classifier.asked) / 2
    assert len(classifier.asked) == integral.steps + 1 < 33, "as many equal steps are still off by a quarter"


@pytest.mark.parametrize("together", [MANY, MANY - 1])
def test_a_gpu_asks_for_many_at_first_that_crowd_near_black_and_settles_alike(together: int) -> None:
    classifier, pixels = _Step(boxes(5)[0]), boxes(5)[0]
    classifier.gradients_together = together
    integral = integrate(Case(classifier, pixels), 0)
    assert integral.settled
    assert np.abs(integral.values - HEIGHT * pixels / pixels.sum()).sum() <= 0.1 * HEIGHT
    crowded = (np.arange(1, MANY + 1) / MANY) ** CROWDING
    assert (classifier.asked[:MANY] == pytest.approx(crowded.tolist(), abs=1e-6)) == (together == MANY)


def test_the_intervals_that_err_mend_a_sum_that_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrated_gradients, "MAP_ERROR", np.inf)
    classifier, pixels = _Bent(boxes(5)[0]), boxes(5)[0]
    integral = integrate(Case(classifier, pixels), 0)
    assert integral.settled
    assert integral.gap <= 0.01 * HEIGHT
    later = classifier.asked[4:]
    assert later
    assert max(later) < 0.5, "there the map differs much, but the sum is right"


def test_the_ends_are_what_the_network_reads_not_what_comes_with_the_gradients() -> None:
    weights = np.random.default_rng(2).normal(0, 0.3, (28, 28))
    classifier, pixels = _Rounded(weights), boxes(5)[0]
    integral = integrate(Case(classifier, pixels), 4)
    assert integral.change == pytest.approx((weights * pixels).sum(), abs=1e-4)
    assert integral.gap == pytest.approx(0, abs=1e-4)


def test_a_finer_limit_comes_closer_to_many_equal_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier, pixels = tiny_classifier(1), boxes(6)[0]
    alphas = np.arange(257) / 256
    _, gradients = classifier.log_odds_gradients((alphas[:, None, None] * pixels).astype(np.float32), 7)
    expected = pixels * (gradients[1:] + gradients[:-1]).mean(axis=0) / 2
    errors = []
    for limit in (1.0, 0.1, 0.0):
        monkeypatch.setattr(integrated_gradients, "MAP_ERROR", limit)
        integral = integrate(Case(classifier, pixels), 7)
        errors.append(np.abs(integral.values - expected).sum() / np.abs(expected).sum())
        assert integral.gap == pytest.approx(abs(integral.values.sum() - integral.change), abs=1e-3)
    assert errors[2] <= errors[1] <= 0.1
    assert errors[1] < errors[0]


def test_the_gradient_at_black_is_computed_once_for_all_pictures() -> None:
    classifier = FakeClassifier.random(scale=0.01)
    integrate(Case(classifier, boxes(5)[0]), 3)
    first = classifier.gradients
    integrate(Case(classifier, boxes(6)[0]), 3)
    assert classifier.gradients == 2 * first - 1


def test_captum_agrees() -> None:
    captum = pytest.importorskip("captum.attr")
    classifier, pixels = tiny_classifier(3), boxes(6)[0]
    integral = integrate(Case(classifier, pixels), 5)
    method = captum.IntegratedGradients(lambda pictures: log_odds(classifier.network(pictures), 5))
    theirs = method.attribute(
        torch.from_numpy(pixels[None]), n_steps=512, method="riemann_middle", internal_batch_size=64
    )
    expected = theirs[0].detach().numpy()
    assert np.abs(integral.values - expected).sum() <= 0.15 * np.abs(expected).sum()
    assert np.corrcoef(integral.values[pixels > 0], expected[pixels > 0])[0, 1] > 0.98


def test_the_gap_is_what_the_sum_misses() -> None:
    case = boxes_case(tiny_classifier(2))
    attribution = IntegratedGradients().explain(case, 1)
    full, black = case.classifier.logits(np.stack([case.pixels, np.zeros_like(case.pixels)]))
    change = float(np.subtract(*(log_odds(torch.from_numpy(logits[None]), 1).item() for logits in (full, black))))
    assert attribution.gap == pytest.approx(abs(attribution.values.sum(dtype=np.float64) - change), abs=1e-3)
    if attribution.settings["settled"]:
        assert attribution.gap <= max(0.01 * abs(change), 0.02) + 1e-6


def test_black_gets_nothing() -> None:
    case = boxes_case(tiny_classifier())
    assert not IntegratedGradients().explain(case, 1).values[case.pixels == 0].any()


EDGE, HEIGHT = 0.3, 8.0


class _Step(FakeClassifier):
    """Log-odds of 0 that rise by ``HEIGHT``, smoothly, where about ``EDGE`` of the picture is there."""

    def __init__(self, picture: np.ndarray) -> None:
        super().__init__(np.zeros((10, 28, 28)))
        self.total = float(picture.sum())
        self.asked: list[float] = []

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        logits = np.zeros((len(pictures), 10), np.float32)
        logits[:, 0] = HEIGHT * self._rise(pictures) + np.log(9)
        return logits

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        self.asked += (pictures.sum(axis=(1, 2), dtype=np.float64) / self.total).tolist()
        rise = self._rise(pictures)
        slopes = HEIGHT * 40 * rise * (1 - rise) / self.total
        flat = np.broadcast_to(slopes[:, None, None], pictures.shape)
        return (HEIGHT * rise).astype(np.float32), flat.astype(np.float32)

    def _rise(self, pictures: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-40 * (pictures.sum(axis=(1, 2), dtype=np.float64) / self.total - EDGE)))


class _Bent(FakeClassifier):
    """Log-odds that rise by ``HEIGHT`` in the first half, by a bent curve, then stay.

    There two pixels move against each other, so that only the map changes.
    """

    def __init__(self, picture: np.ndarray) -> None:
        super().__init__(np.zeros((10, 28, 28)))
        self.total = float(picture.sum())
        (first, second), self.pair = np.argwhere(picture > 0)[:2], np.zeros(picture.shape)
        self.pair[tuple(first)], self.pair[tuple(second)] = 1 / picture[tuple(first)], -1 / picture[tuple(second)]
        self.asked: list[float] = []

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        logits = np.zeros((len(pictures), 10), np.float32)
        logits[:, 0] = self._odds(self._shares(pictures)) + np.log(9)
        return logits

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        shares = self._shares(pictures)
        self.asked += shares[shares > 0].tolist()
        slopes = 8 * HEIGHT * (1 - 2 * np.minimum(shares, 0.5)) ** 3 / self.total
        gradients = slopes[:, None, None] + np.where(shares > 0.6, 30, 0)[:, None, None] * self.pair
        return self._odds(shares).astype(np.float32), gradients.astype(np.float32)

    def _shares(self, pictures: np.ndarray) -> np.ndarray:
        return pictures.sum(axis=(1, 2), dtype=np.float64) / self.total

    def _odds(self, shares: np.ndarray) -> np.ndarray:
        return HEIGHT * (1 - (1 - 2 * np.minimum(shares, 0.5)) ** 4)


class _Rounded(FakeClassifier):
    """Its gradients come with log-odds that are off by half a logit."""

    def __init__(self, weights: np.ndarray) -> None:
        every = np.zeros((10, 28, 28))
        every[4] = weights
        super().__init__(every)

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        odds, gradients = super().log_odds_gradients(pictures, target)
        return odds + np.where(pictures.any(axis=(1, 2)), 0.5, -0.5).astype(np.float32), gradients


class _Jagged(FakeClassifier):
    """Gradients that never settle: each depends on the digits of the place on the path."""

    def __init__(self) -> None:
        super().__init__(np.zeros((10, 28, 28)))
        self.asked: list[float] = []

    def log_odds_gradients(self, pictures: np.ndarray, target: int) -> tuple[np.ndarray, np.ndarray]:
        self.gradients += len(pictures)
        self.asked += [float(picture.sum()) for picture in pictures]
        noise = np.random.default_rng(len(self.asked)).normal(0, 50, pictures.shape)
        return np.zeros(len(pictures), np.float32), noise.astype(np.float32)
