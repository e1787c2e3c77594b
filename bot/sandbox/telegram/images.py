"""What can be known of a picture without decoding it: its size in pixels."""

import struct
import zlib

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class NotAPicture(Exception):
    """The bytes are neither a PNG nor a JPEG."""


def pixel_size(data: bytes) -> tuple[int, int]:
    """This function will return width and height of a PNG or JPEG in pixels.

    Raises NotAPicture.
    """
    if data.startswith(_PNG) and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(_JPEG):
        return _jpeg_size(data)
    raise NotAPicture


def mime_type(data: bytes) -> str:
    """This function will return the MIME type of a picture that `pixel_size` can read."""
    return "image/png" if data.startswith(_PNG) else "image/jpeg"


def grey_png(width: int, height: int) -> bytes:
    """This function will draw an even grey rectangle, which stands in for a reduced picture."""
    rows = (b"\0" + b"\x99" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return _PNG + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _jpeg_size(data: bytes) -> tuple[int, int]:
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker in _FRAME_MARKERS:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + int(struct.unpack(">H", data[position + 2 : position + 4])[0])
    raise NotAPicture
