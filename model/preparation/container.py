"""What of a picture file may reach Pillow, whose readers trust a file's own account of itself.

The figures beside each limit were measured on Pillow 12.3 with files of at most 15 MB that were made for it. Without
the limits such files read for minutes, or fill 20 GB from one.
"""

from __future__ import annotations

import io
import struct
import time

SECONDS = 1.5  # of the processor, for reading and decoding; 64 million pixels of noise take 1.2
READ_AGAIN = 4  # how often a file may be read over: a GIF is three times, a notebook of 20,000 copies is that often
MOST_SEGMENTS = 2_000  # of a JPEG: 15 MB of notes are 230, 15 MB of empty segments took 2.4 s
MOST_SCANS = 1_500_000_000  # pixels × scans of a JPEG: 64 million in a dozen; 500 scans in 0.3 MB took 11 s
MOST_STRIPS = 70_000  # of a TIFF: one for each of its rows; 3.5 million took 13 s and 0.9 GB

ORIENTATION = 0x0112  # EXIF's tag, and TIFF's
_STRIPS = (0x0111, 0x0144)  # TIFF's tags StripOffsets and TileOffsets
_SHORT = 3  # TIFF's type of two bytes
_BYTES_OF = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_ENTRY = 12  # bytes of an entry of a TIFF's directory (TIFF 6.0, section 2)
_HEADS = {b"II*\0": "<", b"MM\0*": ">"}  # how a TIFF, and EXIF, begins: the order of its bytes

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA  # markers of a JPEG (ITU T.81, table B.1)
_BARE = {0x01, *range(0xD0, 0xD8)}  # those without a length
_NOTES = {*range(0xE1, 0xEE), 0xEF, 0xFE}  # about the picture: all but JFIF's and Adobe's, which tell its colours
_EXIF = b"Exif\0\0"


class TooMuchWork(Exception):
    """Reading the file would take too long or too much memory."""


class Patient(io.BytesIO):
    """A file in memory that raises ``TooMuchWork`` in the middle of reading once it was read for too long."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._until = time.thread_time() + SECONDS
        self._left = READ_AGAIN * len(content) + 1_000_000

    def read(self, size: int | None = -1, /) -> bytes:
        """The next ``size`` bytes."""
        found = super().read(size)
        self._left -= len(found)
        if self._left < 0 or time.thread_time() > self._until:
            raise TooMuchWork
        return found


def opened(content: bytes) -> tuple[Patient, bytes]:
    """The file that Pillow may read, and its EXIF, empty where that is not taken out before.

    Raises:
        TooMuchWork: it was made to be slow, or to fill the memory.
        ValueError: it is damaged.
    """
    if content[:3] == b"\xff\xd8\xff":
        content, exif = _without_notes(content)
        return Patient(content), exif
    if content[:4] in _HEADS:
        _check_directory(content)
    return Patient(content), b""


def orientation_in(exif: bytes) -> int:
    """EXIF's orientation, 1 to 8; 1 where there is none or it cannot be read.

    Pillow copies whatever every entry points to, which may be the whole file 65,535 times.
    """
    notes = exif.removeprefix(_EXIF)
    try:
        order = _HEADS[notes[:4]]
        for tag, kind, count, place in _directory(notes, order):
            if tag == ORIENTATION and kind == _SHORT and count == 1:
                (found,) = struct.unpack_from(f"{order}H", notes, place)
                return found if 1 <= found <= 8 else 1
    except (KeyError, ValueError, struct.error):  # damaged notes are no reason to turn away the picture itself
        pass
    return 1


def _directory(notes: bytes, order: str) -> list[tuple[int, int, int, int]]:
    """Of the first directory: tag, type, count, and where the entry's own four bytes stand."""
    (start,) = struct.unpack_from(f"{order}L", notes, 4)
    (entries,) = struct.unpack_from(f"{order}H", notes, start)
    places = [start + 2 + _ENTRY * number for number in range(entries)]
    return [(*struct.unpack_from(f"{order}HHL", notes, place), place + 8) for place in places]


def _check_directory(content: bytes) -> None:
    order = _HEADS[content[:4]]
    try:
        entries = _directory(content, order)
    except struct.error as problem:
        raise ValueError("its directory is cut off") from problem
    if any(tag in _STRIPS and count > MOST_STRIPS for tag, _, count, _ in entries):
        raise TooMuchWork
    if sum(count * _BYTES_OF.get(kind, 0) for _, kind, count, _ in entries) > READ_AGAIN * len(content):
        raise TooMuchWork


def _without_notes(content: bytes) -> tuple[bytes, bytes]:
    """A JPEG with nothing in it but what its pixels need, and its EXIF."""
    kept, exif, at, pixels = [content[:2]], b"", 2, 0
    for _ in range(MOST_SEGMENTS):
        start, at = at, at + 1
        if content[start : start + 1] != b"\xff":
            raise ValueError("no marker where one must be")
        while content[at : at + 1] == b"\xff" and at - start < MOST_SEGMENTS:  # fill bytes are allowed before it
            at += 1
        marker, at = content[at], at + 1
        if marker == _SOS:
            rest = content[start:]
            if rest.count(b"\xff\xda") * pixels > MOST_SCANS:
                raise TooMuchWork
            return b"".join([*kept, rest]), exif
        if marker in (_SOI, _EOI):
            raise ValueError("no picture between begin and end")
        if marker in _BARE:
            continue
        length = int.from_bytes(content[at : at + 2], "big")
        segment, at = content[at + 2 : at + length], at + length
        if length < 2 or at > len(content):
            raise ValueError("a segment is cut off")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a frame's size
            height, width = struct.unpack_from(">HH", segment.ljust(5, b"\0"), 1)
            pixels = max(pixels, height * width)
        if marker not in _NOTES:
            kept.append(content[start:at])
        elif marker == 0xE1 and segment.startswith(_EXIF) and not exif:
            exif = segment
    raise TooMuchWork
