"""Rooms as people type several at once."""

import pytest

from bot.domain.service_kind import ELECTRIC
from bot.domain.timeline import Timeline
from bot.services.lease_tariff import RoomTariff
from bot.telegram.staff.typed_rooms import NoSuchRooms, parse_rooms
from tests.unit.services.books import TARIFF

ROOMS = tuple(
    RoomTariff(
        lease_id=number,
        room=name,
        tenant=tenant,
        timelines={ELECTRIC.service: Timeline.of(TARIFF)},
        media=frozenset({ELECTRIC}),
    )
    for number, name, tenant in (
        (1, "Room #301", "Asha Rao"),
        (2, "Room #302", "Binod Das"),
        (3, "Room #303", "Asha Iyer"),
        (4, "Corner shop", "Chitra"),
    )
)


@pytest.mark.parametrize(
    ("typed", "lease_ids"),
    [
        ("302", (2,)),
        ("302, 301", (2, 1)),
        ("३०२ और ३०३", (2, 3)),
        ("301 302", (1, 2)),
        ("302; corner; 302", (2, 4)),
        ("binod and shop", (2, 4)),
        ("all", (1, 2, 3, 4)),
        ("सभी", (1, 2, 3, 4)),
    ],
)
def test_rooms_are_named_as_people_call_them(typed: str, lease_ids: tuple[int, ...]) -> None:
    assert parse_rooms(typed, ROOMS) == lease_ids


@pytest.mark.parametrize(
    ("typed", "shown"), [("302, 999", "999"), ("asha", "asha"), ("30", "30"), (",", ",")]
)
def test_what_is_not_one_room_is_named(typed: str, shown: str) -> None:
    with pytest.raises(NoSuchRooms) as refusal:
        parse_rooms(typed, ROOMS)
    assert refusal.value.text == shown
