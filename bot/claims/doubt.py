"""What makes a reading doubtful: one rule, which the replies, the error analysis and the benchmark share.

``SURE`` was chosen on the 5,000 validation pictures, of 0.90, 0.95, 0.97, 0.98 and 0.99, so that at most 4 % of the
right readings there carry a cue. (The writers of the validation pictures also wrote training pictures, so others carry
a few more.) It was the largest such value with the first weights; with those of today 0.97 and 0.98 would do as well,
and find no more. ``python -m benchmarks.doubt`` prints what all of them give.
"""

from __future__ import annotations

from model.values import Prediction

SURE = 0.95  # from here a reading is given without its rival
CLOSE_MARGIN = 0.30  # below this lead over the runner-up a reading is a close call
CUES = ("close_call", "unsure", "unusual_image")  # in the order in which they are told


def certainty_cue(prediction: Prediction, sure: float = SURE) -> str | None:
    """Whether the probabilities leave room for doubt: a close call, or an unsure reading."""
    if prediction.margin < CLOSE_MARGIN:
        return "close_call"
    return "unsure" if prediction.probability < sure else None


def doubt_cues(prediction: Prediction, accepted: bool = True, sure: float = SURE) -> tuple[str, ...]:
    """The cues of a reading, of ``CUES``, none where nothing speaks against trusting it.

    A picture that is not ``accepted``, as it does not look like one digit, is turned away as unusual: of its
    probabilities nothing is said.
    """
    if not accepted:
        return ("unusual_image",)
    cue = certainty_cue(prediction, sure)
    return tuple(one for one in (cue, "unusual_image" if prediction.unusual else None) if one)
