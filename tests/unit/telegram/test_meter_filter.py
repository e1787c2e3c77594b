"""What a list of meters is narrowed to travels in a button, and comes back as it was."""

from itertools import product

import pytest

from bot.domain.meter import BillingType, MeterStatus, ServiceKind
from bot.domain.metering import MeterType
from bot.services.meters import MeterFilters
from bot.telegram.callbacks import MAX_BYTES, encode
from bot.telegram.meter_filter import CODES, NotAFilter, Turn, filters_from, words_of
from bot.telegram.screens.meters import list_press

FULL = MeterFilters(
    place_id=10**9,
    room_id=10**9,
    service=ServiceKind.HOT_WATER,
    type=MeterType.WATER_HOT,
    status=MeterStatus.RETIRED,
    billing_type=BillingType.INCLUDED,
    is_main=False,
)


def test_every_choice_comes_back() -> None:
    for kind, status, is_main, place_id in product(
        (None, *MeterType), (None, *MeterStatus), (None, True, False), (None, 7)
    ):
        filters = MeterFilters(type=kind, status=status, is_main=is_main, place_id=place_id)
        assert filters_from(*words_of(filters)) == filters
    assert filters_from(*words_of(FULL)) == FULL


def test_every_value_has_a_letter_of_its_own() -> None:
    kinds: list[set[object]] = [
        set(MeterType),
        set(ServiceKind),
        set(MeterStatus),
        set(BillingType),
        {True, False},
    ]
    for codes, values in zip(CODES.values(), kinds, strict=True):
        assert set(codes.values()) == values
        assert all(len(code) == 1 for code in codes)


def test_a_button_holds_all_filters_and_the_turn() -> None:
    assert len(encode(list_press(FULL, Turn(before_id=10**9)))) <= MAX_BYTES


@pytest.mark.parametrize(
    ("place", "said"),
    [("x", "-"), ("-1", "-"), ("1", "tQ"), ("1", "t"), ("1", "rx"), ("1", "r1tG")],
)
def test_what_is_none_of_ours_is_refused(place: str, said: str) -> None:
    with pytest.raises(NotAFilter):
        filters_from(place, said)
