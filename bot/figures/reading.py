"""The figure of a reading: the picture beside the probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.figures import drawing
from bot.figures.bars import likeliest, name_room
from bot.figures.drawing import EDGE, PALE, area, write
from bot.figures.words import FigureWords
from bot.values import Figure

if TYPE_CHECKING:
    from model.values import DigitImage, Prediction


def draw_reading(image: DigitImage, prediction: Prediction, words: FigureWords) -> Figure:
    """The picture that the model saw beside bars of the probabilities, of more than ten classes the largest ten."""
    page = drawing.Page(2.0)
    write(page, EDGE, 0.06, words.reading_picture, colour=PALE)
    drawing.picture(area(page, EDGE, 0.28, 1.4, 1.4), image.pixels)
    write(page, 1.75, 0.06, words.reading_bars, colour=PALE)
    digits = likeliest(prediction.probabilities)
    colours = [drawing.EMPHASIS if digit == prediction.digit else drawing.PLAIN for digit in digits]
    probabilities = [float(prediction.probabilities[digit]) for digit in digits]
    names = words.bars(digits)
    room = name_room(names)
    drawing.bars(area(page, 1.75 + room, 0.26, 1.22 - room, 1.7), names, probabilities, colours, words.numbers)
    alt = words.fill(
        words.reading_alt,
        digit=prediction.digit,
        probability=words.numbers.percent(prediction.probability),
        runner_up=prediction.runner_up,
        second=words.numbers.percent(float(prediction.probabilities[prediction.runner_up])),
    )
    return Figure("probabilities", words.reading_title, alt, drawing.to_png(page))
