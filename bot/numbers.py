"""How numbers are said. A rounded number never claims more than was measured: 99.97 % is not "100 %"."""

from __future__ import annotations


def percent(value: float) -> str:
    """A probability: whole percent in the middle, one decimal near 0 and 1, where a whole one would hide the rest."""
    if value > 0.9995:
        return "over 99.9 %"
    if value < 0.0005:
        return "under 0.1 %"
    if value >= 0.985 or value < 0.015:
        return f"{100 * value:.1f} %"
    return f"{100 * value:.0f} %"


def short_percent(value: float) -> str:
    """The same where there is little room, as beside a bar."""
    return percent(value).replace("over ", "> ").replace("under ", "< ")


def share(value: float) -> str:
    """A share, in whole percent."""
    return f"{100 * value:.0f} %"


def points(value: float) -> str:
    """A difference of two probabilities, in percentage points."""
    size = 100 * abs(value)
    if size > 99.5:
        return "over 99 points"
    return "less than one point" if size < 0.5 else "one point" if size < 1.5 else f"{size:.0f} points"
