"""Shared use is split to the paisa, by days, with the owner paying for vacant rooms."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.allocation import (
    Claim,
    MeasureUnknown,
    NothingToSplitBy,
    SharedRoom,
    Span,
    SpanEndsBeforeItStarts,
    Stay,
    Stretch,
    claims,
    rents,
    split,
)
from bot.domain.lease import Occupancy
from bot.domain.meter import SplitKey
from bot.domain.room_size import ALWAYS, RoomSize

LAST, NOVEMBER_ON = date(2025, 10, 31), date(2025, 11, 1)
OCTOBER = Span(from_on=date(2025, 10, 1), to_on=LAST)


def stay(
    lease_id: int,
    from_on: date = date(2025, 1, 1),
    to_on: date | None = None,
    measure: str | None = None,
) -> Stay:
    return Stay(
        lease_id=lease_id,
        tenant=f"Tenant {lease_id}",
        occupancy=Occupancy(start_on=from_on, end_on=to_on),
        measure=None if measure is None else Decimal(measure),
    )


def size(value: str, from_on: date = ALWAYS) -> RoomSize:
    return RoomSize(from_on=from_on, value=Decimal(value))


def room(room_id: int, *stays: Stay, measure: str | None = None, vacant: str = "0") -> SharedRoom:
    return SharedRoom(
        room_id=room_id,
        name=f"Room {room_id}",
        stays=stays,
        sizes=() if measure is None else (size(measure),),
        vacant_measure=Decimal(vacant),
    )


def parts(amount: int, found: Sequence[Claim]) -> dict[tuple[int | None, int | None], int]:
    shared = split(amount, [each.weight for each in found], [each.order for each in found])
    return {(each.room_id, each.lease_id): part for each, part in zip(found, shared, strict=True)}


def test_equal_parts_count_the_days_of_a_lease() -> None:
    late = stay(2, from_on=date(2025, 10, 17))
    found = claims(SplitKey.EQUAL, [room(1, stay(1)), room(2, late)], OCTOBER)
    assert parts(6200, found) == {(1, 1): 3100, (2, 2): 1500, (2, None): 1600}


def test_a_vacant_room_is_the_owners() -> None:
    found = claims(SplitKey.EQUAL, [room(1, stay(1)), room(2)], OCTOBER)
    assert parts(1001, found) == {(1, 1): 501, (2, None): 500}


def test_one_tenant_after_another_shares_the_rooms_part() -> None:
    first = stay(1, to_on=date(2025, 10, 11))
    second = stay(2, from_on=date(2025, 10, 11))
    found = claims(SplitKey.FLOOR_AREA, [room(1, first, second, measure="40.5")], OCTOBER)
    assert parts(3100, found) == {(1, 1): 1000, (1, 2): 2100}


def test_people_weigh_by_days() -> None:
    rooms = [room(1, stay(1), measure="3"), room(2, stay(2), measure="1")]
    assert parts(400, claims(SplitKey.HEADCOUNT, rooms, OCTOBER)) == {(1, 1): 300, (2, 2): 100}


def test_people_weigh_by_the_days_on_which_they_were_so_many() -> None:
    moved_in = replace(
        room(1, stay(1)), sizes=(size("2"), size("3", date(2025, 10, 11)), size("9", NOVEMBER_ON))
    )
    found = claims(SplitKey.HEADCOUNT, [moved_in, room(2, stay(2), measure="1")], OCTOBER)
    assert found[0].stretches == (
        Stretch(days=10, measure=Decimal(2)),
        Stretch(days=21, measure=Decimal(3)),
    )
    assert [each.weight for each in found] == [83, 31]
    assert parts(11_400, found) == {(1, 1): 8300, (2, 2): 3100}


def test_each_of_two_tenants_weighs_by_the_people_of_the_own_days() -> None:
    first, second = stay(1, to_on=date(2025, 10, 11)), stay(2, from_on=date(2025, 10, 16))
    house = replace(
        room(1, first, second), sizes=(size("1"), size("4", date(2025, 10, 16)), size("1", LAST))
    )
    found = claims(SplitKey.HEADCOUNT, [house], OCTOBER)
    assert {each.lease_id: (each.days, int(each.weight)) for each in found} == {
        1: (10, 10),
        2: (16, 61),
        None: (5, 5),
    }


def test_a_room_of_which_something_is_known_only_later_is_named() -> None:
    late = replace(room(1, stay(1)), sizes=(size("2", date(2025, 10, 2)),))
    with pytest.raises(MeasureUnknown) as caught:
        claims(SplitKey.HEADCOUNT, [late], OCTOBER)
    assert caught.value.rooms == ("Room 1",)


def test_a_room_of_which_nothing_is_known_is_named() -> None:
    with pytest.raises(MeasureUnknown) as caught:
        claims(SplitKey.HEADCOUNT, [room(1, stay(1), measure="2"), room(2)], OCTOBER)
    assert caught.value.rooms == ("Room 2",)


def test_own_consumption_is_not_weighed_by_days_again() -> None:
    late = stay(2, from_on=date(2025, 10, 17), measure="100")
    rooms = [room(1, stay(1, measure="100")), room(2, late, vacant="50")]
    found = claims(SplitKey.OWN_CONSUMPTION, rooms, OCTOBER)
    assert parts(500, found) == {(1, 1): 200, (2, 2): 200, (2, None): 100}


def test_what_nobody_has_of_a_ratio_is_the_owners() -> None:
    left = stay(1, to_on=date(2025, 10, 11), measure="0.5")
    rooms = [room(1, left), room(2, stay(2, measure="0.5"))]
    found = claims(SplitKey.FIXED_RATIO, rooms, OCTOBER)
    assert parts(6200, found) == {(1, 1): 1000, (2, 2): 3100, (None, None): 2100}


def test_a_key_by_which_nothing_weighs_is_refused() -> None:
    with pytest.raises(NothingToSplitBy):
        claims(SplitKey.OWN_CONSUMPTION, [room(1, stay(1))], OCTOBER)


def test_days_come_in_order() -> None:
    with pytest.raises(SpanEndsBeforeItStarts):
        Span(from_on=date(2025, 10, 2), to_on=date(2025, 10, 1))


def test_spans_that_meet_do_not_overlap() -> None:
    november = Span(from_on=date(2025, 11, 1), to_on=date(2025, 11, 30))
    assert not OCTOBER.overlaps(november)
    assert OCTOBER.overlaps(replace(november, from_on=date(2025, 10, 31)))


measures = st.decimals(min_value=0, max_value=500, places=3, allow_nan=False)
day = st.integers(0, 45).map(lambda n: date(2025, 9, 20) + timedelta(days=n))


dated_sizes = st.dictionaries(day, measures, max_size=4).flatmap(
    lambda later: measures.map(
        lambda first: tuple(
            RoomSize(from_on=on, value=value)
            for on, value in sorted({**later, ALWAYS: first}.items())
        )
    )
)
"""Sizes that change on some days, before, in and after the days that are split."""


@st.composite
def shared_rooms(draw: st.DrawFn) -> SharedRoom:
    """Return a room whose leases follow one another, with days between them."""
    room_id = draw(st.integers(1, 10_000))
    edges = sorted(draw(st.lists(day, max_size=6, unique=True)))
    stays = [
        Stay(
            lease_id=room_id * 10 + at,
            tenant="",
            occupancy=Occupancy(
                start_on=start, end_on=edges[at + 1] if at + 1 < len(edges) else None
            ),
            measure=draw(measures),
        )
        for at, start in enumerate(edges)
        if at % 2 == 0
    ]
    return SharedRoom(
        room_id=room_id,
        name=str(room_id),
        stays=tuple(stays),
        sizes=draw(dated_sizes),
        vacant_measure=draw(measures),
    )


any_rooms = st.lists(shared_rooms(), min_size=1, max_size=12, unique_by=lambda each: each.room_id)


@given(st.sampled_from(SplitKey), any_rooms, st.integers(0, 10**9))
def test_parts_sum_to_the_whole_and_are_within_a_paisa_of_their_weight(
    key: SplitKey, rooms: list[SharedRoom], amount: int
) -> None:
    try:
        found = claims(key, rooms, OCTOBER)
    except NothingToSplitBy:
        return
    shared = split(amount, [each.weight for each in found], [each.order for each in found])
    assert sum(shared) == amount
    total = sum(each.weight for each in found)
    for part, each in zip(shared, found, strict=True):
        assert abs(part * total - amount * each.weight) < total
        assert part == 0 or each.weight > 0


@given(st.sampled_from(SplitKey), any_rooms, st.integers(0, 10**7), st.randoms())
def test_the_order_of_the_rooms_changes_nothing(
    key: SplitKey, rooms: list[SharedRoom], amount: int, random: object
) -> None:
    mixed = list(rooms)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    try:
        found = claims(key, rooms, OCTOBER)
    except NothingToSplitBy:
        return
    assert parts(amount, found) == parts(amount, claims(key, mixed, OCTOBER))


@given(any_rooms)
def test_every_day_of_a_room_is_somebodys(rooms: list[SharedRoom]) -> None:
    found = claims(SplitKey.EQUAL, rooms, OCTOBER)
    for each in rooms:
        assert sum(claim.days for claim in found if claim.room_id == each.room_id) == 31


@given(st.sampled_from([SplitKey.HEADCOUNT, SplitKey.FLOOR_AREA]), any_rooms)
def test_every_day_weighs_by_what_the_room_was_on_it(
    key: SplitKey, rooms: list[SharedRoom]
) -> None:
    weights: dict[tuple[int, int | None], Decimal] = {}
    for each, number in itertools.product(rooms, range(31)):
        on = OCTOBER.from_on + timedelta(days=number)
        value = [size.value for size in each.sizes if size.from_on <= on][-1]
        tenants = [stay.lease_id for stay in each.stays if rents(stay.occupancy, on)]
        who = (each.room_id, tenants[0] if tenants else None)
        weights[who] = weights.get(who, Decimal(0)) + value
    try:
        found = claims(key, rooms, OCTOBER)
    except NothingToSplitBy:
        assert not any(weights.values())
        return
    assert {(each.room_id, each.lease_id): each.weight for each in found} == weights


@given(st.sampled_from([SplitKey.HEADCOUNT, SplitKey.FLOOR_AREA]), any_rooms, st.integers(0, 10**7))
def test_a_size_that_is_said_again_changes_nothing(
    key: SplitKey, rooms: list[SharedRoom], amount: int
) -> None:
    again = [
        replace(
            each,
            sizes=tuple(
                RoomSize(from_on=on, value=size.value)
                for size in each.sizes
                for on in (size.from_on, size.from_on + timedelta(days=1))
                if on == size.from_on or on not in {later.from_on for later in each.sizes}
            ),
        )
        for each in rooms
    ]
    try:
        found = claims(key, rooms, OCTOBER)
    except NothingToSplitBy:
        return
    assert claims(key, again, OCTOBER) == found
    assert sum(parts(amount, found).values()) == amount
