"""Uploads of every kind, good and bad, each made by a few lines."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def digit(side: int = 200) -> Image.Image:
    """A 5 in dark ink on white paper."""
    picture = Image.new("L", (side, side), 250)
    pen = ImageDraw.Draw(picture)
    points = [(0.68, 0.2), (0.38, 0.2), (0.36, 0.46), (0.55, 0.43), (0.66, 0.56), (0.6, 0.74), (0.33, 0.78)]
    pen.line([(x * side, y * side) for x, y in points], fill=20, width=side // 14, joint="curve")
    return picture


def encoded(picture: Image.Image, kind: str = "PNG", **settings: object) -> bytes:
    data = io.BytesIO()
    picture.save(data, kind, **settings)
    return data.getvalue()


def huge_png(side: int = 20_000) -> bytes:
    """A valid PNG of side × side white pixels in some tens of kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * (side // 8)
    body = b"".join([*(packer.compress(row) for _ in range(side)), packer.flush()])
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def sixteen_bit() -> Image.Image:
    return Image.fromarray(np.asarray(digit(), dtype=np.uint16) * 257)


GOOD = {
    "animated.gif": lambda: encoded(digit(), "GIF", save_all=True, append_images=[Image.new("L", (200, 200), 250)] * 3),
    "sixteen_bit.png": lambda: encoded(sixteen_bit()),
    "cmyk.jpg": lambda: encoded(digit().convert("CMYK"), "JPEG"),
    "palette.png": lambda: encoded(digit().convert("P")),
}
BAD = {
    "text.png": lambda: b"this is not a picture",
    "truncated.jpg": lambda: encoded(digit(), "JPEG")[:700],
    "empty.png": lambda: b"",
    "huge.png": huge_png,
    "drawing.svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
}


def write(folder: Path, name: str) -> str:
    """One of ``GOOD`` or ``BAD`` as a file; returns its path."""
    path = folder / name
    path.write_bytes((GOOD | BAD)[name]())
    return str(path)
