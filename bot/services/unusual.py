"""Uses of a day that are off a device's habit: told to the staff once a day. Rule 3.6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.anomaly import Deviation
from bot.domain.metering import ANOMALY_SAMPLE_MAX, Reading, ReadingType
from bot.domain.period import close_of, local_date
from bot.domain.place import Place
from bot.services.doorbell import Doorbell
from bot.services.notice import tell
from bot.services.ports import Clock
from bot.services.reading_appraisal import ENOUGH
from bot.services.reading_around import Around
from bot.services.store import Notice, NoticeKind, Transactions
from bot.services.stores import Unit
from bot.services.stores.meter_sheet import MeterLine

INSTANT = timedelta(microseconds=1)
HOURS = 24
MOST_NAMED = 6
SAMPLE_SPAN = timedelta(days=ANOMALY_SAMPLE_MAX + 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualReport:
    """How many uses of the day before were unusual, of how many meters that a device reads."""

    unusual: int
    meters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualUse:
    """A meter's last reading of a day, and how far the use up to it is off the habit."""

    line: MeterLine
    reading: Reading
    deviation: Deviation


class UnusualUses:
    """Holds what devices counted in a day against what they count else.

    It looks at what is stored when the day is over, so that nobody's charge waits for it.
    """

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def run(self) -> UnusualReport:
        """This function will flag yesterday's unusual uses, and tell the staff of each place once,
        however often it runs."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            places = await unit.places.all()
        unusual = meters = 0
        for place in places:
            found, looked_at = await self._look(place, now)
            unusual, meters = unusual + len(found), meters + looked_at
            if found:
                await self._tell(place, found, now)
        self._doorbell.ring()
        return UnusualReport(unusual=unusual, meters=meters)

    async def _look(self, place: Place, now: datetime) -> tuple[list[UnusualUse], int]:
        on = _yesterday(place, now)
        async with self._transactions.read() as unit:
            lines = await unit.chains.read_by_devices(place.id)
            uses = [await _use(unit, place, line, on) for line in lines]
        return [each for each in uses if each is not None], len(lines)

    async def _tell(self, place: Place, found: Sequence[UnusualUse], now: datetime) -> None:
        async with self._transactions.begin() as unit:
            await unit.chains.flag([each.reading.id for each in found])
            staff = (await unit.people.staff({place.id})).get(place.id, ())
            await unit.outbox.add(_notices(place, found, staff, now))


def _yesterday(place: Place, now: datetime) -> date:
    return local_date(now, place.zone) - timedelta(days=1)


async def _use(unit: Unit, place: Place, line: MeterLine, on: date) -> UnusualUse | None:
    """Return the use up to the last reading of a day, if it is unusual; None also where that day
    was not read, or not by the device: what people read is told at once."""
    until_at = close_of(on, place.zone) + INSTANT
    taken = await unit.chains.taken_before(line.sheet.id, until_at, limit=ENOUGH)
    if len(taken) == ENOUGH and until_at - taken[0].point.at < SAMPLE_SPAN:
        limit = (ANOMALY_SAMPLE_MAX + 2) * HOURS
        taken = await unit.chains.taken_before(line.sheet.id, until_at, limit=limit)
    taken = _closes(taken, place)
    if not taken or not _is_of_day(taken[-1], place, on):
        return None
    installations = await unit.chains.installations(line.sheet.id)
    around = Around(
        taken=taken[:-1],
        terms={each.id: each.terms(line.sheet.terms) for each in installations},
        since_at=None,
    )
    found = around.deviation(taken[-1])
    if found is None or not found.is_anomalous:
        return None
    if found.per_day < found.mean_per_day and await _was_off(unit, place, line, on):
        return None
    return UnusualUse(line=line, reading=taken[-1], deviation=found)


async def _was_off(unit: Unit, place: Place, line: MeterLine, on: date) -> bool:
    """Return whether a meter's power was to be off in that day, which explains a low use."""
    supply = (await unit.supplies.states([line.sheet.id])).get(line.sheet.id)
    if supply is None:
        return False
    changed_on = local_date(supply.decided_at, place.zone)
    return changed_on <= on if not supply.desired_on else changed_on >= on


def _closes(taken: Sequence[Reading], place: Place) -> Sequence[Reading]:
    """Return the last reading of each day and device, so that days are held against days."""
    return list({(_day(each, place), each.installation_id): each for each in taken}.values())


def _is_of_day(reading: Reading, place: Place, on: date) -> bool:
    return reading.type is ReadingType.AUTOMATIC and _day(reading, place) == on


def _day(reading: Reading, place: Place) -> date:
    """Return the day that a reading belongs to; one at midnight closes the day before."""
    return local_date(reading.point.at - INSTANT, place.zone)


def _notices(
    place: Place, found: Sequence[UnusualUse], staff_ids: Sequence[int], now: datetime
) -> Sequence[Notice]:
    on = _yesterday(place, now)
    facts = {
        "place": place.name,
        "place_id": place.id,
        "zone": place.zone.key,
        "on": on.isoformat(),
        "count": len(found),
        "meters": [_fact(each) for each in sorted(found, key=_size, reverse=True)[:MOST_NAMED]],
    }
    key = f"unusual-uses:{place.id}:{on.isoformat()}"
    return tell(staff_ids, NoticeKind.UNUSUAL_USES, facts, key=key, now=now)


def _size(use: UnusualUse) -> tuple[bool, int]:
    """Uses where there were none before come first, then the farthest off."""
    percent = use.deviation.percent
    return percent is None, abs(percent or 0)


def _fact(use: UnusualUse) -> dict[str, object]:
    sheet, found = use.line.sheet, use.deviation
    is_named = sheet.name != sheet.udf1 or use.line.room is None
    return {
        "name": sheet.name if is_named else None,
        "room": use.line.room,
        "unit": sheet.unit,
        "reading_id": use.reading.id,
        "per_day": str(found.per_day),
        "mean_per_day": str(found.mean_per_day),
        "percent": found.percent,
    }
