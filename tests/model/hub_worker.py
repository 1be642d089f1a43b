"""Loads what it is asked for, a JSON line each: the Hub client reads its settings when it is first imported.

Run with the folder of the bundled weights as its argument.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from model import hub, load
from model.errors import WeightsError

load.BUNDLED = Path(sys.argv[1])
hub.ANSWER_SECONDS = 4.0
hub.DOWNLOAD_SECONDS = 3.0

for line in sys.stdin:
    asked = json.loads(line)
    started = time.monotonic()
    try:
        found = load.load_classifier(asked["name"], "cpu", asked.get("strict", False))
        identity = found.identity
        answer: dict[str, object] = {
            "id": identity.id, "revision": identity.revision, "sha256": identity.sha256, "notice": identity.notice,
            "warnings": identity.warnings, "logits": found.logits(np.zeros((1, 28, 28), np.float32))[0].tolist(),
        }  # fmt: skip
    except WeightsError as problem:
        answer = {"error": str(problem)}
    print(json.dumps({**answer, "seconds": time.monotonic() - started}), flush=True)
