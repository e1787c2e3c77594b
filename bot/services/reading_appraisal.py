"""What is to be said of a reading before it counts. Rules 3.1 to 3.3, 3.5 to 3.7."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.anomaly import Deviation, deviation
from bot.domain.estimate import TruedUp, trued_up
from bot.domain.metering import (
    ANOMALY_SAMPLE_MAX,
    Reading,
    ReadingStatus,
    ReadingType,
    RegisterPoint,
    RegisterWentBackwards,
    consumption_between,
    per_day,
)
from bot.domain.period import close_of, local_date, start_of
from bot.domain.reading_chain import (
    CounterOvertaken,
    Fit,
    as_finely_as_known,
    daily_uses,
    fit,
    to_measure_from,
    trusting,
    until,
)
from bot.services.reading_spot import Spot
from bot.services.stores import Unit

ENOUGH = ANOMALY_SAMPLE_MAX * 4
"""Readings of which six consumptions come, also where devices were replaced in between or a meter
was read several times a day."""


class ReadingInFuture(ValueError):
    """Nobody can have read that yet."""

    def __init__(self, *, at: datetime, now: datetime) -> None:
        super().__init__(at, now)
        self.at = at
        self.now = now


class ReadingFell(Exception):
    """The counter showed more before; values in the meter's unit. Rule 3.3."""

    def __init__(self, spot: Spot, *, value: Decimal, previous: RegisterPoint) -> None:
        super().__init__(value, previous)
        self.spot = spot
        self.value = value
        self.previous = previous


class ReadingOvertaken(Exception):
    """The counter shows less later on; values in the meter's unit."""

    def __init__(self, spot: Spot, *, value: Decimal, following: RegisterPoint) -> None:
        super().__init__(value, following)
        self.spot = spot
        self.value = value
        self.following = following


class ReadingAtThatTime(Exception):
    """There is a reading of that very instant, which can be corrected."""

    def __init__(self, spot: Spot, known: Reading) -> None:
        super().__init__(known.id)
        self.spot = spot
        self.known = known


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """A reading in its place, with what is strange about it; values in the meter's unit.

    `twin` has the same value on the same local day. `trued_up` are estimates that it shows to
    have been too high (rule 3.7). `deviation` is None where there is no habit to go by.
    """

    spot: Spot
    point: RegisterPoint
    fit: Fit
    previous_value: Decimal | None
    since_at: datetime | None
    deviation: Deviation | None
    twin: Reading | None
    trued_up: tuple[TruedUp, ...] = ()

    @property
    def is_anomalous(self) -> bool:
        """Whether it deviates from the meter's habit. Rule 3.6."""
        return self.deviation is not None and self.deviation.is_anomalous


def require_past(at: datetime, *, now: datetime) -> None:
    """Raises ReadingInFuture."""
    if at > now:
        raise ReadingInFuture(at=at, now=now)


async def appraise(
    unit: Unit, spot: Spot, value: Decimal, *, but: Collection[int] = ()
) -> Appraisal:
    """Return what a value means where it belongs, leaving stored readings out.

    Raises ReadingFell, ReadingOvertaken, ReadingAtThatTime and NotARegisterValue.
    """
    if spot.same is not None:
        raise ReadingAtThatTime(spot, spot.same)
    taken = await unit.chains.taken_before(spot.sheet.id, spot.at, limit=ENOUGH)
    taken = [each for each in taken if each.id not in but]
    before = None if spot.before is None else spot.before.point
    known = as_finely_as_known(
        value, before=None if before is None else before.value, decimals=spot.sheet.decimals
    )
    point = RegisterPoint(at=spot.at, value=known)
    changed = await _trued_up(unit, spot, point, taken)
    if changed:
        before = changed[-1].point
    found = _fit(spot, point, before)
    return Appraisal(
        spot=spot,
        point=point,
        fit=found,
        previous_value=None if before is None else before.value,
        since_at=None if before is None else before.at,
        deviation=_deviation(spot, point, taken),
        twin=await _twin(unit, spot, known, but),
        trued_up=changed,
    )


def _fit(spot: Spot, point: RegisterPoint, before: RegisterPoint | None) -> Fit:
    after = None if spot.after is None else spot.after.point
    try:
        return fit(point, before=before, after=after, terms=spot.own_terms)
    except RegisterWentBackwards:
        if before is None or point.value >= before.value:
            assert after is not None
            raise ReadingOvertaken(spot, value=point.value, following=after) from None
        raise ReadingFell(spot, value=point.value, previous=before) from None
    except CounterOvertaken as error:
        raise ReadingOvertaken(spot, value=error.value, following=error.next_point) from None


async def _trued_up(
    unit: Unit, spot: Spot, point: RegisterPoint, taken: Collection[Reading]
) -> tuple[TruedUp, ...]:
    """Return the estimates before the reading that it contradicts."""
    if spot.before is None or spot.before.type is not ReadingType.ESTIMATED:
        return ()
    last = _last_of(spot, taken)
    if last is None or spot.installation is None:
        return ()
    between = await unit.chains.between(
        spot.installation.id, from_at=last.point.at, to_at=spot.before.point.at
    )
    guesses = [
        each
        for each in between
        if each.type is ReadingType.ESTIMATED
        and each.is_billing
        and each.status is ReadingStatus.ACCEPTED
    ]
    try:
        return trued_up(last.point, guesses, point, spot.own_terms)
    except RegisterWentBackwards:
        raise ReadingFell(spot, value=point.value, previous=last.point) from None


def _last_of(spot: Spot, taken: Collection[Reading]) -> Reading | None:
    key = None if spot.installation is None else spot.installation.id
    own = [each for each in taken if each.installation_id == key]
    return own[-1] if own else None


def _deviation(spot: Spot, point: RegisterPoint, taken: Collection[Reading]) -> Deviation | None:
    if spot.installation is None:
        return None
    last = to_measure_from(taken, installation_id=spot.installation.id, at=point.at)
    if last is None:
        return None
    try:
        used = consumption_between(last.point, point, trusting(spot.own_terms))
    except RegisterWentBackwards:
        return None
    return deviation(
        per_day(used, point.at - last.point.at), daily_uses(until(taken, last), spot.terms)
    )


async def _twin(unit: Unit, spot: Spot, value: Decimal, but: Collection[int]) -> Reading | None:
    zone = spot.place.zone
    on = local_date(spot.at, zone)
    found = await unit.chains.same(
        spot.sheet.id, value, from_at=start_of(on, zone), to_at=close_of(on, zone)
    )
    return None if found is None or found.id in but else found
