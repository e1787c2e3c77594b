"""Rounds: people go through a place and read what no device tells, meter by meter. Section 3."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.domain.metering import Reading
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.reading_window import due_days
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.meter import MeterUnknown
from bot.services.notice import tell
from bot.services.ports import Clock
from bot.services.reading_entry import NewReading, Preview, ReadingEntry, Recorded, enter
from bot.services.round_progress import Progress, progress_of, skip_facts
from bot.services.rules import PlaceUnknown
from bot.services.store import NoticeKind, Transactions
from bot.services.stores import Unit
from bot.services.stores.reading_round import (
    HandMeter,
    ReadingRound,
    RoundStop,
    Skip,
    SkipReason,
)

LONGEST_NOTE = 200
MOST_TOLD = 20


class NoteMissing(ValueError):
    """Who gives another reason has to say which, in so many letters at most."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


class ReadMeanwhile(Exception):
    """Somebody has read the meter of the round first: nothing is overwritten."""

    def __init__(self, meter: HandMeter, reading: Reading, place: Place) -> None:
        super().__init__(reading.id)
        self.meter = meter
        self.reading = reading
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A meter to be read now, what it showed last, and how far the round is."""

    progress: Progress
    meter: HandMeter
    last: Reading | None


class Rounds:
    """What those do who read the meters of a place; all of them go the same round."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def look(self, *, actor: Actor, place_id: int) -> Progress:
        """This function will tell how far a place is. Raises PlaceUnknown and NotAllowed."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            place = await _place_of(unit, actor, place_id)
            begun = await _under_way(unit, place, now)
            return await progress_of(unit, place, begun, person_id=actor.person_id, now=now)

    async def next(self, *, actor: Actor, place_id: int) -> Stop | Progress:
        """This function will send a person to the next meter, which nobody else is sent to then.

        It goes on with the round that is under way, or begins one. When nothing is left to be
        offered it tells how far the round is. Raises PlaceUnknown and NotAllowed.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            place = await _place_of(unit, actor, place_id)
            idle = await progress_of(unit, place, None, person_id=actor.person_id, now=now)
            if not idle.due:
                begun = await _locked(unit, place, now)
            else:
                begun = await _begin(unit, actor, place, now)
            shown = await _next(unit, actor, place, begun, now)
        self._doorbell.ring()
        return shown

    async def meter(self, *, actor: Actor, place_id: int, meter_id: int) -> Stop:
        """This function will return a meter of the round. Raises MeterUnknown, ReadMeanwhile, and
        what `look` raises."""
        progress = await self.look(actor=actor, place_id=place_id)
        async with self._transactions.read() as unit:
            meter = await _open_meter(unit, progress, meter_id)
            last = await unit.metering.latest(meter_id)
        return Stop(progress=progress, meter=meter, last=last)

    async def preview(
        self, *, actor: Actor, place_id: int, meter_id: int, value: Decimal
    ) -> tuple[Stop, Preview]:
        """This function will tell what a value would mean.

        Raises what `meter` and `ReadingEntry.preview` raise.
        """
        stop = await self.meter(actor=actor, place_id=place_id, meter_id=meter_id)
        entry = ReadingEntry(self._transactions, self._clock, self._doorbell)
        new = NewReading(meter_id=meter_id, value=value)
        return stop, await entry.preview(actor=actor, new=new)

    async def record(
        self, *, cause: Cause, place_id: int, meter_id: int, value: Decimal
    ) -> Recorded:
        """This function will record what the meter of a round shows, unless somebody else has.

        Raises ReadMeanwhile, MeterUnknown, PlaceUnknown, and what `ReadingEntry.record` raises.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            place = await _place_of(unit, cause.actor, place_id)
            begun = await _begin(unit, cause.actor, place, now)
            person_id = cause.actor.person_id
            progress = await progress_of(unit, place, begun, person_id=person_id, now=now)
            await _open_meter(unit, progress, meter_id)
            new = NewReading(meter_id=meter_id, value=value)
            recorded = await enter(unit, cause=cause, new=new, again=False, now=now)
            await unit.rounds.release(begun.id, person_id=person_id)
        self._doorbell.ring()
        return recorded

    async def skip(
        self,
        *,
        cause: Cause,
        place_id: int,
        meter_id: int,
        reason: SkipReason,
        note: str | None = None,
    ) -> HandMeter:
        """This function will leave a meter out of the round, keep why, and return the meter.

        Raises NoteMissing, ReadMeanwhile, MeterUnknown, AlreadyHandled, PlaceUnknown, NotAllowed.
        """
        said = " ".join((note or "").split()) or None
        is_open = reason is SkipReason.OTHER
        if (is_open and said is None) or len(said or "") > LONGEST_NOTE:
            raise NoteMissing(note or "")
        now, person_id = self._clock.now(), cause.actor.person_id
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            place = await _place_of(unit, cause.actor, place_id)
            begun = await _begin(unit, cause.actor, place, now)
            progress = await progress_of(unit, place, begun, person_id=person_id, now=now)
            meter = await _open_meter(unit, progress, meter_id)
            skip = Skip(reason=reason, at=now, person_id=person_id, note=said)
            await unit.rounds.save_stop(begun.id, RoundStop(meter_id=meter_id, skip=skip))
        return meter

    async def stop(self, *, actor: Actor, place_id: int) -> Progress:
        """This function will let others have the meter that a person was sent to.

        The round waits. Raises PlaceUnknown and NotAllowed.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            place = await _place_of(unit, actor, place_id)
            begun = await _locked(unit, place, now)
            if begun is not None:
                await unit.rounds.release(begun.id, person_id=actor.person_id)
            return await progress_of(unit, place, begun, person_id=actor.person_id, now=now)


async def _place_of(unit: Unit, actor: Actor, place_id: int) -> Place:
    place = await unit.places.get(place_id)
    if place is None or not actor.may(Permission.SEE_ROOMS, place_id):
        raise PlaceUnknown(place_id)
    actor.require(Permission.READ_METERS, place_id)
    return place


async def _under_way(unit: Unit, place: Place, now: datetime) -> ReadingRound | None:
    """Return the round of the window that has begun last; an older one does not go on."""
    since = due_days(place.reading_window, local_date(now, place.zone))
    found = await unit.rounds.under_way(place.id)
    return next((each for each in found if each.since_on == since.first_on), None)


async def _locked(unit: Unit, place: Place, now: datetime) -> ReadingRound | None:
    begun = await _under_way(unit, place, now)
    if begun is None or not await unit.rounds.lock(begun.id):
        return None
    return begun


async def _begin(unit: Unit, actor: Actor, place: Place, now: datetime) -> ReadingRound:
    """Return the round that is under way, or a new one, alone for this unit."""
    since = due_days(place.reading_window, local_date(now, place.zone))
    await end_older(unit, place, now)
    while True:
        begun = await unit.rounds.begin(
            place_id=place.id, since_on=since.first_on, person_id=actor.person_id, at=now
        )
        if await unit.rounds.lock(begun.id):
            return begun


async def _open_meter(unit: Unit, progress: Progress, meter_id: int) -> HandMeter:
    """Return a meter that is still to be read. Raises ReadMeanwhile and MeterUnknown."""
    left = [*progress.due, *(each.meter for each in progress.left_out)]
    meter = next((each for each in left if each.sheet.id == meter_id), None)
    if meter is not None:
        return meter
    known = progress.readings.get(meter_id)
    found = await unit.rounds.meters(progress.place.id)
    meter = next((each for each in found if each.sheet.id == meter_id), None)
    if known is None or meter is None:
        raise MeterUnknown(meter_id)
    raise ReadMeanwhile(meter, known, progress.place)


async def end_older(unit: Unit, place: Place, now: datetime) -> None:
    """End a round that was left when another window had begun; managers hear of what it left."""
    since = due_days(place.reading_window, local_date(now, place.zone))
    for begun in await unit.rounds.under_way(place.id):
        if begun.since_on != since.first_on and await unit.rounds.lock(begun.id):
            progress = await progress_of(unit, place, begun, person_id=None, now=now)
            await unit.rounds.finish(begun.id, at=now)
            await _tell_left_out(unit, progress)


async def _next(
    unit: Unit, actor: Actor, place: Place, begun: ReadingRound | None, now: datetime
) -> Stop | Progress:
    progress = await progress_of(unit, place, begun, person_id=actor.person_id, now=now)
    meter = progress.next_meter
    if begun is None or meter is None:
        return await _finish_if_over(unit, actor, progress, now)
    return await _send(unit, begun, actor, meter, progress, now)


async def _send(
    unit: Unit,
    begun: ReadingRound,
    actor: Actor,
    meter: HandMeter,
    progress: Progress,
    now: datetime,
) -> Stop:
    await unit.rounds.release(begun.id, person_id=actor.person_id)
    claim = RoundStop(meter_id=meter.sheet.id, claimed_by=actor.person_id, claimed_at=now)
    await unit.rounds.save_stop(begun.id, claim)
    last = await unit.metering.latest(meter.sheet.id)
    return Stop(progress=progress, meter=meter, last=last)


async def _finish_if_over(unit: Unit, actor: Actor, progress: Progress, now: datetime) -> Progress:
    """End a round of which nothing is left; managers hear once of what was left out."""
    begun = progress.round
    if begun is None or progress.due:
        return progress
    await unit.rounds.finish(begun.id, at=now)
    await _tell_left_out(unit, progress, but=(actor.person_id,))
    return replace(progress, round=replace(begun, finished_at=now))


async def _tell_left_out(unit: Unit, progress: Progress, *, but: Sequence[int] = ()) -> None:
    """Tell managers which meters a round has left out, and why; the key makes it once."""
    begun, left_out = progress.round, progress.left_out
    if begun is None or not left_out:
        return
    facts = {
        "place": progress.place.name,
        "place_id": progress.place.id,
        "zone": progress.place.zone.key,
        "total": progress.total,
        "read": progress.read,
        "held": progress.held,
        "due": len(progress.due),
        "count": len(left_out),
        "meters": skip_facts(left_out[:MOST_TOLD]),
    }
    staff = (await unit.people.staff({progress.place.id})).get(progress.place.id, ())
    people = [each for each in staff if each not in but]
    await unit.outbox.add(
        tell(people, NoticeKind.ROUND_DONE, facts, key=f"round:{begun.id}", now=progress.now)
    )
