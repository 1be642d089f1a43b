"""What can go wrong in this folder.

BotError            what a person did wrong, or what this computer lacks; the message is shown as it stands
├── PictureError    the upload cannot be used as a picture
└── ModelLoadError  the weights asked for cannot be had
"""


class BotError(Exception):
    """The message is one clear sentence that says what to do."""


class PictureError(BotError):
    """The upload cannot be used as a picture."""


class ModelLoadError(BotError):
    """The weights asked for cannot be had."""
