"""What runs the network: a GPU with torch; on a processor OpenVINO or torch, whichever reads a picture sooner there.

Which one that is, a short timing says at the first start. It is noted in a file, with all that it depends on: later
starts are shorter by it, and one machine goes on giving answers that are the same to the last bit.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from model.devices import free_cores, processor_name, usable_cores
from model.folding import SIDE
from model.heads import Head
from model.network import DigitNet
from model.torch_engine import TorchEngine

log = logging.getLogger(__name__)

NOTE = Path.home() / ".cache" / "whydigit" / "engine.json"
MOST_SECONDS = 2.0  # from which no further attempt begins: the first answer waits for this
ATTEMPTS = 3  # the quickest of them counts: other work on the machine only ever slows one down


class Engine(Protocol):
    """Runs one network whose weights and mode never change. Safe to share among threads."""

    name: str  # as people know it
    batch: int  # pictures that are best read together
    gradient_batch: int  # the same for gradients
    at_once: int  # calls that are best made beside each other

    @property
    def warnings(self) -> tuple[str, ...]:
        """What has become slower than it should be, in the words of a reply's ``warnings``."""

    def leave_gpu(self) -> bool:
        """Its memory is full: go on with the processor. False where that is so already."""

    def read(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N, 28, 28) float32 in [0, 1] → what the last layer sees (N, 1024) and logits (N, 10), both float32."""

    def prepare_gradients(self) -> None:
        """Wait until gradients can be had."""

    def log_odds_gradients(
        self, pictures: np.ndarray, target: int, head: Head | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """(N, 28, 28) float32 → the log-odds of ``target`` (N,) and their gradients (N, 28, 28), both float32.

        With ``head`` those of the same network with another last layer.
        """


def pick_engine(network: DigitNet, device: torch.device) -> Engine:
    """The quickest engine there; the answers of all are equal but for rounding. Gradients get ready in the background.

    Where OpenVINO is not installed or does not work, torch runs the network.
    """
    plain = TorchEngine(network, device)
    if device.type != "cpu":
        return plain
    try:
        from model.openvino_engine import OpenVinoEngine

        noted = _noted(network)
        torch.set_num_threads(free_cores())
        if noted == "torch":
            log.info("torch runs the network, as an earlier start has timed.")
            return plain
        fast: Engine = OpenVinoEngine(network)
    except (ImportError, RuntimeError) as problem:  # RuntimeError: what OpenVINO raises for all it cannot do
        log.warning("OpenVINO cannot be used (%s); torch runs the network, more slowly.", problem)
        return plain
    if noted:
        log.info("OpenVINO runs the network, as an earlier start has timed.")
    else:
        fast_seconds, plain_seconds = reading_seconds(fast, plain)
        name = "OpenVINO" if fast_seconds < plain_seconds else "torch"
        times = f"a picture takes {1000 * fast_seconds:.0f} ms with OpenVINO, {1000 * plain_seconds:.0f} ms with torch"
        log.info("%s runs the network: %s.", name, times)
        _note(network, name)
        if name == "torch":
            return plain
    # What is left to torch is small, and its idle threads would wait busily for more on OpenVINO's cores.
    torch.set_num_threads(1)
    threading.Thread(target=fast.prepare_gradients, name="compile-gradient").start()
    return fast


def reading_seconds(*engines: Engine) -> list[float]:
    """How long each takes to read one picture, after a first one that pays for its start.

    They take turns, so that other work on the machine does not fall on one alone; and where it takes long, fewer.
    """
    picture = np.full((1, SIDE, SIDE), 0.5, np.float32)
    times: list[list[float]] = [[] for _ in engines]
    for _ in range(1 + ATTEMPTS):
        if len(times[0]) > 1 and sum(map(sum, times)) > MOST_SECONDS:
            break
        for engine, found in zip(engines, times, strict=True):
            started = time.perf_counter()
            engine.read(picture)
            found.append(time.perf_counter() - started)
    return [min(found[1:]) for found in times]


def _depends_on(network: DigitNet) -> dict[str, object]:
    """Everything that the choice depends on."""
    return {
        "processor": processor_name(),
        "cores": usable_cores(),
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "side": network.image_size,
        "versions": [version(package) for package in ("torch", "openvino")],
    }


def _noted(network: DigitNet) -> str | None:
    """The engine noted for this network on this machine; None where there is no note of them."""
    try:
        note = json.loads(NOTE.read_text(encoding="utf-8"))
        fits = note["depends_on"] == _depends_on(network) and note["engine"] in ("OpenVINO", "torch")
        return note["engine"] if fits else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(network: DigitNet, name: str) -> None:
    unfinished = NOTE.with_name(f"{NOTE.name}.{os.getpid()}.part")
    try:
        NOTE.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps({"engine": name, "depends_on": _depends_on(network)}), encoding="utf-8")
        unfinished.replace(NOTE)  # at once: another process that starts meanwhile reads the old one or the new one
    except OSError as problem:  # a read-only home: then the next start takes the time again
        log.info("The choice of the engine cannot be kept (%s).", problem)
