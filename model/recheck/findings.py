"""What was counted while replies were checked, and what is false in them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

TOLERANCE = 1e-3  # of a probability


@dataclass
class Findings:
    """What was counted, and what is false."""

    replies: int = 0
    claims: int = 0
    tests: int = 0
    controls: int = 0
    looks: int = 0
    largest: float = 0.0  # difference of two probabilities
    strangest: float = 0.0  # difference of two values of the check for pictures that are no digits
    false: list[str] = field(default_factory=list)

    def compare(self, said: list[float], found: np.ndarray, where: str) -> None:
        """Note the difference of two (10,) probabilities, and a false statement where it is too large."""
        difference = float(np.abs(np.asarray(said, np.float64) - found).max())
        self.largest = max(self.largest, difference)
        if not difference <= TOLERANCE:
            self.false.append(f"{where}: the probabilities differ by {difference:.4f}")
