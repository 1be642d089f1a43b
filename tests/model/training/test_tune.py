"""The search for settings: proposed, pruned, gone on with after a kill, and told in a table."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.errors import ModelError, WeightsError
from model.training import tune
from model.training.settings import Settings, Stage
from model.training.tune import Report, Row, options, search, table
from model.training.watch import Moment
from tests.model.training.conftest import SETTINGS, MakeTrainer

pytest.importorskip("optuna")
CPU = torch.device("cpu")
SHORT = replace(SETTINGS, stages=(Stage(32, 24, 40, 8),))


def moment(steps: int, share: float, accuracy: float) -> Moment:
    return Moment(steps, 8 * steps, share, 1.0, SHORT.stages[0], 2.0, 1e-3, accuracy, None)  # type: ignore[arg-type]


class Scripted:
    """Stands for training: trial k reaches these accuracies, and may be killed."""

    def __init__(self, *accuracies: tuple[float, ...]) -> None:
        self.accuracies = accuracies
        self.tried: list[Settings] = []
        self.killed_at: int | None = None

    def __call__(self, settings: Settings, report: Report, device: torch.device, validation: int) -> float:
        self.tried.append(settings)
        for place, accuracy in enumerate(self.accuracies[len(self.tried) - 1], start=1):
            report.look(moment(10 * place, place / 3, accuracy))
            if len(self.tried) - 1 == self.killed_at:
                raise KeyboardInterrupt
        return report.accuracy


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    found = Scripted(*[(0.3, 0.5, 0.7 + k / 100) for k in range(12)])
    monkeypatch.setattr(tune, "_run", found)
    return found


def test_real_trials_leave_a_table(make: MakeTrainer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = search(SHORT, tmp_path, CPU, trials=2, validation=8)
    assert sorted(row.number for row in rows) == [0, 1]
    assert all(row.share == 1 and 0 <= row.accuracy <= 1 and row.seconds > 0 for row in rows)
    assert (tmp_path / tune.TABLE).read_text() == table(rows)
    assert "| 0 | " in capsys.readouterr().out
    assert {path.name for path in tmp_path.iterdir()} == {tune.DATABASE, tune.TABLE}, "no trial's weights are kept"


def test_what_is_proposed_stays_in_its_ranges(scripted: Scripted, tmp_path: Path) -> None:
    search(replace(SHORT, start="imagenet"), tmp_path, CPU, trials=10)
    assert {one.optimizer for one in scripted.tried} == set(tune.RATES)
    for one in scripted.tried:
        low, high = tune.RATES[one.optimizer]
        assert low <= one.learning_rate <= high
        assert one.stages[0].batch in tune.BATCHES
        assert 0 <= one.dropout <= tune.DROPOUT
        assert (one.stages[0].pictures, one.seed) == (40, SHORT.seed)
    assert len({one.unfreeze for one in scripted.tried}) > 1


def test_layers_that_start_at_random_are_all_trained(scripted: Scripted, tmp_path: Path) -> None:
    search(SHORT, tmp_path, CPU, trials=4)
    assert {one.unfreeze for one in scripted.tried} == {4}


def test_what_does_worse_than_half_of_the_others_is_stopped(scripted: Scripted, tmp_path: Path) -> None:
    first = tune.STARTUP
    scripted.accuracies = ((0.3, 0.5, 0.7),) * first + ((0.1, 0.2, 0.3), (0.9, 0.9, 0.9), (0.3, 0.5, 0.69))
    rows = search(SHORT, tmp_path, CPU, trials=first + 3)
    stopped = next(row for row in rows if row.number == first)
    assert (stopped.share, stopped.accuracy) == (pytest.approx(2 / 3), 0.2)
    assert [row.number for row in rows][0] == first + 1, "the best first"
    assert rows[-1] == stopped, "what was stopped comes last"
    assert next(row for row in rows if row.number == first + 2).share == 1, "level with the others goes on"
    assert "stopped after 67%" in table(rows)


def test_a_killed_search_goes_on_and_runs_the_broken_trial_again(scripted: Scripted, tmp_path: Path) -> None:
    scripted.killed_at = 1
    with pytest.raises(KeyboardInterrupt):
        search(SHORT, tmp_path, CPU, trials=3)
    assert (tmp_path / tune.TABLE).read_text().count("\n") == 3, "what was done before stands there"
    scripted.killed_at = None
    rows = search(SHORT, tmp_path, CPU, trials=3)
    assert len(rows) == 3
    assert len(scripted.tried) == 4
    assert scripted.tried[2] == scripted.tried[1], "the broken one, from its start"
    assert scripted.tried[3] not in scripted.tried[:3]
    search(SHORT, tmp_path, CPU, trials=3)
    assert len(scripted.tried) == 4, "all are done"


def test_a_search_with_other_settings_is_refused(scripted: Scripted, tmp_path: Path) -> None:
    search(SHORT, tmp_path, CPU, trials=1)
    with pytest.raises(WeightsError, match="other settings"):
        search(replace(SHORT, seed=5), tmp_path, CPU, trials=2)


def test_without_optuna_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ModelError, match="pip install optuna"):
        search(SHORT, tmp_path, CPU, trials=1)


def test_the_best_is_told_as_options() -> None:
    settings = replace(SHORT, optimizer="sgd", learning_rate=0.0312, dropout=0.25, unfreeze=2)
    told = options(settings)
    assert told == "--optimizer sgd --lr 0.0312 --dropout 0.25 --unfreeze 2 --stages 32@24:40:8"
    row = Row(3, settings, 0.9125, 1.0, 90)
    assert table([row]).splitlines()[2] == "| 3 | sgd | 0.031 | 8 | 0.25 | 2 | 91.2% | whole | 1.5 |"
