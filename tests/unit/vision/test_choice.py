from decimal import Decimal

import pytest

from bot.vision.choice import Sighting, is_scale, ranked, strongest
from bot.vision.shapes import Box
from tests.unit.vision.lines import line

HERE = Box(x=100, y=100, width=100, height=30, angle_degrees=0)
THERE = Box(x=100, y=300, width=100, height=30, angle_degrees=0)


def sighting(value: str, weight: float = 500, *, height: float = 0.05, box: Box = HERE) -> Sighting:
    return Sighting(box=box, height=height, evidence={Decimal(value): weight})


def test_the_value_that_most_boxes_show_wins() -> None:
    best, second = ranked([sighting("1462"), sighting("1462"), sighting("1482")])

    assert (best.value, second.value) == (Decimal(1462), Decimal(1482))
    assert best.score > 0.5 > second.score


def test_values_with_the_same_whole_part_stand_together() -> None:
    (only,) = ranked([sighting("1462.3"), sighting("1462"), sighting("1462.3")])

    assert only.value == Decimal("1462.3")


def test_weak_evidence_leaves_doubt() -> None:
    (only,) = ranked([sighting("1462", 0.5)])

    assert only.score < 0.1


def test_large_digits_count_for_more_than_small_print() -> None:
    best, _ = ranked([sighting("1600", height=0.02), sighting("1462", height=0.06)])

    assert best.value == Decimal(1462)


def test_the_strongest_boxes_are_of_different_places() -> None:
    boxes = strongest([sighting("1462"), sighting("1462"), sighting("1500", 60, box=THERE)], most=2)

    assert boxes == [HERE, THERE]


@pytest.mark.parametrize("digits", ["100001000100101", "10000100010010", "100001000"])
def test_the_place_values_printed_at_a_counter_are_no_counter(digits: str) -> None:
    assert is_scale(line(digits))


@pytest.mark.parametrize("digits", ["010010", "1000", "01462", "11111111"])
def test_a_counter_with_ones_and_zeros_is_still_a_counter(digits: str) -> None:
    assert not is_scale(line(digits))
