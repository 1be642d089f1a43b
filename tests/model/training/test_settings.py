"""What decides a run: stages on the command line, and what a checkpoint is compared by."""

from __future__ import annotations

import argparse
from dataclasses import replace

import pytest

from model.training.settings import STAGES, Settings, Stage, default_stages


def test_a_stage_on_the_command_line() -> None:
    assert Stage.parse("192@24:30000:32") == Stage(192, 24, 30_000, 32)
    assert Stage.parse("32@28:2:2").work == pytest.approx(2 * (32 / 224) ** 2)
    for wrong in ("", "192", "192@24", "192:30000:32", "a@b:c:d", "192@24:30000:32:1", "31@24:9:9", "64@29:9:9",
                  "64@0:9:9", "64@24:1:9", "64@24:9:1"):  # fmt: skip
        with pytest.raises(argparse.ArgumentTypeError, match="size"):
            Stage.parse(wrong)


def test_a_checkpoint_from_before_there_was_a_choice_still_fits() -> None:
    before = (
        "Settings(stages=(Stage(size=48, crop=24, pictures=9, batch=4),), learning_rate=0.001, weight_decay=0.02, "
        "warmup=0.02, nothing_share=0.06, average=0.99, seed=1, start='scratch', precision='bfloat16', settled=2000)"
    )
    stages = (Stage(48, 24, 9, 4),)
    now = Settings(stages=stages, learning_rate=1e-3, seed=1, start="scratch", precision="bfloat16")
    assert now.identity == before


@pytest.mark.parametrize(
    ("name", "value"),
    [("dataset", "kmnist"), ("optimizer", "sgd"), ("dropout", 0.1), ("unfreeze", 0), ("seed", 2), ("settled", 1)],
)
def test_every_setting_tells_runs_apart(name: str, value: object) -> None:
    other = replace(Settings(), **{name: value}).identity
    assert other != Settings().identity
    assert f"{name}={value!r}" in other


def test_nothing_that_is_drawn_is_cut_away() -> None:
    assert default_stages(24) == STAGES
    assert [stage.crop for stage in default_stages(28)] == [28] * len(STAGES)
