"""Files made to read for minutes or to fill the memory are turned away at once, and what looks like them is not.

Each was found by hand in Pillow 12.3's readers; the times in model/preparation/container.py are of larger ones.
"""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zlib

import pytest
from PIL import Image

from model.errors import ImageError
from model.preparation import container
from model.preparation.container import orientation_in
from model.preparation.reading import read


def encoded(kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (100, 100), 200).save(stream, kind, **options)
    return stream.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def directory(*entries: tuple[int, int, int, int], rest: bytes = b"", order: str = "<") -> bytes:
    """A TIFF of one directory; each entry is a tag, a type, a count and a value or place."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    packed = b"".join(struct.pack(f"{order}HHLL", *entry) for entry in entries)
    return head + struct.pack(f"{order}LH", 8, len(entries)) + packed + b"\0\0\0\0" + rest


def copies(size: int, count: int) -> bytes:
    """EXIF each of whose entries says that it holds all the rest of it: ``count`` × ``size`` bytes once it is read."""
    return directory(*((1000 + tag, 7, size, 8) for tag in range(count)), rest=bytes(size))


def strips(count: int) -> bytes:
    basic = [(256, 4, 1, 100), (257, 4, 1, 100), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    at = 8 + 2 + 12 * 8 + 4
    entries = [*basic, (273, 4, count, at), (278, 4, 1, 1), (279, 4, count, at)]
    return directory(*entries, rest=b"\x08\0\0\0" * count)


def scans(count: int, side: int = 2000) -> bytes:
    """A progressive JPEG whose last scan comes ``count`` times more."""
    stream = io.BytesIO()
    Image.new("L", (side, side), 100).save(stream, "JPEG", progressive=True)
    whole = stream.getvalue()
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * count + whole[-2:]


PNG, JPEG, GIF = (encoded(kind) for kind in ("PNG", "JPEG", "GIF"))
GIF_FRAME = 13 + 3 * (2 << (GIF[10] & 7))  # bytes before the first frame: the header and the palette
HEAVY = {
    "an EXIF of copies in a TIFF": lambda: copies(100_000, 2_000),
    "many strips": lambda: strips(container.MOST_STRIPS + 1),
    "many scans": lambda: scans(500),
    "many segments": lambda: JPEG[:2] + b"\xff\xe5\0\2" * container.MOST_SEGMENTS + JPEG[2:],
}
SLOW = {  # noticed by the time that they take
    "a GIF's comment": lambda: GIF[:GIF_FRAME] + b"\x21\xfe" + b"\1a" * 2_000_000 + b"\0" + GIF[GIF_FRAME:],
    "many chunks": lambda: PNG[:33] + chunk(b"vpAg", b"") * 200_000 + PNG[33:],
}
HARMLESS = {
    "an EXIF of copies in a PNG": lambda: PNG[:33] + chunk(b"eXIf", copies(100_000, 2_000)) + PNG[33:],
    "an EXIF of copies in a JPEG": lambda: JPEG[:2] + app1(copies(30_000, 2_000)) + JPEG[2:],
    "as many strips as rows": lambda: strips(100),
    "a dozen scans": lambda: scans(2),
    "some segments": lambda: JPEG[:2] + b"\xff\xe5\0\2" * 100 + JPEG[2:],
    "fill bytes": lambda: JPEG[:2] + b"\xff" * 50 + JPEG[2:],
    "a short comment": lambda: GIF[:GIF_FRAME] + b"\x21\xfe" + b"\1a" * 100 + b"\0" + GIF[GIF_FRAME:],
}


def app1(exif: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif


@pytest.mark.parametrize("name", HEAVY)
def test_too_much_work_is_refused_before_it_is_begun(name: str) -> None:
    content = HEAVY[name]()
    began = time.thread_time()
    with pytest.raises(ImageError) as caught:
        read(content)
    assert caught.value.key == "too_much_work"
    assert time.thread_time() - began < 0.5


@pytest.mark.parametrize("name", SLOW)
def test_too_much_time_is_noticed_while_it_passes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "SECONDS", 0.1)
    content = SLOW[name]()
    began = time.thread_time()
    with pytest.raises(ImageError) as caught:
        read(content)
    assert caught.value.key == "too_much_work"
    assert time.thread_time() - began < 0.3


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_it_is_read_in_little_memory(name: str) -> None:
    content = HARMLESS[name]()
    tracemalloc.start()
    try:
        assert read(content).colours.shape[2] == 3
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 30_000_000


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("value", "found"), [(1, 1), (6, 6), (8, 8), (0, 1), (9, 1)])
def test_an_orientation_is_found(order: str, value: int, found: int) -> None:
    place = value << 16 if order == ">" else value
    notes = directory((0x010F, 2, 4, 0), (0x0112, 3, 1, place), order=order)
    assert orientation_in(notes) == orientation_in(b"Exif\0\0" + notes) == found


@pytest.mark.parametrize(
    "notes",
    [
        b"",
        b"Exif\0\0",
        b"II*\0",
        b"II*\0\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\xff\xff",
        b"XX*\0\x08\0\0\0\1\0",
        directory((0x0112, 4, 1, 6)),  # of another type
        directory((0x0112, 3, 2, 6)),  # two of them
        directory((0x0112, 3, 1, 6))[:-8],
    ],
)
def test_damaged_notes_turn_nothing(notes: bytes) -> None:
    assert orientation_in(notes) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xd9",
        JPEG[:2] + b"\xff\xe1\xff\xff",
        JPEG[:2] + b"\xff\xe1\0\1" + JPEG[2:],
        JPEG[:2] + b"\xff\xe1\0\2abc" + JPEG[2:],
        b"\xff\xd8\xff\xc0\0\3" + JPEG[2:],
        b"II*\0\xff\xff\xff\xff",
    ],
)
def test_a_damaged_head_is_no_picture(content: bytes) -> None:
    with pytest.raises(ImageError) as caught:
        read(content)
    assert caught.value.key in ("not_a_picture", "damaged")
