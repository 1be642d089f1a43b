"""A picture as text in an address: exact there and back, short, and nothing but a picture comes out of any text."""

from __future__ import annotations

import base64
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from interface.chat.examples import EXAMPLES
from interface.links.linked_picture import LONGEST, PREFIX, picture_of, picture_text
from model.datasets import data_folder, load
from model.preprocess import as_it_is, to_digit
from tests.bot.digits import STROKES, drawn

UNRESERVED = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")  # stay as they are in an address
NOISE = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
FIVE = picture_text(drawn("five"))


def coded(content: bytes, prefix: str = PREFIX) -> str:
    """Any bytes, packed as the 784 of a picture are."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return prefix + in_base64(packer.compress(content) + packer.flush())


def in_base64(stream: bytes) -> str:
    return base64.urlsafe_b64encode(stream).decode().rstrip("=")


@given(arrays.arrays(np.uint8, (28, 28)))
@example(NOISE)
@example(np.full((28, 28), 255, np.uint8))
@example(np.arange(784, dtype=np.uint8).reshape(28, 28))
def test_every_picture_comes_back_exactly(grey: np.ndarray) -> None:
    pixels = grey.astype(np.float32) / np.float32(255)
    text = picture_text(pixels)
    assert len(text) <= LONGEST
    assert set(text) <= UNRESERVED
    back = picture_of(text)
    assert back is not None
    assert back.dtype == np.float32
    assert np.array_equal(back, pixels)
    assert np.array_equal(as_it_is(back).pixels, pixels)  # what the network then gets


def test_a_digit_takes_a_few_hundred_characters() -> None:
    pictures = [*(drawn(name) for name in STROKES), *(to_digit(one.path).pixels for one in EXAMPLES)]
    assert max(len(picture_text(pixels)) for pixels in pictures) <= 600


@pytest.mark.data
@pytest.mark.skipif(data_folder() is None, reason="WHYDIGIT_DATA is not set")
def test_so_does_one_of_mnist() -> None:
    pictures = load("mnist", "test").pictures[:300]
    assert max(len(picture_text(grey / np.float32(255))) for grey in pictures) <= 500


def test_no_example_can_be_taken_for_one() -> None:
    assert not [one.id for one in EXAMPLES if one.id.startswith(PREFIX)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        PREFIX,
        "five",
        FIVE[len(PREFIX) :],
        FIVE[:-1],
        FIVE[: len(FIVE) // 2],
        FIVE + "A",  # one sign too many for base64
        FIVE + "AAAA",  # three bytes after the end of the stream
        FIVE + "=",
        FIVE + "\n",
        f" {FIVE}",
        FIVE.replace("px", "PX"),
        FIVE + "é",
        PREFIX + "٣" * 40,
        PREFIX + "A" * 300,
        PREFIX + "/+" * 40,
        coded(bytes(783)),
        coded(bytes(785)),
        coded(bytes(784), "px_"),
        PREFIX + base64.urlsafe_b64encode(zlib.compress(bytes(784))).decode().rstrip("="),  # zlib's header before it
        PREFIX + "A" * 5_000_000,
    ],
    ids=range(21),
)
def test_whatever_is_no_picture_is_none(text: str) -> None:
    assert picture_of(text) is None


def test_of_a_text_that_is_too_long_nothing_is_unpacked() -> None:
    blocks = (LONGEST - len(PREFIX)) * 3 // 4 // 5  # empty stored blocks of five bytes before the picture
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    stream = b"\x00\x00\x00\xff\xff" * blocks + packer.compress(bytes(784)) + packer.flush()
    text = PREFIX + in_base64(stream)
    assert len(text) > LONGEST
    assert picture_of(text) is None
    short = PREFIX + in_base64(stream[5 * (blocks - 10) :])
    assert picture_of(short) is not None


def test_a_bomb_is_not_unpacked() -> None:
    text = coded(bytes(700_000))
    assert len(text) <= LONGEST
    picture_of(text)  # what is loaded on the way is not counted
    tracemalloc.start()
    try:
        assert picture_of(text) is None
        assert tracemalloc.get_traced_memory()[1] < 200_000
    finally:
        tracemalloc.stop()


def assert_nothing_or_a_picture(text: str) -> None:
    pixels = picture_of(text)
    if pixels is not None:
        assert pixels.shape == (28, 28)
        assert np.array_equal(as_it_is(pixels).pixels, pixels)
        assert pixels.min() >= 0
        assert pixels.max() <= 1


@given(st.text(max_size=1200) | st.text(alphabet=sorted(UNRESERVED), max_size=1200))
def test_any_text(text: str) -> None:
    assert_nothing_or_a_picture(text)
    assert_nothing_or_a_picture(PREFIX + text)


@given(st.binary(max_size=789))
def test_any_stream(stream: bytes) -> None:
    assert_nothing_or_a_picture(PREFIX + in_base64(stream))


@given(st.integers(len(PREFIX), len(FIVE) - 1), st.sampled_from(sorted(UNRESERVED)))
def test_a_sign_that_was_changed(place: int, sign: str) -> None:
    assert_nothing_or_a_picture(FIVE[:place] + sign + FIVE[place + 1 :])
