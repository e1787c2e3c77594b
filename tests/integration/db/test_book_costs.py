"""A lease's book adds up its months and its week."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.db.unit_of_work import SqlTransactions
from bot.domain.billing import LineKind, UsageKey
from bot.domain.ledger import LedgerEntry, reversal_of
from bot.domain.service_kind import ServiceKind
from bot.services.book import LeaseBook
from bot.services.stores import Unit
from tests.integration.db.world import (
    AT,
    DAY,
    HOUR,
    MARCH,
    World,
    a_deduction,
    a_line,
    a_payment,
    a_reading,
    a_version,
    furnish,
)

FEBRUARY = date(2026, 2, 1)


async def _load(transactions: SqlTransactions, world: World, now: datetime = AT) -> LeaseBook:
    async with transactions.read() as unit:
        return (await unit.books.load([world.lease.id], now=now, lock=False))[world.lease.id]


def _months(book: LeaseBook) -> set[date]:
    return {month_on for _, month_on in book.months}


async def _deduct(unit: Unit, world: World, *times: datetime) -> None:
    await unit.ledger.append(
        [a_deduction(world, at.isoformat(), 700, at=at) for at in times], recorded_at=AT
    )


async def test_a_month_adds_up_its_lines_by_version_and_supply(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world, other = await furnish(unit, 1), await furnish(unit, 2)
        version_id = await unit.tariffs.add_version(
            world.tariff_id, a_version(from_on=date(2026, 3, 5))
        )
        entries = [a_deduction(world, "a"), a_deduction(world, "b"), a_deduction(other, "c")]
        first, second, third = await unit.ledger.append(entries, recorded_at=AT)
        newer = replace(a_line(world, quantity="1.000001", paise=701), version_id=version_id)
        generator = a_line(world, name="Generator", generator=True, quantity="2.5", paise=4_500)
        standing = a_line(world, kind=LineKind.STANDING, name="Standing", quantity="0", paise=500)
        await unit.ledger.add_lines(
            [
                (first.id, a_line(world)),
                (first.id, standing),
                (second.id, a_line(world, quantity="0.2", paise=130)),
                (second.id, newer),
                (second.id, generator),
                (second.id, standing),
                (third.id, a_line(other, quantity="99", paise=99)),
            ]
        )
    book = await _load(transactions, world)
    assert _months(book) == {MARCH}
    month = book.month(MARCH)
    assert month.used == {
        UsageKey(version_id=world.version_id): Decimal(12),
        UsageKey(version_id=version_id): Decimal("1.000001"),
        UsageKey(version_id=world.version_id, generator=True): Decimal("2.5"),
    }
    assert month.charged_paise == {
        (LineKind.ENERGY, "Grid"): 7_670 + 130 + 701,
        (LineKind.ENERGY, "Generator"): 4_500,
        (LineKind.STANDING, "Standing"): 1_000,
    }


async def test_each_service_adds_up_its_own_month(transactions: SqlTransactions) -> None:
    """A cubic metre is no kilowatt hour of another slab."""
    async with transactions.begin() as unit:
        world = await furnish(unit)
        (booked,) = await unit.ledger.append([a_deduction(world, "a")], recorded_at=AT)
        gas = replace(a_line(world, quantity="3.25", paise=14_625), service=ServiceKind.GAS)
        await unit.ledger.add_lines([(booked.id, a_line(world)), (booked.id, gas)])
    book = await _load(transactions, world)
    key = UsageKey(version_id=world.version_id)
    assert book.month(MARCH).used == {key: Decimal("11.8")}
    assert book.month(MARCH, ServiceKind.GAS).used == {key: Decimal("3.25")}
    async with transactions.read() as unit:
        months = await unit.chains.months(world.lease.id, service=ServiceKind.GAS, since_on=MARCH)
    assert months == {MARCH: book.month(MARCH, ServiceKind.GAS)}


async def test_months_since_the_anchor_are_in_the_book(transactions: SqlTransactions) -> None:
    """A charge may begin in the month of the reading up to which all is charged."""
    async with transactions.begin() as unit:
        world = await furnish(unit)
        (old,) = await unit.metering.add_readings(
            [a_reading(world.installation, at=datetime(2026, 2, 28, 20, tzinfo=UTC))]
        )
        (booked,) = await unit.ledger.append([a_deduction(world, "a")], recorded_at=AT)
        months = [date(2026, 1, 1), FEBRUARY, MARCH]
        await unit.ledger.add_lines([(booked.id, a_line(world, month_on=on)) for on in months])
    assert _months(await _load(transactions, world)) == {MARCH}
    async with transactions.begin() as unit:
        await unit.metering.move_anchors([(world.lease.id, world.meter.id, old)])
    assert _months(await _load(transactions, world)) == {FEBRUARY, MARCH}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 2, 28, 20, tzinfo=UTC), {FEBRUARY, MARCH}),
        (datetime(2026, 3, 1, 6, tzinfo=UTC), {FEBRUARY, MARCH}),
        (datetime(2026, 3, 2, 0, tzinfo=UTC), {MARCH}),
    ],
)
async def test_the_month_is_that_of_any_zone_on_earth(
    transactions: SqlTransactions, now: datetime, expected: set[date]
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        await unit.metering.move_anchors([(world.lease.id, world.meter.id, None)])
        (booked,) = await unit.ledger.append([a_deduction(world, "a")], recorded_at=AT)
        await unit.ledger.add_lines(
            [(booked.id, a_line(world, month_on=on)) for on in (FEBRUARY, MARCH)]
        )
    assert _months(await _load(transactions, world, now)) == expected


@pytest.mark.parametrize(
    ("first_seen", "ages", "cost", "days"),
    [
        (timedelta(0), [HOUR], 700, 1),
        (3 * DAY - timedelta(minutes=1), [2 * DAY + HOUR, DAY, HOUR], 2_100, 3),
        (6 * DAY, [DAY], 700, 6),
        (30 * DAY, [timedelta(days=6, hours=10), DAY], 1_400, 7),
        (30 * DAY, [7 * DAY, DAY], 700, 7),
        (30 * DAY, [30 * DAY], 0, 7),
        (90 * DAY, [], 0, 7),
    ],
)
async def test_the_week_counts_from_the_first_reading_of_the_meter(
    transactions: SqlTransactions,
    first_seen: timedelta,
    ages: list[timedelta],
    cost: int,
    days: int,
) -> None:
    """Rule 5.7: a week without use is a week, a lease that is new has fewer days."""
    async with transactions.begin() as unit:
        world, other = await furnish(unit, 1), await furnish(unit, 2)
        await unit.metering.add_readings([a_reading(world.installation, at=AT - first_seen)])
        await _deduct(unit, world, *(AT - age for age in ages))
        await unit.ledger.append(
            [a_payment(world, "pay"), a_deduction(other, "other", 99)], recorded_at=AT
        )
    book = await _load(transactions, world)
    assert (book.week_cost_paise, book.week_days) == (cost, days)


async def test_a_reversed_deduction_cost_nothing(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        wrong, _ = await unit.ledger.append(
            [a_deduction(world, "a", 90_000), a_deduction(world, "b", 700)], recorded_at=AT
        )
        whole = await unit.ledger.whole(wrong.id)
        assert isinstance(whole, LedgerEntry)
        undo = reversal_of(whole, entry_id=wrong.id, at=AT, actor_id=None, reason="typo")
        await unit.ledger.append([undo], recorded_at=AT)
    assert (await _load(transactions, world)).week_cost_paise == 700
