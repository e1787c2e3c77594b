"""From counter points to stretches of use that each lie in one day's terms. Rules 3, 4.1, 5.5."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.metering import (
    THOUSANDTH,
    MeterTerms,
    ReadingType,
    RegisterPoint,
    RegisterWentBackwards,
    consumption_between,
    interpolate,
    is_plausible,
)
from bot.domain.period import boundary_days, close_of, local_date, start_of
from bot.domain.timeline import Timeline

ONE_CHECK = timedelta(hours=25)
INSTANT = timedelta(microseconds=1)
CLOSE_STEP = Decimal("0.1")
"""As finely as the vendor's history tells the closes of days; a live counter is finer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A counter point and how it was come by."""

    point: RegisterPoint
    type: ReadingType = ReadingType.AUTOMATIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Use between two points, in the meter's unit; `on` is the local day in which it ends."""

    start: RegisterPoint
    end: Sighting
    quantity: Decimal
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """What can be charged, and the point that cannot, if there is one."""

    proven: tuple[Stretch, ...]
    implausible: Stretch | None = None
    fell: Sighting | None = None


def day_of_end(at: datetime, zone: ZoneInfo) -> date:
    """Return the local day that ends with, or holds, the instant before `at`."""
    return local_date(at - INSTANT, zone)


def terms_change_days(
    start_at: datetime, end_at: datetime, zone: ZoneInfo, timeline: Timeline
) -> list[date]:
    """Return the days inside the span after whose close a new month or version begins."""
    return [
        on
        for on in boundary_days(start_at, end_at, zone)
        if (on + timedelta(days=1)).day == 1
        or timeline.run_on(on) is not timeline.run_on(on + timedelta(days=1))
    ]


def needs_day_closes(
    start_at: datetime, end_at: datetime, zone: ZoneInfo, timeline: Timeline
) -> bool:
    """Return whether the span must be split by day: a missed check, a new month or version.

    Rules 4.1 and 5.5. An ordinary daily check rests on one live reading alone.
    """
    if not boundary_days(start_at, end_at, zone):
        return False
    missed = end_at - start_at > ONE_CHECK
    return missed or bool(terms_change_days(start_at, end_at, zone, timeline))


def stretches(
    anchor: RegisterPoint,
    sightings: Sequence[Sighting],
    *,
    terms: MeterTerms,
    zone: ZoneInfo,
    timeline: Timeline,
) -> Stretches:
    """Return the use since the anchor, cut wherever the terms change.

    `sightings` are of the anchor's installation. History points that contradict the newest one
    are left out; where the terms change and history has no close, the counter is interpolated.
    """
    # Of two points at one instant the later named holds: live ones are named after history.
    by_instant = {s.point.at: s for s in sightings if s.point.at > anchor.at}
    later = [by_instant[at] for at in sorted(by_instant)]
    if not later or _is_rounding(anchor, later[-1].point, zone):
        return Stretches(proven=())
    try:
        consumption_between(anchor, later[-1].point, terms)
    except RegisterWentBackwards:
        return Stretches(proven=(), fell=later[-1])
    return _cut(anchor, _consistent(anchor, later, terms), terms, zone, timeline)


def _is_rounding(before: RegisterPoint, after: RegisterPoint, zone: ZoneInfo) -> bool:
    """Return whether a counter only seems to have fallen, as one end was told more coarsely.

    Nothing is charged then: the next point above the anchor is charged from the anchor.
    """
    has_close = any(_is_close(each.at, zone) for each in (before, after))
    return has_close and 0 < before.value - after.value < CLOSE_STEP


def _consistent(
    anchor: RegisterPoint, later: Sequence[Sighting], terms: MeterTerms
) -> list[Sighting]:
    """Return the points through which the counter came to the newest one, no use twice."""
    newest = later[-1]
    kept: list[Sighting] = []
    before = anchor
    left = consumption_between(anchor, newest.point, terms)
    for sighting in later[:-1]:
        try:
            first = consumption_between(before, sighting.point, terms)
            rest = consumption_between(sighting.point, newest.point, terms)
        except RegisterWentBackwards:
            continue
        if first + rest == left:
            kept.append(sighting)
            before, left = sighting.point, rest
    return [*kept, newest]


def _cut(
    anchor: RegisterPoint,
    points: Sequence[Sighting],
    terms: MeterTerms,
    zone: ZoneInfo,
    timeline: Timeline,
) -> Stretches:
    """Return the stretches up to the first implausible one. Rule 3.5.

    What was seen is judged, not what was interpolated: halves of a jump may look plausible.
    """
    proven: list[Stretch] = []
    before = anchor
    for sighting in points:
        whole = _stretch(before, sighting, terms, zone)
        if not is_plausible(whole.quantity, sighting.point.at - before.at, terms):
            return Stretches(proven=tuple(proven), implausible=whole)
        for end in [*_boundaries(before, sighting, terms, zone, timeline), sighting]:
            proven.append(_stretch(before, end, terms, zone))
            before = end.point
    return Stretches(proven=tuple(proven))


def _stretch(start: RegisterPoint, end: Sighting, terms: MeterTerms, zone: ZoneInfo) -> Stretch:
    quantity = consumption_between(start, end.point, terms)
    return Stretch(start=start, end=end, quantity=quantity, on=day_of_end(end.point.at, zone))


def _boundaries(
    start: RegisterPoint, end: Sighting, terms: MeterTerms, zone: ZoneInfo, timeline: Timeline
) -> list[Sighting]:
    """Return a point at every close between two, after which the terms change."""
    days = terms_change_days(start.at, end.point.at, zone, timeline)
    step = _finest(start, end.point, zone=zone)
    points = [interpolate(start, end.point, close_of(on, zone), terms, step=step) for on in days]
    return [Sighting(point=point, type=ReadingType.ESTIMATED) for point in points]


def _finest(*points: RegisterPoint, zone: ZoneInfo) -> Decimal:
    """Return how finely both points are known: the closes of days are told more coarsely.

    What is reckoned between them is not known better: 339.5 kWh stay 65.7 and 273.8, and cost what
    339.5 cost.
    """
    are_closes = all(_is_close(each.at, zone) for each in points)
    is_coarse = all(each.value % CLOSE_STEP == 0 for each in points)
    return CLOSE_STEP if are_closes and is_coarse else THOUSANDTH


def _is_close(at: datetime, zone: ZoneInfo) -> bool:
    return at == start_of(local_date(at, zone), zone)
