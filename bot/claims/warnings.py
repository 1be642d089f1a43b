"""What the reader should doubt, in one word each: follows from the claims, the picture and the weights."""

from __future__ import annotations

from collections.abc import Sequence

from bot.claims.causes import has_cause
from bot.claims.doubt import doubt_cues
from bot.values import Claim, Reading

_WITHOUT_CAUSE = (
    "none_decides",
    "none_carries",
    "little_flips",
    "no_better_than_random",
    "no_better_than_random_more",
    "no_better_than_random_uneven",
    "no_better_than_random_alike",
    "weak_evidence",
    "weak_evidence_one",
    "nothing_to_test",
)
_BY_CLAIM = {
    "methods_differ": "methods_disagree",
    "several_differ": "methods_disagree",
    "few_differ": "methods_disagree",
    "fit_poor": "poor_fit",
    "seeds_unstable": "unstable",
    "near_doubt": "mixed_neighbours",
    "near_doubt_few": "mixed_neighbours",
    "near_doubt_unknown": "mixed_neighbours",
}


def warnings_of(claims: Sequence[Claim], reading: Reading | None, general: Sequence[str]) -> tuple[str, ...]:
    """The warnings of a reply, each once, in a fixed order; ``general``: those of the weights and the device."""
    found = list(general)
    if reading is not None:
        found += doubt_cues(reading.prediction, reading.accepted)
    if any(claim.kind in _WITHOUT_CAUSE for claim in claims) and not has_cause(claims):
        found.append("weak_evidence")
    found += [_BY_CLAIM[claim.kind] for claim in claims if claim.kind in _BY_CLAIM]
    return tuple(dict.fromkeys(found))
