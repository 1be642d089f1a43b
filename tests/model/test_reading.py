"""Whatever comes in, it is read as a picture or turned away by ImageError with one sentence."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from benchmarks.mutations import in_mode
from model.errors import ImageError
from model.preparation import reading
from model.preparation.container import ORIENTATION
from model.preparation.ink import find_ink
from model.preparation.reading import read
from model.preprocess import to_digit
from tests.model.drawings import draw


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds almost nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


JPEG = encoded(draw(mode="RGB", ink=(20, 20, 60), page=(230, 230, 220)), "JPEG", quality=90)

UNREADABLE = {
    "empty": (b"", "empty"),
    "text": (b"this is not a picture", "not a picture"),
    "svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "html": (b"  <!DOCTYPE html><html></html>", "HTML"),
    "truncated": (JPEG[: len(JPEG) // 2], "cut off"),
    "headless": (JPEG[100:], "not a picture"),
    "bomb": (png_header(20_000, 20_000), "million"),
    "above the limit": (png_header(9_000, 9_000), "million"),
    "hollow": (png_header(50, 50), "cut off"),
    "pdf": (b"%PDF-1.4\n%...", "not a picture"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_bytes_get_one_sentence(name: str) -> None:
    content, words = UNREADABLE[name]
    with pytest.raises(ImageError, match=words) as caught:
        to_digit(content)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_files(tmp_path: Path) -> None:
    (tmp_path / "five.png").write_bytes(encoded(draw(), "PNG"))
    (tmp_path / "photo.png").write_bytes(JPEG)  # a wrong ending does not matter
    (tmp_path / "notes.png").write_text("just words")
    assert to_digit(tmp_path / "five.png").reason is None
    assert to_digit(str(tmp_path / "photo.png")).steps[0].numbers["kind"] == "JPEG"
    for missing in (tmp_path / "none.png", tmp_path, "", "a\0b.png", "x" * 5000):
        with pytest.raises(ImageError):
            to_digit(missing)
    with pytest.raises(ImageError, match="not a picture"):
        to_digit(tmp_path / "notes.png")


def test_too_many_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1000)
    (tmp_path / "large.png").write_bytes(bytes(1001))
    for raw in (bytes(1001), tmp_path / "large.png"):
        with pytest.raises(ImageError, match="MB"):
            to_digit(raw)


@pytest.mark.parametrize("raw", [None, 5, [[0, 1]], {"a": 1}, object()])
def test_other_types(raw: object) -> None:
    with pytest.raises(ImageError, match="not a picture"):
        to_digit(raw)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((0, 5)),
        np.zeros(5),
        np.zeros((5, 5, 2)),
        np.zeros((2, 5, 5, 3)),
        np.full((5, 5), np.nan),
        np.full((5, 5), -1.0),
        np.full((5, 5), 1e9),
        np.zeros((5, 5), complex),
        np.array([["a", "b"]]),
        np.zeros((5, 5), object),
    ],
)
def test_arrays_that_are_no_pictures(array: np.ndarray) -> None:
    with pytest.raises(ImageError):
        to_digit(array)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"II*\0"]),
)
def test_random_bytes_raise_nothing_else(content: bytes, start: bytes) -> None:
    try:
        to_digit(start + content)
    except ImageError:
        return


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(JPEG) - 1), st.integers(0, 255))
def test_damaged_jpeg_raises_nothing_else(at: int, value: int) -> None:
    try:
        made = to_digit(JPEG[:at] + bytes([value]) + JPEG[at + 1 :])
    except ImageError:
        return
    assert made.pixels.shape == (28, 28)


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(
        st.sampled_from([np.uint8, np.uint16, np.int32, np.float32, np.float64, np.bool_]),
        st.one_of(
            st.tuples(st.integers(0, 40), st.integers(0, 40)),
            st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 4)),
        ),
    )
)
@example(np.array([[False, True]]))  # a histogram of its evened light had no bins
def test_random_arrays_raise_nothing_else(array: np.ndarray) -> None:
    try:
        made = to_digit(array)
    except ImageError:
        return
    assert made.pixels.shape == (28, 28)
    assert made.pixels.dtype == np.float32
    assert 0 <= made.pixels.min() <= made.pixels.max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(orientation: int) -> None:
    upright = np.zeros((40, 60, 3), np.uint8)
    upright[:10, :30] = 200  # one corner, so that each of the eight can be told from the others
    undo = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]  # Pillow's number of the inverse turn
    stored = Image.fromarray(upright)
    if undo is not None:
        stored = stored.transpose(Image.Transpose(undo))
    notes = Image.Exif()
    notes[ORIENTATION] = orientation
    found = read(encoded(stored, "JPEG", exif=notes, quality=100, subsampling=0))
    assert (found.height, found.width) == (40, 60)
    assert np.abs(found.colours - upright / 255).mean() < 0.02


def test_large_photo_is_shrunk_and_keeps_its_size_in_words() -> None:
    found = read(encoded(Image.new("RGB", (4000, 3000), "white"), "JPEG"))
    assert found.colours.shape == (480, 640, 3)
    assert (found.width, found.height) == (4000, 3000)


def test_picture_of_the_caller_is_not_changed() -> None:
    picture = Image.open(io.BytesIO(encoded(Image.new("RGB", (3000, 2000), "white"), "JPEG")))
    read(picture)
    assert picture.size == (3000, 2000)


def test_transparent_strokes_lie_on_the_page_that_shows_them() -> None:
    black = draw(mode="RGBA", page=(0, 0, 0, 0), ink=(0, 0, 0, 255))
    white = draw(mode="RGBA", page=(255, 255, 255, 0), ink=(255, 255, 255, 255))
    assert read(black).page == "white"
    assert read(white).page == "black"
    assert read(draw(mode="RGBA", page=(255, 255, 255, 255), ink=(0, 0, 0, 255))).page is None
    assert np.array_equal(to_digit(black).pixels, to_digit(white).pixels)


def test_ranges_of_numbers() -> None:
    grey = np.asarray(draw())
    wanted = read(grey).colours
    for same in (grey / 255, grey.astype(float), grey.astype(np.int64), (grey.astype(np.uint16) * 257)):
        assert np.allclose(read(same).colours, wanted, atol=1e-6)
    assert np.array_equal(read(np.eye(9, dtype=bool)).colours, read(np.eye(9, dtype=np.uint8) * 255).colours)


def test_ink_that_differs_by_less_than_float32_can_share_out() -> None:
    """Found by benchmarks/fuzz_uploads.py in damaged PNGs: a threshold's 256 bins had no room."""
    amount = np.full((30, 30), 0.9, np.float32)
    amount[5:20, 10:13] += np.float32(1e-5)
    assert find_ink(amount).mask.shape == (30, 30)


def test_iphone_photos_are_told_by_their_name() -> None:
    with pytest.raises(ImageError, match="HEIC") as caught:
        read(b"\0\0\0\x18ftypheic" + bytes(100))
    assert caught.value.key == "heic"
    with pytest.raises(ImageError, match="not a picture"):
        read(b"\0\0\0\x18ftypmp42" + bytes(100))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "I;16", "F"])
@pytest.mark.parametrize("side", [300, 1500])
def test_every_mode_is_read_whole_and_in_bands(mode: str, side: int) -> None:
    picture = in_mode(Image.new("L", (side, side), 230), mode)
    upload = read(picture)
    assert upload.colours.shape == (min(side, 640), min(side, 640), 3)
    assert 0 <= upload.colours.min() <= upload.colours.max() <= 1


def test_bands_make_what_a_resize_makes() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (2003, 3001, 4), dtype=np.uint8)
    for picture in (Image.fromarray(noise[..., :3]), Image.fromarray(noise)):
        whole = picture.convert("RGBa") if picture.mode == "RGBA" else picture
        wanted = whole.resize((640, 427), Image.Resampling.BOX, reducing_gap=2.0)
        assert np.array_equal(np.asarray(reading._small(whole, lambda band: band)), np.asarray(wanted))


def test_a_matrix_is_an_array() -> None:
    values = np.zeros((40, 40))
    values[8:32, 18:22] = 1
    with pytest.warns(PendingDeprecationWarning):
        matrix = np.asmatrix(values)
    assert np.array_equal(to_digit(matrix).pixels, to_digit(values).pixels)
