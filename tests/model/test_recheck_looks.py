"""The check of replies weighs again what they say of whether pictures look like digits."""

from __future__ import annotations

import copy
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.load import load_folder
from model.novelty import Novelty, save_novelty
from model.recheck import Reference, recheck
from model.recheck.looks import CLOSE, UNLIKE
from model.weights import NOVELTY_FILE, read_config, sha256, write_config

ALIKE, STRANGE = np.zeros((28, 28), np.float32), np.zeros((28, 28), np.float32)
ALIKE[4:24, 10:18] = np.random.default_rng(0).random((20, 8)).round(2)
STRANGE[::2] = 1


@pytest.fixture(scope="module")
def folder(weights_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights with a check that takes the one picture for a digit and the other for none."""
    small = Path(shutil.copytree(weights_folder, tmp_path_factory.mktemp("looks") / "small"))
    write_config(small, {**read_config(small), "image_size": 64})
    classifier = load_folder(small)
    features, logits = classifier.features(np.stack([ALIKE, STRANGE])), classifier.logits(np.stack([ALIKE, STRANGE]))
    generator = np.random.default_rng(0)
    whitening = generator.normal(size=(1024, 8)).astype(np.float16).astype(np.float32)
    means = np.concatenate([features[:1] @ whitening, generator.normal(size=(9, 8))]).astype(np.float32)
    usual = float(logits.max()) + 3
    check = Novelty(means, whitening, usual, 0.5, 1.0, 0.5)
    alike, strange = check.unscaled(features, logits)
    assert 0 < alike < strange - 0.1
    save_novelty(small / NOVELTY_FILE, replace(check, limit=float(alike + strange) / 2))
    write_config(small, {**read_config(small), "novelty": {"sha256": sha256(small / NOVELTY_FILE)}})
    return small


@pytest.fixture(scope="module")
def reference(folder: Path) -> Reference:
    return Reference(folder)


@pytest.fixture(scope="module")
def honest(folder: Path) -> dict:
    """A true reply about the picture that is taken for a digit, with a claim about the other."""
    classifier = load_folder(folder)
    read, changed = classifier.predict(ALIKE), classifier.predict(STRANGE)
    assert read.is_digit
    assert not changed.is_digit
    look = {"pixels": STRANGE.tolist(), "strangeness": changed.strangeness, "is_digit": False}
    told = {"name": "strangeness", "value": changed.strangeness}
    return {
        "image": {"pixels": ALIKE.tolist(), "accepted": True},
        "prediction": {
            "digit": read.digit, "probability": read.probability, "runner_up": read.runner_up, "margin": read.margin,
            "probabilities": read.probabilities.tolist(), "strangeness": read.strangeness, "unusual": read.unusual,
        },
        "claims": [
            {"kind": "tried_strange", "sentence": "No digit.", "evidence": [told], "looks": [look]},
            {"kind": "unusual_image", "sentence": "Unusual.", "evidence": [{**told, "value": read.strangeness}]},
        ],
    }  # fmt: skip


def test_a_true_reply(honest: dict, reference: Reference) -> None:
    found = recheck([honest], reference)
    assert (found.looks, found.false) == (1, [])
    assert found.strangest < 1e-4


def test_the_pictures_before_and_after_are_told_apart(honest: dict, reference: Reference) -> None:
    reply = copy.deepcopy(honest)
    claim = reply["claims"][0]
    before = {"pixels": ALIKE.tolist(), "strangeness": reply["prediction"]["strangeness"], "is_digit": True}
    claim |= {"kind": "fool_check_notices", "looks": [before, *claim["looks"]]}
    claim["evidence"].insert(0, {"name": "strangeness before", "value": before["strangeness"]})
    assert recheck([reply], reference).false == []
    claim["looks"].reverse()
    claim["evidence"].reverse()
    assert len(recheck([reply], reference).false) == 1, "the last one is what it speaks of"


def said_of(reply: dict, reference: Reference) -> list[str]:
    return [one.split(": ", 1)[1] for one in recheck([reply], reference).false]


def test_a_strangeness_of_another_picture(honest: dict, reference: Reference) -> None:
    for off, false in ((0.9 * CLOSE, 0), (1.1 * CLOSE, 1)):
        reply = copy.deepcopy(honest)
        look, told = reply["claims"][0]["looks"][0], reply["claims"][0]["evidence"][0]
        look["strangeness"] += off
        told["value"] = look["strangeness"]
        assert len(said_of(reply, reference)) == false
    reply = copy.deepcopy(honest)
    reply["claims"][0]["evidence"][0]["value"] += 1e-3
    assert said_of(reply, reference)[0].startswith("the strangeness told is")
    reply = copy.deepcopy(honest)
    reply["claims"][1]["evidence"][0]["value"] += 1e-3
    assert said_of(reply, reference)[0].startswith("the strangeness told is"), "without a picture: of the one read"


@pytest.mark.parametrize("kind", UNLIKE)
def test_a_picture_that_is_said_to_look_like_no_digit_is_shown_and_does_not(
    kind: str, honest: dict, reference: Reference
) -> None:
    reply = copy.deepcopy(honest)
    reply["claims"][0]["kind"] = kind
    assert said_of(reply, reference) == []
    del reply["claims"][0]["looks"]
    assert "the picture that looks like no digit is not shown" in said_of(reply, reference)


def test_what_the_sentence_says_is_what_the_check_says(honest: dict, reference: Reference) -> None:
    reply = copy.deepcopy(honest)
    reply["claims"][0]["kind"] = "become_size"
    assert said_of(reply, reference) == ["it says that a picture looks like a digit"]
    reply["claims"][0]["looks"][0]["is_digit"] = True
    (false,) = said_of(reply, reference)
    assert false.startswith("a digit at 1.")


def test_the_picture_itself(honest: dict, reference: Reference) -> None:
    reply = copy.deepcopy(honest)
    reply["prediction"]["unusual"] = not reply["prediction"]["unusual"]
    (false,) = said_of(reply, reference)
    assert "unusual at 0." in false
    reply = copy.deepcopy(honest)
    reply["prediction"]["strangeness"] = reply["claims"][1]["evidence"][0]["value"] = 0.01
    assert any(one.startswith("a strangeness of 0.010") for one in said_of(reply, reference))
    reply["image"]["pixels"] = STRANGE.tolist()
    assert any(one.startswith("accepted, but") for one in said_of(reply, reference))


def test_weights_without_a_check(honest: dict, folder: Path, tmp_path: Path) -> None:
    bare = Path(shutil.copytree(folder, tmp_path / "bare"))
    write_config(bare, {key: value for key, value in read_config(bare).items() if key != "novelty"})
    reply = copy.deepcopy(honest)
    reply["claims"] = []
    reply["prediction"] |= {"strangeness": None, "unusual": False}
    found = recheck([reply], Reference(bare))
    assert (found.looks, found.false) == (0, [])
