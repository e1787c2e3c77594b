"""How far a round through a place has come: read, held, left out, and still to be read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.metering import Reading, ReadingStatus
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.reading_window import DueDays, due_days, is_due, open_days
from bot.domain.walk import WalkKey, walk_key
from bot.services.stores import Unit
from bot.services.stores.reading_round import HandMeter, ReadingRound, RoundStop, Skip

CLAIM_LASTS = timedelta(minutes=30)
"""So long a meter is left to the one who was sent to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A meter that was not read, and why; `by` is who has said so."""

    meter: HandMeter
    skip: Skip
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The meters of a place that people read, since its window began, in the order of the rooms.

    `due` are still to be read, of which others have been sent to `taken`. A reading that is held
    counts as read. `round` is None when none is under way.
    """

    place: Place
    now: datetime
    since: DueDays
    is_open: bool
    round: ReadingRound | None
    readings: Mapping[int, Reading]
    left_out: tuple[LeftOut, ...]
    due: tuple[HandMeter, ...]
    taken: Mapping[int, str]
    own_id: int | None = None

    @property
    def total(self) -> int:
        """How many meters there are in all."""
        return len(self.readings) + len(self.left_out) + len(self.due)

    @property
    def held(self) -> int:
        """How many readings wait for a manager."""
        return sum(each.status is ReadingStatus.HELD for each in self.readings.values())

    @property
    def read(self) -> int:
        """How many readings are accepted."""
        return len(self.readings) - self.held

    @property
    def done(self) -> int:
        """How many meters nobody has to go to any more."""
        return len(self.readings) + len(self.left_out)

    @property
    def next_meter(self) -> HandMeter | None:
        """The meter that the person was sent to, or the first one that nobody was."""
        free = [each for each in self.due if each.sheet.id not in self.taken]
        own = [each for each in free if each.sheet.id == self.own_id]
        return next(iter([*own, *free]), None)


async def progress_of(
    unit: Unit,
    place: Place,
    begun: ReadingRound | None,
    *,
    person_id: int | None,
    now: datetime,
) -> Progress:
    """Return how far a round has come, as one of those sees it who go it."""
    since = due_days(place.reading_window, local_date(now, place.zone))
    if begun is not None and begun.since_on != since.first_on:
        since = replace(since, first_on=begun.since_on)
    meters = sorted(await unit.rounds.meters(place.id), key=_walk)
    readings = await unit.rounds.read_since(
        {each.sheet.id for each in meters}, since.starts_at(place.zone)
    )
    stops = {} if begun is None else await unit.rounds.stops(begun.id)
    names = await _names(unit, stops.values())
    open_ = [each for each in meters if _is_due(each, readings, since, place)]
    left_out = [
        LeftOut(meter=each, skip=stop.skip, by=names.get(stop.skip.person_id, ""))
        for each in open_
        if (stop := stops.get(each.sheet.id)) is not None and stop.skip is not None
    ]
    skipped = {each.meter.sheet.id for each in left_out}
    held_by_others = [each for each in stops.values() if _is_claimed(each, person_id, now)]
    own = next((each for each in stops.values() if _is_own(each, person_id)), None)
    return Progress(
        place=place,
        now=now,
        since=since,
        is_open=open_days(place.reading_window, local_date(now, place.zone)) is not None,
        round=begun,
        readings=readings,
        left_out=tuple(left_out),
        due=tuple(each for each in open_ if each.sheet.id not in skipped),
        taken={each.meter_id: names.get(each.claimed_by or 0, "") for each in held_by_others},
        own_id=None if own is None else own.meter_id,
    )


def _is_due(
    meter: HandMeter, readings: Mapping[int, Reading], since: DueDays, place: Place
) -> bool:
    known = readings.get(meter.sheet.id)
    read_at = None if known is None else known.point.at
    return is_due(meter.sheet, read_at=read_at, since=since, zone=place.zone)


def _is_claimed(stop: RoundStop, person_id: int | None, now: datetime) -> bool:
    """Return whether somebody else is on the way to a meter."""
    if stop.claimed_at is None or stop.claimed_by == person_id:
        return False
    return now < stop.claimed_at + CLAIM_LASTS


def _is_own(stop: RoundStop, person_id: int | None) -> bool:
    return person_id is not None and stop.claimed_by == person_id and stop.skip is None


def _walk(meter: HandMeter) -> tuple[bool, WalkKey, WalkKey, int]:
    """What belongs to no room comes last."""
    room = meter.room
    return room is None, walk_key(room or ""), walk_key(meter.sheet.name), meter.sheet.id


async def _names(unit: Unit, stops: Collection[RoundStop]) -> Mapping[int, str]:
    people: set[int] = set()
    for stop in stops:
        people |= {each for each in (stop.claimed_by,) if each is not None}
        people |= set() if stop.skip is None else {stop.skip.person_id}
    return {key: person.name for key, person in (await unit.people.get(people)).items()}


def skip_facts(left_out: Sequence[LeftOut]) -> list[dict[str, object]]:
    """Return what a notice says of meters that were left out."""
    return [
        {
            "name": each.meter.sheet.name,
            "room": each.meter.room,
            "reason": each.skip.reason.value,
            "note": each.skip.note,
            "by": each.by,
        }
        for each in left_out
    ]
