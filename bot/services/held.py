"""Readings that a manager has to judge: what is said of them, and said again. Rule 3.5."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.metering import Reading
from bot.domain.period import local_date
from bot.services.book import LeaseBook, MeterLink
from bot.services.doorbell import Doorbell
from bot.services.notice import common_facts, tell
from bot.services.ports import Clock
from bot.services.store import Notice, NoticeKind, Transactions
from bot.services.stores import Unit

DAY_BEGINS, DAY_ENDS = time(8), time(21)
HOUR = timedelta(hours=1)


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
            if not await unit.metering.held():
                return ReminderReport(held=0, reminded=0)
        async with self._transactions.begin() as unit:
            held = await unit.metering.held()
            lease_ids = {each.lease_id for each in held if each.lease_id is not None}
            books = await unit.books.load(lease_ids, now=now, lock=False)
            reminded = [each for each in held if await _remind(unit, books, each, now)]
        self._doorbell.ring()
        return ReminderReport(held=len(held), reminded=len(reminded))


async def _remind(unit: Unit, books: Mapping[int, LeaseBook], held: Reading, now: datetime) -> bool:
    book = books.get(held.lease_id or 0)
    link = None if book is None else _link(book.meters, held)
    if book is None or link is None or not _is_the_hour(book, held, now):
        return False
    before = await unit.metering.before(held)
    since_at = held.point.at if before is None else before.point.at
    facts = held_facts(book, link, held, since_at=since_at) | {"is_reminder": True}
    news = ask(book, facts, key=f"{_key(held)}:{local_date(now, book.place.zone)}", now=now)
    await unit.outbox.add(news)
    return bool(news)


def _is_the_hour(book: LeaseBook, held: Reading, now: datetime) -> bool:
    """Return whether it is day, and not the one on which the question was asked first."""
    zone = book.place.zone
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
        "previous_value": str(held.previous_value),
        "consumption": str(held.consumption),
        "hours": max((held.point.at - since_at) // HOUR, 1),
        "limit": str(link.meter.terms.limit_per_hour),
        "reading_id": held.id,
        "taken_at": held.point.at.isoformat(),
    }
