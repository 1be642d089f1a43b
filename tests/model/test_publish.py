"""Publishing with the real Hub client against a small server, and what the model card says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml

from model.atlas import save_atlas
from model.catalogue import DATA_SETS
from model.errors import WeightsError
from model.evaluate import measure
from model.load import load_folder
from model.novelty import Novelty, save_novelty
from model.publish import model_card
from model.weights import ATLAS_FILE, NOVELTY_FILE, read_config, sha256, write_config
from tests.atlases import atlas
from tests.model.conftest import Ask, Tell
from tests.model.hub_server import COMMIT, TOKEN, HubServer


@pytest.fixture(scope="module")
def measured_folder(weights_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights with figures, a novelty file and an atlas, all made up."""
    folder = Path(shutil.copytree(weights_folder, tmp_path_factory.mktemp("publish") / "measured"))
    eye = np.eye(1024, 4, dtype=np.float32)
    save_novelty(folder / NOVELTY_FILE, Novelty(np.zeros((10, 4), np.float32), eye, 9.0, 1.0, 2.0, 0.9))
    save_atlas(folder / ATLAS_FILE, atlas({label: np.eye(1024)[[label] * 3] for label in range(10)}))
    labels = np.arange(1000) % 10
    logits = np.eye(10)[labels] * 9
    logits[:7] = np.roll(logits[:7], 1, axis=1)
    config = read_config(folder)
    figures = {"sha256": config["sha256"], **measure(logits, labels, 1.0)}
    made = {"novelty": {"sha256": sha256(folder / NOVELTY_FILE)}}
    made["atlas"] = {"sha256": sha256(folder / ATLAS_FILE), "weights": config["sha256"]}
    write_config(folder, {**config, "measured": figures, **made})
    return folder


def test_what_was_published_can_be_loaded(hub: HubServer, tell: Tell, ask: Ask, measured_folder: Path) -> None:
    done = tell({"arguments": ["digits/published", "--weights", str(measured_folder)], "token": TOKEN})
    assert done["status"] == 0, done
    assert done["out"] == f"published as {hub.url}/digits/published/commit/{COMMIT}\n"
    sent = hub.repositories["digits/published"]
    for path in measured_folder.iterdir():
        assert sent.pop(path.name) == path.read_bytes(), path.name
    assert list(sent) == ["README.md"]
    assert sent["README.md"].decode() == model_card("digits/published", read_config(measured_folder))

    sent.update({path.name: path.read_bytes() for path in measured_folder.iterdir()})
    found = ask("digits/published", strict=True)
    assert (found["revision"], found["warnings"]) == (COMMIT, [])
    expected = load_folder(measured_folder).logits(np.zeros((1, 28, 28), np.float32))[0]
    np.testing.assert_allclose(found["logits"], expected, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "token", "words"),
    [
        ("digits/mine", "", "not logged in"),
        ("digits/mine", "hf_wrong", "does not accept your token"),
        ("others/theirs", TOKEN, "does not allow writing to others/theirs"),
        ("no-owner", TOKEN, "not a repository of the form owner/name"),
    ],
)
def test_what_goes_wrong_is_told_in_one_sentence(
    name: str, token: str, words: str, tell: Tell, measured_folder: Path
) -> None:
    done = tell({"arguments": [name, "--weights", str(measured_folder)], "token": token})
    assert (done["status"], done["out"]) == (2, "")
    assert words in done["err"]
    assert done["err"].count("\n") == 1


def test_weights_without_figures_or_with_those_of_others_are_not_described(
    weights_folder: Path, measured_folder: Path
) -> None:
    with pytest.raises(WeightsError, match=r"model\.evaluate"):
        model_card("a/b", read_config(weights_folder))
    with pytest.raises(WeightsError, match=r"model\.evaluate"):
        model_card("a/b", {**read_config(measured_folder), "sha256": "0" * 64})


def test_the_card_says_what_the_config_says_and_no_other_figure(measured_folder: Path) -> None:
    config = read_config(measured_folder)
    card = model_card("digits/card", config)
    _, head, body = card.split("---\n", 2)
    data = yaml.safe_load(head)
    assert (data["license"], data["library_name"], data["pipeline_tag"]) == ("mit", "pytorch", "image-classification")
    result = data["model-index"][0]["results"][0]
    assert result["metrics"][0]["value"] == config["measured"]["accuracy"] == 0.993
    assert (data["datasets"], data["metrics"]) == (["ylecun/mnist"], ["accuracy"])
    assert config["sha256"] in body
    assert "0 as 1 (1)" in body
    percentages = {float(found) for found in re.findall(r"([\d.]+)%", body)}
    assert percentages == {99.3} | {round(100 * one, 2) for one in config["measured"]["accuracy_by_digit"]}
    assert "{" not in body


@pytest.mark.parametrize(
    ("name", "told", "hidden"),
    [
        ("letters", ("one handwritten letter", "| Z | 20 |", "B as A (1)", "the 520 Chars74K letters test pictures"),
         (" MNIST test", " digit")),
        ("fashion-mnist", ("piece of clothing of 10 kinds", "| Ankle boot | 52 |", "Trouser as T-shirt/top (1)"),
         ("ink = 1", " digit", "handwritten")),
        ("emnist-balanced",
         ("one handwritten character of 47", "| t |", "made as in EMNIST balanced", "num_classes=47"), (" digit",)),
    ],
)  # fmt: skip
def test_the_card_of_other_data_sets_is_about_them(name: str, told: tuple[str, ...], hidden: tuple[str, ...]) -> None:
    data_set = DATA_SETS[name]
    classes = len(data_set.labels)
    labels = np.arange(520) % classes
    logits = np.eye(classes)[labels] * 9
    logits[1] = np.eye(classes)[0] * 9
    config = {
        "labels": list(data_set.labels), "dataset": name, "sha256": "1" * 64, "image_size": 224, "mean": [0, 0, 0],
        "std": [1, 1, 1], "interpolation": "bilinear", "temperature": 1.0, "training": {"data": data_set.trained_on},
        "measured": {"sha256": "1" * 64, **measure(logits, labels, 1.0)},
    }  # fmt: skip
    card = model_card("a/b", config)
    for words in told:
        assert words in card, words
    body = card.split("---", 2)[2]
    for words in hidden:
        assert words not in body, words
    head = yaml.safe_load(card.split("---", 2)[1])
    assert head["model-index"][0]["results"][0]["dataset"]["name"] == data_set.title
    assert head.get("datasets") == ([data_set.hub] if data_set.hub else None)
