"""Work that is killed and begun again: ``python -m tests.faults.killed_worker training FOLDER``, or ``engine FOLDER``.

It says "begun" where it can be killed, and the result in the end.
"""

from __future__ import annotations

import hashlib
import sys
import time
from pathlib import Path

COUNT = 40  # pictures: it can be killed from its second epoch on


def training(folder: Path) -> str:
    """Trains a tiny network on random pictures; the hash of its weights. A checkpoint follows each of its steps."""
    import torch

    from model.training.checkpoints import CHECKPOINT
    from model.training.settings import Settings, Stage
    from model.training.trainer import Trainer
    from tests.model.training.worker import tiny

    settings = Settings(stages=(Stage(32, 24, 96, 8),), start="scratch", settled=20)
    with tiny():
        trainer = Trainer(settings, folder, torch.device("cpu"))
    if (folder / CHECKPOINT).exists():
        trainer.load_checkpoint()
    step = trainer.step

    def slow(index: torch.Tensor, stage: Stage) -> float:
        if trainer.done > COUNT:
            print(f"begun {trainer.done}", flush=True)
            time.sleep(0.2)
        return step(index, stage)

    trainer.step = slow  # type: ignore[method-assign]
    trainer.run(checkpoint_seconds=0)
    state = trainer.averaged.state_dict()
    return hashlib.sha256(b"".join(state[name].numpy().tobytes() for name in sorted(state))).hexdigest()


def engine(folder: Path) -> str:
    """Picks and compiles an engine, gradients too; what it reads."""
    import numpy as np
    import torch

    from model import engines
    from tests.fakes import tiny_network

    engines.NOTE = folder / "engine.json"
    print("begun 0", flush=True)
    picked = engines.pick_engine(tiny_network(image_size=224), torch.device("cpu"))
    picked.prepare_gradients()
    picture = np.full((1, 28, 28), 0.5, np.float32)
    return " ".join(f"{value:.3f}" for value in picked.read(picture)[1][0])


if __name__ == "__main__":
    print("result", {"training": training, "engine": engine}[sys.argv[1]](Path(sys.argv[2])), flush=True)
