"""JPEGs lose what they tell beside the picture, and nothing of the picture."""

import pytest

from bot.services.jpeg import NotAJpeg, stripped

START, END = b"\xff\xd8", b"\xff\xd9"


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content


JFIF = segment(0xE0, b"JFIF\x00")
EXIF = segment(0xE1, b"Exif\x00\x00 lat 12.97 long 77.59 \xff\xd9 a small picture")
COMMENT = segment(0xFE, b"Asha's phone")
TABLE = segment(0xDB, b"\x00" * 65)
ADOBE = segment(0xEE, b"Adobe")
PICTURE = segment(0xDA, b"\x01\x02") + b"data \xff\x00 with \xff\xd3 restarts"
MORE = segment(0xC4, b"table") + segment(0xDA, b"\x03") + b"finer \xff\x00 data"


def test_what_a_camera_tells_is_gone_and_the_picture_is_the_same() -> None:
    told = START + JFIF + EXIF + COMMENT + TABLE + ADOBE + PICTURE + END
    assert stripped(told) == START + JFIF + TABLE + ADOBE + PICTURE + END


def test_a_progressive_picture_keeps_all_its_scans() -> None:
    told = START + TABLE + PICTURE + COMMENT + MORE + END
    assert stripped(told) == START + TABLE + PICTURE + MORE + END


def test_what_follows_the_picture_is_gone_too() -> None:
    assert stripped(START + PICTURE + END + b"a video of the street") == START + PICTURE + END


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        START,
        START + b"\xff",
        START + EXIF[:9],
        START + b"no marker",
        START + b"\xff\xe1\x00\x01",
        START + PICTURE,
        START + PICTURE + b"\xff",
    ],
)
def test_what_is_broken_is_no_jpeg(broken: bytes) -> None:
    with pytest.raises(NotAJpeg):
        stripped(broken)
