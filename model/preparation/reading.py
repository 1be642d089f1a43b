"""Reads an upload: any common picture file, its bytes, a Pillow picture or an array → colours in [0, 1], upright.

Nothing but ``ImageError`` leaves this file, whatever comes in, and the sizes are looked at before anything is decoded.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from model.errors import ImageError
from model.preparation.container import ORIENTATION, TooMuchWork, opened, orientation_in

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # told apart by content, never by the file's name
MAX_BYTES = 20_000_000
MAX_PIXELS = 64_000_000  # above the largest common phone photo (50 million), below what fills a small machine
WORK_SIDE = 640  # pixels: the longer side that all later steps work on; a digit's strokes stay several pixels wide
LARGE = 4_000_000  # pixels from which on pictures are decoded one at a time, however many come: up to 0.3 GB each

KINDS = "PNG, JPEG, WebP, GIF, BMP or TIFF"
_DEGREES = {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}  # EXIF orientation → clockwise, after mirroring for 4, 5, 7
_PHONE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")  # ISO/IEC 23008-12
_BAND = 1_000_000  # pixels that are worked on at a time where a picture is shrunk
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
        return _from_array(np.asarray(raw))  # a matrix, which is one too, never loses its second axis
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
    if content[4:8] == b"ftyp" and content[8:12] in _PHONE_BRANDS:
        raise ImageError("This photo is in a format that is not read here (HEIC or AVIF); save it as JPEG.", "heic")
    try:
        file, exif = opened(content)
        picture = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise _too_many_pixels() from problem
    except TooMuchWork as problem:
        raise _too_much_work() from problem
    except Exception as problem:  # Pillow's readers raise whatever damaged bytes lead them to
        raise ImageError(
            f"This is not a picture that can be read; upload a {KINDS} file.", "not_a_picture"
        ) from problem
    if exif:
        picture.info["exif"] = exif
    return _from_picture(picture, fresh=True)


def _too_much_work() -> ImageError:
    message = f"Reading this file would take too long; save it again as {KINDS} and upload that."
    return ImageError(message, "too_much_work")


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
        with _one_decodes if width * height >= LARGE else nullcontext():
            colours, page = _colours(picture)
        colours = _turned(colours, orientation)
    except TooMuchWork as problem:
        raise _too_much_work() from problem
    except Exception as problem:  # Pillow's readers raise whatever damaged bytes lead them to
        raise ImageError("The picture is cut off or damaged; save it again and upload that.", "damaged") from problem
    finally:
        if fresh:
            picture.close()
    if orientation >= 5:
        width, height = height, width
    kind = picture.format or "picture"
    return Upload(colours, width, height, kind, animated, _DEGREES.get(orientation, 0), page)


_one_decodes = threading.Lock()


def _orientation(picture: Image.Image) -> int:
    """Orientation 1–8 as the camera noted it; 1 where it did not, or it cannot be read."""
    if isinstance(picture, TiffImageFile):
        found = picture.tag_v2.get(ORIENTATION, 1)
        return found if isinstance(found, int) and 1 <= found <= 8 else 1
    exif = picture.info.get("exif")
    return orientation_in(exif) if isinstance(exif, bytes) else 1


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
        return np.repeat(_numbers(picture)[..., None], 3, axis=2), None
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        if _size(picture.size) == picture.size:
            return over_page(np.asarray(picture.convert("RGBA"), np.float32) / 255)
        # Premultiplied, so that the colour of places that nobody sees does not bleed into their neighbours.
        small = _small(picture, lambda band: band.convert("RGBA").convert("RGBa"))
        return over_page(np.asarray(small.convert("RGBA"), np.float32) / 255)
    return np.asarray(_small(picture, lambda band: band.convert("RGB")), np.float32) / 255, None


def _numbers(picture: Image.Image) -> np.ndarray:
    """A picture in mode I, I;16 or F → (H, W) in [0, 1] at working size; see ``_top`` for the values."""
    ranges = []

    def fractions(band: Image.Image) -> Image.Image:
        values = np.array(band)
        ranges.append(_range(values))
        return Image.fromarray(values.astype(np.float32))

    small = np.asarray(_small(picture, fractions))  # which fills the ranges
    lows, highs = zip(*ranges, strict=True)
    return small / np.float32(_top(min(lows), max(highs)))


def _small(picture: Image.Image, change: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """``change`` of the picture at working size, as its ``resize`` with a reducing gap of 2 would make it.

    Band by band, so that beside the file's own pixels none are held that are as many.
    """
    size = _size(picture.size)
    across, down = (max(1, int(whole / part / 2)) for whole, part in zip(picture.size, size, strict=True))
    width, height = picture.size
    rows = down * max(1, _BAND // (width * down))
    reduced: Image.Image | None = None
    for top in range(0, height, rows):
        band = change(picture.crop((0, top, width, min(height, top + rows)))).reduce((across, down))
        if reduced is None:
            reduced = Image.new(band.mode, (band.width, -(-height // down)))
        reduced.paste(band, (0, top // down))
    assert reduced is not None, "the picture has pixels"
    return reduced.resize(size, Image.Resampling.BOX, (0, 0, width / across, height / down))


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
    """Numbers → float32 in [0, 1], a new array: by the range that they use, see ``_top``."""
    top = np.float32(_top(*_range(array)))
    return array.astype(np.float32) / top


def _range(array: np.ndarray) -> tuple[float, float]:
    """The least and the largest value, before narrowing, which could overflow; raises ImageError for no numbers."""
    if array.dtype.kind not in "buif":
        raise ImageError(f"An array of {array.dtype} is not a picture; give whole numbers 0–255 or fractions 0–1.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ImageError("The array holds values that are not numbers (NaN or infinite); replace them first.")
    return float(array.min()), float(array.max())


def _top(low: float, high: float) -> float:
    """What stands for white: 1, 255 or 65,535."""
    top = next((top for top in (1.0, 255.0, 65535.0) if high <= top), None)
    if low < 0 or top is None:
        raise ImageError(f"The array's values run from {low:g} to {high:g}; give 0–255 or 0–1.")
    return top
