"""Months of the books are closed for good; what comes later counts later."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from bot.db.accounted import period_close
from bot.db.unit_of_work import SqlTransactions
from bot.domain.account import (
    MonthNotOver,
    NothingToClose,
    TrialBalance,
    month_span,
    months,
)
from bot.domain.dispute import ItemKind
from bot.domain.lease import BillingMode, Occupancy
from bot.domain.ledger import (
    AccountKind,
    EntryKind,
    LedgerEntry,
    PaymentMethod,
    reversal_of,
    transfer,
)
from bot.domain.meter import BillingType
from bot.domain.metering import ReadingStatus
from bot.domain.people import Actor, NotAllowed, Role
from bot.domain.period import local_date, start_of
from bot.services.cause import ButtonSpent, Cause
from bot.services.claim_check import ClaimDraft
from bot.services.dispute import Disputes
from bot.services.period_close import MonthClosedAlready, PeriodCloses
from bot.services.rules import PlaceUnknown
from bot.services.still_open import StillOpen
from tests.building import KOLKATA, Building, House, at
from tests.fakes.clock import SettableClock
from tests.handread import add_gas_meter, was_read
from tests.integration.db.world import DAY, World, a_deduction, a_payment, furnish

OCTOBER, NOVEMBER, DECEMBER = date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)
MIDNIGHT = datetime(2025, 12, 1, tzinfo=KOLKATA).astimezone(UTC)


def closes(building: Building) -> PeriodCloses:
    return PeriodCloses(building.transactions, building.clock)


async def close(building: Building, month_on: date, nonce: str | None = None) -> list[date]:
    cause = await building.cause(nonce=nonce)
    done = await closes(building).close(cause=cause, place_id=building.place.id, month_on=month_on)
    return [each.through_on for each in done.closes]


async def trial(building: Building, month_on: date) -> TrialBalance:
    async with building.transactions.read() as unit:
        return await unit.accounts.trial_balance(
            building.place.id, month_span(month_on, building.place.zone)
        )


async def income(building: Building, month_on: date) -> int:
    line = (await trial(building, month_on)).line(AccountKind.ENERGY_INCOME)
    return line.credit_paise - line.debit_paise


async def book(
    building: Building,
    house: House,
    kind: EntryKind,
    paise: int,
    occurred_at: datetime,
    *,
    key: str = "",
) -> int:
    """Book something that occurred then, now."""
    other = AccountKind.UPI if kind is EntryKind.PAYMENT else AccountKind.ENERGY_INCOME
    entry = LedgerEntry(
        key=key or f"{kind.value}:{occurred_at}:{building.clock.now()}",
        kind=kind,
        place_id=building.place.id,
        lease_id=house.lease.id,
        occurred_at=occurred_at,
        postings=transfer(lease_id=house.lease.id, tenant_paise=paise, other=other),
    )
    async with building.transactions.begin() as unit:
        (booked,) = await unit.ledger.append([entry], recorded_at=building.clock.now())
    return booked.id


async def reverse(building: Building, entry_id: int) -> None:
    async with building.transactions.begin() as unit:
        entry = await unit.ledger.whole(entry_id)
        assert entry is not None
        now = building.clock.now()
        undo = reversal_of(entry, entry_id=entry_id, at=now, actor_id=None, reason="wrong")
        await unit.ledger.append([undo], recorded_at=now)


async def test_a_late_charge_counts_in_the_month_in_which_it_is_booked(building: Building) -> None:
    house = await building.let()
    await book(building, house, EntryKind.DEDUCTION, -7_670, at(20))
    building.clock.set(at(3, "10:00", month=12))
    assert await close(building, NOVEMBER) == [date(2025, 11, 30)]
    before = await trial(building, NOVEMBER)

    building.clock.set(at(4, "10:00", month=12))
    await book(building, house, EntryKind.DEDUCTION, -1_000, at(21))

    assert await trial(building, NOVEMBER) == before
    assert await income(building, NOVEMBER) == 7_670
    assert await income(building, DECEMBER) == 1_000


async def test_a_late_charge_counts_in_its_own_month_while_that_is_open(building: Building) -> None:
    house = await building.let()
    building.clock.set(at(4, "10:00", month=12))
    await book(building, house, EntryKind.DEDUCTION, -1_000, at(21))
    assert await income(building, NOVEMBER) == 1_000
    assert await income(building, DECEMBER) == 0


async def test_what_was_used_up_to_midnight_is_of_the_day_before(building: Building) -> None:
    house = await building.let()
    building.clock.set(at(4, "10:00", month=12))
    await book(building, house, EntryKind.DEDUCTION, -1_000, MIDNIGHT)
    await book(building, house, EntryKind.PAYMENT, 500, MIDNIGHT)
    assert await income(building, NOVEMBER) == 1_000
    upi = (await trial(building, DECEMBER)).received(PaymentMethod.UPI)
    assert (upi.opening_paise, upi.debit_paise) == (0, 500)

    await close(building, NOVEMBER)
    await book(building, house, EntryKind.DEDUCTION, -70, MIDNIGHT, key="late")
    assert await income(building, NOVEMBER) == 1_000
    assert await income(building, DECEMBER) == 70


async def test_a_corrected_charge_counts_once_in_an_open_month_and_later_when_closed(
    building: Building,
) -> None:
    house = await building.let()
    first = await book(building, house, EntryKind.DEDUCTION, -5_000, at(20))
    building.clock.set(at(2, "09:00", month=12))
    await reverse(building, first)
    second = await book(building, house, EntryKind.DEDUCTION, -4_000, at(20), key="again")
    assert (await income(building, NOVEMBER), await income(building, DECEMBER)) == (4_000, 0)

    await close(building, NOVEMBER)
    building.clock.set(at(5, "09:00", month=12))
    await reverse(building, second)
    await book(building, house, EntryKind.DEDUCTION, -4_500, at(20), key="once more")
    assert (await income(building, NOVEMBER), await income(building, DECEMBER)) == (4_000, 500)


async def test_a_payment_that_is_taken_back_counts_on_that_day(building: Building) -> None:
    house = await building.let()
    paid = await book(building, house, EntryKind.PAYMENT, 50_000, at(20))
    building.clock.set(at(2, "09:00", month=12))
    await reverse(building, paid)
    november, december = await trial(building, NOVEMBER), await trial(building, DECEMBER)
    assert november.received(PaymentMethod.UPI).debit_paise == 50_000
    assert december.received(PaymentMethod.UPI).credit_paise == 50_000
    assert december.received(PaymentMethod.UPI).closing_paise == 0


async def test_what_was_read_off_the_clock_before_a_close_but_booked_after_it_counts_later(
    building: Building,
) -> None:
    house = await building.let()
    building.clock.set(MIDNIGHT + timedelta(seconds=1))
    await close(building, NOVEMBER)
    before = await trial(building, NOVEMBER)
    building.clock.set(MIDNIGHT - timedelta(seconds=1))
    await book(building, house, EntryKind.PAYMENT, 700, building.clock.now())

    assert await trial(building, NOVEMBER) == before
    assert (await trial(building, DECEMBER)).received(PaymentMethod.UPI).debit_paise == 700


async def test_open_months_before_are_closed_with_it(building: Building) -> None:
    house = await building.let()
    await book(building, house, EntryKind.PAYMENT, 100, at(5, month=9))
    building.clock.set(at(1, "00:30", month=12))
    cause = await building.cause()
    preview = await closes(building).preview(
        actor=cause.actor, place_id=building.place.id, month_on=NOVEMBER
    )
    assert preview.months == (date(2025, 9, 1), OCTOBER, NOVEMBER)
    assert preview.trial.is_balanced
    assert preview.trial.line(AccountKind.RECEIVABLE).closing_paise == 300_100
    assert await close(building, NOVEMBER) == [
        date(2025, 9, 30),
        date(2025, 10, 31),
        date(2025, 11, 30),
    ]
    (trail,) = [facts for action, facts in await building.trail() if action == "books.close"]
    assert trail == {"through": ["2025-09-30", "2025-10-31", "2025-11-30"]}


async def left_open(building: Building) -> StillOpen:
    """Return what is open of November."""
    preview = await closes(building).preview(
        actor=(await building.cause()).actor, place_id=building.place.id, month_on=NOVEMBER
    )
    return preview.still_open


async def test_the_preview_tells_of_rooms_that_were_not_charged(building: Building) -> None:
    await building.let()
    building.clock.set(at(2, "10:00", month=12))
    assert await left_open(building) == StillOpen(uncharged_rooms=("Room 302",))


async def test_the_preview_tells_of_bills_that_wait_also_for_who_has_left(
    building: Building,
) -> None:
    for number, end_on in (("301", None), ("302", date(2025, 11, 20))):
        await building.let(
            f"Room {number}",
            mode=BillingMode.POSTPAID,
            billing_day=25,
            balance_paise=100,
            occupancy=Occupancy(start_on=date(2025, 11, 1), end_on=end_on),
        )
    building.clock.set(at(2, "10:00", month=12))
    assert (await left_open(building)).waiting_bills == ("Room 301", "Room 302")


async def test_the_preview_tells_of_claims_and_questions_of_the_month(building: Building) -> None:
    house = await building.let()
    charged = await book(building, house, EntryKind.DEDUCTION, -7_670, at(20))
    tenant = await building.cause(house.tenant)
    draft = ClaimDraft(lease_id=house.lease.id, amount_paise=50_000, method=PaymentMethod.CASH)
    building.clock.set(at(30, "22:00"))
    claim = await building.claims.file(cause=tenant, draft=draft)
    building.clock.set(at(2, "10:00", month=12))
    later = await book(building, house, EntryKind.DEDUCTION, -650, at(1, month=12))
    disputes = Disputes(building.transactions, building.clock, building.doorbell)
    for entry_id in (charged, later):
        await disputes.open(
            cause=tenant, kind=ItemKind.ENTRY, item_id=entry_id, words="I was away that day"
        )

    left = await left_open(building)

    assert (left.claims, left.disputes) == (1, 1)
    await building.claims.reject(cause=await building.cause(), claim_id=claim.id, reason="No")
    assert (await left_open(building)).claims == 0
    assert await close(building, NOVEMBER) == [date(2025, 11, 30)]


async def test_the_preview_tells_of_readings_that_are_held_or_missing(building: Building) -> None:
    house = await building.let()
    transactions, place = building.transactions, building.place
    for name in ("Gas 301", "Gas 302", "Gas 303"):
        meter_id = await add_gas_meter(
            transactions, place, name, at=at(1), billing_type=BillingType.INDIVIDUAL
        )
        await was_read(transactions, meter_id, "100.0", at(30, month=10))
        if name == "Gas 302":
            await was_read(transactions, meter_id, "110.0", at(28))
        if name == "Gas 303":
            await was_read(transactions, meter_id, "900.0", at(29), status=ReadingStatus.HELD)
    await book(building, house, EntryKind.DEDUCTION, -7_670, at(20))
    building.clock.set(at(2, "10:00", month=12))

    left = await left_open(building)

    assert (left.held_readings, left.unread_meters) == (1, 1)


async def test_a_month_is_closed_once(building: Building) -> None:
    await building.let()
    building.clock.set(at(2, "10:00", month=12))
    await close(building, NOVEMBER, nonce="n1")
    with pytest.raises(ButtonSpent):
        await close(building, NOVEMBER, nonce="n1")
    with pytest.raises(MonthClosedAlready) as refusal:
        await close(building, NOVEMBER, nonce="n2")
    assert refusal.value.by == "Mani"
    assert refusal.value.close.closed_at == building.clock.now()


async def test_two_people_at_once_close_it_once(building: Building) -> None:
    await building.let()
    building.clock.set(at(2, "10:00", month=12))
    done = await asyncio.gather(
        close(building, NOVEMBER), close(building, NOVEMBER), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["MonthClosedAlready", "list"]


async def test_only_what_is_over_and_has_begun_can_be_closed(building: Building) -> None:
    with pytest.raises(NothingToClose):
        await close(building, OCTOBER)
    await building.let()
    with pytest.raises(MonthNotOver):
        await close(building, NOVEMBER)


async def test_accountants_close_and_others_do_not(building: Building) -> None:
    await building.let()
    building.clock.set(at(2, "10:00", month=12))
    async with building.transactions.begin() as unit:
        people = [
            await unit.people.add(
                telegram_id=50 + n, chat_id=50 + n, name=f"P{n}", language="en", at=at(1)
            )
            for n in range(3)
        ]
        for person, role in zip(people, (Role.ACCOUNTANT, Role.CARETAKER), strict=False):
            await unit.people.grant(person_id=person.id, place_id=building.place.id, role=role)
    accountant, caretaker, stranger = [await building.cause(each) for each in people]
    service, place_id = closes(building), building.place.id
    for who, refusal in ((caretaker, NotAllowed), (stranger, PlaceUnknown)):
        with pytest.raises(refusal):
            await service.close(cause=who, place_id=place_id, month_on=NOVEMBER)
        with pytest.raises(refusal):
            await service.preview(actor=who.actor, place_id=place_id, month_on=NOVEMBER)
    done = await service.close(cause=accountant, place_id=place_id, month_on=NOVEMBER)
    assert done.closes[0].actor_id == accountant.actor_id


async def test_the_database_keeps_a_close_as_it_is(building: Building) -> None:
    await building.let()
    building.clock.set(at(2, "10:00", month=12))
    await close(building, NOVEMBER)
    with pytest.raises(DBAPIError, match="append-only"):
        async with building.database.writer.begin() as connection:
            await connection.execute(update(period_close).values(last_entry_id=1))


DAYS = st.integers(min_value=0, max_value=130)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(min_value=1, max_value=40)),
        st.tuples(st.just("pay"), DAYS),
        st.tuples(st.just("charge"), DAYS),
        st.tuples(st.just("charge to midnight"), DAYS),
        st.tuples(st.just("reverse"), st.integers(min_value=0, max_value=20)),
        st.tuples(st.just("close"), st.just(0)),
    ),
    max_size=20,
)
BEGIN = datetime(2025, 9, 1, tzinfo=KOLKATA)
NUMBERS = count(1)


@given(events=EVENTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_closed_month_never_changes_and_all_months_are_all_that_was_posted(
    transactions: SqlTransactions, events: list[tuple[str, int]]
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit, next(NUMBERS))
    books = Books(transactions=transactions, world=world)
    closed: dict[date, TrialBalance] = {}
    for what, number in events:
        await books.happen(what, number)
        for month_on in await books.closed():
            found = await books.trial(month_on)
            assert closed.setdefault(month_on, found) == found
    await books.prove()


@dataclass(slots=True, kw_only=True)
class Books:
    """A place of its own, to whose books anything may happen in any order."""

    transactions: SqlTransactions
    world: World
    clock: SettableClock = field(default_factory=lambda: SettableClock(BEGIN.astimezone(UTC)))
    booked: list[LedgerEntry] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)

    async def happen(self, what: str, number: int) -> None:
        """Let something happen; `number` says how many days, ago or on, or to which entry."""
        now = self.clock.now()
        if what == "wait":
            self.clock.advance(timedelta(days=number))
        elif what == "close":
            await self._close()
        elif what == "reverse":
            await self._reverse(number)
        elif what == "pay":
            await self._book(a_payment(self.world, self._key(), 317, at=now - number * DAY))
        else:
            at = now - timedelta(days=number, hours=7)
            if what == "charge to midnight":
                at = start_of(local_date(at, KOLKATA), KOLKATA)
            await self._book(a_deduction(self.world, self._key(), 711, at=at))

    async def closed(self) -> list[date]:
        """Return the months that are closed."""
        async with self.transactions.read() as unit:
            found = await unit.accounts.closes(self.world.place.id)
        return [each.through_on.replace(day=1) for each in found]

    async def trial(self, month_on: date) -> TrialBalance:
        """Return the sums of a month."""
        span = month_span(month_on, KOLKATA)
        async with self.transactions.read() as unit:
            return await unit.accounts.trial_balance(self.world.place.id, span)

    async def prove(self) -> None:
        """Compare what all months hold with what was booked, and each with the one before it."""
        before: Mapping[AccountKind, int] = {}
        for month_on in months(date(2025, 4, 1), local_date(self.clock.now(), KOLKATA)):
            found = await self.trial(month_on)
            assert found.is_balanced
            assert {line.account: line.opening_paise for line in found.lines} == {
                line.account: before.get(line.account, 0) for line in found.lines
            }
            before = {line.account: line.closing_paise for line in found.lines}
        assert before == self._sums()

    def _sums(self) -> Mapping[AccountKind, int]:
        sums: dict[AccountKind, int] = {}
        for posting in (each for entry in self.booked for each in entry.postings):
            sums[posting.account] = sums.get(posting.account, 0) + posting.amount_paise
        return sums

    def _key(self) -> str:
        return f"{self.world.place.id}:{len(self.booked)}"

    async def _book(self, entry: LedgerEntry) -> None:
        async with self.transactions.begin() as unit:
            (booked,) = await unit.ledger.append([entry], recorded_at=self.clock.now())
        self.booked.append(entry)
        self.ids.append(booked.id)

    async def _reverse(self, number: int) -> None:
        undone = {entry.reverses_id for entry in self.booked}
        left = [
            (entry_id, entry)
            for entry_id, entry in zip(self.ids, self.booked, strict=True)
            if entry.reverses_id is None and entry_id not in undone
        ]
        if left:
            entry_id, entry = left[number % len(left)]
            now = self.clock.now()
            await self._book(
                reversal_of(entry, entry_id=entry_id, at=now, actor_id=None, reason="wrong")
            )

    async def _close(self) -> None:
        last_on = local_date(self.clock.now(), KOLKATA).replace(day=1) - DAY
        owner = Actor(person_id=self.world.tenant.id, roles=((None, Role.OWNER),))
        service = PeriodCloses(self.transactions, self.clock)
        with suppress(NothingToClose, MonthClosedAlready):
            await service.close(
                cause=Cause(actor=owner),
                place_id=self.world.place.id,
                month_on=last_on.replace(day=1),
            )
