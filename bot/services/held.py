"""Readings that a manager has to judge: what is said of them, and said again. Rule 3.5."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.metering import Reading
from bot.domain.period import local_date
from bot.services.book import LeaseBook, MeterLink
from bot.services.doorbell import Doorbell
from bot.services.notice import common_facts, meter_facts, tell
from bot.services.ports import Clock
from bot.services.store import Notice, NoticeKind, Transactions
from bot.services.stores import Unit
from bot.services.stores.reading_list import HeldLine

DAY_BEGINS, DAY_ENDS = time(8), time(21)
HOUR = timedelta(hours=1)
MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderReport:
    """How many readings are held, and of how many of them somebody was reminded now."""

    held: int
    reminded: int


class Reminders:
    """Asks again what nobody has answered."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def run(self) -> ReminderReport:
        """This function will remind staff of the readings held since yesterday or longer.

        Once a day for each reading, and not at night, by the clock of the place.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            if not await unit.rooms.held_readings(None):
                return ReminderReport(held=0, reminded=0)
        async with self._transactions.begin() as unit:
            held = await unit.metering.held()
            lease_ids = {each.lease_id for each in held if each.lease_id is not None}
            books = await unit.books.load(lease_ids, now=now, lock=False)
            reminded = [each for each in held if await _remind(unit, books, each, now)]
            others = await _of_no_lease(unit)
            reminded += [each.reading for each in others if await _remind_of_meter(unit, each, now)]
        self._doorbell.ring()
        return ReminderReport(held=len(held) + len(others), reminded=len(reminded))


async def _remind(unit: Unit, books: Mapping[int, LeaseBook], held: Reading, now: datetime) -> bool:
    book = books.get(held.lease_id or 0)
    link = None if book is None else _link(book.meters, held)
    if book is None or link is None or not _is_the_hour(book.place.zone, held, now):
        return False
    before = await unit.metering.before(held)
    since_at = held.point.at if before is None else before.point.at
    facts = held_facts(book, link, held, since_at=since_at) | {"is_reminder": True}
    news = ask(book, facts, key=f"{_key(held)}:{local_date(now, book.place.zone)}", now=now)
    await unit.outbox.add(news)
    return bool(news)


async def _of_no_lease(unit: Unit) -> Sequence[HeldLine]:
    every = await unit.reading_lists.held(None, limit=MOST)
    return [each for each in every if each.reading.lease_id is None]


async def _remind_of_meter(unit: Unit, each: HeldLine, now: datetime) -> bool:
    """Ask again about a meter that is not one lease's own."""
    held, sheet = each.reading, each.meter.sheet
    place = await unit.places.get(sheet.place_id)
    if place is None or not _is_the_hour(place.zone, held, now):
        return False
    before = await unit.chains.before(held.installation_id, held.point.at)
    since_at = held.point.at if before is None else before.point.at
    facts = meter_facts(sheet, place, each.meter.room) | {
        "value": str(held.point.value),
        "previous_value": _text(held.previous_value),
        "consumption": _text(held.consumption),
        "hours": max((held.point.at - since_at) // HOUR, 1),
        "limit": str(sheet.terms.limit_per_hour),
        "reading_id": held.id,
        "taken_at": held.point.at.isoformat(),
        "reader": held.reader_name,
        "is_reminder": True,
    }
    staff = (await unit.people.staff({place.id})).get(place.id, ())
    key = f"{_key(held)}:{local_date(now, place.zone)}"
    news = tell(staff, NoticeKind.READING_HELD, facts, key=key, now=now)
    await unit.outbox.add(news)
    return bool(news)


def _is_the_hour(zone: ZoneInfo, held: Reading, now: datetime) -> bool:
    """Return whether it is day, and not the one on which the question was asked first."""
    is_day = DAY_BEGINS <= now.astimezone(zone).time() < DAY_ENDS
    return is_day and local_date(held.point.at, zone) < local_date(now, zone)


def _link(links: Iterable[MeterLink], held: Reading) -> MeterLink | None:
    return next((each for each in links if each.meter.id == held.meter_id), None)


def _key(held: Reading) -> str:
    return f"held:{held.installation_id}:{held.point.at.isoformat()}"


def first_question(
    book: LeaseBook, link: MeterLink, held: Reading, *, since_at: datetime, now: datetime
) -> tuple[Notice, ...]:
    """Return the question to the staff whether a reading is right; once for each."""
    facts = held_facts(book, link, held, since_at=since_at)
    return ask(book, facts, key=_key(held), now=now)


def ask(
    book: LeaseBook, facts: Mapping[str, object], *, key: str, now: datetime
) -> tuple[Notice, ...]:
    """Return the question, with these facts."""
    return tell(book.staff_ids, NoticeKind.READING_HELD, facts, key=key, now=now)


def held_facts(
    book: LeaseBook, link: MeterLink, held: Reading, *, since_at: datetime
) -> dict[str, object]:
    """Return what a manager needs to know to judge a stored reading, read before at `since_at`."""
    return common_facts(book) | {
        "meter": link.meter.udf1,
        "unit": link.meter.unit,
        "value": str(held.point.value),
        "previous_value": _text(held.previous_value),
        "consumption": _text(held.consumption),
        "hours": max((held.point.at - since_at) // HOUR, 1),
        "limit": str(link.meter.terms.limit_per_hour),
        "reading_id": held.id,
        "taken_at": held.point.at.isoformat(),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
