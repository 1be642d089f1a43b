"""The way from an upload to MNIST's form, on pictures drawn here."""

import io

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from model.preprocess import REASONS, STEP_NAMES, as_it_is, to_digit
from model.values import DigitImage
from tests.model.drawings import STROKES, draw, noisy, stroke


def check_form(made: DigitImage) -> None:
    pixels = made.pixels
    assert pixels.shape == (28, 28)
    assert pixels.dtype == np.float32
    rows, columns = np.nonzero(pixels)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert np.abs(np.array(ndimage.center_of_mass(pixels)) - 14).max() <= 0.5
    assert np.abs(pixels * 255 - np.round(pixels * 255)).max() < 1e-4
    assert pixels.max() >= 0.98
    assert np.mean(pixels == 0) > 0.5
    edges = (pixels > 0.05) & (pixels < 0.95)
    assert edges.any()  # grey edges are kept
    for step in made.steps:
        assert set(step.numbers) == set(STEP_NAMES[step.name])
        assert step.picture.ndim == 2
        assert max(step.picture.shape) <= 256
        assert step.picture.dtype == np.float32
        assert 0 <= step.picture.min() <= step.picture.max() <= 1


def alike(one: DigitImage, other: DigitImage) -> float:
    """Correlation of two 28 × 28 pictures."""
    return float(np.corrcoef(one.pixels.ravel(), other.pixels.ravel())[0, 1])


@pytest.mark.parametrize("digit", STROKES)
def test_form_is_mnists(digit: int) -> None:
    made = to_digit(draw(digit))
    assert made.reason is None
    check_form(made)


def with_light(picture: Image.Image) -> np.ndarray:
    """Light falling off to a third from one corner to the other."""
    values = np.asarray(picture, np.float32)
    down, across = np.mgrid[0 : values.shape[0], 0 : values.shape[1]]
    light = 1 - 0.35 * (down / values.shape[0] + across / values.shape[1])
    return noisy(Image.fromarray((values * light).astype(np.uint8)))


def with_shadow(picture: Image.Image) -> np.ndarray:
    values = np.asarray(picture, np.float32).copy()
    values[:, values.shape[1] // 2 :] *= 0.75
    return noisy(Image.fromarray(ndimage.gaussian_filter(values, 4).astype(np.uint8)))


def sixteen_bit(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)


def gif(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "GIF", save_all=True, append_images=[Image.new("L", picture.size, 235)] * 2)
    return stream.getvalue()


FORMS = {
    "light on dark": draw(ink=230, page=15),
    "faint": draw(ink=190, page=235),
    "thin pen": draw(pen=3),
    "noisy": noisy(draw()),
    "uneven light": with_light(draw()),
    "shadow": with_shadow(draw()),
    "large": draw(size=(2000, 2600), box=(500, 500, 1000, 1600), pen=140),
    "off centre": draw(size=(500, 400), box=(300, 30, 100, 160)),
    "palette": draw().convert("P"),
    "two colours": draw(ink=0, page=255).convert("1"),
    "colour": draw(mode="RGB", ink=(20, 40, 180), page=(240, 230, 200)),
    "yellow on white": draw(mode="RGB", ink=(255, 235, 60), page=(255, 255, 255)),
    "red on green": draw(mode="RGB", ink=(220, 60, 60), page=(60, 142, 60)),
    "CMYK": draw(mode="RGB", ink=(20, 40, 180), page=(240, 230, 200)).convert("CMYK"),
    "grey and alpha": draw(mode="LA", ink=(30, 255), page=(235, 255)),
    "transparent": draw(mode="RGBA", ink=(0, 0, 0, 255), page=(0, 0, 0, 0)),
    "white on transparent": draw(mode="RGBA", ink=(255, 255, 255, 255), page=(0, 0, 0, 0)),
    "16 bit": sixteen_bit(draw()),
    "fractions": np.asarray(draw()) / 255,
    "animated": gif(draw()),
}


@pytest.mark.parametrize("name", FORMS)
def test_same_digit_however_uploaded(name: str) -> None:
    made = to_digit(FORMS[name])
    assert made.reason is None
    check_form(made)
    assert alike(made, to_digit(draw())) > 0.85


def test_sheet_on_a_table() -> None:
    table = Image.new("L", (640, 480), 60)
    table.paste(draw(size=(300, 300), box=(100, 70, 100, 160)).rotate(0), (180, 90))
    made = to_digit(noisy(table))
    assert "sheet" in [step.name for step in made.steps]
    assert made.reason is None
    assert alike(made, to_digit(draw())) > 0.85


def test_strip_of_table_at_the_border() -> None:
    picture = np.asarray(draw(size=(300, 260))).copy()
    picture[:, -50:] = 40
    made = to_digit(picture)
    assert made.reason is None
    assert alike(made, to_digit(draw())) > 0.9


def test_left_alone_when_mnist_like() -> None:
    made = to_digit(draw())
    for again in (to_digit(made.pixels), to_digit(np.round(made.pixels * 255).astype(np.uint8))):
        assert np.array_equal(again.pixels, made.pixels)
        assert again.steps[-1].name == "left_alone"
    dark_on_light = to_digit(1 - made.pixels)  # the same ink the other way round is not MNIST's form
    assert dark_on_light.steps[-1].name != "left_alone"
    assert alike(dark_on_light, made) > 0.9


def test_an_edited_picture_is_kept_as_it_is() -> None:
    aside = np.zeros((28, 28), np.float32)
    aside[3:9, 2:4] = 0.3  # neither centred nor of MNIST's size: prepared, it would be moved
    made = as_it_is(aside)
    assert np.array_equal(made.pixels, (np.round(aside * 255) / 255).astype(np.float32))
    assert [(step.name, step.numbers) for step in made.steps] == [("edited", {})]
    assert made.reason is None
    assert as_it_is(np.zeros((28, 28))).reason == "blank"
    assert as_it_is(np.full((28, 28), 0.4 / 255)).reason == "blank"  # rounds to no ink


def test_input_is_not_changed() -> None:
    for array in (np.asarray(draw()).copy(), np.asarray(draw()) / 255, to_digit(draw()).pixels):
        before = array.copy()
        made = to_digit(array)
        made.pixels[:] = 0.5
        assert np.array_equal(array, before)


def test_same_input_same_bytes() -> None:
    assert to_digit(noisy(draw())).pixels.tobytes() == to_digit(noisy(draw())).pixels.tobytes()


def test_thin_pen_is_thickened_and_says_so() -> None:
    (step,) = [step for step in to_digit(draw(pen=3)).steps if step.name == "stroke"]
    assert step.numbers["before"] < 1 < step.numbers["after"]


def test_loop_stays_open() -> None:
    pixels = to_digit(draw(0, pen=2)).pixels
    assert ndimage.label(pixels < 0.5)[1] == 2


def test_blank() -> None:
    shape = (300, 240)
    paper = noisy(Image.new("L", shape, 200))
    for raw in (np.zeros((28, 28)), np.full(shape, 255, np.uint8), paper, Image.new("RGBA", shape, (0, 0, 0, 0))):
        made = to_digit(raw)
        assert made.reason == "blank"
        assert made.pixels.shape == (28, 28)
    assert to_digit(Image.new("L", (1, 1))).reason == "blank"


def test_too_small() -> None:
    assert to_digit(draw(1, size=(40, 40), box=(18, 18, 3, 3), pen=1)).reason == "too_small"
    assert to_digit(draw(1, size=(40, 40), box=(14, 14, 10, 12), pen=2)).reason is None


def test_several_digits_and_one_in_two_strokes() -> None:
    two = draw(size=(400, 260), box=(50, 50, 100, 160))
    stroke(two, 2, (240, 60, 90, 150), 30, 14)
    assert to_digit(two).reason == "several_digits"
    rows = draw(size=(200, 500), box=(50, 50, 100, 160))
    stroke(rows, 7, (50, 280, 100, 160), 30, 14)
    assert to_digit(rows).reason == "several_digits"
    broken = np.asarray(draw(5)).copy()
    broken[62:70, :90] = 235  # cuts the bar of the 5 off its neck
    assert to_digit(broken).reason is None


def test_not_a_digit() -> None:
    random = np.random.default_rng(0)
    texture = ndimage.gaussian_filter(random.normal(0.5, 1.5, (300, 300)), 2)
    stars = np.zeros((300, 300))
    for down, across in random.integers(5, 295, (150, 2)):
        stars[down - 2 : down + 2, across - 2 : across + 2] = 1
    disc = np.hypot(*np.mgrid[-100:100, -100:100]) < 60
    flat = draw(1, size=(300, 100), box=(20, 50, 0, 0), pen=14)
    flat.paste(30, (20, 43, 280, 57))
    for raw in (np.clip(texture, 0, 1), stars, disc, flat):
        assert to_digit(raw).reason in ("not_a_digit", "several_digits")
    assert {"blank", "too_small", "several_digits", "not_a_digit"} <= set(REASONS)


def test_a_shaded_thing_on_a_flat_page_is_no_digit() -> None:
    rows, columns = np.mgrid[0:28, 0:28]
    shirt = np.zeros((28, 28), np.uint8)
    shirt[2:26, 7:21] = 110 + 40 * ((rows // 3 + columns // 4) % 2)[2:26, 7:21]
    shirt[2:8, 2:26] = 140
    assert to_digit(shirt).reason == "not_a_digit"


def test_a_solid_thing_is_no_digit_and_a_fat_pen_still_is() -> None:
    solid = np.zeros((56, 56), np.uint8)
    solid[6:50, 18:38] = 255
    assert to_digit(solid).reason == "not_a_digit"
    assert to_digit(draw(0, pen=34)).reason is None
