"""The way from an upload to MNIST's form with one step left out."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from model.errors import ModelError
from model.preparation.form import stroke_width
from model.preprocess import REMOVABLE, STEP_NAMES, to_digit, without
from model.values import DigitImage
from tests.model.drawings import draw, noisy, stroke

OFF_CENTRE = draw(size=(500, 400), box=(300, 30, 100, 160))


def sideways() -> bytes:
    """Held sideways, as its EXIF orientation says."""
    stream = io.BytesIO()
    note = Image.Exif()
    note[0x0112] = 6
    draw(size=(200, 260)).rotate(90, expand=True).save(stream, "JPEG", exif=note, quality=95)
    return stream.getvalue()


def on_a_table() -> np.ndarray:
    table = Image.new("L", (640, 480), 60)
    table.paste(draw(size=(300, 300), box=(100, 70, 100, 160)), (180, 90))
    return noisy(table)


def ruled() -> np.ndarray:
    values = np.array(draw(size=(300, 300), box=(100, 60, 100, 160)))
    for row in range(20, 300, 40):
        values[row : row + 2] = np.minimum(values[row : row + 2], 120)
    return values


def with_speck() -> np.ndarray:
    values = np.array(draw(2))
    values[10:20, 10:20] = 30
    return values


def with_edge() -> np.ndarray:
    """A table below the sheet."""
    values = np.array(draw(size=(300, 400), box=(100, 20, 100, 160)))
    values[330:] = 40
    return values


def framed() -> np.ndarray:
    values = np.array(draw(size=(300, 300), box=(100, 70, 100, 160)))
    for line in (slice(20, 26), slice(274, 280)):
        values[line, 20:280] = 30
        values[20:280, line] = 30
    return values


def dim() -> np.ndarray:
    """Light that falls off from one side to the other."""
    values = np.asarray(draw(), np.float32)
    return noisy(Image.fromarray((values * np.linspace(1, 0.45, values.shape[1])).astype(np.uint8)))


PICTURES: dict[str, object] = {
    "rotate": sideways(),
    "grey_by_colour": draw(mode="RGB", ink=(220, 60, 60), page=(60, 142, 60)),
    "sheet": on_a_table(),
    "drop_frame": framed(),
    "drop_edges": with_edge(),
    "even_light": dim(),
    "polarity": draw(),
    "drop_lines": ruled(),
    "threshold": noisy(draw(ink=150), 8.0),
    "drop_marks": with_speck(),
    "crop": OFF_CENTRE,
    "stroke": draw(pen=3),
    "shrink": draw(),
    "centre": OFF_CENTRE,
}


def middle(made: DigitImage) -> np.ndarray:
    """Centre of mass, (row, column)."""
    return np.array(ndimage.center_of_mass(made.pixels))


@pytest.mark.parametrize("step", REMOVABLE)
def test_each_step_can_be_left_out_of_a_picture_that_needed_it(step: str) -> None:
    made = to_digit(PICTURES[step])
    assert step in [one.name for one in made.steps]
    before = made.pixels.copy()
    other = without(made, step)
    assert step not in [one.name for one in other.steps]
    assert not np.array_equal(other.pixels, made.pixels)
    assert other.pixels.shape == (28, 28)
    assert other.pixels.dtype == np.float32
    assert np.abs(other.pixels * 255 - np.round(other.pixels * 255)).max() < 1e-4
    assert 0 <= other.pixels.min() <= other.pixels.max() <= 1
    assert np.array_equal(made.pixels, before)
    assert without(made, step).pixels.tobytes() == other.pixels.tobytes()


def test_what_can_be_left_out_are_steps_in_their_order() -> None:
    assert [name for name in STEP_NAMES if name in REMOVABLE] == list(REMOVABLE)


def test_without_centring_it_stays_where_it_lay() -> None:
    made = to_digit(OFF_CENTRE)
    down, across = middle(without(made, "centre"))
    assert np.abs(middle(made) - 14).max() <= 0.5
    assert down < 12
    assert across > 17
    mirrored = to_digit(np.asarray(OFF_CENTRE)[:, ::-1])
    assert middle(without(mirrored, "centre"))[1] == pytest.approx(28 - across, abs=1.1)  # whole pixels


def test_what_lay_in_the_middle_stays_there_whatever_its_mass() -> None:
    made = to_digit(draw(7))  # most of its ink is at the top
    kept = without(made, "centre")
    rows = np.flatnonzero(kept.pixels.any(axis=1))
    assert abs(rows[0] + rows[-1] - 27) <= 1
    assert middle(kept)[0] < 12 < 13.5 <= middle(made)[0]


def test_without_inverting_dark_ink_stays_dark_and_light_ink_was_never_inverted() -> None:
    made = to_digit(draw())
    np.testing.assert_allclose(without(made, "polarity").pixels, 1 - made.pixels, atol=1e-6)
    light = to_digit(draw(ink=230, page=15))
    assert np.array_equal(without(light, "polarity").pixels, light.pixels)


def test_without_the_margin_it_fills_the_picture_and_without_the_cut_it_stays_small() -> None:
    made = to_digit(OFF_CENTRE)
    sizes = {}
    for step in ("shrink", "crop"):
        rows, columns = np.nonzero(without(made, step).pixels > 0.1)
        sizes[step] = max(np.ptp(rows), np.ptp(columns)) + 1
    assert sizes["shrink"] == 28
    assert 7 <= sizes["crop"] <= 14  # 160 + 14 of 500 pixels, and soft edges


def test_without_mending_thin_strokes_stay_thin() -> None:
    made = to_digit(draw(pen=3))
    assert without(made, "stroke").pixels.sum() < 0.6 * made.pixels.sum()
    assert stroke_width(made.pixels > 0.5) > 1.5


def test_without_cleaning_the_grain_of_the_page_stays() -> None:
    made = to_digit(PICTURES["threshold"])
    assert (without(made, "threshold").pixels > 0).sum() > (made.pixels > 0).sum() + 20


def test_without_its_steps_the_sheet_the_lines_and_the_marks_stay_in_the_picture() -> None:
    assert without(to_digit(on_a_table()), "sheet").reason is not None
    for step in ("drop_marks", "drop_edges", "drop_frame"):
        made = to_digit(PICTURES[step])
        assert np.corrcoef(without(made, step).pixels.ravel(), made.pixels.ravel())[0, 1] < 0.8, step
    lines = to_digit(ruled())
    assert np.corrcoef(without(lines, "drop_lines").pixels.ravel(), lines.pixels.ravel())[0, 1] < 0.95


def test_without_turning_it_lies_as_the_camera_held_it() -> None:
    made, upright = to_digit(sideways()), to_digit(draw())
    lying = np.rot90(without(made, "rotate").pixels, -1)
    assert np.corrcoef(lying.ravel(), upright.pixels.ravel())[0, 1] > 0.85
    assert np.corrcoef(made.pixels.ravel(), upright.pixels.ravel())[0, 1] > 0.95


def test_a_variant_says_why_it_would_be_turned_away() -> None:
    made = to_digit(draw())
    assert made.reason is None
    assert without(made, "polarity").reason == "not_a_digit"
    two = draw(size=(400, 260), box=(50, 50, 100, 160))
    stroke(two, 2, (240, 60, 90, 150), 30, 14)
    assert without(to_digit(two), "centre").reason == "several_digits"


def test_unknown_steps_and_steps_that_were_not_taken_raise() -> None:
    made = to_digit(draw())
    for name in ("no_such_step", "decode", "sheet"):
        with pytest.raises(ModelError, match=name):
            without(made, name)
    with pytest.raises(ModelError, match="left_alone"):
        without(to_digit(made.pixels), "centre")


def test_the_upload_is_kept_small_and_only_where_something_was_done() -> None:
    made = to_digit(draw(size=(2000, 2600), box=(500, 500, 1000, 1600), pen=140))
    assert made.upload is not None
    assert made.upload.dtype == np.uint8
    assert made.upload.shape == (640, 492, 3)
    assert to_digit(made.pixels).upload is None
