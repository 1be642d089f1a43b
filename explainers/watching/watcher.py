"""What the training calls at every look."""

from __future__ import annotations

from pathlib import Path

from explainers.watching import panel
from explainers.watching.board import Board
from explainers.watching.journal import Journal
from model.datasets import LabelledPictures
from model.training.watch import Moment


class Watcher:
    """Measures the panel and writes what it finds, as JSON lines and, where it is installed, in TensorBoard."""

    def __init__(self, folder: Path, pictures: LabelledPictures, steps: int) -> None:
        self.panel, self.journal = pictures, Journal(folder, steps)
        try:
            self.board: Board | None = Board(folder, steps)
        except ImportError:
            print(f"tensorboard is not installed: this run is not watched there, only in {self.journal.path}")
            self.board = None

    def look(self, moment: Moment) -> None:
        """As ``Observer`` says."""
        found = panel.looks(moment.classifier, self.panel)
        figures = {
            "loss": moment.loss,
            "learning_rate": moment.learning_rate,
            "validation_accuracy": moment.accuracy,
            **panel.means(found),
            **panel.nothing_confidence(moment.classifier),
        }
        place = {"steps": moment.steps, "pictures": moment.pictures, "share": moment.share, "size": moment.stage.size}
        self.journal.write({**place, **figures})
        if self.board:
            self.board.write(figures, moment.steps)
            self.board.show(self.panel.pictures, [one.map for one in found], moment.steps)

    def close(self) -> None:
        """As ``Observer`` says."""
        if self.board:
            self.board.close()


def watcher(folder: Path, validation: LabelledPictures, seed: int, steps: int) -> Watcher:
    """The observer of a run that has done so many ``steps``: its panel is drawn among the validation pictures."""
    return Watcher(folder, panel.choose(validation, seed), steps)
