import pytest

from bot.vision.shapes import Box, around, chains, overlap, upright


def digit(x: float, *, y: float = 100, height: float = 30) -> Box:
    return Box(x=x, y=y, width=20, height=height, angle_degrees=0)


def test_single_digits_on_one_line_are_chained() -> None:
    (chain,) = chains([digit(100), digit(140), digit(180, y=103)])

    assert chain.x == pytest.approx(140, abs=2)
    assert chain.width == pytest.approx(100, abs=3)


def test_a_lower_line_and_a_distant_digit_stay_apart() -> None:
    assert not chains([digit(100), digit(140, y=140), digit(400)])


def test_print_of_another_size_is_no_neighbour() -> None:
    assert not chains([digit(100), digit(140, height=80)])


@pytest.mark.parametrize(
    ("angle", "width", "expected"),
    [(0.0, 50.0, 0.0), (90.0, 20.0, 0.0), (80.0, 20.0, -10.0), (-88.0, 20.0, 2.0)],
)
def test_a_rectangle_is_read_along_the_side_nearest_to_level(
    angle: float, width: float, expected: float
) -> None:
    box = upright(x=0, y=0, width=width, height=70 - width, angle_degrees=angle)

    assert box.angle_degrees == pytest.approx(expected)
    assert (box.width, box.height) == (50, 20)


def test_a_box_around_turned_boxes_has_them_all_in_it() -> None:
    left = Box(x=0, y=0, width=20, height=10, angle_degrees=45)
    right = Box(x=30, y=30, width=20, height=10, angle_degrees=45)

    box = around([left, right], angle_degrees=45)

    assert (box.x, box.y) == pytest.approx((15, 15))
    assert (box.width, box.height) == pytest.approx((20 + 30 * 2**0.5, 10))


def test_boxes_share_all_or_nothing_or_some() -> None:
    assert overlap(digit(0), digit(0)) == pytest.approx(1)
    assert overlap(digit(0), digit(50)) == 0
    assert overlap(digit(0), digit(10)) == pytest.approx(1 / 3)
