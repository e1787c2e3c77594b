"""Round numbers on the vertical scale."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.scale import HEIGHT_OF_SCALE, scale_for

WATT_HOURS = st.integers(min_value=0, max_value=10**9).map(lambda wh: Decimal(wh).scaleb(-3))


@pytest.mark.parametrize(
    ("largest", "lines"),
    [
        ("0", ["1"]),
        ("14.3", ["5", "10", "15"]),
        ("10", ["5", "10"]),
        ("6", ["2", "4", "6"]),
        ("0.9", ["0.5", "1"]),
        ("0.001", ["0.001"]),
        ("370", ["200", "400"]),
    ],
)
def test_grid_lines_are_round(largest: str, lines: list[str]) -> None:
    assert list(scale_for(Decimal(largest)).values()) == [Decimal(line) for line in lines]


@given(WATT_HOURS)
def test_every_value_fits_under_few_lines(largest: Decimal) -> None:
    scale = scale_for(largest)

    assert 1 <= scale.lines <= 3
    assert scale.values()[-1] >= largest
    assert 0 <= scale.height(largest) <= HEIGHT_OF_SCALE


@given(WATT_HOURS, st.integers(min_value=0, max_value=100))
def test_heights_are_in_proportion(largest: Decimal, percent: int) -> None:
    scale = scale_for(largest)
    whole = scale.height(scale.values()[-1])

    assert scale.height(scale.values()[-1] * percent / 100) == whole * percent // 100
