"""Where the digits of a counter are looked for, in pictures that the tests draw."""

import numpy as np
import pytest
from PIL import Image

from bot.vision.pixels import Pixels
from bot.vision.shapes import Box
from bot.vision.strokes import MOST, stroke_rows
from tests.integration.vision.pictures import display, drum


def pixels(picture: Image.Image) -> Pixels:
    return np.ascontiguousarray(np.asarray(picture, np.uint8)[:, :, ::-1])


def holds(box: Box, *, left: float, right: float, middle: float) -> bool:
    """Whether the box reaches from one side of the digits to the other, and little farther."""
    return (
        box.y == pytest.approx(middle, abs=25)
        and left - 60 < box.x - box.width / 2 < left + 15
        and right - 15 < box.x + box.width / 2 < right + 60
    )


def test_segments_of_a_display_are_found_as_one_row() -> None:
    rows = stroke_rows(pixels(display("014623")))

    assert any(holds(row, left=280, right=666, middle=320) for row in rows)


def test_light_digits_on_dark_wheels_are_found_as_one_row() -> None:
    rows = stroke_rows(pixels(drum("014623")))

    assert any(holds(row, left=270, right=612, middle=302) for row in rows)


def test_the_display_need_not_be_a_rectangle_within_the_picture() -> None:
    cut = display("014623").crop((255, 250, 800, 390))

    assert any(holds(row, left=25, right=411, middle=70) for row in stroke_rows(pixels(cut)))


def test_a_bare_wall_has_no_rows() -> None:
    assert stroke_rows(pixels(Image.new("RGB", (640, 480), (190, 185, 180)))) == []


def test_noise_has_an_end() -> None:
    noise = Image.effect_noise((640, 480), 90).convert("RGB")

    assert len(stroke_rows(pixels(noise))) <= MOST
