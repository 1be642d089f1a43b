"""A 28×28 picture as text that an address can hold, and back: the one that the network got, not the upload.

"px-" and base64url (RFC 4648, section 5, without padding) of a raw deflate stream (RFC 1951) of the 784 bytes. A digit
takes some 250 to 500 characters, any picture at most 1,056. The text comes from whoever wrote the link: its length is
looked at before anything is unpacked, and no more than one byte too many ever is.
"""

from __future__ import annotations

import base64
import re
import zlib

import numpy as np

from interface.widgets.grey import SIDE, packed, unpacked

PREFIX = "px-"  # the ids of the examples have no hyphen; another coding would begin otherwise
LONGEST = len(PREFIX) + 1053  # characters: deflate makes 784 bytes into 789 at most, and base64 three into four
_CODE = re.compile(rf"{PREFIX}([A-Za-z0-9_-]+)", re.ASCII)


def picture_text(pixels: np.ndarray) -> str:
    """(28, 28) in [0, 1] as text; exact for whole multiples of 1/255."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    stream = packer.compress(packed(pixels)) + packer.flush()
    return PREFIX + base64.urlsafe_b64encode(stream).decode().rstrip("=")


def picture_of(text: str) -> np.ndarray | None:
    """(28, 28) float32 in [0, 1] of such a text; None for any other."""
    found = _CODE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        stream = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
        grey = unpacker.decompress(stream, SIDE**2 + 1)
    except (ValueError, zlib.error):  # binascii's error is a ValueError
        return None
    whole = unpacker.eof and not unpacker.unused_data and len(grey) == SIDE**2
    return unpacked(grey) if whole else None
