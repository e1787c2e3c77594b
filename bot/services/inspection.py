"""Meters that are to be inspected: staff are reminded once a week, while there are any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from bot.domain.period import local_date
from bot.domain.place import Place
from bot.services.doorbell import Doorbell
from bot.services.meters import INSPECTED_WITHIN
from bot.services.notice import tell
from bot.services.ports import Clock
from bot.services.store import Notice, NoticeKind, Transactions
from bot.services.stores.meter_sheet import MeterLine

MOST_DUE = 1000
MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionReport:
    """How many meters are to be inspected within a month, and of how many places."""

    meters: int
    places: int


class Inspections:
    """Brings to mind which meters are to be inspected."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def run(self) -> InspectionReport:
        """This function will remind the staff of each place where an inspection is due within a
        month, or overdue: once a week, however often it runs."""
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            due = await unit.sheets.to_inspect(
                place_ids=None, through_on=now.date() + INSPECTED_WITHIN, limit=MOST_DUE
            )
            by_place = _by_place(due)
            places = {place.id: place for place in await unit.places.all()}
            staff = await unit.people.staff(by_place.keys())
            for place_id, lines in by_place.items():
                await unit.outbox.add(_notices(places[place_id], lines, staff[place_id], now))
        self._doorbell.ring()
        return InspectionReport(meters=len(due), places=len(by_place))


def _by_place(due: Sequence[MeterLine]) -> Mapping[int, list[MeterLine]]:
    ordered = sorted(due, key=lambda line: line.sheet.place_id)
    return {
        place_id: list(lines)
        for place_id, lines in groupby(ordered, key=lambda line: line.sheet.place_id)
    }


def _notices(
    place: Place, lines: Sequence[MeterLine], staff_ids: Sequence[int], now: datetime
) -> tuple[Notice, ...]:
    today_on = local_date(now, place.zone)
    facts = {
        "place": place.name,
        "place_id": place.id,
        "zone": place.zone.key,
        "count": len(lines),
        "today": today_on.isoformat(),
        "meters": [
            {"name": line.sheet.name, "room": line.room, "due": _due(line).isoformat()}
            for line in lines[:MOST_NAMED]
        ],
    }
    year, week, _ = today_on.isocalendar()
    key = f"inspections:{place.id}:{year}-{week}"
    return tell(staff_ids, NoticeKind.INSPECTIONS, facts, key=key, now=now)


def _due(line: MeterLine) -> date:
    due_on = line.sheet.next_inspection_on
    assert due_on is not None
    return due_on
