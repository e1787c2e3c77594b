"""People call rooms as they like, and the right one is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.room_name import (
    RoomName,
    is_named,
    matching_rooms,
    nearest_rooms,
    search_words,
)

ROOMS = [
    RoomName(room_id=1, room="Room #302", place="Lakeside Apartments", tenant="Asha Rao"),
    RoomName(room_id=2, room="Room #303", place="Lakeside Apartments", tenant="Binod Das"),
    RoomName(room_id=3, room="302", place="Hilltop", tenant="Chitra Iyer"),
    RoomName(room_id=4, room="Room #3", place="Hilltop"),
    RoomName(room_id=5, room="Shop B-2", place="Hilltop", tenant="द्विवेदी"),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("302", [1, 3]),
        ("Room 302", [1, 3]),
        ("room #302", [1, 3]),
        ("FLAT NO. 302", [1, 3]),
        ("lakeside 302", [1]),
        ("302 lake", [1]),
        ("asha", [1]),
        ("३०३", [2]),
        ("3", [4]),
        ("30", [1, 2, 3]),
        ("b-2", [5]),
        ("shop", [5]),
        ("द्विवेदी", [5]),
        ("304", []),
        ("302 303", []),
        ("", []),
        ("#", []),
    ],
)
def test_rooms_are_found_by_what_is_typed(typed: str, found: list[int]) -> None:
    assert [room.room_id for room in matching_rooms(typed, ROOMS)] == found


def test_a_room_named_whole_is_told_from_one_that_only_begins_so() -> None:
    assert is_named("lakeside 302", ROOMS[0])
    assert not is_named("30", ROOMS[0])


def test_the_nearest_rooms_come_likest_first() -> None:
    assert [room.room_id for room in nearest_rooms("304", ROOMS)] == [1, 2, 3, 4]
    assert nearest_rooms("zzzzzz", ROOMS) == []


@given(st.text(max_size=40))
def test_whatever_is_typed_is_searched_without_a_crash(typed: str) -> None:
    found = matching_rooms(typed, ROOMS)

    assert set(found) <= set(ROOMS)
    assert not found or search_words(typed)
    assert len(nearest_rooms(typed, ROOMS)) <= 4


@given(st.sampled_from(ROOMS), st.sampled_from(["{}", " {} ", "room {}", "#{}", "{}!"]))
def test_a_rooms_own_name_always_finds_it(room: RoomName, way: str) -> None:
    assert room in matching_rooms(way.format(room.room), ROOMS)
