"""Loads and publishes, a JSON line each: the Hub client reads its settings when it is first imported.

Run with the folder of the bundled weights as its argument.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from model import hub, load, publish
from model.errors import WeightsError
from model.torch_engine import TorchEngine

load.BUNDLED = Path(sys.argv[1])
load.pick_engine = TorchEngine  # what runs them is not the question here, and OpenVINO compiles for seconds
hub.ANSWER_SECONDS = 4.0
hub.DOWNLOAD_SECONDS = 3.0


def loaded(name: str, strict: bool) -> dict[str, object]:
    """What answers to the name."""
    try:
        found = load.load_classifier(name, "cpu", strict)
    except WeightsError as problem:
        return {"error": str(problem)}
    identity = found.identity
    return {
        "id": identity.id,
        "revision": identity.revision,
        "sha256": identity.sha256,
        "notice": identity.notice,
        "warnings": identity.warnings,
        "logits": found.logits(np.zeros((1, 28, 28), np.float32))[0].tolist(),
    }


def published(arguments: list[str], token: str) -> dict[str, object]:
    """What ``python -m model.publish`` prints and returns; no token where it is empty."""
    os.environ["HF_TOKEN"] = token
    sys.argv = ["publish", *arguments]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        status = publish.main()
    return {"status": status, "out": out.getvalue(), "err": err.getvalue()}


for line in sys.stdin:
    asked = json.loads(line)
    started = time.monotonic()
    answer = published(**asked) if "token" in asked else loaded(**asked)
    print(json.dumps({**answer, "seconds": time.monotonic() - started}), flush=True)
