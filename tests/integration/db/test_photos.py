"""Photos and the meters of which they may be, in the store."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from bot.db.unit_of_work import SqlTransactions
from bot.domain.meter import MeterStatus
from bot.domain.metering import Reading, ReadingType, RegisterPoint
from bot.services.stores import Unit
from bot.services.stores.photo import Photo, Proposed, ReadableQuery
from tests.integration.db.world import AT, DAY, HOUR, World, furnish

NOBODY_AT = ReadableQuery(lease_ids=frozenset(), place_ids=frozenset(), on=date(2026, 3, 10))


def a_photo(name: str, days_ago: int = 0) -> Photo:
    return Photo(id=0, file_name=name, size_bytes=9, taken_by=None, received_at=AT - days_ago * DAY)


async def use(unit: Unit, world: World, photo: Photo) -> None:
    read = Reading(
        meter_id=world.meter.id,
        installation_id=world.installation.id,
        point=RegisterPoint(at=AT + HOUR, value=Decimal(1500)),
        type=ReadingType.PHOTO,
        photo_id=photo.id,
    )
    await unit.metering.add_readings([read])


async def test_a_photo_remembers_what_it_may_show(transactions: SqlTransactions) -> None:
    proposed = Proposed(meter_id=7, values=(Decimal("1462.3"), Decimal("1482.3")))
    async with transactions.begin() as unit:
        added = await unit.photos.add(a_photo("a.jpg"))
        await unit.photos.propose(added.id, proposed)
    async with transactions.read() as unit:
        assert await unit.photos.get(added.id) == replace(added, proposed=proposed)
        assert await unit.photos.get(added.id + 1) is None


async def test_a_photo_belongs_to_the_place_whose_meter_was_read_with_it(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        used = await unit.photos.add(a_photo("a.jpg"))
        unused = await unit.photos.add(a_photo("b.jpg"))
        await use(unit, world, used)
        assert set(await unit.photos.place_ids(used.id)) == {world.place.id}
        assert not await unit.photos.place_ids(unused.id)


async def test_photos_go_that_are_old_or_were_for_nothing(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        old = await unit.photos.add(a_photo("old.jpg", 500))
        kept = await unit.photos.add(a_photo("kept.jpg", 100))
        unused = await unit.photos.add(a_photo("unused.jpg", 100))
        await unit.photos.add(a_photo("new.jpg"))
        await use(unit, world, kept)

        async def outdated(kept_days: int = 400) -> list[int]:
            found = await unit.photos.outdated(
                kept_since={AT - timedelta(days=kept_days): [world.place.id]},
                unused_before=AT - DAY,
                limit=10,
            )
            return [each.id for each in found]

        assert await outdated() == [old.id, unused.id]
        await unit.photos.mark_deleted([old.id], at=AT)
        assert await outdated() == [unused.id]
        assert await outdated(kept_days=99) == [kept.id, unused.id]


async def test_tenants_read_the_meters_of_their_lease_while_it_runs(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        wanted = replace(NOBODY_AT, lease_ids=frozenset({world.lease.id}))

        async def found(wanted: ReadableQuery) -> list[int]:
            lines = await unit.photos.readable(wanted, limit=9)
            return [each.sheet.id for each in lines]

        assert await found(wanted) == [world.meter.id]
        assert await found(replace(wanted, on=world.lease.occupancy.start_on - DAY)) == []
        assert await found(NOBODY_AT) == []


async def test_staff_find_meters_by_words_and_those_without_a_device_first(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        sheet = await unit.sheets.get(world.meter.id)
        assert sheet is not None
        gas = await unit.sheets.add(replace(sheet, udf1=None, name="Gas 100%"), at=AT)
        gone = replace(sheet, udf1="x", name="Old gas", status=MeterStatus.RETIRED)
        await unit.sheets.add(gone, at=AT)
        everywhere = replace(NOBODY_AT, place_ids=None)

        async def found(*words: str, limit: int = 9) -> list[int]:
            query = replace(everywhere, words=words)
            return [each.sheet.id for each in await unit.photos.readable(query, limit=limit)]

        assert await found() == [gas.id, world.meter.id]
        assert await found(limit=1) == [gas.id]
        assert await found("GAS", world.room.name[-2:]) == [gas.id]
        assert await found("0%") == [gas.id]
        assert await found("%%") == []
