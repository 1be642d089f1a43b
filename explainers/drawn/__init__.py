"""Digits that the project draws itself, for want of a data set: how each is commonly written, as pen strokes."""

from explainers.drawn.pen import drawn_digits

__all__ = ["drawn_digits"]
