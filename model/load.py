"""Weights by name: the bundled ones, a directory, or a repository on the Hugging Face Hub."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits

from model.atlas import Atlas, load_atlas
from model.classifier import Classifier
from model.devices import pick_device
from model.engines import pick_engine
from model.errors import WeightsError
from model.hub import Snapshot, is_hub_name
from model.novelty import Novelty, load_novelty
from model.values import ModelIdentity
from model.weights import ATLAS_FILE, CONFIG_FILE, NOVELTY_FILE, TENSORS_FILE, read_config, read_network, sha256

MODEL_VARIABLE = "WHYDIGIT_MODEL"
BUNDLED = Path(__file__).parent / "weights"
BUNDLED_ID = "bundled"


def load_classifier(name: str | None = None, device: str = "auto", strict: bool = False) -> Classifier:
    """The classifier that ``name`` stands for: a directory, ``owner/name`` or ``owner/name@revision`` on the Hub.

    Without a name the environment variable ``WHYDIGIT_MODEL`` names it, else the bundled weights answer. They also
    answer where the named ones cannot be had: ``identity.warnings`` then holds "fallback_weights" and
    ``identity.notice`` one sentence that says why. With ``strict`` that is a WeightsError instead. Raises ModelError
    for a device that is not there.
    """
    place = str(pick_device(device))
    wanted = name or os.environ.get(MODEL_VARIABLE) or ""
    if not wanted:
        return load_folder(BUNDLED, BUNDLED_ID, device=place)
    try:
        return _named(wanted, place)
    except WeightsError as problem:
        if strict:
            raise
        found = load_folder(BUNDLED, BUNDLED_ID, device=place)
        found.identity = replace(
            found.identity, warnings=("fallback_weights",), notice=f"{problem} The bundled weights answer instead."
        )
        return found


def load_folder(folder: Path, id: str | None = None, revision: str | None = None, device: str = "cpu") -> Classifier:
    """The classifier in one weights directory, without any fallback; raises WeightsError.

    The config may leave out everything but the tensors: 224 pixels, ImageNet's mean and std and temperature 1 are
    then assumed, and no checksum compared.
    """
    # Threads of these wait busily for the next product, on the cores that the network or other visitors need: what
    # numpy multiplies here is too small for them, and model/engines.py gives torch more where it runs the network.
    threadpool_limits(1, "blas")
    if device == "cpu":
        torch.set_num_threads(1)
    config = read_config(folder)
    network = read_network(folder, config)
    identity = ModelIdentity(id or folder.name, revision, sha256(folder / TENSORS_FILE), config)
    engine = pick_engine(network.eval(), torch.device(device))
    atlas = _atlas(folder, config, identity, network.classifier.in_features)
    return Classifier(network, identity, _temperature(config), _novelty(folder, config), device, engine, atlas)


def _named(name: str, device: str) -> Classifier:
    if os.path.isdir(name):  # Path's own way raises where a name is too long for any folder
        return load_folder(Path(name), Path(name).resolve().name, device=device)
    if not is_hub_name(name):
        raise WeightsError(f"{name!r} is neither a directory nor a model on the Hugging Face Hub (owner/name).")
    snapshot = Snapshot(name, CONFIG_FILE)
    try:
        config = read_config(snapshot.folder)
        beside = {"novelty": NOVELTY_FILE, "atlas": ATLAS_FILE}
        snapshot.fetch([TENSORS_FILE, *(file for part, file in beside.items() if part in config)])
        return load_folder(snapshot.folder, snapshot.repository, snapshot.revision, device)
    except WeightsError:
        snapshot.forget()
        raise


def _temperature(config: dict) -> float:
    temperature = config.get("temperature", 1.0)
    if not isinstance(temperature, int | float) or isinstance(temperature, bool) or not 0 < temperature < float("inf"):
        raise WeightsError(f"{CONFIG_FILE} has the temperature {temperature!r} where a positive number belongs.")
    return float(temperature)


def _novelty(folder: Path, config: dict) -> Novelty | None:
    """Only what the config speaks of: the file of earlier weights measures nothing in these features."""
    return load_novelty(_named_file(folder, NOVELTY_FILE, config["novelty"])) if "novelty" in config else None


def _atlas(folder: Path, config: dict, identity: ModelIdentity, width: int) -> Atlas | None:
    """Only one that was made with these weights: neighbours in the features of others mean nothing."""
    record = config.get("atlas")
    if not isinstance(record, dict) or record.get("weights") != identity.sha256:
        return None
    return load_atlas(_named_file(folder, ATLAS_FILE, record), width, len(identity.alphabet.labels))


def _named_file(folder: Path, name: str, record: object) -> Path:
    """The file beside the weights whose checksum the config's ``record`` gives; raises WeightsError."""
    path = folder / name
    if not path.is_file() or not isinstance(record, dict) or sha256(path) != record.get("sha256"):
        raise WeightsError(f"{name} in {folder} is missing or not the one that {CONFIG_FILE} names.")
    return path
