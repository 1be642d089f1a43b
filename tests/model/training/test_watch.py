"""Looking on: when, at what cost, and without changing what is looked at."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from explainers.watching import journal, watcher
from model import train
from model.training.settings import Stage
from model.training.watch import Moment, Watch
from tests.model.training.conftest import SETTINGS, MakeTrainer


class Looking:
    """Notes what it is shown."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.moments: list[Moment] = []
        self.seconds = seconds
        self.closed = False

    def look(self, moment: Moment) -> None:
        time.sleep(self.seconds)
        self.moments.append(moment)

    def close(self) -> None:
        self.closed = True


def test_looks_come_every_so_many_steps_and_at_both_ends(make: MakeTrainer) -> None:
    looking = Looking()
    trainer = make()
    trainer.run(Watch([looking], every=4, most=1.0))
    assert [moment.steps for moment in looking.moments] == [1, 4, 8, 9]
    assert [moment.pictures for moment in looking.moments] == [8, 30 + 0, 56, 63]
    assert [moment.stage.size for moment in looking.moments] == [32, 32, 56, 56]
    assert looking.moments[-1].share == pytest.approx(1)
    assert all(0 <= moment.accuracy <= 1 for moment in looking.moments)
    assert looking.closed


def test_a_watched_run_gives_the_same_weights(make: MakeTrainer, tmp_path: Path) -> None:
    settings = replace(SETTINGS, dropout=0.3)
    alone, watched = make(settings, out="alone"), make(settings, out="watched")
    alone.run()
    watched.run(Watch([watcher(watched.out, watched.validation.part(slice(0, 2)), 0, 0)], every=3, most=1.0))
    for name, tensor in alone.network.state_dict().items():
        assert torch.equal(tensor, watched.network.state_dict()[name]), name
    assert len(journal.read(watched.out)) == 4, "after steps 1, 3, 6 and 9"


def test_the_classifier_sees_what_the_stage_shows(make: MakeTrainer) -> None:
    trainer = make()
    classifier = trainer.classifier(Stage(48, 20, 9, 9))
    pictures = trainer.pictures.pictures[:4].float().numpy() / 255
    inner = torch.from_numpy(pictures[:, 4:24, 4:24])
    network = trainer.averaged
    expected = network.classifier(network.pooled(network.maps(network.prepare(inner, 48))))
    torch.testing.assert_close(torch.from_numpy(classifier.logits(pictures)), expected)
    _, gradients = classifier.log_odds_gradients(pictures, 3)
    assert abs(gradients[:, 4:24, 4:24]).max() > 0
    gradients[:, 4:24, 4:24] = 0
    assert abs(gradients).max() == 0, "what is cut away has no influence"
    assert network.crop is None


def test_looking_takes_no_more_than_its_share_of_the_time() -> None:
    watch = Watch([Looking(0.2)], every=1, most=0.5)
    assert watch.due(1)
    watch.look(None, 0.0)  # type: ignore[arg-type]
    assert not watch.due(2), "it has taken all of the time so far"
    assert watch.due(3, last=True), "the last look is never left out"
    time.sleep(0.25)
    assert watch.due(3)
    assert not Watch().due(1), "nobody looks"
    assert watch.told.startswith("1 looks")


def test_the_command_watches_and_draws(
    make: MakeTrainer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "command"
    command = ["train", "--out", str(out), "--start", "scratch", "--device", "cpu", "--stages", "32@24:24:8",
               "--watch", "2"]  # fmt: skip
    monkeypatch.setattr("sys.argv", command)
    train.main()
    printed = capsys.readouterr().out
    assert "of the time" in printed
    assert (out / "watch.png").stat().st_size > 10_000
    steps = [line["steps"] for line in journal.read(out)]
    assert (steps[0], steps[-1]) == (1, 3)
    train.main()  # a run that is done looks no more
    assert [line["steps"] for line in journal.read(out)] == steps


def test_unwatched_nothing_but_weights_is_left(
    make: MakeTrainer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "quiet"
    command = ["train", "--out", str(out), "--start", "scratch", "--stages", "32@24:16:8", "--watch", "0",
               "--optimizer", "sgd", "--unfreeze", "1"]  # fmt: skip
    monkeypatch.setattr("sys.argv", command)
    train.main()
    assert {path.name for path in out.iterdir()} == {"checkpoint.pt", "config.json", "model.safetensors"}
    settings = train.settings_of(train.parser().parse_args(command[1:]))
    assert (settings.learning_rate, settings.unfreeze) == (0.05, 1), "sgd's own rate"
