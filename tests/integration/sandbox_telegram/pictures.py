"""Small pictures for the tests."""

import struct

from bot.sandbox.telegram.images import grey_png

PNG = grey_png(320, 200)


def jpeg(width: int, height: int) -> bytes:
    """This function will make the beginning of a JPEG: enough to know its size."""
    comment = b"\xff\xfe" + struct.pack(">H", 5) + b"hey"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + comment + frame + b"\xff\xd9"
