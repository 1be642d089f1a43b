"""What can go wrong in this folder.

BotError            what a person did wrong, or what this computer lacks; the message is shown as it stands
├── PictureError    the upload cannot be used as a picture
└── ModelLoadError  the weights asked for cannot be had
"""

from __future__ import annotations

from collections.abc import Mapping


class BotError(Exception):
    """The message is one clear sentence that says what to do."""


class PictureError(BotError):
    """The upload cannot be used as a picture."""

    def __init__(self, message: str, key: str | None = None, slots: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.key = key  # its sentence "uploads.<key>" in templates/<language>/interface.json
        self.slots = slots or {}


class ModelLoadError(BotError):
    """The weights asked for cannot be had."""
