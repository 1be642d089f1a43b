"""The bundled weights, loaded once for all tests that only ask them: loading takes longer than most of the questions.

No picture is run twice either. Whoever is about loading, engines or threads loads for itself.
"""

from __future__ import annotations

from functools import cache

import pytest

from bot import Bot, api
from model.classifier import Classifier
from model.devices import pick_device
from model.load import load_classifier
from tests.remembering import remembering


def trained_classifier(device: str = "auto") -> Classifier:
    """One and the same for all: nothing of it may be changed."""
    return _classifier(str(pick_device(device)))


def trained_bot(device: str = "auto") -> Bot:
    """A bot with that classifier, as ``Bot.load`` makes it."""
    return _bot(str(pick_device(device)))


@cache
def _classifier(device: str) -> Classifier:
    return remembering(load_classifier(device=device))


@cache
def _bot(device: str) -> Bot:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "load_classifier", lambda model, place, strict: _classifier(device))
        return Bot.load(device=device)
