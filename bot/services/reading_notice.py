"""What people are told of readings that somebody took or changed. Rules 3.5, 3.6 and 3.8."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from bot.domain.metering import Reading
from bot.services.cause import Cause
from bot.services.favour import Use
from bot.services.notice import common_facts, meter_facts, tell
from bot.services.reading_appraisal import Appraisal
from bot.services.reading_change import Held
from bot.services.recharge import Recharged
from bot.services.store import Notice, NoticeKind
from bot.services.stores import Unit

HOUR = timedelta(hours=1)


class ReadingWord(Enum):
    """What became of a reading, in the words of READING_OUTCOME notices."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CORRECTED = "corrected"
    ADDED = "added"


def facts_around(held: Held, lease_id: int | None) -> dict[str, object]:
    """Return what every notice about a meter says; one that no lease has is called by its name."""
    book = held.book(lease_id)
    if book is None:
        return meter_facts(held.sheet, held.place, held.room)
    return common_facts(book) | {"meter": held.sheet.name, "unit": held.sheet.unit}


async def held_question(
    unit: Unit, held: Held, reading: Reading, appraisal: Appraisal, *, now: datetime
) -> Sequence[Notice]:
    """Return the question to the staff whether a reading that somebody took is right."""
    since_at = appraisal.since_at or reading.point.at
    facts = facts_around(held, reading.lease_id) | {
        "value": str(reading.point.value),
        "previous_value": _text(appraisal.previous_value),
        "consumption": _text(appraisal.fit.consumption),
        "hours": max((reading.point.at - since_at) // HOUR, 1),
        "limit": str(held.sheet.terms.limit_per_hour),
        "reading_id": reading.id,
        "taken_at": reading.point.at.isoformat(),
        "reader": reading.reader_name,
        "is_jump": appraisal.fit.is_jump,
        "proposed_value": _text(reading.proposed_value),
        "photo_id": reading.photo_id,
    }
    staff = await _staff(unit, held)
    key = f"held:reading:{reading.id}"
    return tell(staff, NoticeKind.READING_HELD, facts, key=key, now=now)


async def unusual_word(
    unit: Unit,
    held: Held,
    reading: Reading,
    appraisal: Appraisal,
    cause: Cause,
    *,
    now: datetime,
) -> Sequence[Notice]:
    """Return the flag for a use that is off the meter's habit, with its numbers. Rule 3.6.

    Who has entered the reading has seen them already.
    """
    found = appraisal.deviation
    if found is None:
        return ()
    facts = facts_around(held, reading.lease_id) | {
        "value": str(reading.point.value),
        "previous_value": _text(appraisal.previous_value),
        "consumption": _text(appraisal.fit.consumption),
        "per_day": str(found.per_day),
        "mean_per_day": str(found.mean_per_day),
        "sample": found.sample,
        "percent": found.percent,
        "reading_id": reading.id,
        "taken_at": reading.point.at.isoformat(),
        "reader": reading.reader_name,
    }
    staff = [each for each in await _staff(unit, held) if each != cause.actor.person_id]
    key = f"unusual:{reading.id}"
    return tell(staff, NoticeKind.READING_UNUSUAL, facts, key=key, now=now)


def outcome_words(
    held: Held,
    reading: Reading,
    word: ReadingWord,
    *,
    recharged: Recharged | None,
    now: datetime,
    was: Reading | None = None,
    reason: str | None = None,
) -> Sequence[Notice]:
    """Return what the tenants are told; `was` is the reading that a correction replaces."""
    book = held.book(reading.lease_id)
    if book is None:
        return ()
    facts = facts_around(held, reading.lease_id) | {
        "outcome": word.value,
        "reading_id": reading.id,
        "value": str(reading.point.value),
        "was_value": None if was is None else str(was.point.value),
        "taken_at": reading.point.at.isoformat(),
        "returned_paise": 0 if recharged is None else recharged.plan.returned_paise,
        "charged_paise": 0 if recharged is None else recharged.plan.charged_paise,
        "favours": [] if recharged is None else [_use(each) for each in recharged.plan.uses],
        "before_paise": book.balance_paise if recharged is None else recharged.before_paise,
        "after_paise": book.balance_paise if recharged is None else recharged.after_paise,
        "reason": reason,
    }
    key = f"reading-outcome:{reading.id}:{word.value}"
    return tell(book.tenant_ids, NoticeKind.READING_OUTCOME, facts, key=key, now=now)


def _use(use: Use) -> dict[str, object]:
    """Return what of it was given back before."""
    return {
        "amount_paise": use.amount_paise,
        "dispute": use.given.dispute,
        "credit_note": use.given.credit_note,
    }


async def _staff(unit: Unit, held: Held) -> Sequence[int]:
    return (await unit.people.staff({held.place.id})).get(held.place.id, ())


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
