"""What every explanation method promises, over all that the registry finds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

import explainers
from explainers.base import Case, Explainer
from explainers.errors import ExplainerError
from model.classifier import Classifier
from model.values import ModelIdentity
from tests.explainers.pictures import boxes_case
from tests.fakes import FakeClassifier, tiny_classifier, tiny_network

METHODS = tuple(explainers.all_explainers().values())
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.id)


def duel(swapped: bool) -> Classifier:
    """A network that knows only 0 and 1: its log-odds are z₀ − z₁, and swapping the two turns their sign round."""
    network = tiny_network(1)
    with torch.no_grad():
        network.classifier.weight[2:] = 0
        network.classifier.bias[2:] = -1e4
        if swapped:
            network.classifier.weight[:2] = network.classifier.weight[:2].flip(0).clone()
            network.classifier.bias[:2] = network.classifier.bias[:2].flip(0).clone()
    return Classifier(network, ModelIdentity("duel", None, ""))


def footprint(network: nn.Module) -> list[object]:
    """All that a method could leave behind: mode, hooks, gradients wanted, parameters and buffers."""
    return [
        [
            (module.training, *map(len, (module._forward_hooks, module._forward_pre_hooks, module._backward_hooks)))
            for module in network.modules()
        ],
        [(parameter.requires_grad, parameter.grad) for parameter in network.parameters()],
        [tensor.tolist() for tensor in (*network.parameters(), *network.buffers())],
    ]


def test_the_registry_knows_the_methods() -> None:
    assert {"lime", "integrated_gradients"} <= set(explainers.all_explainers())
    assert explainers.explainer("lime").id == "lime"
    with pytest.raises(ExplainerError, match="no method 'tea_leaves'"):
        explainers.explainer("tea_leaves")


@every_method
def test_traits_are_stated(method: Explainer) -> None:
    assert method.title
    assert method.paper
    assert all(name[:1].isupper() for name in method.authors)
    assert method.authors
    assert 1950 < method.year < 2100
    assert {type(trait) for trait in (method.signed, method.additive, method.random)} == {bool}
    assert method.resolution in ("pixel", "part", "7x7")


@every_method
@pytest.mark.parametrize("count", [1, 5, 9])
def test_shape_type_and_range(method: Explainer, count: int) -> None:
    case = boxes_case(tiny_classifier(), count)
    attribution = method.explain(case, 6)
    assert (attribution.method, attribution.target) == (method.id, 6)
    assert attribution.values.shape == (28, 28)
    assert attribution.values.dtype == np.float32
    assert np.isfinite(attribution.values).all()
    assert attribution.values.any()
    assert attribution.unit in ("logit", "relative")
    assert (attribution.gap is not None) == method.additive
    for part, value in attribution.part_values.items():
        mask = next(other.mask for other in case.parts if other.id == part)
        assert value == pytest.approx(float(attribution.values[mask].sum()), abs=1e-3)


@every_method
def test_the_same_seed_gives_the_same_bits(method: Explainer) -> None:
    first, again = (method.explain(boxes_case(tiny_classifier(), 9, seed=4), 2) for _ in range(2))
    assert first.values.tobytes() == again.values.tobytes()
    assert first.settings == again.settings
    other = method.explain(boxes_case(tiny_classifier(), 9, seed=5), 2)
    assert method.random == (first.values.tobytes() != other.values.tobytes())


@every_method
def test_nothing_is_left_behind(method: Explainer) -> None:
    case = boxes_case(tiny_classifier())
    pixels, before = case.pixels.copy(), footprint(case.classifier.network)
    method.explain(case, 3)
    assert np.array_equal(case.pixels, pixels)
    assert footprint(case.classifier.network) == before


@every_method
def test_nothing_is_left_behind_by_a_crash(method: Explainer, monkeypatch: pytest.MonkeyPatch) -> None:
    case = boxes_case(tiny_classifier())
    before = footprint(case.classifier.network)

    def crash(maps: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("in the middle of the network")

    with monkeypatch.context() as patch:
        patch.setattr(case.classifier.network.pool, "forward", crash)
        with pytest.raises(RuntimeError, match="in the middle"):
            method.explain(case, 3)
    assert footprint(case.classifier.network) == before
    assert method.explain(case, 3).values.any()


@every_method
def test_a_constant_model_gives_a_flat_map(method: Explainer) -> None:
    network = tiny_network()
    with torch.no_grad():
        network.classifier.weight.zero_()
        network.classifier.bias += torch.arange(10)
    classifiers: list[Classifier] = [Classifier(network, ModelIdentity("", None, ""))]
    if not method.inside:
        classifiers.append(FakeClassifier(np.zeros((10, 28, 28))))
    for classifier in classifiers:
        attribution = method.explain(boxes_case(classifier), 4)
        assert np.abs(attribution.values).max() < 1e-6


@every_method
def test_the_sign_turns_with_the_model_s(method: Explainer) -> None:
    if not method.signed:
        pytest.skip("the method has no sign")
    values = method.explain(boxes_case(duel(swapped=False)), 0).values
    mirrored = method.explain(boxes_case(duel(swapped=True)), 0).values
    rival = method.explain(boxes_case(duel(swapped=False)), 1).values
    assert np.abs(values).max() > 1e-3
    assert np.allclose(values, -mirrored, atol=1e-3 * np.abs(values).max())
    assert np.allclose(values, -rival, atol=1e-3 * np.abs(values).max())


@every_method
def test_eight_threads_give_what_one_gives(method: Explainer) -> None:
    classifier = tiny_classifier()
    cases = [boxes_case(classifier, count, seed) for seed, count in enumerate([3, 4, 5, 6, 3, 4, 5, 6])]
    alone = [method.explain(boxes_case(classifier, len(case.parts) - 1, case.seed), 8).values for case in cases]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda case: method.explain(case, 8).values, cases))
    assert all(np.allclose(one, other, atol=1e-5) for one, other in zip(alone, together, strict=True))


@every_method
def test_a_case_asks_once(method: Explainer) -> None:
    case = boxes_case(tiny_classifier() if method.inside else FakeClassifier.random())
    first = case.attribution(method, 3)
    assert case.attribution(method, 3) is first
    assert case.attribution(method, 4) is not first
    if not method.inside:  # one that counts
        again = case.classifier.runs, case.classifier.gradients
        case.attribution(method, 3)
        case.attribution(method, 4)
        assert again == (case.classifier.runs, case.classifier.gradients)


def test_a_case_finds_its_own_parts() -> None:
    pixels = np.zeros((28, 28), np.float32)
    pixels[6:22, 12:15] = 1.0
    case = Case(FakeClassifier.random(), pixels)
    ink = [part.mask for part in case.parts if part.kind == "ink"]
    assert np.array_equal(np.any(ink, axis=0), pixels > 0)
    assert case.outcome.digit == case.prediction.digit
