"""What can go wrong in this folder.

ModelError
├── DataError      a data set is missing or damaged
├── ImageError     an upload cannot be read as a picture
└── WeightsError   weights are missing, damaged or of another architecture
"""


class ModelError(Exception):
    """The message is one clear sentence that says what to do."""


class DataError(ModelError):
    """A data set is missing or damaged."""


class ImageError(ModelError):
    """An upload cannot be read as a picture."""

    def __init__(self, message: str, key: str | None = None, **slots: object) -> None:
        super().__init__(message)
        self.key = key  # what is wrong, for those who say it in another language
        self.slots = slots  # the figures of the message


class WeightsError(ModelError):
    """Weights are missing, damaged or of another architecture."""
