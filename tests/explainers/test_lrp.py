"""Layer-wise Relevance Propagation as a method; its rules and layers have tests of their own beside."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explainers.base import Case
from explainers.lrp import GAMMA, LRP, share_out
from explainers.values import log_odds
from tests.explainers.pictures import boxes_case
from tests.fakes import tiny_classifier
from tests.trained import trained_classifier


def test_the_attribution_tells_how_it_was_made_and_promises_no_sum() -> None:
    case = boxes_case(tiny_classifier())
    attribution = LRP().explain(case, 6)
    odds = float(log_odds(case.prediction.logits, 6))
    assert attribution.gap is None
    assert attribution.unit == "relative"
    ratio = attribution.values.sum(dtype=np.float64) / odds
    assert attribution.settings == {
        "rule": "gamma",
        "gamma": GAMMA,
        "start": "log-odds",
        "sum_to_output": pytest.approx(ratio, rel=1e-3),
    }
    assert json.loads(json.dumps(attribution.settings)) == attribution.settings
    assert attribution.part_values.keys() == {part.id for part in case.parts if part.kind == "ink"}
    assert np.array_equal(attribution.values, share_out(case.classifier.network, case.pixels, 6, GAMMA)[1])


def test_black_gets_exactly_nothing() -> None:
    case = boxes_case(tiny_classifier(), 9)
    values = LRP().explain(case, 1).values
    assert not values[case.pixels == 0].any()
    assert values[case.pixels > 0].all()


def test_the_digits_get_different_maps() -> None:
    case = boxes_case(tiny_classifier(3), 9)
    first, second = (LRP().explain(case, target).values for target in (2, 7))
    assert not np.allclose(first, second, atol=0.1 * np.abs(first).max())


@pytest.mark.weights
def test_on_the_real_network_it_finds_what_the_digit_rests_on() -> None:
    import torch

    from benchmarks.exhaustive import deletion
    from explainers.relevance.network import relevance_net
    from interface.chat.examples import EXAMPLES
    from model.preprocess import to_digit

    middles = np.arange(1, 10, 2) / 10  # of five steps: they have the mean of twenty steps, within 0.15 logit
    classifier = trained_classifier()
    network, layers = classifier.network, relevance_net(classifier.network)
    generator = np.random.default_rng(0)
    deletions: dict[str, list[float]] = {"ours": [], "random": [], "gamma 0.25": []}
    for example in EXAMPLES[:4]:
        case = Case(classifier, to_digit(example.path).pixels)
        picture = torch.from_numpy(case.pixels[None])
        with torch.inference_mode():
            expected, found = network(picture), layers.logits(network.pooled(layers.maps(picture, GAMMA)))
        assert torch.allclose(found, expected, atol=1e-4)
        values = LRP().explain(case, case.prediction.digit).values
        assert not values[case.pixels == 0].any()
        deletions["ours"].append(deletion(case, values, middles))
        deletions["random"].append(deletion(case, generator.random((28, 28)), middles))
        larger = share_out(network, case.pixels, case.prediction.digit, gamma=0.25)[1]
        deletions["gamma 0.25"].append(deletion(case, larger, middles))
        assert np.maximum(-values, 0).sum() > 0.1 * np.abs(values).sum() > np.maximum(-larger, 0).sum()
    ours, random, with_larger = (np.mean(found) for found in deletions.values())
    assert ours < random - 0.5
    assert ours < with_larger - 0.5
