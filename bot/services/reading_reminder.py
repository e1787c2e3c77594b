"""Tenants are reminded of the meters that they read themselves, at most twice in a window."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.reading_window import is_due, open_days
from bot.services.book import LeaseBook
from bot.services.doorbell import Doorbell
from bot.services.estimate import is_never_estimated
from bot.services.held import DAY_BEGINS, DAY_ENDS
from bot.services.notice import common_facts, tell
from bot.services.ports import Clock
from bot.services.reading_spot import OF_ONE_LEASE
from bot.services.round import end_older
from bot.services.store import Notice, NoticeKind, Transactions
from bot.services.stores import Unit
from bot.services.stores.reading_round import HandMeter

_MONEY = frozenset({"balance_paise", "cut_off_paise"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReport:
    """How many meters of tenants are due to be read today, in how many leases."""

    meters: int
    leases: int


class ReadingReminders:
    """Brings to tenants' minds that their meters are to be read."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def run(self) -> DueReport:
        """This function will remind the tenants of meters that are due: once when the window has
        begun and once on its last day, not at night by the clock of the place.

        It also ends rounds that were left when the next window had begun.
        """
        now = self._clock.now()
        meters, leases = 0, 0
        async with self._transactions.read() as unit:
            places = [each for each in await unit.places.all() if each.reading_window is not None]
        for place in places:
            async with self._transactions.begin() as unit:
                await end_older(unit, place, now)
                due = await _due_by_lease(unit, place, now)
                meters += sum(map(len, due.values()))
                leases += len(due)
                books = await unit.books.load(due, now=now, lock=False)
                for lease_id, book in books.items():
                    await unit.outbox.add(_reminders(book, due[lease_id], now))
        self._doorbell.ring()
        return DueReport(meters=meters, leases=leases)


async def _due_by_lease(
    unit: Unit, place: Place, now: datetime
) -> Mapping[int, Sequence[HandMeter]]:
    """Return what tenants have to read by themselves; what several share is left to the staff."""
    today_on = local_date(now, place.zone)
    days = open_days(place.reading_window, today_on)
    if days is None or not DAY_BEGINS <= now.astimezone(place.zone).time() < DAY_ENDS:
        return {}
    meters = await unit.rounds.meters(place.id)
    own = [each for each in meters if each.sheet.billing_type in OF_ONE_LEASE]
    read = await unit.rounds.read_since({m.sheet.id for m in own}, days.starts_at(place.zone))
    found: dict[int, list[HandMeter]] = defaultdict(list)
    for each in own:
        known = read.get(each.sheet.id)
        read_at = None if known is None else known.point.at
        if is_due(each.sheet, read_at=read_at, since=days, zone=place.zone):
            lease_ids = await unit.chains.leases_on(each.sheet.id, today_on)
            if len(lease_ids) == 1:
                found[lease_ids[0]].append(each)
    return found


def _reminders(book: LeaseBook, meters: Sequence[HandMeter], now: datetime) -> tuple[Notice, ...]:
    zone = book.place.zone
    today_on = local_date(now, zone)
    days = open_days(book.place.reading_window, today_on)
    assert days is not None
    is_last = today_on == days.last_on
    facts = {key: value for key, value in common_facts(book).items() if key not in _MONEY} | {
        "last_on": days.last_on.isoformat(),
        "today_on": today_on.isoformat(),
        "is_last": is_last,
        "may_be_estimated": any(not is_never_estimated(m.sheet, book.lease) for m in meters),
        "meters": [{"id": each.sheet.id, "name": each.sheet.name} for each in meters],
    }
    key = f"reading-due:{book.lease.id}:{days.first_on}:{'last' if is_last else 'first'}"
    return tell(book.tenant_ids, NoticeKind.READING_DUE, facts, key=key, now=now)
