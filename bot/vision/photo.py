"""Files that people send: opened carefully, made upright, and stripped of what they tell beside."""

import warnings
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from bot.services.meter_photo import NotAPhoto, PhotoTooLarge
from bot.vision.pixels import Pixels

LARGEST_BYTES = 20 * 1024 * 1024
LARGEST_PIXELS = 64_000_000
KINDS = ("JPEG", "PNG", "WEBP", "HEIF", "MPO")
KEPT_LONG_SIDE = 1600
KEPT_QUALITY = 85
READ_LONG_SIDE = 2560

register_heif_opener(thumbnails=False)


def pixels_of(photo: bytes) -> Pixels:
    """Return the picture upright, blue first, no larger than reading needs.

    Raises PhotoTooLarge and NotAPhoto.
    """
    return np.ascontiguousarray(np.asarray(_opened(photo, READ_LONG_SIDE), np.uint8)[:, :, ::-1])


def reencoded(photo: bytes) -> bytes:
    """Return the picture as a JPEG of its own: upright, at most 1600 px long, no EXIF.

    Raises PhotoTooLarge and NotAPhoto.
    """
    file = BytesIO()
    _opened(photo, KEPT_LONG_SIDE).save(file, "JPEG", quality=KEPT_QUALITY, optimize=True)
    return file.getvalue()


def _opened(photo: bytes, long_side: int) -> Image.Image:
    if len(photo) > LARGEST_BYTES:
        raise PhotoTooLarge(size=len(photo), limit=LARGEST_BYTES, unit="bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _upright(photo, long_side)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        TypeError,
        KeyError,
        OverflowError,
    ) as broken:  # what decoders raise on bytes that lie
        raise NotAPhoto from broken


def _upright(photo: bytes, long_side: int) -> Image.Image:
    with Image.open(BytesIO(photo), formats=KINDS) as file:
        pixels = file.width * file.height
        if pixels > LARGEST_PIXELS:
            raise PhotoTooLarge(size=pixels, limit=LARGEST_PIXELS, unit="pixels")
        file.draft("RGB", (long_side, long_side))
        upright = ImageOps.exif_transpose(file).convert("RGBA" if _is_clear(file) else "RGB")
    upright.thumbnail((long_side, long_side))
    return _plain(upright)


def _is_clear(file: Image.Image) -> bool:
    return "A" in file.getbands() or "transparency" in file.info


def _plain(picture: Image.Image) -> Image.Image:
    """Return pixels alone, on white: a copy has no EXIF, profile or comment to be saved."""
    plain = Image.new("RGB", picture.size, "white")
    plain.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return plain
