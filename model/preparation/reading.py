"""Reads an upload: any common picture file, its bytes, a Pillow picture or an array → colours in [0, 1], upright.

Nothing but ``ImageError`` leaves this file, whatever comes in, and the sizes are looked at before anything is decoded.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from model.errors import ImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # told apart by content, never by the file's name
MAX_BYTES = 20_000_000
MAX_PIXELS = 64_000_000  # above the largest common phone photo (50 million), below what fills a small machine
WORK_SIDE = 640  # pixels: the longer side that all later steps work on; a digit's strokes stay several pixels wide
ORIENTATION = 0x0112  # EXIF's tag

KINDS = "PNG, JPEG, WebP, GIF, BMP or TIFF"
_DEGREES = {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}  # EXIF orientation → clockwise, after mirroring for 4, 5, 7
_ALPHA_CONTRAST = 0.1  # less than this between the lightest and darkest place over white: it was drawn for a dark page


@dataclass(frozen=True, eq=False)
class Upload:
    """A picture that was read."""

    colours: np.ndarray  # (H, W, 3) float32 in [0, 1], longer side at most WORK_SIDE
    width: int  # as uploaded, upright
    height: int
    kind: str  # "PNG", "JPEG", …, "picture" or "array"
    animated: bool = False  # only its first frame was taken
    degrees: int = 0  # turned clockwise, as the camera noted
    page: str | None = None  # "white" or "black": what transparent places were laid on


def read(raw: object) -> Upload:
    """Path, bytes, Pillow picture or array → ``Upload``; raises ImageError for everything else."""
    if isinstance(raw, np.ndarray):
        return _from_array(raw)
    if isinstance(raw, Image.Image):
        return _from_picture(raw, fresh=False)
    if isinstance(raw, (bytes, bytearray, memoryview)):
        return _from_bytes(bytes(raw))
    if isinstance(raw, (str, os.PathLike)):
        return _from_bytes(_file_bytes(raw))
    raise ImageError(f"A {type(raw).__name__} is not a picture; give a file, its bytes, a Pillow picture or an array.")


def _file_bytes(path: str | os.PathLike[str]) -> bytes:
    try:
        file = Path(path)
        if not file.is_file():
            raise ImageError(
                f"There is no picture file named {file.name or file}; check the name and the folder.", "no_file"
            )
        if file.stat().st_size > MAX_BYTES:
            raise _too_many_bytes(file.stat().st_size)
        return file.read_bytes()
    except (OSError, ValueError, TypeError) as problem:  # ValueError: a null byte in the name
        raise ImageError(
            "This file cannot be opened; check its name and that it may be read.", "no_access"
        ) from problem


def _too_many_bytes(size: int) -> ImageError:
    has, most = f"{size / 1e6:.0f}", f"{MAX_BYTES / 1e6:.0f}"
    message = f"The file has {has} MB and at most {most} MB are read; save it smaller."
    return ImageError(message, "too_many_bytes", megabytes=has, most=most)


def _too_many_pixels() -> ImageError:
    most = MAX_PIXELS // 1_000_000
    message = f"The picture has more than {most} million pixels; save it smaller."
    return ImageError(message, "too_many_pixels", most=most)


def _check_pixels(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise ImageError("The picture has no pixels; upload another one.", "no_pixels")
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()


def _from_bytes(content: bytes) -> Upload:
    if not content:
        raise ImageError(f"The file is empty; upload a {KINDS} picture.", "empty")
    if len(content) > MAX_BYTES:
        raise _too_many_bytes(len(content))
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise ImageError(
            f"This is a drawing or page written as text (SVG or HTML); save it as {KINDS} and upload that.", "markup"
        )
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise _too_many_pixels() from problem
    except Exception as problem:  # Pillow's readers raise whatever damaged bytes lead them to
        raise ImageError(
            f"This is not a picture that can be read; upload a {KINDS} file.", "not_a_picture"
        ) from problem
    return _from_picture(picture, fresh=True)


def _from_picture(picture: Image.Image, fresh: bool) -> Upload:
    """``fresh``: nobody else holds the picture, so it may be told to decode itself smaller."""
    width, height = picture.size
    _check_pixels(width, height)
    try:
        animated = bool(getattr(picture, "is_animated", False)) and picture.format != "MPO"
        if animated and fresh:
            picture.seek(0)
        orientation = _orientation(picture)
        if fresh:
            picture.draft("RGB", (2 * WORK_SIDE, 2 * WORK_SIDE))  # JPEG only: at ½, ¼ or ⅛, which is much faster
        colours, page = _colours(picture)
        colours = _turned(colours, orientation)
    except Exception as problem:  # Pillow's readers raise whatever damaged bytes lead them to
        raise ImageError("The picture is cut off or damaged; save it again and upload that.", "damaged") from problem
    if orientation >= 5:
        width, height = height, width
    kind = picture.format or "picture"
    return Upload(colours, width, height, kind, animated, _DEGREES.get(orientation, 0), page)


def _orientation(picture: Image.Image) -> int:
    """EXIF's orientation 1–8; 1 where there is none or it cannot be read."""
    try:
        found = picture.getexif().get(ORIENTATION, 1)
    except Exception:  # damaged notes about a picture are no reason to turn away the picture itself
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _turned(colours: np.ndarray, orientation: int) -> np.ndarray:
    """(H, W, 3) put upright."""
    if orientation >= 5:  # these swap rows and columns
        colours = colours.swapaxes(0, 1)
    rows = -1 if orientation in (3, 4, 7, 8) else 1
    columns = -1 if orientation in (2, 3, 6, 7) else 1
    return np.ascontiguousarray(colours[::rows, ::columns])


def _colours(picture: Image.Image) -> tuple[np.ndarray, str | None]:
    """Any Pillow mode → (H, W, 3) in [0, 1] at working size, and the page laid under it."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;"):
        return _grey_to_colours(_unit(np.array(picture))), None
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        # Premultiplied, so that the colour of places that nobody sees does not bleed into their neighbours.
        small = whole.convert("RGBa") if _size(whole.size) != whole.size else None
        if small is not None:
            whole = small.resize(_size(whole.size), Image.Resampling.BOX, reducing_gap=2.0).convert("RGBA")
        return over_page(np.asarray(whole, np.float32) / 255)
    plain = picture.convert("RGB")
    if _size(plain.size) != plain.size:
        plain = plain.resize(_size(plain.size), Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(plain, np.float32) / 255, None


def over_page(values: np.ndarray) -> tuple[np.ndarray, str | None]:
    """(H, W, 4) in [0, 1], not premultiplied → (H, W, 3) laid on white; on black where white would hide the drawing."""
    colours, alpha = values[..., :3], values[..., 3:]
    if alpha.min() >= 1:
        return colours.copy(), None
    white = colours * alpha + (1 - alpha)
    if np.ptp(white.mean(axis=2)) < _ALPHA_CONTRAST:
        black = colours * alpha
        if np.ptp(black.mean(axis=2)) >= _ALPHA_CONTRAST:
            return black, "black"
    return white, "white"


def _size(size: tuple[int, int]) -> tuple[int, int]:
    """(width, height) with the longer side at most WORK_SIDE."""
    shrink = max(size) / WORK_SIDE
    return size if shrink <= 1 else (max(1, round(size[0] / shrink)), max(1, round(size[1] / shrink)))


def _grey_to_colours(grey: np.ndarray) -> np.ndarray:
    """(H, W) in [0, 1] → (H, W, 3) at working size."""
    height, width = grey.shape
    if _size((width, height)) != (width, height):
        picture = Image.fromarray(grey).resize(_size((width, height)), Image.Resampling.BOX, reducing_gap=2.0)
        grey = np.asarray(picture, np.float32)
    return np.repeat(grey[..., None], 3, axis=2)


def _from_array(array: np.ndarray) -> Upload:
    """(H, W), (H, W, 1), (H, W, 3) or (H, W, 4); see ``_unit`` for the values."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.ndim != 2 and not (array.ndim == 3 and array.shape[2] in (3, 4)):
        raise ImageError(f"An array of shape {array.shape} is not a picture; give (H, W), (H, W, 3) or (H, W, 4).")
    height, width = array.shape[:2]
    _check_pixels(width, height)
    values = _unit(array)
    page = None
    if values.ndim == 2:
        colours = _grey_to_colours(values)
    else:
        if values.shape[2] == 4:
            values, page = over_page(values)
        parts = [_grey_to_colours(np.ascontiguousarray(values[..., channel]))[..., 0] for channel in range(3)]
        colours = np.stack(parts, axis=2)
    return Upload(colours, width, height, "array", page=page)


def _unit(array: np.ndarray) -> np.ndarray:
    """Numbers → float32 in [0, 1], a new array: by the range that they use (0–1, 0–255 or 0–65,535)."""
    if array.dtype.kind not in "buif":
        raise ImageError(f"An array of {array.dtype} is not a picture; give whole numbers 0–255 or fractions 0–1.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ImageError("The array holds values that are not numbers (NaN or infinite); replace them first.")
    low, high = float(array.min()), float(array.max())  # before narrowing, which could overflow
    top = next((top for top in (1.0, 255.0, 65535.0) if high <= top), None)
    if low < 0 or top is None:
        raise ImageError(f"The array's values run from {low:g} to {high:g}; give 0–255 or 0–1.")
    return array.astype(np.float32) / np.float32(top)
