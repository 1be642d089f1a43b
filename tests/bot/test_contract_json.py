"""A reply's JSON is that of docs/contract.md."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from bot.contract import plain, reply_to_dict
from tests.bot import made

TOLD = {"text", "question", "image", "prediction", "parts", "claims"}
SHOWN = {"attributions", "figures", "files", "warnings", "seconds", "model"}


def through_json() -> dict:
    return json.loads(json.dumps(reply_to_dict(made.reply()), allow_nan=False))


def test_all_keys_of_the_contract():
    assert set(through_json()) >= TOLD | SHOWN


def test_question_and_what_else_was_asked():
    assert through_json()["question"] == {"type": "why", "digit": 5, "also": [{"type": "confidence"}]}


def test_image_is_what_the_classifier_was_given():
    image = through_json()["image"]
    assert np.allclose(image["pixels"], made.pixels(), atol=1e-5)
    assert image["steps"][0] == {"name": "decode", "width": 60, "height": 40}
    assert image["accepted"] is True
    assert image["reason"] is None


def test_prediction():
    prediction = through_json()["prediction"]
    assert (prediction["digit"], prediction["runner_up"]) == (5, 3)
    assert prediction["margin"] == round(0.9 - 0.06, 6)
    assert len(prediction["probabilities"]) == 10


def test_parts_have_names_and_masks():
    part = through_json()["parts"][0]
    assert (part["id"], part["name"], part["kind"]) == ("part_1", "the flat bar at the top", "ink")
    assert np.array_equal(part["mask"], made.parts()[0].mask.astype(int))


def test_a_claim_about_a_cause_can_be_run_again():
    reads, erased = through_json()["claims"]
    assert reads["test"] is None
    assert erased["parts"] == ["part_1"]
    assert erased["sentence"] == "Without the bar it is a 3."
    test = erased["test"]
    assert test["operation"] == {"kind": "erase", "parts": ["part_1"]}
    assert np.allclose(test["after"]["pixels"], made.erased().after.pixels, atol=1e-5)
    assert np.allclose(test["after"]["probabilities"], made.erased().after.probabilities, atol=1e-6)
    assert erased["evidence"][0]["value"] == 0.88


def test_attributions_with_their_statistics():
    (attribution,) = through_json()["attributions"]
    assert {"method", "target", "gap", "fit", "settings", "part_values"} <= set(attribution)
    assert attribution["stroke_coverage"] == 1.0
    assert attribution["fit"] is None
    assert attribution["settings"] == {"steps": 16, "seed": 0}
    assert np.shape(attribution["values"]) == (28, 28)


def test_nothing_where_there_is_no_picture():
    found = reply_to_dict(replace(made.reply(), reading=None, part_names={}))
    assert found["image"] is None
    assert found["prediction"] is None
    assert found["parts"] == []
    json.dumps(found, allow_nan=False)


def test_numbers_that_json_lacks_become_null():
    assert plain({"a": float("nan"), "b": np.float32("inf"), "c": (np.int64(3), np.bool_(True))}) == {
        "a": None,
        "b": None,
        "c": [3, True],
    }


def test_arrays_are_rounded_as_single_numbers_are():
    values = np.random.default_rng(0).normal(0, 10, (200, 3)).astype(np.float32)
    assert plain(values) == [[round(float(value), 6) for value in row] for row in values]
    assert plain(np.array([1.5, np.nan, np.inf])) == [1.5, None, None]
    assert plain(np.array([[True], [False]])) == [[True], [False]]
