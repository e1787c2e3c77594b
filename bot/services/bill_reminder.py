"""Tenants are reminded of bills, and warned before their power goes for one. Rule 7.3."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.deduction import day_of_end
from bot.domain.dues import LAST_STEP, Due, steps_due, undisputed
from bot.domain.period import at_local, local_date
from bot.domain.place import Place
from bot.domain.supply import SupplyReason, cut_at, decide
from bot.services.book import LeaseBook
from bot.services.doorbell import Doorbell
from bot.services.held import DAY_BEGINS, DAY_ENDS
from bot.services.invoicing import ENDED_AGO
from bot.services.notice import common_facts, tell
from bot.services.outlook import supply_facts
from bot.services.ports import Clock
from bot.services.settle import has_ended, settle, store
from bot.services.store import Notice, NoticeKind, Transactions
from bot.services.stores import Unit

MORNING = time(9)
"""What is said at night is heard at this hour of the place."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillReminder:
    """A tenant is reminded of a bill; money in paise.

    `told_at` is when they hear of it, `cut_at` when their power goes for it, None if it does not.
    """

    place: Place
    room: str
    tenant: str
    due: Due
    step: str
    told_at: datetime
    cut_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillReminderReport:
    """Of which bills tenants were reminded; `waiting` of these are told in the morning."""

    lines: tuple[BillReminder, ...]
    waiting: int


class BillReminders:
    """Brings bills to tenants' minds, before and after they are due."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def run(self) -> BillReminderReport:
        """This function will remind of each bill that is not paid, once at each step of its place.

        After a standstill only the newest step is said. At night the message waits for the
        morning of the place.
        """
        now = self._clock.now()
        lines: list[BillReminder] = []
        for lease_id in await self._owing(now):
            async with self._transactions.begin() as unit:
                lines += await _remind(unit, lease_id, now)
        if lines:
            self._doorbell.ring()
        waiting = sum(each.told_at > now for each in lines)
        return BillReminderReport(lines=tuple(lines), waiting=waiting)

    async def _owing(self, now: datetime) -> Sequence[int]:
        """Return the leases for which something is to be said, by place and room."""
        async with self._transactions.read() as unit:
            lease_ids = await unit.invoices.billed_later(ended_since_on=(now - ENDED_AGO).date())
            books = await unit.books.load(lease_ids, now=now, lock=False)
            owing = [book for book in books.values() if await _reminders(unit, book, now)]
        owing.sort(key=lambda book: (book.place.name, book.room.name))
        return [book.lease.id for book in owing]


async def _remind(unit: Unit, lease_id: int, now: datetime) -> Sequence[BillReminder]:
    """Note what is said and say it; with that, the time at which power may go is known."""
    book = (await unit.books.load([lease_id], now=now, lock=True))[lease_id]
    said: list[BillReminder] = []
    for each, steps in await _reminders(unit, book, now):
        noted = [
            await unit.invoices.remind(each.due.invoice_id, step, at=each.told_at) for step in steps
        ]
        if noted[0]:
            said.append(each)
            await unit.outbox.add(_notices(book, each, now))
    if said:
        after = (await unit.books.load([lease_id], now=now, lock=False))[lease_id]
        await store(unit, [settle(after, now=now)])
    return said


async def _reminders(
    unit: Unit, book: LeaseBook, now: datetime
) -> Sequence[tuple[BillReminder, tuple[str, ...]]]:
    """Return what is to be said now of the bills of a lease, with the steps that this makes.

    A bill of which open questions hold all that is open is left alone (rule 10.3).
    """
    left = {each.invoice_id for each in undisputed(book.dues) if each.open_paise}
    dues = [each for each in book.dues if each.invoice_id in left]
    if not dues:
        return []
    reminded = await unit.invoices.reminded([each.invoice_id for each in dues])
    found = [_reminder(book, each, reminded.get(each.invoice_id, {}), now) for each in dues]
    return [(each, steps) for each, steps in found if steps]


def _reminder(
    book: LeaseBook, due: Due, reminded: Mapping[str, datetime], now: datetime
) -> tuple[BillReminder, tuple[str, ...]]:
    zone = book.place.zone
    told_at = _hour_to_tell(book.place, now)
    goes_at = power_goes_at(book, due, told_at=told_at, now=now)
    steps = steps_due(
        due.due_on,
        today_on=local_date(now, zone),
        days=book.place.reminder_days,
        reminded=reminded,
        cut_on=None if goes_at is None else day_of_end(goes_at, zone),
    )
    reminder = BillReminder(
        place=book.place,
        room=book.room.name,
        tenant=book.lease.tenant_name,
        due=due,
        step=steps[0] if steps else "",
        told_at=told_at,
        cut_at=goes_at,
    )
    return reminder, steps


def power_goes_at(
    book: LeaseBook, due: Due, *, told_at: datetime, now: datetime
) -> datetime | None:
    """Return when power goes for a bill of which tenants are told now, if nobody pays.

    None before its due date, where it is off already, or where nothing cuts it. Rule 6.2.
    """
    link = None if has_ended(book, now=now) else book.supply_meter
    if link is None or local_date(now, book.place.zone) <= due.due_on:
        return None
    around = supply_facts(book, link, now=now)
    if decide(around).reason is SupplyReason.OVERDUE:
        return None
    warned = replace(due, warned_at=due.warned_at or told_at)
    due_at = warned.cut_at(book.place.zone, book.place.grace)
    return None if due_at is None else cut_at(around, max(due_at, now))


def _hour_to_tell(place: Place, now: datetime) -> datetime:
    """Return now if it is day at the place, else the next morning."""
    local = now.astimezone(place.zone)
    if DAY_BEGINS <= local.time() < DAY_ENDS:
        return now
    on: date = local.date() if local.time() < DAY_BEGINS else local.date() + DAY
    return at_local(on, MORNING, place.zone)


def _notices(book: LeaseBook, said: BillReminder, now: datetime) -> tuple[Notice, ...]:
    due = said.due
    facts = common_facts(book) | {
        "invoice_id": due.invoice_id,
        "number": due.number,
        "step": said.step,
        "open_paise": due.open_paise,
        "charged_paise": due.charged_paise,
        "owed_paise": sum(each.open_paise for each in book.dues),
        "due_on": due.due_on.isoformat(),
        "told_at": said.told_at.isoformat(),
        "cut_at": None if said.cut_at is None else said.cut_at.isoformat(),
        "is_off": _is_off(book),
    }
    key = f"invoice-reminder:{due.invoice_id}:{said.step}"
    # Somebody has to warn people whom no message reaches.
    people = book.tenant_ids or (book.staff_ids if said.step == LAST_STEP else ())
    told = tell(people, NoticeKind.INVOICE_REMINDER, facts, key=key, now=now)
    return tuple(replace(each, due_at=said.told_at) for each in told)


def _is_off(book: LeaseBook) -> bool:
    supply = book.supply_meter.supply if book.supply_meter else None
    return supply is not None and not supply.desired_on and supply.reason is SupplyReason.OVERDUE
