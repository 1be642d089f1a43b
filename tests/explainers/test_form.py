"""How a digit is written: shapes whose measures are known."""

from __future__ import annotations

import numpy as np
import pytest

from explainers import lookalikes
from explainers.form import Form, form_of, garment_form_of
from explainers.parts.garment import SEEN
from model.datasets import LabelledPictures


def form(pixels: np.ndarray) -> Form:
    found = form_of(pixels.astype(np.float32))
    assert found is not None
    return found


def leaning(degrees: float, width: float = 3.0) -> np.ndarray:
    """A stroke of 18 rows that leans so far to the right."""
    rows, columns = np.indices((28, 28))
    middle = 14 + (13.5 - rows) * np.tan(np.radians(degrees))
    return ((np.abs(columns - middle) <= width / 2) & (rows >= 5) & (rows < 23)).astype(np.float32)


def ring(pieces: int = 1) -> np.ndarray:
    """A ring, closed or, of two pieces, cut on both sides."""
    rows, columns = np.indices((28, 28))
    picture = np.abs(np.hypot(rows - 13.5, columns - 13.5) - 7) <= 1.5
    if pieces == 2:
        picture[12:16] = False
    return picture.astype(np.float32)


@pytest.mark.parametrize("degrees", [-30, -12, 0, 12, 30])
def test_the_slant_is_that_of_the_stroke_and_its_mirror_leans_the_other_way(degrees: float) -> None:
    assert form(leaning(degrees)).slant == pytest.approx(degrees, abs=2.5)
    assert form(leaning(degrees)[:, ::-1]).slant == pytest.approx(-degrees, abs=2.5)


def test_a_dash_has_no_slant() -> None:
    dash = np.zeros((28, 28))
    dash[13:15, 5:23] = 1
    assert form(dash).slant is None
    assert form(dash).aspect > 5


def test_thick_strokes_are_thicker_than_thin_ones() -> None:
    thin, thick = form(leaning(0, 2)).pen, form(leaning(0, 5)).pen
    assert thin == pytest.approx(2.5, abs=1)
    assert thick == pytest.approx(5, abs=1)


def test_pieces_and_loops_are_counted() -> None:
    closed, cut = form(ring()), form(ring(2))
    assert (closed.pieces, closed.loops) == (1, 1)
    assert (cut.pieces, cut.loops) == (2, 0)
    assert form(leaning(5)).loops == 0


def test_size_and_proportions() -> None:
    assert form(ring()).size == pytest.approx(17, abs=1.5)
    assert form(ring()).aspect == pytest.approx(1, abs=0.05)
    assert form(leaning(0)).aspect < 0.3


def test_faint_ink_is_less_dark_and_else_the_same() -> None:
    full, faint = form(ring()), form(0.5 * ring())
    assert full.darkness == pytest.approx(1)
    assert faint.darkness == pytest.approx(0.5)
    assert (full.loops, full.pieces, full.slant) == (faint.loops, faint.pieces, pytest.approx(faint.slant, abs=1e-6))


def test_a_blank_picture_has_no_form() -> None:
    assert form_of(np.zeros((28, 28), np.float32)) is None


def test_the_nearest_pictures_are_those_that_look_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = np.stack([leaning(-5), leaning(0), leaning(5), ring(), ring(2)])
    training = LabelledPictures((pictures * 255).astype(np.uint8), np.array([1, 2, 3, 8, 9]))
    monkeypatch.setattr(lookalikes, "training_pictures", lambda dataset: training)
    lookalikes._known.cache_clear()
    try:
        assert lookalikes.nearest_labels(leaning(1), "mnist", 2) == (2, 3)
        assert lookalikes.nearest_labels(ring(), "mnist", 2) == (8, 9)
        assert len(lookalikes.nearest_labels(ring(), "mnist") or ()) == 5
    finally:
        lookalikes._known.cache_clear()


def test_without_training_pictures_there_are_no_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookalikes, "training_pictures", lambda dataset: None)
    lookalikes._known.cache_clear()
    try:
        assert lookalikes.nearest_labels(ring(), "mnist") is None
    finally:
        lookalikes._known.cache_clear()


def test_of_a_garment_the_proportions_and_how_dark_it_is_are_measured() -> None:
    pixels = np.zeros((28, 28), np.float32)
    pixels[4:24, 9:19] = 0.4
    pixels[0, 0] = SEEN * 0.9  # too faint to widen it
    found = garment_form_of(pixels)
    assert found is not None
    assert (found.aspect, found.darkness) == pytest.approx((0.5, 0.4))
    pixels[0, 0] = SEEN
    wider = garment_form_of(pixels)
    assert wider is not None
    assert wider.aspect == pytest.approx(19 / 24)
    assert garment_form_of(np.full((28, 28), SEEN * 0.9)) is None
