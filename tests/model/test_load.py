"""Weights by name, from a directory and from the Hub, with the real Hub client against a small server."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from threadpoolctl import threadpool_info, threadpool_limits
from torchvision.models import densenet121

from model import load
from model.engines import pick_engine
from model.errors import ModelError, WeightsError
from model.load import load_classifier, load_folder
from model.torch_engine import TorchEngine
from model.weights import CONFIG_FILE, TENSORS_FILE, read_config, read_tensors, sha256, write_config
from tests.model.conftest import Ask
from tests.model.hub_server import COMMIT, CORRUPT, CUT, FAILS, HANGS, STALLS, HubServer

BLACK = np.zeros((1, 28, 28), np.float32)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(autouse=True)
def _package(monkeypatch: pytest.MonkeyPatch, bundled_folder: Path) -> None:
    monkeypatch.setattr(load, "BUNDLED", bundled_folder)
    monkeypatch.setattr(load, "pick_engine", TorchEngine)  # OpenVINO compiles for seconds each time
    monkeypatch.delenv(load.MODEL_VARIABLE, raising=False)


@pytest.fixture
def copy(weights_folder: Path, tmp_path: Path) -> Path:
    """A weights directory that the test may damage."""
    return Path(shutil.copytree(weights_folder, tmp_path / "copy"))


# -- directories -------------------------------------------------------------------------------------------


def test_without_a_name_the_bundled_weights_answer(bundled_folder: Path) -> None:
    identity = load_classifier(device="cpu").identity
    assert (identity.id, identity.revision, identity.warnings, identity.notice) == ("bundled", None, (), None)
    assert identity.sha256 == sha256(bundled_folder / TENSORS_FILE)


def test_the_environment_names_the_weights(weights_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(load.MODEL_VARIABLE, str(weights_folder))
    identity = load_classifier(device="cpu").identity
    assert identity.id == "asked"
    assert identity.record["labels"] == list("0123456789")


def test_the_directory_gives_what_torchvision_makes_of_its_tensors(
    weights_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "pick_engine", pick_engine)
    reference = densenet121(num_classes=10).eval()
    reference.load_state_dict(read_tensors(weights_folder))
    found = load_classifier(str(weights_folder), "cpu", strict=True)
    with torch.inference_mode():
        expected = reference(found.network.prepare(torch.from_numpy(BLACK))).numpy()
    np.testing.assert_allclose(found.logits(BLACK), expected, atol=1e-5)


def test_numpy_multiplies_on_one_thread(weights_folder: Path) -> None:
    with threadpool_limits(2, "blas"):
        load_folder(weights_folder)
        assert {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"} <= {1}


def test_the_config_decides_preparation_and_temperature(copy: Path) -> None:
    write_config(copy, {**read_config(copy), "temperature": 2.5, "image_size": 64, "mean": [0, 0, 0], "std": [1, 1, 1]})
    found = load_folder(copy)
    assert (found.temperature, found.network.image_size) == (2.5, 64)
    assert found.network.prepare(torch.ones(1, 28, 28)).eq(1).all()


def test_a_config_with_nothing_in_it_means_the_usual_values(copy: Path) -> None:
    write_config(copy, {})
    found = load_folder(copy)
    assert (found.temperature, found.network.image_size, found.novelty) == (1.0, 224, None)


def damage_cut(folder: Path) -> None:
    whole = (folder / TENSORS_FILE).read_bytes()
    (folder / TENSORS_FILE).write_bytes(whole[: len(whole) // 2])


def damage_cut_without_a_checksum(folder: Path) -> None:
    damage_cut(folder)
    write_config(folder, {})


def damage_one_byte(folder: Path) -> None:
    whole = bytearray((folder / TENSORS_FILE).read_bytes())
    whole[-1] ^= 1
    (folder / TENSORS_FILE).write_bytes(bytes(whole))


def damage_no_tensors(folder: Path) -> None:
    (folder / TENSORS_FILE).unlink()


def damage_no_config(folder: Path) -> None:
    (folder / CONFIG_FILE).unlink()


def damage_config_is_no_json(folder: Path) -> None:
    (folder / CONFIG_FILE).write_text("{", encoding="utf-8")


def damage_config_is_a_list(folder: Path) -> None:
    (folder / CONFIG_FILE).write_text("[]", encoding="utf-8")


def damage_other_architecture(folder: Path) -> None:
    save_file({name: tensor[:5] for name, tensor in read_tensors(folder).items() if tensor.ndim}, folder / TENSORS_FILE)
    write_config(folder, {**read_config(folder), "sha256": sha256(folder / TENSORS_FILE)})


def damage_other_labels(folder: Path) -> None:
    write_config(folder, {**read_config(folder), "labels": ["cat", "dog"]})


def damage_temperature(folder: Path) -> None:
    write_config(folder, {**read_config(folder), "temperature": 0})


def damage_mean(folder: Path) -> None:
    write_config(folder, {**read_config(folder), "mean": "grey"})


def damage_novelty_is_missing(folder: Path) -> None:
    write_config(folder, {**read_config(folder), "novelty": {"sha256": "0" * 64}})


DAMAGES = [damage for name, damage in sorted(globals().items()) if name.startswith("damage_")]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.removeprefix("damage_"))
def test_a_damaged_directory_is_told_in_one_sentence_and_the_bundled_weights_answer(damage, copy: Path) -> None:
    damage(copy)
    with pytest.raises(WeightsError) as caught:
        load_classifier(str(copy), "cpu", strict=True)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    found = load_classifier(str(copy), "cpu").identity
    assert (found.id, found.warnings) == ("bundled", ("fallback_weights",))
    assert found.notice == f"{sentence} The bundled weights answer instead."


def test_a_name_that_is_neither_directory_nor_repository() -> None:
    for name in ("nowhere", "/nowhere/at/all", "a/b/c", "owner/na me", "a" * 300):
        with pytest.raises(WeightsError, match="neither a directory nor a model"):
            load_classifier(name, "cpu", strict=True)


def test_without_bundled_weights_there_is_no_fallback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BUNDLED", tmp_path)
    with pytest.raises(WeightsError, match=CONFIG_FILE):
        load_classifier("nowhere", "cpu")


def test_an_unknown_device_is_an_error_and_no_reason_for_other_weights() -> None:
    with pytest.raises(ModelError, match="auto, cpu"):
        load_classifier(device="abacus")


# -- the Hub -----------------------------------------------------------------------------------------------


def test_a_repository_answers_under_its_name_and_commit(hub: HubServer, ask: Ask, weights_folder: Path) -> None:
    hub.repositories["digits/fine"] = files(weights_folder)
    found = ask("digits/fine", strict=True)
    assert (found["id"], found["revision"], found["warnings"]) == ("digits/fine", COMMIT, [])
    assert found["sha256"] == sha256(weights_folder / TENSORS_FILE)
    expected = load_folder(weights_folder).logits(BLACK)[0]
    np.testing.assert_allclose(found["logits"], expected, atol=1e-5)

    seen = len(hub.requests)
    again = ask(f"digits/fine@{COMMIT}", strict=True)
    assert again["revision"] == COMMIT
    assert len(hub.requests) == seen, "a pinned commit that is in the cache needs no request"

    hub.faults["digits/fine"] = FAILS
    later = ask("digits/fine", strict=True)
    assert (later["id"], later["revision"]) == ("digits/fine", COMMIT), "the copy in the cache answers"
    del hub.faults["digits/fine"]


def test_a_hub_that_hangs_is_given_up_in_seconds(hub: HubServer, ask: Ask, weights_folder: Path) -> None:
    hub.repositories["digits/slow"] = files(weights_folder)
    hub.faults["digits/slow"] = HANGS
    found = ask("digits/slow")
    assert (found["id"], found["warnings"]) == ("bundled", ["fallback_weights"])
    assert found["notice"].startswith("The Hugging Face Hub ")
    assert found["seconds"] < 30


@pytest.mark.parametrize(
    ("fault", "words"),
    [(FAILS, "did not deliver"), (STALLS, "did not deliver"), (CUT, "did not deliver"), (CORRUPT, "SHA-256")],
)
def test_what_goes_wrong_on_the_way(fault: str, words: str, hub: HubServer, ask: Ask, weights_folder: Path) -> None:
    hub.repositories[f"digits/{fault}"] = files(weights_folder)
    hub.faults[f"digits/{fault}"] = fault
    found = ask(f"digits/{fault}")
    assert (found["id"], found["revision"], found["warnings"]) == ("bundled", None, ["fallback_weights"])
    assert words in found["notice"]
    assert "\n" not in found["notice"]
    assert found["seconds"] < 30


def test_a_damaged_download_is_fetched_anew(hub: HubServer, ask: Ask, weights_folder: Path) -> None:
    hub.repositories["digits/mended"] = files(weights_folder)
    hub.faults["digits/mended"] = CORRUPT
    assert "error" in ask("digits/mended", strict=True)
    del hub.faults["digits/mended"]
    assert ask("digits/mended", strict=True)["id"] == "digits/mended"


def test_what_is_not_there(hub: HubServer, ask: Ask, weights_folder: Path) -> None:
    hub.repositories["digits/bare"] = {CONFIG_FILE: (weights_folder / CONFIG_FILE).read_bytes()}
    hub.repositories["digits/pickle"] = {**hub.repositories["digits/bare"], "pytorch_model.bin": b"\x80"}
    sentences = {
        "digits/nothing": "has no model digits/nothing",
        "digits/bare@v2": "has no revision 'v2'",
        "digits/bare": f"holds no {TENSORS_FILE}",
        "digits/pickle": f"holds no {TENSORS_FILE}",
    }
    for name, words in sentences.items():
        assert words in ask(name, strict=True)["error"], name
    assert not any("pytorch_model" in request for request in hub.requests), "never a pickle"


def test_another_architecture(hub: HubServer, ask: Ask, copy: Path) -> None:
    damage_other_architecture(copy)
    hub.repositories["digits/other"] = files(copy)
    assert "another architecture" in ask("digits/other")["notice"]
    hub.repositories["digits/labels"] = {CONFIG_FILE: json.dumps({"labels": ["a"]}).encode()}
    assert "error" in ask("digits/labels", strict=True)
