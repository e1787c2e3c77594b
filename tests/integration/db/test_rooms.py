"""Rooms are found by the database itself, a page at a time, on both databases alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import pytest_asyncio

from bot.db.unit_of_work import SqlTransactions
from bot.domain.lease import BillingMode, Occupancy
from bot.domain.supply import SupplyReason
from bot.sandbox.clock import SandboxClock
from bot.services.stores.rooms import RoomFilter, RoomQuery, RoomTally
from tests.lakeside import Lakeside, build_lakeside

NOW = datetime(2026, 11, 12, 13, 12, tzinfo=UTC)
TODAY = date(2026, 11, 12)


@pytest_asyncio.fixture
async def lakeside(transactions: SqlTransactions) -> Lakeside:
    """Return a building in which something is the matter in every room but 9."""
    built = await build_lakeside(transactions, SandboxClock(NOW))
    await built.let("Room #9", tenant="Asha_Rao")
    await built.let("Room #10", tenant="Low 50%", balance_paise=49_999)
    await built.let("Room #11", tenant="Cut", balance_paise=9_999)
    await built.let("Room #12", tenant="ÉMILE", balance_paise=-1, mode=BillingMode.POSTPAID)
    await built.set_power("Room #11", on=False, reason=SupplyReason.BELOW_CUT_OFF)
    async with transactions.begin() as unit:
        await unit.places.add_room(place_id=built.place.id, name="Room #13")
        device = await unit.metering.device("device-Room #12")
        assert device is not None
        await unit.metering.save_device(replace(device, is_online=False))
    return built


async def rooms(
    lakeside: Lakeside,
    *words: str,
    only: RoomFilter = RoomFilter.ALL,
    places: frozenset[int] | None = None,
) -> Sequence[str]:
    wanted = RoomQuery(place_ids=places, on=TODAY, words=words, only=only)
    async with lakeside.transactions.read() as unit:
        found = await unit.rooms.page(wanted, offset=0, limit=50)
        assert await unit.rooms.count(wanted) == len(found)
    return [each.room.removeprefix("Room #") for each in found]


async def test_rooms_come_in_the_order_of_their_numbers(lakeside: Lakeside) -> None:
    assert await rooms(lakeside) == ["9", "10", "11", "12", "13"]


@pytest.mark.parametrize(
    ("only", "found"),
    [
        (RoomFilter.LOW, ["10"]),
        (RoomFilter.CUT, ["11"]),
        (RoomFilter.OFFLINE, ["12"]),
        (RoomFilter.OWING, ["12"]),
        (RoomFilter.VACANT, ["13"]),
    ],
)
async def test_a_filter_leaves_what_it_says(
    lakeside: Lakeside, only: RoomFilter, found: list[str]
) -> None:
    assert await rooms(lakeside, only=only) == found


@pytest.mark.parametrize(
    ("own", "of_place", "is_low"),
    [
        ({}, {}, False),
        ({}, {"low_balance_paise": 400_000}, True),
        ({}, {"cut_off_paise": 400_000}, True),
        ({"low_balance_paise": 0}, {"low_balance_paise": 400_000}, False),
        ({"low_balance_paise": 400_000}, {}, True),
        ({"cut_off_paise": 400_000}, {}, True),
    ],
)
async def test_a_room_is_low_by_its_own_terms_or_by_those_of_its_place(
    lakeside: Lakeside, own: dict[str, int], of_place: dict[str, int], *, is_low: bool
) -> None:
    lease = replace(lakeside.lets["Room #9"].lease, cut_off_paise=None, low_balance_paise=None)
    async with lakeside.transactions.begin() as unit:
        await unit.leases.save(replace(lease, **own))  # type: ignore[arg-type]
        await unit.places.save(replace(lakeside.place, **of_place))  # type: ignore[arg-type]

    assert ("9" in await rooms(lakeside, only=RoomFilter.LOW)) is is_low


async def test_the_tally_counts_what_each_filter_leaves(lakeside: Lakeside) -> None:
    async with lakeside.transactions.read() as unit:
        tally = await unit.rooms.tally(RoomQuery(place_ids=None, on=TODAY))

    assert tally == RoomTally(rooms=5, low=1, cut=1, offline=1, owing=1, vacant=1)
    assert [tally.of(only) for only in RoomFilter] == [5, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("11",), ["11"]),
        (("lakeside",), ["9", "10", "11", "12", "13"]),
        (("lakeside", "10"), ["10"]),
        (("CUT",), ["11"]),
        (("asha_",), ["9"]),
        (("50%",), ["10"]),
        (("émile",), ["9", "10", "11", "12", "13"]),
        (("nobody",), []),
    ],
)
async def test_every_word_has_to_be_there_literally(
    lakeside: Lakeside, words: tuple[str, ...], found: list[str]
) -> None:
    # Of letters whose case the databases do not fold alike, the matcher in Python decides.
    assert await rooms(lakeside, *words) == found


async def test_only_the_places_that_are_asked_for_are_looked_at(lakeside: Lakeside) -> None:
    assert await rooms(lakeside, places=frozenset({lakeside.place.id + 1})) == []
    assert await rooms(lakeside, places=frozenset()) == []
    assert len(await rooms(lakeside, places=frozenset({lakeside.place.id}))) == 5


async def test_a_room_is_vacant_from_the_day_on_which_its_lease_ends(lakeside: Lakeside) -> None:
    lease = lakeside.lets["Room #9"].lease
    async with lakeside.transactions.begin() as unit:
        ends = Occupancy(start_on=lease.occupancy.start_on, end_on=TODAY)
        await unit.leases.save(replace(lease, occupancy=ends))
    assert await rooms(lakeside, only=RoomFilter.VACANT) == ["9", "13"]

    room_id = lakeside.lets["Room #9"].room.id
    async with lakeside.transactions.read() as unit:
        before = await unit.rooms.one(room_id, on=date(2026, 11, 11))
        after = await unit.rooms.one(room_id, on=TODAY)
        of_lease = await unit.rooms.of_leases([lease.id])
        nothing = await unit.rooms.one(10**6, on=TODAY)

    assert before is not None
    assert before.lease_id == lease.id
    assert after is not None
    assert after.lease_id is None
    assert [each.lease_id for each in of_lease] == [lease.id]
    assert nothing is None


async def test_the_shortest_names_come_first_where_an_exact_one_is_looked_for(
    lakeside: Lakeside,
) -> None:
    wanted = RoomQuery(place_ids=None, on=TODAY, words=("room",))
    async with lakeside.transactions.read() as unit:
        found = await unit.rooms.shortest(wanted, limit=2)

    assert [each.room for each in found] == ["Room #9", "Room #10"]
