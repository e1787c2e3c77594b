"""What a meter would show at the end of a window in which nobody has read it. Rule 3.7.

Nothing is estimated for prepaid (rule 5.4): a balance is only ever charged for what was read.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.estimate import NoHabit, estimated
from bot.domain.lease import BillingMode, Lease
from bot.domain.meter import MeterSheet
from bot.domain.metering import (
    NotARegisterValue,
    Reading,
    ReadingType,
    RegisterWentBackwards,
    consumption_between,
)
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.reading_chain import daily_uses, trusting
from bot.domain.reading_window import DueDays, closed_days
from bot.services.ports import Clock
from bot.services.reading_appraisal import ENOUGH
from bot.services.reading_change import Held, hold_meter
from bot.services.reading_spot import ReadingBeforeInstallation, Spot, find_spot
from bot.services.recharge import is_charged_at_once
from bot.services.store import Transactions
from bot.services.stores import Unit

MOST_WINDOWS = 12
"""So many windows are made up for after a stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateReport:
    """How many readings were estimated, and how many meters have no use to go by yet."""

    estimated: int
    unknown: int


class Estimates:
    """Estimates what nobody has read."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def run(self) -> EstimateReport:
        """This function will estimate the meters that were not read in windows that are over.

        It makes up for windows that went by while it did not run, once each.
        """
        now = self._clock.now()
        done: list[bool] = []
        async with self._transactions.read() as unit:
            places = await unit.places.all()
            wanted = [
                (place, days, meter_id)
                for place in places
                for days in _closed(place, now)
                for meter_id in await _unread(unit, place, days)
            ]
        for place, days, meter_id in wanted:
            async with self._transactions.begin() as unit:
                was_done = await _estimate(unit, meter_id, days.closes_at(place.zone), now)
                done += [] if was_done is None else [was_done]
        return EstimateReport(estimated=done.count(True), unknown=done.count(False))


def _closed(place: Place, now: datetime) -> tuple[DueDays, ...]:
    if place.reading_window is None:
        return ()
    today_on = local_date(now, place.zone)
    return tuple(closed_days(place.reading_window, today_on, most=MOST_WINDOWS))


async def _unread(unit: Unit, place: Place, days: DueDays) -> list[int]:
    """Return the meters that nobody has read since a window began, also not after it."""
    ids = [each.sheet.id for each in await unit.rounds.meters(place.id)]
    read = await unit.rounds.read_since(ids, days.starts_at(place.zone))
    return [each for each in ids if each not in read]


async def _estimate(unit: Unit, meter_id: int, at: datetime, now: datetime) -> bool | None:
    """Store what the meter would show; False when there is no habit, None when nothing is due."""
    held = await hold_meter(unit, meter_id, at, now=now)
    sheet = held.sheet
    if any(is_never_estimated(sheet, book.lease) for book in held.books.values()):
        return None
    try:
        spot = await find_spot(unit, sheet, held.place, at)
    except ReadingBeforeInstallation:
        return None
    if spot.before is None or spot.same is not None or spot.after is not None:
        return None
    new = await _reading(unit, spot)
    if new is None:
        return False
    reading_id = await unit.chains.add(new)
    await _note(unit, held, reading_id, new, now)
    return True


def is_never_estimated(sheet: MeterSheet, lease: Lease) -> bool:
    """Return whether nothing but what was read may be charged. Rule 5.4."""
    return is_charged_at_once(sheet) and lease.mode is BillingMode.PREPAID


async def _reading(unit: Unit, spot: Spot) -> Reading | None:
    assert spot.before is not None
    assert spot.installation is not None
    taken = await unit.chains.taken_before(spot.sheet.id, spot.at, limit=ENOUGH)
    habit = daily_uses(taken, spot.terms)
    before = spot.before.point
    try:
        point = estimated(before, spot.at, past_per_day=habit, terms=spot.own_terms)
        used = consumption_between(before, point, trusting(spot.own_terms))
    except (NoHabit, NotARegisterValue, RegisterWentBackwards):
        return None
    return Reading(
        meter_id=spot.sheet.id,
        installation_id=spot.installation.id,
        point=point,
        type=ReadingType.ESTIMATED,
        previous_value=before.value,
        consumption=used,
        lease_id=spot.lease_id,
        revision=await unit.chains.next_revision(spot.installation.id, spot.at),
        is_billing=True,
    )


async def _note(unit: Unit, held: Held, reading_id: int, new: Reading, now: datetime) -> None:
    await unit.audit.add(
        at=now,
        actor_id=None,
        place_id=held.place.id,
        action="reading.estimated",
        facts={
            "meter_id": new.meter_id,
            "reading_id": reading_id,
            "value": str(new.point.value),
            "taken_at": new.point.at.isoformat(),
        },
    )
