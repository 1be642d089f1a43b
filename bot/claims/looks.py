"""Whether pictures look like digits to the check: said with each of them, so that anybody can check it again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bot.values import Claim, Look
from model.values import Prediction


def look_at(pixels: np.ndarray, seen: Prediction) -> tuple[Look, ...]:
    """What the check made of (28, 28) ``pixels``, read as ``seen``; nothing where these weights have no check."""
    return () if seen.strangeness is None else (Look(pixels, seen.strangeness),)


def with_looks(claim: Claim, looks: tuple[Look, ...]) -> Claim:
    """The claim as one that says of these pictures whether they look like digits, with the numbers behind that."""
    return replace(claim, evidence=(*claim.evidence, *(look.evidence() for look in looks)), looks=looks)
