"""The Hub down, odd or cut off, a disk full or read-only, a kill: the bundled weights answer, and it is said."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.weights import TENSORS_FILE
from tests.model.conftest import Ask, Worker, random_weights
from tests.model.hub_server import BREAKS, BUSY, COMMIT, CUT, MISSING, PAGE, PAGES, STALLS, HubServer

SECONDS = 30.0  # the longest that any of this may take


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def fell_back(found: dict) -> str:
    """The sentence that says why the bundled weights answer."""
    assert (found["id"], found["revision"], found["warnings"]) == ("bundled", None, ["fallback_weights"])
    assert found["seconds"] < SECONDS
    sentence, end, rest = found["notice"].partition(" The bundled weights answer instead.")
    assert end
    assert not rest
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (MISSING, "The Hugging Face Hub answered with status 404 when asked for config.json of digits/missing."),
        (BUSY, "config.json of digits/busy"),
        (PAGES, "config.json"),
        (PAGE, "SHA-256"),
        (BREAKS, "digits/breaks"),
    ],
)
def test_an_odd_answer(fault: str, words: str, hub: HubServer, ask: Ask, weights_folder: Path) -> None:
    hub.repositories[f"digits/{fault}"] = files(weights_folder)
    hub.faults[f"digits/{fault}"] = fault
    assert words in fell_back(ask(f"digits/{fault}"))
    del hub.faults[f"digits/{fault}"]
    assert ask(f"digits/{fault}")["id"] == f"digits/{fault}", "the second start finds the Hub well again"


def test_another_file_with_the_right_name(hub: HubServer, ask: Ask, weights_folder: Path, tmp_path: Path) -> None:
    other = random_weights(tmp_path / "other", seed=3)
    hub.repositories["digits/swapped"] = {**files(weights_folder), TENSORS_FILE: (other / TENSORS_FILE).read_bytes()}
    assert "SHA-256" in fell_back(ask("digits/swapped"))


def test_what_broke_off_in_the_middle_is_whole_at_the_second_start(
    hub: HubServer, ask: Ask, weights_folder: Path
) -> None:
    name = "digits/half"
    hub.repositories[name] = files(weights_folder)
    hub.faults[name] = CUT
    fell_back(ask(name))
    fell_back(ask(name))  # again, with half a file in the cache
    del hub.faults[name]
    assert ask(name)["id"] == name
    hub.faults[name] = MISSING
    assert ask(name)["id"] == name, "from the cache"


class Place:
    """A cache of its own, for processes that start one after the other."""

    def __init__(self, environment: dict[str, str], bundled: Path, home: Path) -> None:
        self.environment, self.bundled = {**environment, "HF_HOME": str(home)}, bundled
        self.workers: list[Worker] = []

    def start(self, **settings: str) -> Worker:
        self.workers.append(Worker({**self.environment, **settings}, self.bundled))
        return self.workers[-1]


@pytest.fixture
def place(hub_environment: dict[str, str], bundled_folder: Path, tmp_path: Path) -> Iterator[Place]:
    made = Place(hub_environment, bundled_folder, tmp_path / "hub")
    yield made
    for worker in made.workers:
        worker.end()


def test_killed_while_downloading_then_started_without_and_with_the_hub(
    hub: HubServer, place: Place, weights_folder: Path
) -> None:
    name = "digits/killed"
    hub.repositories[name] = files(weights_folder)
    hub.faults[name] = STALLS
    first = place.start()
    seen = len(hub.requests)
    first.begin({"name": name, "strict": True})
    for _ in range(int(100 * SECONDS)):
        if any(TENSORS_FILE in one and one.startswith("GET") for one in hub.requests[seen:]):
            break
        time.sleep(0.01)
    time.sleep(0.5)  # the first half arrives
    first.process.kill()

    closed = place.start(HF_ENDPOINT="http://127.0.0.1:9")  # nothing listens there: refused
    assert name in fell_back(closed({"name": name, "strict": False}))

    del hub.faults[name]
    second = place.start()
    assert second({"name": name, "strict": True})["revision"] == COMMIT
    refused = closed({"name": name, "strict": True})
    assert (refused["id"], refused["revision"]) == (name, COMMIT), "without the Hub, from the cache"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for 2 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if (
        os.name != "posix"
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(folder)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_and_then_a_read_only_one(
    hub: HubServer, place: Place, small_disk: Path, weights_folder: Path
) -> None:
    hub.repositories["digits/large"] = files(weights_folder)
    worker = place.start(HF_HOME=str(small_disk))
    sentence = fell_back(worker({"name": "digits/large", "strict": False}))
    assert sentence == f"The disk has no room for {TENSORS_FILE} of digits/large@{COMMIT}."
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    sentence = fell_back(worker({"name": "digits/large", "strict": False}))
    assert "cannot be written to" in sentence
