from io import BytesIO
from random import Random

import pytest
from PIL import Image

from bot.services.meter_photo import NotAPhoto, PhotoTooLarge
from bot.vision.photo import LARGEST_BYTES, pixels_of, reencoded
from tests.integration.vision.pictures import drum, file

LANDSCAPE = Image.new("RGB", (400, 300), (200, 40, 40))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_what_phones_send_is_opened(kind: str) -> None:
    assert pixels_of(file(LANDSCAPE, kind)).shape == (300, 400, 3)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PDF", "ICO"])
def test_other_files_are_refused(kind: str) -> None:
    with pytest.raises(NotAPhoto):
        pixels_of(file(LANDSCAPE, kind))


def test_red_is_the_last_of_the_three_colours() -> None:
    blue, _, red = pixels_of(file(LANDSCAPE, "PNG"))[10, 10]

    assert (blue, red) == (40, 200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_turn_that_the_camera_noted_is_applied(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    assert pixels_of(file(LANDSCAPE, kind, exif=exif)).shape == (400, 300, 3)


def test_what_is_kept_has_no_place_time_or_camera_in_it() -> None:
    exif = Image.Exif()
    exif[0x0110] = "Somebody's phone"
    exif[0x0112] = 6
    kept = Image.open(BytesIO(reencoded(file(LANDSCAPE, exif=exif, comment=b"at home"))))

    assert kept.size == (300, 400)
    assert not kept.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(kept.info)


def test_what_is_kept_is_a_jpeg_of_modest_size() -> None:
    kept = Image.open(BytesIO(reencoded(file(drum("014623").resize((4000, 3000)), "PNG"))))

    assert (kept.format, kept.size) == ("JPEG", (1600, 1200))


def test_clear_parts_become_white() -> None:
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))

    assert pixels_of(file(clear, "PNG"))[50, 50].tolist() == [255, 255, 255]


def test_a_file_beyond_the_limit_is_not_opened() -> None:
    with pytest.raises(PhotoTooLarge) as refusal:
        pixels_of(b"\xff" * (LARGEST_BYTES + 1))

    assert (refusal.value.unit, refusal.value.limit) == ("bytes", LARGEST_BYTES)


def test_a_small_file_with_a_huge_picture_in_it_is_not_opened() -> None:
    bomb = file(Image.new("1", (9000, 9000)), "PNG")

    with pytest.raises(PhotoTooLarge) as refusal:
        pixels_of(bomb)
    assert refusal.value.unit == "pixels"


def test_a_picture_beyond_all_bounds_is_no_photo() -> None:
    with pytest.raises((NotAPhoto, PhotoTooLarge)):
        pixels_of(file(Image.new("1", (20_000, 20_000)), "PNG"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_damaged_files_are_opened_or_refused_and_nothing_else(kind: str) -> None:
    whole = file(LANDSCAPE.resize((64, 48)), kind)
    random = Random(kind)
    for _ in range(150):
        damaged = bytearray(whole[: random.randint(1, len(whole))])
        for _ in range(random.randint(0, 8)):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        try:
            reencoded(bytes(damaged))
        except (NotAPhoto, PhotoTooLarge):
            continue
