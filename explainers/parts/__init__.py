"""The parts of a digit: the ink cut as a person would cut it, the empty places that matter, and a name for each."""

from explainers.parts.finding import find_parts
from explainers.parts.garment import find_places

__all__ = ["find_parts", "find_places"]
