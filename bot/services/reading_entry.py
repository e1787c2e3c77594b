"""Somebody has read a meter: what they say is checked, stored and charged. Section 3."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum

from bot.domain.meter import MeterSheet, MeterStatus
from bot.domain.metering import Installation, Reading, ReadingStatus, ReadingType
from bot.domain.people import Actor, Permission
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.meter import MeterUnknown
from bot.services.ports import Clock
from bot.services.reading_appraisal import Appraisal, appraise, require_past
from bot.services.reading_change import Held, follow, hold_meter, true_up
from bot.services.reading_notice import (
    ReadingWord,
    held_question,
    outcome_words,
    unusual_word,
)
from bot.services.reading_spot import Spot, find_spot
from bot.services.recharge import Change, Recharged
from bot.services.store import Transactions
from bot.services.stores import Unit


class MeterNotInUse(Exception):
    """Only a meter in use counts; one that is faulty is set right first."""

    def __init__(self, sheet: MeterSheet) -> None:
        super().__init__(sheet.id)
        self.sheet = sheet


class SameReadingKnown(Exception):
    """The meter was read that day already, and showed the same: is it the same reading?"""

    def __init__(self, spot: Spot, known: Reading) -> None:
        super().__init__(known.id)
        self.spot = spot
        self.known = known


class EntryOutcome(Enum):
    """What became of a reading that somebody has entered."""

    RECORDED = "recorded"
    CHARGED = "charged"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReading:
    """What somebody says that a meter shows, in its unit; `at` None is this moment.

    `proposed_value` is what was read from a photo before they said so; `is_doubtful` when that is
    something else, so that a manager has to look first. `is_billing` marks the close of a billing
    period.
    """

    meter_id: int
    value: Decimal
    at: datetime | None = None
    type: ReadingType = ReadingType.MANUAL
    is_billing: bool = False
    notes: str | None = None
    photo_id: int | None = None
    proposed_value: Decimal | None = None
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A reading as it would be recorded; `will_be_held` until somebody has looked at it."""

    appraisal: Appraisal
    room: str | None
    now: datetime
    will_be_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A stored reading, and what became of it."""

    reading: Reading
    preview: Preview
    outcome: EntryOutcome
    recharged: Recharged | None = None


class ReadingEntry:
    """Records readings that people take."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def preview(self, *, actor: Actor, new: NewReading) -> Preview:
        """This function will tell what a reading would mean; a twin is told of, not refused.

        Raises what `record` raises, but SameReadingKnown, AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            held = await hold_meter(unit, new.meter_id, new.at or now, now=now, lock=False)
            return await _appraised(unit, held, actor, new, now)

    async def record(self, *, cause: Cause, new: NewReading, again: bool = False) -> Recorded:
        """This function will store a reading and charge it, or hold it for a manager to judge.

        A late one takes its place, and what was charged around it is charged anew (rule 3.8).
        `again` records a value that was recorded that day before. Raises MeterUnknown, NotAllowed,
        MeterNotInUse, ReadingInFuture, ReadingBeforeInstallation, ReadingFell, ReadingOvertaken,
        ReadingAtThatTime, SameReadingKnown, NotARegisterValue, ReadingInTheWay, AlreadyHandled and
        ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            recorded = await enter(unit, cause=cause, new=new, again=again, now=now)
        self._doorbell.ring()
        return recorded


async def enter(
    unit: Unit, *, cause: Cause, new: NewReading, again: bool, now: datetime
) -> Recorded:
    """Do what `ReadingEntry.record` does, in a unit of which it is only a part."""
    held = await hold_meter(unit, new.meter_id, new.at or now, now=now)
    preview = await _appraised(unit, held, cause.actor, new, now)
    if preview.appraisal.twin is not None and not again:
        raise SameReadingKnown(preview.appraisal.spot, preview.appraisal.twin)
    recorded = await _store(unit, held, preview, cause, new, now)
    await _tell(unit, held, recorded, cause, now)
    return recorded


async def _appraised(
    unit: Unit, held: Held, actor: Actor, new: NewReading, now: datetime
) -> Preview:
    spot = await spot_to_read(unit, held, actor, new.at or now, now=now)
    appraisal = await appraise(unit, spot, new.value)
    waits = await unit.chains.has_held(held.sheet.id)
    return Preview(
        appraisal=appraisal,
        room=held.room,
        now=now,
        will_be_held=appraisal.fit.is_jump or waits or new.is_doubtful,
    )


async def spot_to_read(
    unit: Unit, held: Held, actor: Actor, at: datetime, *, now: datetime
) -> Spot:
    """Return where a reading by a person would belong.

    Raises MeterUnknown, NotAllowed, MeterNotInUse, ReadingInFuture, ReadingBeforeInstallation.
    """
    _require_reader(actor, held)
    if held.sheet.status is not MeterStatus.ACTIVE:
        raise MeterNotInUse(held.sheet)
    require_past(at, now=now)
    return await find_spot(unit, held.sheet, held.place, at)


def _require_reader(actor: Actor, held: Held) -> None:
    """A stranger to the meter does not even learn that there is one."""
    if actor.lease_ids & held.books.keys():
        return
    if not actor.may(Permission.SEE_ROOMS, held.place.id):
        raise MeterUnknown(held.sheet.id)
    actor.require(Permission.READ_METERS, held.place.id)


async def _store(
    unit: Unit, held: Held, preview: Preview, cause: Cause, new: NewReading, now: datetime
) -> Recorded:
    appraisal = preview.appraisal
    installation = await _installation(unit, appraisal.spot)
    reading = await _reading(unit, appraisal, installation, preview, cause, new)
    reading = replace(reading, id=await unit.chains.add(reading))
    if reading.status is ReadingStatus.HELD:
        return Recorded(reading=reading, preview=preview, outcome=EntryOutcome.HELD)
    added, removed = await true_up(unit, appraisal)
    recharged = await follow(
        unit,
        held,
        Change(
            installation=installation,
            terms=appraisal.spot.own_terms,
            added=(*added, reading),
            removed=tuple(removed),
        ),
        lease_id=reading.lease_id,
        cause=cause,
        reason=None,
        why=_why(reading),
        now=now,
    )
    is_charged = recharged is not None and bool(recharged.plan.steps)
    outcome = EntryOutcome.CHARGED if is_charged else EntryOutcome.RECORDED
    return Recorded(reading=reading, preview=preview, outcome=outcome, recharged=recharged)


async def _installation(unit: Unit, spot: Spot) -> Installation:
    """Return where the reading is stored; the first one of a meter without a device opens it."""
    found = spot.installation
    if found is None:
        return await unit.metering.install(meter_id=spot.sheet.id, device_id=None, at=spot.at)
    if found.opened_at > spot.at:
        await unit.chains.open_earlier(found.id, at=spot.at)
    return found


async def _reading(
    unit: Unit,
    appraisal: Appraisal,
    installation: Installation,
    preview: Preview,
    cause: Cause,
    new: NewReading,
) -> Reading:
    person_id = cause.actor.person_id
    people = await unit.people.get({person_id})
    return Reading(
        meter_id=appraisal.spot.sheet.id,
        installation_id=installation.id,
        point=appraisal.point,
        type=new.type,
        status=ReadingStatus.HELD if preview.will_be_held else ReadingStatus.ACCEPTED,
        previous_value=appraisal.previous_value,
        consumption=appraisal.fit.consumption,
        is_anomalous=appraisal.is_anomalous,
        lease_id=appraisal.spot.lease_id,
        revision=await unit.chains.next_revision(installation.id, appraisal.point.at),
        is_billing=new.is_billing,
        reader_name=people[person_id].name if person_id in people else None,
        reader_id=person_id if person_id in people else None,
        notes=new.notes,
        photo_id=new.photo_id,
        proposed_value=new.proposed_value,
    )


def _why(reading: Reading) -> Mapping[str, object]:
    return {
        "cause": "reading_added",
        "reading": reading.id,
        "value": str(reading.point.value),
        "at": reading.point.at.isoformat(),
    }


async def _tell(unit: Unit, held: Held, recorded: Recorded, cause: Cause, now: datetime) -> None:
    reading, appraisal = recorded.reading, recorded.preview.appraisal
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=held.place.id,
        action="reading.recorded",
        facts={
            "meter_id": reading.meter_id,
            "reading_id": reading.id,
            "value": str(reading.point.value),
            "taken_at": reading.point.at.isoformat(),
            "outcome": recorded.outcome.value,
        },
    )
    if reading.status is ReadingStatus.HELD:
        await unit.outbox.add(await held_question(unit, held, reading, appraisal, now=now))
        return
    if appraisal.is_anomalous:
        await unit.outbox.add(await unusual_word(unit, held, reading, appraisal, cause, now=now))
    recharged = recorded.recharged
    if recharged is not None and recharged.plan.undone and recharged.plan.change_paise:
        word = ReadingWord.ADDED
        await unit.outbox.add(outcome_words(held, reading, word, recharged=recharged, now=now))
