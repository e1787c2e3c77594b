"""What people look at is theirs, true, and of the days in which they lived there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import pytest_asyncio

from bot.db.unit_of_work import SqlTransactions
from bot.domain.lease import Occupancy
from bot.domain.people import Actor, Role
from bot.domain.supply import SupplyReason
from bot.sandbox.clock import SandboxClock
from bot.services.home_card import Freshness, Power
from bot.services.payment import EntryUnknown, LeaseUnknown
from bot.services.ports import Lane, UsageChart
from bot.services.report import PAGE_ENTRIES, Reports
from bot.services.store import OrderStatus, RelayOrder
from tests.lakeside import Lakeside, build_lakeside

ROOM = "Room #302"
TODAY = date(2026, 11, 12)
YESTERDAY = date(2026, 11, 11)
EVENING = datetime(2026, 11, 12, 13, 12, tzinfo=UTC)
NEAR_MIDNIGHT = timedelta(hours=5, minutes=17)


@pytest.fixture
def clock() -> SandboxClock:
    """Return a clock that stands at 18:42 of a November day in the building."""
    return SandboxClock(EVENING)


@pytest_asyncio.fixture
async def lakeside(transactions: SqlTransactions, clock: SandboxClock) -> Lakeside:
    """Return the building, empty."""
    return await build_lakeside(transactions, clock)


@pytest.fixture
def reports(lakeside: Lakeside) -> Reports:
    """Return the use case on the building's store."""
    return Reports(lakeside.transactions, lakeside.gateway, lakeside.clock)


def tenant_of(lakeside: Lakeside, *rooms: str) -> Actor:
    return Actor(person_id=1, lease_ids=frozenset(map(lakeside.lease_id, rooms)))


def staff_at(lakeside: Lakeside, role: Role, *, elsewhere: bool = False) -> Actor:
    place_id = lakeside.place.id + 1 if elsewhere else lakeside.place.id
    return Actor(person_id=2, roles=((place_id, role),))


async def end_lease(lakeside: Lakeside, room: str, on: date) -> None:
    async with lakeside.transactions.begin() as unit:
        lease = await unit.leases.get(lakeside.lease_id(room))
        assert lease is not None
        occupancy = Occupancy(start_on=lease.occupancy.start_on, end_on=on)
        await unit.leases.save(replace(lease, occupancy=occupancy))


async def switch(lakeside: Lakeside, room: str, *, on: bool, at: datetime) -> None:
    order = RelayOrder(
        meter_id=lakeside.lets[room].meter.id,
        lease_id=lakeside.lease_id(room),
        turn_on=on,
        reason=SupplyReason.BELOW_CUT_OFF,
        thread=f"relay:{at}",
        lane=Lane.CUT,
        created_at=at,
        due_at=at,
    )
    async with lakeside.transactions.begin() as unit:
        stored = await unit.supplies.order(order)
        done = replace(stored, status=OrderStatus.CONFIRMED, confirmed_at=at)
        await unit.supplies.save_order(done)


async def usage(reports: Reports, lakeside: Lakeside, days: int = 7) -> UsageChart:
    report = await reports.usage(
        actor=tenant_of(lakeside, ROOM), lease_id=lakeside.lease_id(ROOM), days=days
    )
    return report.chart


def energies(chart: UsageChart) -> list[str | None]:
    return [
        None if day.energy_kwh is None else str(day.energy_kwh.normalize()) for day in chart.days
    ]


async def test_the_card_counts_what_is_not_charged_yet(
    reports: Reports, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await lakeside.let(ROOM)
    clock.step(NEAR_MIDNIGHT)
    lakeside.meter(ROOM).uses("11.8")
    await lakeside.deduct()
    clock.step(timedelta(hours=10))
    lakeside.meter(ROOM).uses("2.5")

    card = await reports.refresh(actor=tenant_of(lakeside, ROOM), lease_id=lakeside.lease_id(ROOM))

    assert card.balance_paise == 292_330
    assert card.today is not None
    assert card.today.uncharged_paise == 1_625
    assert (card.today.energy_kwh, card.today.cost_paise) == (Decimal("2.5"), 1_625)
    assert (card.month.energy_kwh, card.month.cost_paise) == (Decimal("14.3"), 9_295)
    assert (card.freshness, card.power) == (Freshness.LIVE, Power.ON)
    assert card.forecast.daily_cost_paise == 7_670


@pytest.mark.parametrize(("shown", "used"), [("1450.12349", Decimal("0.123")), ("-0.5", None)])
async def test_refresh_bears_what_is_finer_than_is_kept_or_no_counter_can_show(
    reports: Reports, lakeside: Lakeside, clock: SandboxClock, shown: str, used: Decimal | None
) -> None:
    await lakeside.let(ROOM)
    clock.step(timedelta(hours=1))
    lakeside.meter(ROOM).energy_kwh = Decimal(shown)

    card = await reports.refresh(actor=tenant_of(lakeside, ROOM), lease_id=lakeside.lease_id(ROOM))

    assert card.freshness is Freshness.LIVE
    assert (None if card.today is None else card.today.energy_kwh) == used


async def test_todays_use_is_unknown_until_somebody_reads_the_meter(
    reports: Reports, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await lakeside.let(ROOM)
    clock.step(NEAR_MIDNIGHT)
    lakeside.meter(ROOM).uses("11.8")
    await lakeside.deduct()
    clock.step(timedelta(hours=10))
    lakeside.meter(ROOM).uses("8.5")
    actor, lease_id = tenant_of(lakeside, ROOM), lakeside.lease_id(ROOM)

    assert (await reports.home(actor=actor, lease_id=lease_id)).today is None
    assert (await reports.refresh(actor=actor, lease_id=lease_id)).today is not None
    stored = (await reports.home(actor=actor, lease_id=lease_id)).today
    assert stored is not None
    assert stored.energy_kwh == Decimal("8.5")


async def test_the_month_is_held_against_the_same_span_of_the_month_before(
    reports: Reports, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await lakeside.let(ROOM)
    for _ in range(31):
        clock.step(timedelta(days=1))
        lakeside.meter(ROOM).uses("2")
        await lakeside.deduct()
    clock.step(timedelta(minutes=1))

    card = await reports.home(actor=tenant_of(lakeside, ROOM), lease_id=lakeside.lease_id(ROOM))

    # It is 13 December 18:43: of November only the check of the 13th at 18:42 lies as early.
    assert card.usual_paise == 1_300


async def test_a_lease_that_began_this_month_is_held_against_nothing(
    reports: Reports, lakeside: Lakeside
) -> None:
    await lakeside.let(ROOM, start_on=date(2026, 11, 3))

    card = await reports.home(actor=tenant_of(lakeside, ROOM), lease_id=lakeside.lease_id(ROOM))

    assert card.usual_paise is None


async def test_the_card_of_a_lease_that_ended_shows_no_meter_and_asks_none(
    reports: Reports, lakeside: Lakeside
) -> None:
    await lakeside.let(ROOM)
    await lakeside.set_power(ROOM, on=True, reason=SupplyReason.IN_ORDER)
    await end_lease(lakeside, ROOM, TODAY)

    card = await reports.refresh(actor=tenant_of(lakeside, ROOM), lease_id=lakeside.lease_id(ROOM))

    assert card.has_ended
    assert (card.power, card.power_w, card.read_at) == (Power.UNKNOWN, None, None)
    assert lakeside.gateway.asked == []


async def test_somebody_who_moved_is_shown_the_lease_that_runs(
    reports: Reports, lakeside: Lakeside
) -> None:
    await lakeside.let(ROOM)
    await lakeside.let("Room #101")
    await end_lease(lakeside, ROOM, TODAY)

    books = await reports.leases(actor=tenant_of(lakeside, ROOM, "Room #101"))

    assert [book.room.name for book in books] == ["Room #101"]
    assert len(await reports.leases(actor=tenant_of(lakeside, ROOM))) == 1


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.ACCOUNTANT])
async def test_staff_who_may_see_money_see_every_lease_of_their_place(
    reports: Reports, lakeside: Lakeside, role: Role
) -> None:
    await lakeside.let(ROOM)

    card = await reports.home(actor=staff_at(lakeside, role), lease_id=lakeside.lease_id(ROOM))

    assert card.balance_paise == 300_000


async def test_nobody_else_can_tell_a_lease_from_none(reports: Reports, lakeside: Lakeside) -> None:
    await lakeside.let(ROOM)
    await lakeside.let("Room #118")
    lease_id = lakeside.lease_id(ROOM)
    strangers = [
        tenant_of(lakeside, "Room #118"),
        staff_at(lakeside, Role.CARETAKER),
        staff_at(lakeside, Role.MANAGER, elsewhere=True),
        Actor(person_id=9),
    ]
    async with lakeside.transactions.read() as unit:
        (entry,) = await unit.ledger.page(lease_id)

    for actor in strangers:
        for wanted in (lease_id, 999):
            with pytest.raises(LeaseUnknown):
                await reports.home(actor=actor, lease_id=wanted)
            with pytest.raises(LeaseUnknown):
                await reports.refresh(actor=actor, lease_id=wanted)
            with pytest.raises(LeaseUnknown):
                await reports.usage(actor=actor, lease_id=wanted, days=7)
            with pytest.raises(LeaseUnknown):
                await reports.statement(actor=actor, lease_id=wanted)
        with pytest.raises(LeaseUnknown):
            await reports.entry(actor=actor, entry_id=entry.id)
    assert lakeside.gateway.asked == []


async def test_an_entry_that_is_not_there_is_unknown(reports: Reports, lakeside: Lakeside) -> None:
    await lakeside.let(ROOM)

    with pytest.raises(EntryUnknown):
        await reports.entry(actor=tenant_of(lakeside, ROOM), entry_id=999)


async def test_usage_is_what_history_shows_between_closes(
    reports: Reports, lakeside: Lakeside
) -> None:
    installed_at = EVENING - timedelta(days=30)
    await lakeside.let(ROOM, opened_at=installed_at)
    lakeside.meter(ROOM).history(
        until=YESTERDAY, daily_kwh=["1", "1", "1", "1", "1", "1", "1", "2", "3", "4", "5", "6", "7"]
    )

    chart = await usage(reports, lakeside)

    assert energies(chart) == ["2", "3", "4", "5", "6", "7", None]
    assert chart.total_kwh == 27
    assert chart.previous_total_kwh == 7
    assert [day.on for day in chart.days][-1] == TODAY


async def test_usage_of_today_is_what_was_seen_last(
    reports: Reports, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await lakeside.let(ROOM, opened_at=EVENING - timedelta(days=30))
    meter = lakeside.meter(ROOM)
    meter.history(until=YESTERDAY, daily_kwh=["2"] * 14)
    meter.uses("1.5")
    await reports.refresh(actor=tenant_of(lakeside, ROOM), lease_id=lakeside.lease_id(ROOM))

    chart = await usage(reports, lakeside)

    assert energies(chart)[-1] == "1.5"


async def test_days_before_the_lease_are_nobodys_business(
    reports: Reports, lakeside: Lakeside
) -> None:
    await lakeside.let(
        ROOM, start_on=TODAY - timedelta(days=2), opened_at=EVENING - timedelta(days=60)
    )
    lakeside.meter(ROOM).history(until=YESTERDAY, daily_kwh=["9"] * 20)

    chart = await usage(reports, lakeside)

    assert energies(chart) == [None, None, None, None, None, "9", None]
    assert chart.previous_total_kwh is None


async def test_history_from_before_the_device_was_in_the_room_is_left_out(
    reports: Reports, lakeside: Lakeside
) -> None:
    await lakeside.let(ROOM, opened_at=EVENING - timedelta(days=3))
    lakeside.meter(ROOM).history(until=YESTERDAY, daily_kwh=["9"] * 20)

    chart = await usage(reports, lakeside)

    assert energies(chart) == [None, None, None, None, "9", "9", None]


async def test_costs_recharges_and_cuts_are_marked_on_their_days(
    reports: Reports, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await lakeside.let(ROOM)
    clock.step(NEAR_MIDNIGHT)
    lakeside.meter(ROOM).uses("11.8", closing=TODAY)
    await lakeside.deduct()
    await switch(lakeside, ROOM, on=False, at=clock.now())
    clock.step(timedelta(days=1))
    await lakeside.pay(ROOM, 200_000)
    await switch(lakeside, ROOM, on=True, at=clock.now())
    clock.step(timedelta(days=1))

    chart = await usage(reports, lakeside)

    assert [day.cost_paise for day in chart.days][-3:] == [7_670, None, None]
    assert [day.recharged_paise for day in chart.days][-3:] == [0, 200_000, 0]
    assert [day.was_cut for day in chart.days][-4:] == [False, True, True, False]
    assert chart.total_paise == 7_670


async def test_a_room_that_is_still_dark_is_marked_up_to_today(
    reports: Reports, lakeside: Lakeside
) -> None:
    await lakeside.let(ROOM)
    await switch(lakeside, ROOM, on=False, at=EVENING - timedelta(days=2))

    chart = await usage(reports, lakeside)

    assert [day.was_cut for day in chart.days] == [False] * 4 + [True] * 3
    assert chart.days[-2].dark == ((0, 10_000),)


async def test_a_short_cut_is_as_long_as_it_was(reports: Reports, lakeside: Lakeside) -> None:
    await lakeside.let(ROOM)
    off_at = EVENING - timedelta(days=1)
    await switch(lakeside, ROOM, on=False, at=off_at)
    await switch(lakeside, ROOM, on=True, at=off_at + timedelta(seconds=25))

    ((begin, end),) = (await usage(reports, lakeside)).days[-2].dark

    assert end - begin in {2, 3}


async def test_a_reversed_payment_is_no_recharge(reports: Reports, lakeside: Lakeside) -> None:
    await lakeside.let(ROOM)
    await lakeside.take_back(await lakeside.pay(ROOM, 200_000))

    chart = await usage(reports, lakeside)

    assert [day.recharged_paise for day in chart.days] == [0] * 7


async def test_usage_without_history_is_what_the_books_say(
    reports: Reports, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await lakeside.let(ROOM)
    clock.step(NEAR_MIDNIGHT)
    lakeside.meter(ROOM).uses("11.8")
    await lakeside.deduct()
    lakeside.gateway.is_down = True

    report = await reports.usage(
        actor=tenant_of(lakeside, ROOM), lease_id=lakeside.lease_id(ROOM), days=7
    )

    assert not report.has_history
    assert energies(report.chart)[-1] == "11.8"
    assert report.chart.total_paise == 7_670


async def test_a_statement_has_every_entry_once(reports: Reports, lakeside: Lakeside) -> None:
    await lakeside.let(ROOM)
    for number in range(2 * PAGE_ENTRIES):
        await lakeside.pay(ROOM, 100_00 + number)
    actor, lease_id = tenant_of(lakeside, ROOM), lakeside.lease_id(ROOM)

    seen: list[int] = []
    before_id: int | None = None
    while True:
        page = await reports.statement(actor=actor, lease_id=lease_id, before_id=before_id)
        seen += [entry.id for entry in page.entries]
        before_id = page.older_before_id
        if before_id is None:
            break

    assert len(seen) == 2 * PAGE_ENTRIES + 1
    assert seen == sorted(set(seen), reverse=True)


async def test_an_entry_tells_what_took_it_back(reports: Reports, lakeside: Lakeside) -> None:
    await lakeside.let(ROOM)
    receipt = await lakeside.pay(ROOM, 200_000)
    reversal = await lakeside.take_back(receipt)

    opened = await reports.entry(actor=tenant_of(lakeside, ROOM), entry_id=receipt.entry.id)

    assert opened.reversed_by is not None
    assert opened.reversed_by.id == reversal.entry.id


async def test_an_entry_tells_tenants_and_staff_who_booked_it(
    reports: Reports, lakeside: Lakeside
) -> None:
    await lakeside.let(ROOM)
    receipt = await lakeside.pay(ROOM, 200_000)
    actor_id = receipt.entry.actor_id
    assert actor_id is not None
    async with lakeside.transactions.read() as unit:
        name = (await unit.people.get({actor_id}))[actor_id].name
    for actor in (tenant_of(lakeside, ROOM), staff_at(lakeside, Role.MANAGER)):
        opened = await reports.entry(actor=actor, entry_id=receipt.entry.id)
        assert opened.by == name
