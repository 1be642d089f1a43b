"""Whether two texts say the same, where another processor may round a number otherwise."""

from __future__ import annotations

import re

FINEST = 0.001  # what further places hold is not compared

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e-\d+)?")


def same(one: str, other: str) -> bool:
    """Whether two texts are equal but for two units of the last place of their numbers."""
    if _NUMBER.sub("0", one) != _NUMBER.sub("0", other):
        return False
    pairs = zip(*map(_NUMBER.findall, (one, other)), strict=True)
    return all(abs(float(a) - float(b)) <= 2 * max(_unit(a), _unit(b)) for a, b in pairs)


def _unit(number: str) -> float:
    """One in the last place; a digit or a count is exact, a whole percentage is not."""
    places = len(number.partition(".")[2])
    return max(10.0**-places, FINEST) if places else 0.0 if len(number) < 2 else 0.5
