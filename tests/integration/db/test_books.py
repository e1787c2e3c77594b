"""A lease's book holds all that a decision rests on, and nothing of another lease."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.db.unit_of_work import SqlTransactions
from bot.domain.lease import BillingMode, CheckInterval, Occupancy
from bot.domain.metering import ReadingStatus
from bot.domain.people import Role
from bot.domain.service_kind import ServiceKind
from bot.domain.supply import SupplyReason
from bot.domain.warning import Armed
from bot.services.book import LeaseBook, SupplyState
from bot.services.store import LeaseProgress
from tests.integration.db.world import (
    AT,
    DAY,
    HOUR,
    World,
    a_device,
    a_meter,
    a_reading,
    furnish,
)

FEBRUARY = date(2026, 2, 1)


async def _load(transactions: SqlTransactions, world: World, now: datetime = AT) -> LeaseBook:
    async with transactions.read() as unit:
        return (await unit.books.load([world.lease.id], now=now, lock=False))[world.lease.id]


async def test_a_fresh_lease_has_a_plain_book(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
    book = await _load(transactions, world)
    assert (book.lease, book.place, book.room) == (world.lease, world.place, world.room)
    (run,) = book.timelines[ServiceKind.ELECTRICITY].runs
    assert (run.tariff.id, run.version.id) == (world.tariff_id, world.version_id)
    assert (book.balance_paise, book.armed, book.emergency_exhausted) == (0, Armed(), False)
    assert (book.checked_at, book.months) == (None, {})
    assert (book.week_cost_paise, book.week_days) == (0, 1)
    assert (book.tenant_ids, book.staff_ids) == ((world.tenant.id,), ())
    (link,) = book.meters
    assert (link.meter, link.installation_id) == (world.meter, world.installation.id)
    assert (link.device_id, link.is_online, link.has_relay) == (world.device.id, True, True)
    assert (link.has_held_reading, link.supply) == (False, None)
    assert link.anchor == replace(a_reading(world.installation), id=world.anchor_id)


async def test_many_books_are_loaded_at_once(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        first = await furnish(unit, 1)
        second = await furnish(unit, 2, place=first.place)
        third = await furnish(unit, 3)
        ids = [third.lease.id, first.lease.id, second.lease.id, 99]
        books = await unit.books.load(ids, now=AT, lock=True)
        assert await unit.books.load([], now=AT, lock=True) == {}
        assert await unit.books.load([99], now=AT, lock=True) == {}
    assert list(books) == [first.lease.id, second.lease.id, third.lease.id]
    for world in (first, second, third):
        book = books[world.lease.id]
        assert (book.place, book.room) == (world.place, world.room)
        assert book.timelines[ServiceKind.ELECTRICITY].runs[0].tariff.id == world.tariff_id
        assert [link.meter for link in book.meters] == [world.meter]
        assert book.tenant_ids == (world.tenant.id,)


async def test_the_staff_of_a_place_and_all_tenants_are_in_the_book(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world, other = await furnish(unit, 1), await furnish(unit, 2)
        await unit.leases.join(lease_id=world.lease.id, person_id=other.tenant.id, at=AT + DAY)
        await unit.people.grant(person_id=other.tenant.id, place_id=None, role=Role.OWNER)
        await unit.people.grant(
            person_id=world.tenant.id, place_id=other.place.id, role=Role.MANAGER
        )
    book = await _load(transactions, world)
    assert book.tenant_ids == (world.tenant.id, other.tenant.id)
    assert book.staff_ids == (other.tenant.id,)


async def test_a_new_lease_on_an_old_meter_is_metered_since_it_began(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        await unit.metering.add_readings([a_reading(world.installation, at=AT - 90 * DAY)])
        begun = replace(world.lease, occupancy=Occupancy(start_on=date(2026, 3, 8)))
        await unit.leases.save(begun)
    assert (await _load(transactions, world)).week_days == 2


async def test_a_reading_set_aside_after_the_last_charge_is_known_to_be(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world, other = await furnish(unit, 1), await furnish(unit, 2)
        await unit.metering.add_readings(
            [
                a_reading(world.installation, at=AT + age, status=status)
                for age, status in [
                    (-HOUR, ReadingStatus.REJECTED),
                    (HOUR, ReadingStatus.REJECTED),
                    (2 * HOUR, ReadingStatus.HELD),
                ]
            ]
        )
    (link,) = (await _load(transactions, world)).meters
    assert link.rejected_at == {AT + HOUR}
    assert not (await _load(transactions, other)).meters[0].rejected_at


async def test_a_held_reading_is_seen_on_its_own_meter_only(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world, other = await furnish(unit, 1), await furnish(unit, 2)
        held = a_reading(world.installation, at=AT + HOUR, status=ReadingStatus.HELD)
        (held_id,) = await unit.metering.add_readings([held])
    assert (await _load(transactions, world)).meters[0].has_held_reading
    assert not (await _load(transactions, other)).meters[0].has_held_reading
    async with transactions.begin() as unit:
        await unit.metering.judge(reading_id=held_id, status=ReadingStatus.REJECTED)
    assert not (await _load(transactions, world)).meters[0].has_held_reading


async def test_a_meter_without_a_device_or_an_anchor_is_still_a_meter_of_the_lease(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        await unit.metering.uninstall(installation_id=world.installation.id, at=AT)
        water = await unit.metering.add_meter(a_meter(world.place, world.room, udf1=None))
        await unit.metering.link(lease_id=world.lease.id, meter_id=water.id, anchor_reading_id=None)
    book = await _load(transactions, world)
    assert [link.meter for link in book.meters] == [world.meter, water]
    assert {(link.installation_id, link.device_id) for link in book.meters} == {(None, None)}
    assert book.meters[1].anchor is None
    assert book.supply_meter == book.meters[0]


async def test_a_replaced_device_is_the_meter_s_device(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        await unit.metering.uninstall(installation_id=world.installation.id, at=AT)
        await unit.metering.save_device(
            replace(a_device("dev-9"), is_online=False, has_relay=False)
        )
        new = await unit.metering.install(meter_id=world.meter.id, device_id="dev-9", at=AT)
    (link,) = (await _load(transactions, world)).meters
    assert (link.installation_id, link.device_id) == (new.id, "dev-9")
    assert (link.is_online, link.has_relay) == (False, False)
    assert link.anchor is not None
    assert link.anchor.installation_id == world.installation.id


async def test_the_power_of_a_meter_is_in_the_book(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        state = SupplyState(
            meter_id=world.meter.id,
            desired_on=False,
            reason=SupplyReason.BELOW_CUT_OFF,
            decided_at=AT,
            actual_on=True,
        )
        await unit.supplies.save([state])
    assert (await _load(transactions, world)).meters[0].supply == state


async def test_running_leases_are_swept_and_those_billed_later_are_known(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world, postpaid, plain = [await furnish(unit, number) for number in (1, 2, 3)]
        await unit.leases.save(replace(postpaid.lease, mode=BillingMode.POSTPAID))
        water = await unit.metering.add_meter(a_meter(plain.place, plain.room, udf1=None))
        await unit.metering.link(lease_id=plain.lease.id, meter_id=water.id, anchor_reading_id=None)
    async with transactions.read() as unit:
        targets = await unit.books.targets(on=AT)
    assert [(each.lease_id, each.meter_id, each.billed_later) for each in targets] == [
        (world.lease.id, world.meter.id, False),
        (postpaid.lease.id, postpaid.meter.id, True),
        (plain.lease.id, plain.meter.id, False),
    ]


async def test_only_those_are_swept_whose_latest_check_is_not_done(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        never, late, done = [await furnish(unit, number) for number in (1, 2, 3)]
        await unit.leases.save_progress(
            [
                LeaseProgress(
                    lease_id=each.lease.id,
                    armed=Armed(),
                    emergency_exhausted=False,
                    checked_at=checked_at,
                )
                for each, checked_at in ((late, AT - timedelta(seconds=1)), (done, AT))
            ]
        )
    async with transactions.read() as unit:
        (zone,) = await unit.places.zones()
        kind = (late.lease.check_interval, zone)
        due = await unit.books.targets(on=AT, latest={kind: AT})
        none_late = await unit.books.targets(on=AT, latest={(CheckInterval.WEEKLY, zone): AT})
    assert [each.lease_id for each in due] == [never.lease.id, late.lease.id]
    assert [each.lease_id for each in none_late] == [never.lease.id]
