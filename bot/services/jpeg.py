"""JPEGs without what they tell beside the picture, for when nothing can make them anew. Pure.

A JPEG is a row of segments up to the picture itself. Cameras write place, time and owner into
segments APP1 to APP15 and comments, which no picture needs.
"""

from collections.abc import Iterator

_START, _END, _SCAN = b"\xff\xd8", b"\xff\xd9", 0xDA
_COMMENT = 0xFE
_KEPT_APPS = frozenset({0xE0, 0xEE})
"""JFIF, and Adobe's word on how colours are coded."""
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


class NotAJpeg(ValueError):
    """The bytes are no JPEG, or a broken one."""


def stripped(jpeg: bytes) -> bytes:
    """Return a JPEG with the same picture, and no EXIF, place, profile or comment.

    What follows the end of the picture goes too. Raises NotAJpeg.
    """
    if not jpeg.startswith(_START):
        raise NotAJpeg
    return b"".join((_START, *_segments(jpeg)))


def _segments(jpeg: bytes) -> Iterator[bytes]:
    at = len(_START)
    while True:
        marker, size = _segment(jpeg, at)
        if marker == _SCAN:
            break
        if not _tells(marker):
            yield jpeg[at : at + size]
        at += size
    yield from _scans(jpeg, at)


def _segment(jpeg: bytes, at: int) -> tuple[int, int]:
    """Return the marker at a position and the length of its segment, the marker included."""
    if at + 4 > len(jpeg) or jpeg[at] != 0xFF:
        raise NotAJpeg
    marker = jpeg[at + 1]
    if marker in _WITHOUT_LENGTH:
        return marker, 2
    size = 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    if size < 4 or at + size > len(jpeg):
        raise NotAJpeg
    return marker, size


def _tells(marker: int) -> bool:
    return marker == _COMMENT or (0xE0 <= marker <= 0xEF and marker not in _KEPT_APPS)


def _scans(jpeg: bytes, at: int) -> Iterator[bytes]:
    """Yield the picture: scans, each with its data, and tables between them; then the end."""
    while jpeg[at : at + 2] != _END:
        marker, size = _segment(jpeg, at)
        following = _after_data(jpeg, at + size) if marker == _SCAN else at + size
        if not _tells(marker):
            yield jpeg[at:following]
        at = following
    yield _END


def _after_data(jpeg: bytes, at: int) -> int:
    """Return where the next marker stands that is not part of a scan's data."""
    while True:
        at = jpeg.find(b"\xff", at)
        if at < 0 or at + 1 >= len(jpeg):
            raise NotAJpeg
        if jpeg[at + 1] != 0x00 and jpeg[at + 1] not in _WITHOUT_LENGTH:
            return at
        at += 2
