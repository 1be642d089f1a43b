"""How numbers are said in one language. A rounded number never claims more than was measured: 99.97 % is not "100 %".

The words and signs are those of ``templates/<language>/numbers.json``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

NONE = 1e-6  # so close to none, or to all, sums of float32 are where nothing, or everything, was meant


@dataclass(frozen=True)
class Numbers:
    """The numbers of one language. ``{number}`` stands where the number goes."""

    decimal: str  # between whole and fraction: "." or ","
    thousands: str  # between groups of three digits
    percent_sign: str  # "{number} %", with the space that the language puts there
    over: str
    under: str
    over_short: str  # the same where there is little room, as beside a bar
    under_short: str
    few_points: str  # a difference of probabilities in percentage points
    one_point: str
    many_points: str
    below_two_points: str  # with a decimal: "0.8 points", but in French "0,8 point"
    most_points: str
    score_under: str  # a probability as a share of a hundred points, for young readers
    score_one: str
    score_many: str
    score_over: str

    def percent(self, value: float) -> str:
        """A probability: whole percent in the middle, one decimal near 0 and 1, where a whole one would hide much."""
        return self._percent(value, self.over, self.under)

    def short_percent(self, value: float) -> str:
        """The same where there is little room."""
        return self._percent(value, self.over_short, self.under_short)

    def counted(self, value: float) -> str:
        """A share that was counted: as a probability is said, but all is 100 % and none is 0 %."""
        return self.share(value) if value in (0, 1) else self.percent(value)

    def _percent(self, value: float, over: str, under: str, plain: str = "{number}") -> str:
        if value >= 0.9995:
            return over.format(number=self._signed_percent(99.9, 1))
        if value < 0.0005:
            return under.format(number=self._signed_percent(0.1, 1))
        return plain.format(number=self._signed_percent(100 * value, _decimals(value)))

    def _signed_percent(self, value: float, decimals: int) -> str:
        return self.percent_sign.format(number=self.fixed(value, decimals))

    def share(self, value: float) -> str:
        """A share, in whole percent; neither all nor none where it is not."""
        return self._share(value, 0)

    def exact_share(self, value: float) -> str:
        """A share to a hundredth of a percent, for figures that are compared with others."""
        return self._share(value, 2)

    def _share(self, value: float, decimals: int) -> str:
        step = 10.0**-decimals  # percent: the last place that is shown
        if NONE < value <= step / 200:
            return self.under.format(number=self._signed_percent(step, decimals))
        size = 100 * value
        return self._signed_percent(min(size, 100 - step) if value < 1 - NONE else size, decimals)

    def points(self, value: float) -> str:
        """A difference of two probabilities, in percentage points."""
        size = 100 * abs(value)
        if size >= 99.5:
            return self.most_points.format(number=99)
        if size < 0.5:
            return self.few_points
        return self.one_point if size < 1.5 else self.many_points.format(number=self.fixed(size, 0))

    def cost(self, value: float) -> str:
        """By how much a probability falls; where it rises, that it costs less than one point."""
        return self.points(max(value, 0.0))

    def lead(self, first: float, second: float) -> str:
        """By how much one probability is ahead of another, in whole points: no more than the two as shown give."""
        size = _shown(first) - _shown(second)
        whole = floor(size + 1e-6)  # 62.0 - 38.0 may come out a little below
        if whole >= 99:
            return self.most_points.format(number=99)
        if whole < 1:
            return self.few_points
        return self.one_point if whole == 1 else self.many_points.format(number=self.fixed(whole, 0))

    def score_lead(self, first: float, second: float) -> str:
        """The same of two scores."""
        return self.score((round(100 * first) - round(100 * second)) / 100)

    def exact_points(self, value: float) -> str:
        """The same to a tenth, for experts."""
        size = round(100 * abs(value), 1)
        return (self.below_two_points if size < 2 else self.many_points).format(number=self.fixed(size, 1))

    def equals(self, value: float) -> str:
        """A probability as the right side of a formula: "= 42 %", "> 99.9 %"."""
        return self._percent(value, self.over_short, self.under_short, "= {number}")

    def score(self, value: float) -> str:
        """A probability for a young reader, who thinks of a hundred points shared out among the ten digits."""
        size = 100 * value
        if size >= 99.5:
            return self.score_over.format(number=99)
        if size < 0.5:
            return self.score_under
        return self.score_one if size < 1.5 else self.score_many.format(number=self.fixed(size, 0))

    def fixed(self, value: float, decimals: int = 2) -> str:
        """A number with so many decimals; a true minus sign before one below 0, also once it is rounded."""
        written = f"{round(value, decimals) + 0.0:,.{decimals}f}".translate(
            {ord(","): self.thousands, ord("."): self.decimal}
        )
        return written.replace("-", "−")

    def chance(self, value: float) -> str:
        """The probability of a coincidence, for readers of statistics: "= 0.004", "< 0.001"."""
        return f"< {self.fixed(0.001, 3)}" if value < 0.001 else f"= {self.fixed(value, 3)}"

    def signed(self, value: float) -> str:
        """A change, two decimals, with its sign."""
        return ("" if value < 0 else "+") + self.fixed(value)

    def plain(self, value: float) -> str:
        """A number as a person would write it, without needless decimals."""
        decimals = next((places for places in range(4) if round(value, places) == value), 4)
        return self.fixed(value, decimals)

    def whole(self, value: float) -> str:
        """A count."""
        return self.fixed(value, 0)


def _decimals(probability: float) -> int:
    """Of a percentage: near 0 and 1, a whole one would hide much."""
    return 1 if probability >= 0.985 or probability < 0.015 else 0


def _shown(probability: float) -> float:
    """A probability in percent, rounded as ``Numbers.percent`` shows it."""
    return min(max(round(100 * probability, _decimals(probability)), 0.1), 99.9)
