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


class WeightsError(ModelError):
    """Weights are missing, damaged or of another architecture."""
