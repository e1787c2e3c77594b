"""Just enough of PNG to see that a picture is whole."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import zxingcpp

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_AS_IT_IS, _DIFFERENCE_TO_ROW_ABOVE = 0, 2
_CHANNELS = {0: 1, 2: 3, 6: 4}


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG taken apart: its rows are still filtered."""

    width: int
    height: int
    bits_per_pixel: int
    rows: tuple[bytes, ...]


def opened(png: bytes) -> Image:
    """Return the image; raises ValueError when a checksum or the amount of data is wrong."""
    chunks = list(_chunks(png))
    width, height, depth, colour = struct.unpack(">IIBB", chunks[0][1][:10])
    data = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    bits = depth * _CHANNELS[colour]
    stride = 1 + (width * bits + 7) // 8
    if chunks[-1][0] != b"IEND" or len(data) != stride * height:
        raise ValueError(len(data))
    rows = tuple(data[start : start + stride] for start in range(0, len(data), stride))
    return Image(width, height, bits, rows)


def grey_bytes(image: Image) -> bytes:
    """Return a byte per pixel of a one-bit image: 0 is black, 255 is white."""
    if image.bits_per_pixel != 1:
        raise ValueError(image.bits_per_pixel)
    return b"".join(_spread(row, image.width) for row in _unfiltered(image.rows))


def code_in(png: bytes) -> str:
    """Return what a phone reads from the QR code in a one-bit image."""
    image = opened(png)
    shape = memoryview(grey_bytes(image)).cast("B", (image.height, image.width))
    found = zxingcpp.read_barcode(shape)
    assert found is not None
    return str(found.text)


def _unfiltered(rows: tuple[bytes, ...]) -> Iterator[bytes]:
    above = bytes(len(rows[0]) - 1)
    for kind, *row in rows:
        if kind not in {_AS_IT_IS, _DIFFERENCE_TO_ROW_ABOVE}:
            raise ValueError(kind)
        base = above if kind == _DIFFERENCE_TO_ROW_ABOVE else bytes(len(row))
        above = bytes((a + b) % 256 for a, b in zip(row, base, strict=True))
        yield above


def _spread(packed: bytes, width: int) -> bytes:
    bits = "".join(f"{byte:08b}" for byte in packed)[:width]
    return bytes(255 * int(bit) for bit in bits)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(_SIGNATURE):
        raise ValueError(png[:8])
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", png, at + 8 + length)
        if zlib.crc32(kind + body) != checksum:
            raise ValueError(kind)
        yield kind, body
        at += length + 12
