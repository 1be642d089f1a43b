"""Many short runs in search of good settings: ``python -m model.train --tune 20 --out runs/tuned``.

Optuna (Akiba et al. 2019, arXiv 1907.10902) proposes settings, and stops early what does worse on the validation
pictures than half of the earlier trials did at the same point. What it knows lies in ``tune.db`` in the folder, so that
a killed search goes on; a trial that the kill cut short is run again from its start. No test picture is touched.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from model.errors import ModelError, WeightsError
from model.training.settings import BLOCKS, Settings
from model.training.starts import SCRATCH
from model.training.trainer import Trainer
from model.training.watch import Moment, Watch

if TYPE_CHECKING:
    import optuna

DATABASE, TABLE = "tune.db", "tune.md"
REPORTS = 6  # of the validation accuracy, a trial
STARTUP = 4  # trials that are never pruned: the first ones, which the others are compared with
BATCHES = (32, 64, 128)
RATES = {"adamw": (2e-4, 6e-3), "sgd": (1e-2, 0.3)}  # learning rates
DROPOUT = 0.5
BASE = "settings"  # what the search was begun with, in the database


@dataclass(frozen=True)
class Row:
    """What one trial gave."""

    number: int
    settings: Settings
    accuracy: float  # on the validation pictures, at the end or where it was stopped
    share: float  # of the work that was done; below 1 where the trial was stopped early
    seconds: float


class Report:
    """Tells Optuna the accuracy, and ends the trial where Optuna says so."""

    def __init__(self, trial: optuna.Trial) -> None:
        self._trial, self._reports = trial, 0
        self.accuracy = 0.0

    def look(self, moment: Moment) -> None:
        """As ``Observer`` says; raises ``optuna.TrialPruned``."""
        import optuna

        if moment.steps == 1 and moment.share < 1:
            return
        self.accuracy, self._reports = moment.accuracy, self._reports + 1
        self._trial.report(moment.accuracy, self._reports)
        self._trial.set_user_attr("share", moment.share)
        if moment.share < 1 and self._trial.should_prune():
            raise optuna.TrialPruned

    def close(self) -> None:
        """As ``Observer`` says."""


def search(settings: Settings, out: Path, device: torch.device, trials: int, validation: int = 1_000) -> list[Row]:
    """Run until ``trials`` are done, those of earlier calls among them; returns what they gave, the best first.

    ``settings`` says everything that is not searched for; ``validation`` pictures are read at each report. Raises
    ModelError without Optuna, WeightsError where ``out`` holds a search that began with other settings.
    """
    try:
        import optuna
    except ImportError as problem:
        raise ModelError("A search needs Optuna: pip install optuna.") from problem
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with _study(out, settings) as study:
        while len(found := _rows(study, settings)) < trials:
            trial = study.ask()
            begun = time.monotonic()
            try:
                accuracy = _run(_proposed(trial, settings), Report(trial), device, validation)
                state = optuna.trial.TrialState.COMPLETE
            except optuna.TrialPruned:
                accuracy, state = None, optuna.trial.TrialState.PRUNED
            trial.set_user_attr("seconds", time.monotonic() - begun)
            study.tell(trial, accuracy, state)
            found = _rows(study, settings)
            (out / TABLE).write_text(table(found), encoding="utf-8")
            print(_line(next(row for row in found if row.number == trial.number)), flush=True)
        (out / TABLE).write_text(table(found), encoding="utf-8")
        return found


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    head = "trial | optimizer | learning rate | batch | dropout | dense blocks | validation accuracy | run | minutes"
    return "\n".join([f"| {head} |", "|---" * 9 + "|", *map(_line, rows)]) + "\n"


def options(settings: Settings) -> str:
    """The options of ``python -m model.train`` that stand for what was searched for; the batch is in ``--stages``."""
    stages = " ".join(f"{one.size}@{one.crop}:{one.pictures}:{one.batch}" for one in settings.stages)
    return (
        f"--optimizer {settings.optimizer} --lr {settings.learning_rate:.3g} --dropout {settings.dropout:.2f} "
        f"--unfreeze {settings.unfreeze} --stages {stages}"
    )


def _line(row: Row) -> str:
    one = row.settings
    cells = (
        row.number, one.optimizer, f"{one.learning_rate:.2g}", one.stages[0].batch, f"{one.dropout:.2f}", one.unfreeze,
        f"{row.accuracy:.1%}", "whole" if row.share >= 1 else f"stopped after {row.share:.0%}",
        f"{row.seconds / 60:.1f}",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _run(settings: Settings, report: Report, device: torch.device, validation: int) -> float:
    """Train as ``settings`` say, without keeping anything; returns the accuracy at the end."""
    steps = sum(math.ceil(stage.pictures / stage.batch) for stage in settings.stages)
    with tempfile.TemporaryDirectory() as folder:
        watch = Watch([report], every=math.ceil(steps / REPORTS), pictures=validation, most=1.0)
        Trainer(settings, Path(folder), device).run(watch, checkpoint_seconds=None)
    return report.accuracy


def _proposed(trial: optuna.Trial, settings: Settings) -> Settings:
    """What Optuna proposes to try. Layers that start at random are all trained."""
    optimizer = trial.suggest_categorical("optimizer", tuple(RATES))
    low, high = RATES[optimizer]
    trial.suggest_float(f"lr_{optimizer}", low, high, log=True)
    trial.suggest_categorical("batch", BATCHES)
    trial.suggest_float("dropout", 0.0, DROPOUT)
    if settings.start != SCRATCH:
        trial.suggest_int("unfreeze", 0, BLOCKS)
    return _settings(trial.params, settings)


def _settings(proposed: dict, settings: Settings) -> Settings:
    """``settings`` with what was ``proposed``."""
    return replace(
        settings,
        optimizer=proposed["optimizer"],
        learning_rate=proposed[f"lr_{proposed['optimizer']}"],
        dropout=proposed["dropout"],
        unfreeze=proposed.get("unfreeze", BLOCKS),
        stages=tuple(replace(stage, batch=proposed["batch"]) for stage in settings.stages),
    )


def _rows(study: optuna.Study, settings: Settings) -> list[Row]:
    """What the trials gave that ran whole or were pruned: those that ran whole first, the most accurate first."""
    rows = [
        Row(
            number=trial.number,
            settings=_settings(trial.params, settings),
            accuracy=trial.intermediate_values[max(trial.intermediate_values)],
            share=trial.user_attrs["share"],
            seconds=trial.user_attrs["seconds"],
        )
        for trial in study.trials
        if trial.state.name in ("COMPLETE", "PRUNED")
    ]
    return sorted(rows, key=lambda row: (row.share < 1, -row.accuracy))


@contextmanager
def _study(out: Path, settings: Settings) -> Iterator[optuna.Study]:
    """The search in ``out``, begun or gone on with."""
    import optuna

    storage = optuna.storages.RDBStorage(f"sqlite:///{out / DATABASE}")
    try:
        study = optuna.create_study(
            study_name="tune",
            storage=storage,
            direction="maximize",
            load_if_exists=True,
            pruner=optuna.pruners.MedianPruner(n_startup_trials=STARTUP, n_warmup_steps=2),
        )
        if study.user_attrs.setdefault(BASE, settings.identity) != settings.identity:
            raise WeightsError(f"{out} holds a search with other settings; choose another --out or remove it.")
        study.set_user_attr(BASE, settings.identity)
        # Another seed each time it is gone on with, or the sampler would propose the first trials again.
        study.sampler = optuna.samplers.TPESampler(n_startup_trials=STARTUP, seed=settings.seed + len(study.trials))
        for trial in study.get_trials(states=[optuna.trial.TrialState.RUNNING]):
            study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
            study.enqueue_trial(trial.params)
        yield study
    finally:
        storage.engine.dispose()
