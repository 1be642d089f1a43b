"""Real pictures in every format and mode, and what a hostile hand makes of them: for benchmarks/fuzz_uploads.py."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from interface.chat.examples import EXAMPLES

PNG = b"\x89PNG\r\n\x1a\n"
_MAGICS = (
    PNG,
    b"\xff\xd8\xff\xe0",
    b"GIF89a",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"RIFF\0\0\0\0WEBP",
    b"<svg ",
    b"%PDF-1.4",
    b"PK\3\4",
)
_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_KINDS: dict[str, tuple[tuple[str, dict[str, object]], ...]] = {  # format → mode and options, each saved once
    "PNG": tuple((mode, {}) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    "JPEG": (*((mode, {}) for mode in ("L", "RGB", "CMYK")), ("RGB", {"progressive": True})),
    "WEBP": (("RGB", {}), ("RGBA", {"lossless": True})),
    "GIF": (("L", {}), ("P", {})),
    "BMP": tuple((mode, {}) for mode in ("1", "L", "P", "RGB")),
    "TIFF": (
        *((mode, {}) for mode in ("1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I", "F", "I;16")),
        *(("RGB", {"compression": one}) for one in ("tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits")),
        ("1", {"compression": "group4"}),
    ),
}  # fmt: skip


def corpus(photos: list[Path]) -> list[tuple[str, bytes]]:
    """The format and the bytes of each picture: ours in every format and mode, then ``photos`` as they are."""
    made = []
    for number, example in enumerate(EXAMPLES):
        with Image.open(example.path) as opened:
            picture = opened.convert("L").resize((96 + 8 * number,) * 2)
        for kind, ways in _KINDS.items():
            for mode, options in ways:
                made.append((kind, _saved(picture, kind, mode, **options)))
        frames = {"save_all": True, "append_images": [picture.rotate(90 * turn) for turn in (1, 2)]}
        made += [(kind, _saved(picture, kind, "L", **frames)) for kind in ("GIF", "PNG", "WEBP", "TIFF")]
        notes = Image.Exif()
        notes[0x0112] = 1 + number % 8
        for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
            made.append((kind, _saved(picture, kind, "RGB", exif=notes, icc_profile=bytes(range(200)))))
    return made + [(kind_of(data), data) for data in (photo.read_bytes() for photo in photos)]


def kind_of(data: bytes) -> str:
    """By the first bytes; "other" for none of ours."""
    names = {PNG[:4]: "PNG", b"RIFF": "WEBP", b"GIF8": "GIF", b"II*\0": "TIFF", b"MM\0*": "TIFF"}
    short = {b"\xff\xd8": "JPEG", b"BM": "BMP"}
    return names.get(data[:4]) or short.get(data[:2], "other")


def mutated(draw: random.Random, data: bytes, other: bytes) -> bytes:
    """``data`` changed in one to six ways, some of them with pieces of ``other``; a PNG's checksums are then made good.

    Nine of ten times: the tenth keeps them wrong.
    """
    made = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 3, 6))):
        draw.choice(_WAYS)(draw, made, other)
    whole = bytes(made)
    return _checksums(whole) if whole.startswith(PNG) and draw.random() < 0.9 else whole


def _at(draw: random.Random, data: bytearray) -> int:
    """Half of the times near the front, where a file says what it is."""
    end = min(len(data), 600) if draw.random() < 0.5 else len(data)
    return draw.randrange(end) if end else 0


def _flip(draw: random.Random, data: bytearray, other: bytes) -> None:
    for _ in range(draw.choice((1, 4, 40)) if data else 0):
        data[_at(draw, data)] ^= 1 << draw.randrange(8)


def _number(draw: random.Random, data: bytearray, other: bytes) -> None:
    """A number at its border, in two or four bytes of either order."""
    at, size = _at(draw, data), draw.choice((2, 4))
    value = draw.choice(_NUMBERS) % (1 << 8 * size)
    data[at : at + size] = value.to_bytes(size, draw.choice(("big", "little")))  # type: ignore[arg-type]


def _cut(draw: random.Random, data: bytearray, other: bytes) -> None:
    del data[_at(draw, data) :]


def _drop(draw: random.Random, data: bytearray, other: bytes) -> None:
    at = _at(draw, data)
    del data[at : at + draw.choice((1, 2, 4, 12, 100))]


def _repeat(draw: random.Random, data: bytearray, other: bytes) -> None:
    at = _at(draw, data)
    piece = data[at : at + draw.choice((1, 4, 12, 64, 1000))]
    data[at:at] = piece * draw.choice((1, 3, 50))


def _splice(draw: random.Random, data: bytearray, other: bytes) -> None:
    start, at = draw.randrange(len(other)), _at(draw, data)
    data[at : at + draw.choice((0, 50))] = other[start : start + draw.choice((8, 200, 5000))]


def _noise(draw: random.Random, data: bytearray, other: bytes) -> None:
    at = _at(draw, data)
    data[at : at + 64] = draw.randbytes(draw.choice((1, 16, 64)))


def _magic(draw: random.Random, data: bytearray, other: bytes) -> None:
    magic = draw.choice(_MAGICS)
    data[: len(magic)] = magic


def _pixels(draw: random.Random, data: bytearray, other: bytes) -> None:
    """Damage within a PNG's packed rows, packed again: rows that say another filter, too few of them, too many."""
    at = data.find(b"IDAT") - 4
    if at < 0:
        return
    (length,) = struct.unpack_from(">I", data, at)
    try:
        rows = bytearray(zlib.decompressobj().decompress(bytes(data[at + 8 : at + 8 + length]), 10_000_000))
    except zlib.error:
        return
    draw.choice((_flip, _cut, _noise, _repeat))(draw, rows, other)
    packed = zlib.compress(bytes(rows), 1)
    data[at : at + 8 + length] = struct.pack(">I", len(packed)) + b"IDAT" + packed


_WAYS: tuple[Callable[[random.Random, bytearray, bytes], None], ...] = (
    _flip, _flip, _number, _number, _cut, _drop, _repeat, _splice, _noise, _magic, _pixels,
)  # fmt: skip


def _checksums(data: bytes) -> bytes:
    """A PNG whose chunks, as far as they follow one another, have right checksums."""
    made, at = bytearray(data), len(PNG)
    while at + 12 <= len(made):
        (length,) = struct.unpack_from(">I", made, at)
        end = at + 8 + length
        if end + 4 > len(made):
            break
        struct.pack_into(">I", made, end, zlib.crc32(made[at + 4 : end]))
        at = end + 4
    return bytes(made)


def _saved(picture: Image.Image, kind: str, mode: str, **options: object) -> bytes:
    stream = io.BytesIO()
    in_mode(picture, mode).save(stream, kind, **options)
    return stream.getvalue()


def in_mode(picture: Image.Image, mode: str) -> Image.Image:
    """A grey picture in another of Pillow's modes."""
    if mode in ("I;16", "I", "F"):
        return picture.convert("I").point(lambda value: value * 257).convert(mode)
    if mode in ("LAB", "HSV", "YCbCr", "CMYK"):
        return Image.merge(mode, [picture] * len(Image.new(mode, (1, 1)).getbands()))
    return picture.convert(mode)


def endless(draw: random.Random, pictures: list[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Mutated pictures, each with the format that it was made from; one of fifty is left as it is."""
    while True:
        kind, data = draw.choice(pictures)
        _, other = draw.choice(pictures)
        yield kind, data if draw.random() < 0.02 else mutated(draw, data, other)
