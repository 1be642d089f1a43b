"""The figure of the network's depths: one map after each block, and smaller those after the transitions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.figures import drawing
from bot.figures.drawing import EDGE, LINE, PALE, SMALL, WIDTH, area, write
from bot.figures.heatmaps import draw_signed_legend, large_value
from bot.figures.words import FigureWords
from bot.values import Figure
from explainers.blocks import BlockMap, strongest_cell

COLUMNS = 2  # blocks side by side: each as wide as half a phone


def draw_layers(pixels: np.ndarray, maps: Sequence[BlockMap], digit: int, words: FigureWords) -> Figure:
    """The maps with the ink outlined, cell by cell as they were measured; of the last one the strongest cell too.

    Empty paper is white, and each map has its own scale: amounts of different depths cannot be compared.
    """
    blocks = [one for one in maps if one.name.startswith("denseblock")]
    between = [one for one in maps if one not in blocks]
    large = (WIDTH - (COLUMNS + 1) * EDGE) / COLUMNS
    small = (WIDTH - (len(between) + 1) * EDGE) / len(between)
    rows = -(-len(blocks) // COLUMNS)
    note = drawing.wrapped(words.layers["note"], 60)
    page = drawing.Page(EDGE + rows * (large + LINE + EDGE) + small + LINE + EDGE + 0.36 + len(note) * LINE + EDGE)
    for number, one in enumerate(blocks, start=1):
        row, column = divmod(number - 1, COLUMNS)
        left, top = EDGE + column * (large + EDGE), EDGE + row * (large + LINE + EDGE)
        caption = words.layers["block"].format(block=number, cells=len(one.cells))
        write(page, left, top, caption, size=SMALL, bold=True)
        spot = _draw(page, left, top + LINE, large, one, pixels)
        if one is maps[-1] and (place := strongest_cell(one)) is not None:
            drawing.outline(spot, place, drawing.INK, width=1.8)
    top = EDGE + rows * (large + LINE + EDGE)
    for number, one in enumerate(between, start=1):
        left = EDGE + (number - 1) * (small + EDGE)
        caption = words.layers["transition"].format(block=number, following=number + 1, cells=len(one.cells))
        write(page, left, top, caption, size=SMALL - 1, colour=PALE)
        _draw(page, left, top + LINE, small, one, pixels)
    top += small + LINE + EDGE
    draw_signed_legend(EDGE, top, page, digit, words)
    for number, line in enumerate(note):
        write(page, EDGE, top + 0.38 + number * LINE, line, size=SMALL - 1, colour=PALE)
    alt = words.fill(
        words.layers["alt"], digit=digit, blocks=len(blocks), cells=len(blocks[0].cells), last=len(maps[-1].cells)
    )
    return Figure(f"layers_{digit}", words.fill(words.layers["title"], digit=digit), alt, drawing.to_png(page))


def _draw(
    page: drawing.Page, left: float, top: float, side: float, found: BlockMap, pixels: np.ndarray
) -> drawing.Area:
    spot = area(page, left, top, side, side)
    relief = found.cells - found.level * found.cell_size**2  # what empty paper has, from a pixel to a cell
    drawing.signed_picture(spot, relief, large_value(relief))
    drawing.ink_outline(spot, pixels)
    return spot
