"""Training on random pictures with a tiny network: resumable, scheduled, recorded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from model.errors import WeightsError
from model.training.checkpoints import CHECKPOINT
from model.training.schedule import learning_rate, share_done
from model.training.settings import Stage
from model.training.starts import SCRATCH, Start
from model.weights import TENSORS_FILE, read_config, read_tensors, sha256
from tests.model.training.conftest import COUNT, SETTINGS, STAGES, MakeTrainer


def equal(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return all(torch.equal(first[name], second[name]) for name in first | second)


def test_a_killed_run_goes_on_to_the_same_weights(make: MakeTrainer) -> None:
    whole = make(out="whole")
    whole.run()

    killed = make(out="killed")
    for count, (stage, index) in enumerate(killed.pictures.remaining(0)):
        if count == 6:  # within the second stage and the second epoch
            break
        killed.step(index, stage)
    killed.save_checkpoint()
    resumed = make(out="killed")
    assert not equal(resumed.network.state_dict(), killed.network.state_dict())
    resumed.load_checkpoint()
    assert resumed.done == killed.done > COUNT
    resumed.run()

    assert resumed.done == whole.done == sum(stage.pictures for stage in STAGES)
    assert equal(resumed.network.state_dict(), whole.network.state_dict())
    assert equal(resumed.averaged.state_dict(), whole.averaged.state_dict())
    whole.settle()
    resumed.settle()
    assert equal(resumed.averaged.state_dict(), whole.averaged.state_dict())


def test_another_seed_gives_other_weights(make: MakeTrainer) -> None:
    first, second = make(out="first"), make(replace(SETTINGS, seed=1), out="second")
    assert not equal(first.network.state_dict(), second.network.state_dict())


def test_a_checkpoint_of_other_settings_is_refused(make: MakeTrainer) -> None:
    make().save_checkpoint()
    with pytest.raises(WeightsError, match="other settings"):
        make(replace(SETTINGS, learning_rate=1e-4)).load_checkpoint()


def test_a_kill_while_saving_leaves_the_checkpoint_before(make: MakeTrainer, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = make()
    trainer.save_checkpoint()
    before = (trainer.out / CHECKPOINT).read_bytes()

    def die(state: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", die)
    with pytest.raises(KeyboardInterrupt):
        trainer.save_checkpoint()
    assert (trainer.out / CHECKPOINT).read_bytes() == before


def test_batches_stay_whole_and_an_epoch_shows_each_picture_once(make: MakeTrainer) -> None:
    trainer = make(replace(SETTINGS, stages=(Stage(32, 24, 2 * COUNT, 16),)))
    seen, sizes = [], []
    for _, index in trainer.pictures.remaining(0):
        sizes.append(len(index))
        seen += index.tolist()
    assert sizes == [16] * 5, "also the batch that crosses into the next epoch"
    assert sorted(seen[:COUNT]) == sorted(seen[COUNT:]) == list(range(COUNT))
    assert seen[:COUNT] != seen[COUNT:]


def test_the_last_batch_of_a_stage_ends_with_the_stage(make: MakeTrainer) -> None:
    trainer = make()
    sizes = []
    for stage, index in trainer.pictures.remaining(0):
        sizes.append((stage.size, len(index)))
    assert sizes == [(32, 8), (32, 8), (32, 8), (32, 6), (48, 8), (48, 8), (48, 4), (56, 6), (56, 7)], (
        "a single picture is never left over"
    )


def test_the_learning_rate_warms_up_and_falls_to_zero_over_the_work() -> None:
    settings = replace(SETTINGS, warmup=0.1)
    total = sum(stage.pictures for stage in STAGES)
    rates, shares = [], []
    for done in range(total + 1):
        shares.append(share_done(STAGES, done))
        rates.append(learning_rate(settings, shares[-1]))
    assert (shares[0], shares[-1]) == (0, pytest.approx(1))
    assert shares[30] == pytest.approx(STAGES[0].work / sum(stage.work for stage in STAGES))
    assert rates[0] < 0.02 * SETTINGS.learning_rate
    assert max(rates) == pytest.approx(SETTINGS.learning_rate, rel=0.02)
    peak = int(np.argmax(rates))
    assert rates[:peak] == sorted(rates[:peak])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[-1] == pytest.approx(0, abs=1e-9)


def test_a_step_learns_and_the_average_follows(make: MakeTrainer) -> None:
    settings = replace(SETTINGS, stages=(Stage(32, 28, 4_000, 20),), nothing_share=0.1, warmup=0.0, learning_rate=0.01)
    trainer = make(settings)
    trainer.pictures.labels[:] = torch.arange(COUNT) % 2
    trainer.pictures.pictures[:] = 0
    trainer.pictures.pictures[0::2, 4:12, 4:24] = 255  # ink above is a 0, ink below a 1
    trainer.pictures.pictures[1::2, 16:24, 4:24] = 255
    losses = [trainer.step(torch.arange(20), settings.stages[0]) for _ in range(20)]
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:2])
    assert not equal(trainer.averaged.state_dict(), trainer.network.state_dict())
    assert not any(parameter.requires_grad for parameter in trainer.averaged.parameters())


def test_settling_takes_the_statistics_of_the_averaged_network(make: MakeTrainer) -> None:
    trainer = make()
    trainer.settle()
    pictures = trainer.pictures.pictures.float() / 255
    first = trainer.averaged.features.norm0
    with torch.inference_mode():
        outputs = trainer.averaged.features.conv0(trainer.averaged.prepare(pictures)).mean(dim=(0, 2, 3))
    np.testing.assert_allclose(first.running_mean, outputs, atol=0.1)
    assert not trainer.averaged.training


def test_the_end_writes_weights_with_their_record(make: MakeTrainer) -> None:
    trainer = make()
    trainer.run()
    trainer.finish()
    config = read_config(trainer.out)
    assert config["training"]["started_from"] == "scratch"
    assert config["training"]["pictures_seen"] == 63
    assert config["training"]["settings"]["seed"] == 0
    assert config["sha256"] == sha256(trainer.out / "model.safetensors")
    trainer.averaged.load_state_dict(read_tensors(trainer.out))


def test_the_record_tells_which_weights_it_started_from_and_how_those_came_about(make: MakeTrainer) -> None:
    first = make(out="first")
    first.finish()
    again = make(replace(SETTINGS, start=str(first.out)), out="again")
    again.save_checkpoint()
    again = make(replace(SETTINGS, start=str(first.out)), out="again")
    again.load_checkpoint()
    again.finish()
    before, now = (read_config(one.out)["training"] for one in (first, again))
    assert now["started_from"] == f"weights {sha256(first.out / TENSORS_FILE)[:12]}"
    assert now["before"] == before
    assert before["before"] is None
    assert str(first.out) not in str(now), "a folder's name means nothing elsewhere"


def test_without_a_connection_it_starts_from_scratch_and_says_so(
    make: MakeTrainer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from torchvision.models import DenseNet121_Weights

    def fail(self: object, progress: bool) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(DenseNet121_Weights, "get_state_dict", fail)
    assert make(replace(SETTINGS, start="imagenet")).start == Start(SCRATCH)
    assert "no route to host" in capsys.readouterr().out
