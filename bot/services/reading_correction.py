"""A reading was wrong: the right one takes its place, and the books follow. Rule 3.8."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.domain.metering import Reading, ReadingStatus, ReadingType
from bot.domain.people import Actor, Permission
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.ports import Clock
from bot.services.reading_appraisal import Appraisal, appraise, require_past
from bot.services.reading_change import Held, follow, hold_meter, plan_of, true_up
from bot.services.reading_notice import ReadingWord, outcome_words
from bot.services.reading_spot import ReadingBeforeInstallation, find_spot
from bot.services.readings import ReadingJudged, ReadingUnknown
from bot.services.recharge import Change, Recharged
from bot.services.recharge_plan import Plan, is_interpolated
from bot.services.store import Transactions
from bot.services.stores import Unit

STANDING = frozenset({ReadingStatus.ACCEPTED, ReadingStatus.HELD})


class SameValue(ValueError):
    """It says so already."""

    def __init__(self, reading: Reading, *, unit: str) -> None:
        super().__init__(reading.id)
        self.reading = reading
        self.unit = unit


class ReadingReckoned(Exception):
    """Nobody read this: it was reckoned from the readings around it, which can be corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPreview:
    """A correction as it would be made, and what it does to the money, if there is any in it."""

    was: Reading
    appraisal: Appraisal
    held: Held
    plan: Plan | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A reading that took the place of another, and what that did."""

    was: Reading
    reading: Reading
    held: Held
    recharged: Recharged | None


class Corrections:
    """Corrects readings, also those that were charged long ago."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def preview(
        self, *, actor: Actor, reading_id: int, value: Decimal, at: datetime | None = None
    ) -> CorrectionPreview:
        """This function will tell what a correction would do. Raises what `correct` raises."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            was = await _standing(unit, reading_id)
            held = await _held(unit, actor, was, at, now=now, lock=False)
            appraisal = await _appraised(unit, held, was, value, at, now=now)
            new = _corrected(was, appraisal, actor, revision=0)
            change = _change(was, new, appraisal)
            plan = await plan_of(unit, held.sheet, held.book(was.lease_id), change)
        return CorrectionPreview(was=was, appraisal=appraisal, held=held, plan=plan, now=now)

    async def correct(
        self,
        *,
        cause: Cause,
        reading_id: int,
        value: Decimal,
        at: datetime | None = None,
        reason: str | None = None,
    ) -> Corrected:
        """This function will put another value, or instant, in the place of a reading.

        The reading stays as it was said, and counts no longer. What was charged on it is taken
        back, and charged anew, in this one transaction; the power is decided after it; tenants are
        told. A held one is judged by that. Raises ReadingUnknown, ReadingJudged, ReadingReckoned,
        NotAllowed, SameValue, ReadingInFuture, ReadingBeforeInstallation, ReadingFell,
        ReadingOvertaken, ReadingAtThatTime, NotARegisterValue, ReadingInTheWay, AlreadyHandled and
        ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            was = await _standing(unit, reading_id)
            held = await _held(unit, cause.actor, was, at, now=now, lock=True)
            was = await _standing(unit, reading_id)
            appraisal = await _appraised(unit, held, was, value, at, now=now)
            corrected = await _store(unit, held, was, appraisal, cause, reason, now)
            await _tell(unit, corrected, cause, reason, now)
        self._doorbell.ring()
        return corrected


async def _standing(unit: Unit, reading_id: int) -> Reading:
    """Return a reading that can be corrected."""
    was = await unit.metering.reading(reading_id)
    if was is None:
        raise ReadingUnknown(reading_id)
    if was.status not in STANDING:
        raise ReadingJudged(was.status)
    if is_interpolated(was):
        raise ReadingReckoned
    return was


async def _held(
    unit: Unit, actor: Actor, was: Reading, at: datetime | None, *, now: datetime, lock: bool
) -> Held:
    instants = (was.point.at, at or was.point.at)
    held = await hold_meter(unit, was.meter_id, *instants, now=now, of=was, lock=lock)
    if not actor.may(Permission.SEE_ROOMS, held.place.id):
        raise ReadingUnknown(was.id)
    actor.require(Permission.TAKE_PAYMENT, held.place.id)
    return held


async def _appraised(
    unit: Unit, held: Held, was: Reading, value: Decimal, at: datetime | None, *, now: datetime
) -> Appraisal:
    when = at or was.point.at
    if (value, when) == (was.point.value, was.point.at):
        raise SameValue(was, unit=held.sheet.unit)
    require_past(when, now=now)
    spot = await find_spot(unit, held.sheet, held.place, when, but=[was.id])
    found = spot.installation
    if found is None or found.id != was.installation_id:
        since_at = when if found is None else found.opened_at
        raise ReadingBeforeInstallation(since_at=since_at, zone=held.place.zone)
    return await appraise(unit, replace(spot, lease_id=was.lease_id), value, but=[was.id])


def _corrected(was: Reading, appraisal: Appraisal, actor: Actor, *, revision: int) -> Reading:
    is_typed = was.type in {ReadingType.AUTOMATIC, ReadingType.ESTIMATED}
    before = appraisal.spot.before
    opens = was.previous_value is None and before is not None and before.lease_id != was.lease_id
    return replace(
        was,
        id=0,
        point=appraisal.point,
        type=ReadingType.MANUAL if is_typed else was.type,
        status=ReadingStatus.ACCEPTED,
        previous_value=None if opens else appraisal.previous_value,
        consumption=None if opens else appraisal.fit.consumption,
        is_anomalous=appraisal.is_anomalous,
        revision=revision,
        corrects_id=was.id,
        reader_id=actor.person_id,
    )


def _change(was: Reading, new: Reading, appraisal: Appraisal) -> Change:
    installation = appraisal.spot.installation
    assert installation is not None
    removed = (was,) if was.status is ReadingStatus.ACCEPTED else ()
    return Change(
        installation=installation,
        terms=appraisal.spot.own_terms,
        added=(new,),
        removed=removed,
    )


async def _store(
    unit: Unit,
    held: Held,
    was: Reading,
    appraisal: Appraisal,
    cause: Cause,
    reason: str | None,
    now: datetime,
) -> Corrected:
    revision = await unit.chains.next_revision(was.installation_id, appraisal.point.at)
    new = _corrected(was, appraisal, cause.actor, revision=revision)
    people = await unit.people.get({cause.actor.person_id})
    name = next((each.name for each in people.values()), None)
    new = replace(new, reader_name=name, reader_id=new.reader_id if people else None)
    new = replace(new, id=await unit.chains.add(new))
    await unit.chains.set_status([was.id], ReadingStatus.CORRECTED)
    added, removed = await true_up(unit, appraisal)
    change = _change(was, new, appraisal)
    change = replace(change, added=(*added, *change.added), removed=(*removed, *change.removed))
    recharged = await follow(
        unit,
        held,
        change,
        lease_id=new.lease_id,
        cause=cause,
        reason=reason,
        why=_why(was, new, held),
        now=now,
    )
    return Corrected(was=was, reading=new, held=held, recharged=recharged)


def _why(was: Reading, new: Reading, held: Held) -> Mapping[str, object]:
    return {
        "cause": "reading_corrected",
        "reading": was.id,
        "corrected_by": new.id,
        "was_value": str(was.point.value),
        "value": str(new.point.value),
        "at": was.point.at.isoformat(),
        "unit": held.sheet.unit,
    }


async def _tell(
    unit: Unit, corrected: Corrected, cause: Cause, reason: str | None, now: datetime
) -> None:
    was, new, held = corrected.was, corrected.reading, corrected.held
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=held.place.id,
        action="reading.corrected",
        facts={
            "meter_id": new.meter_id,
            "reading_id": was.id,
            "corrected_by": new.id,
            "was_value": str(was.point.value),
            "value": str(new.point.value),
            "was_at": was.point.at.isoformat(),
            "at": new.point.at.isoformat(),
            "reason": reason,
        },
    )
    await unit.outbox.add(
        outcome_words(
            held,
            new,
            ReadingWord.CORRECTED,
            recharged=corrected.recharged,
            now=now,
            was=was,
            reason=reason,
        )
    )
