"""What can go wrong in this folder.

ExplainerError
"""


class ExplainerError(Exception):
    """The message is one clear sentence that says what was expected and what came."""
