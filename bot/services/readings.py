"""A manager's word on a reading that was held. Rule 3.5."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.metering import Reading, ReadingStatus
from bot.domain.people import Actor, Permission
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.ports import Clock
from bot.services.reading_appraisal import Appraisal, appraise
from bot.services.reading_change import Held, follow, hold_meter, plan_of, true_up
from bot.services.reading_notice import ReadingWord, outcome_words
from bot.services.reading_spot import find_spot
from bot.services.recharge import Change, Recharged
from bot.services.store import Transactions
from bot.services.stores import Unit


class ReadingUnknown(LookupError):
    """No such reading, or none of the person's."""

    def __init__(self, reading_id: int) -> None:
        super().__init__(reading_id)
        self.reading_id = reading_id


class ReadingJudged(Exception):
    """Somebody has accepted, corrected or rejected the reading before."""

    def __init__(self, status: ReadingStatus) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What came of a held reading; money in paise, None where no lease has the meter."""

    reading: Reading
    room: str
    currency: str
    accepted: bool
    amount_paise: int
    balance_paise: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementPreview:
    """What accepting a held reading charges, and the balance before it, in paise.

    None where no money hangs on it.
    """

    amount_paise: int | None
    currency: str
    balance_paise: int | None = None


class Readings:
    """Accepts or rejects held readings."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def preview(self, *, actor: Actor, reading_id: int) -> JudgementPreview:
        """This function will tell what accepting a held reading would charge.

        Raises ReadingUnknown, ReadingJudged, NotAllowed, ReadingFell, ReadingOvertaken,
        ReadingAtThatTime and ReadingInTheWay.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            reading = await unit.metering.reading(reading_id)
            if reading is None:
                raise ReadingUnknown(reading_id)
            read_at = reading.point.at
            held = await hold_meter(
                unit, reading.meter_id, read_at, now=now, of=reading, lock=False
            )
            actor.require(Permission.TAKE_PAYMENT, held.place.id)
            if reading.status is not ReadingStatus.HELD:
                raise ReadingJudged(reading.status)
            change = _change(reading, await _appraised(unit, held, reading))
            book = held.book(reading.lease_id)
            plan = await plan_of(unit, held.sheet, book, change)
        if plan is None or book is None:
            return JudgementPreview(amount_paise=None, currency=held.place.currency)
        return JudgementPreview(
            amount_paise=-plan.change_paise,
            currency=held.place.currency,
            balance_paise=book.balance_paise,
        )

    async def judge(
        self, *, cause: Cause, reading_id: int, accept: bool, reason: str | None = None
    ) -> Judgement:
        """This function will charge a held reading, or set it aside; the tenants are told.

        What was charged around it meanwhile is charged anew. Raises ReadingUnknown, ReadingJudged,
        NotAllowed, ReadingFell, ReadingOvertaken, ReadingAtThatTime, ReadingInTheWay,
        AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            reading = await unit.metering.reading(reading_id)
            if reading is None:
                raise ReadingUnknown(reading_id)
            read_at = reading.point.at
            held = await hold_meter(unit, reading.meter_id, read_at, now=now, of=reading)
            cause.actor.require(Permission.TAKE_PAYMENT, held.place.id)
            recharged = None
            if accept:
                recharged = await _accept(unit, held, reading, cause, now)
            elif not await unit.metering.judge(
                reading_id=reading_id, status=ReadingStatus.REJECTED
            ):
                raise await _judged(unit, reading)
            await _tell(unit, held, reading, recharged, cause, now, accept=accept, reason=reason)
        self._doorbell.ring()
        return _judgement(held, reading, recharged, accept=accept)


async def _judged(unit: Unit, reading: Reading) -> ReadingJudged:
    current = await unit.metering.reading(reading.id)
    return ReadingJudged(reading.status if current is None else current.status)


async def _accept(
    unit: Unit, held: Held, reading: Reading, cause: Cause, now: datetime
) -> Recharged | None:
    """Let the reading count, and charge up to it, or around it if others came later."""
    if not await unit.metering.judge(reading_id=reading.id, status=ReadingStatus.ACCEPTED):
        raise await _judged(unit, reading)
    appraisal = await _appraised(unit, held, reading)
    added, removed = await true_up(unit, appraisal)
    change = _change(reading, appraisal)
    return await follow(
        unit,
        held,
        replace(change, added=(*added, *change.added), removed=tuple(removed)),
        lease_id=reading.lease_id,
        cause=cause,
        reason=None,
        why={
            "cause": "reading_accepted",
            "reading": reading.id,
            "value": str(reading.point.value),
            "at": reading.point.at.isoformat(),
        },
        now=now,
    )


def _change(reading: Reading, appraisal: Appraisal) -> Change:
    installation = appraisal.spot.installation
    assert installation is not None
    return Change(
        installation=installation,
        terms=appraisal.spot.own_terms,
        added=(replace(reading, status=ReadingStatus.ACCEPTED),),
    )


async def _appraised(unit: Unit, held: Held, reading: Reading) -> Appraisal:
    """Return the reading among those that count by now, of the device that was read then."""
    spot = await find_spot(unit, held.sheet, held.place, reading.point.at, but=[reading.id])
    return await appraise(
        unit, replace(spot, lease_id=reading.lease_id), reading.point.value, but=[reading.id]
    )


async def _tell(
    unit: Unit,
    held: Held,
    reading: Reading,
    recharged: Recharged | None,
    cause: Cause,
    now: datetime,
    *,
    accept: bool,
    reason: str | None,
) -> None:
    word = ReadingWord.ACCEPTED if accept else ReadingWord.REJECTED
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=held.place.id,
        action=f"reading.{word.value}",
        facts={"meter_id": reading.meter_id, "reading_id": reading.id, "reason": reason},
    )
    await unit.outbox.add(
        outcome_words(held, reading, word, recharged=recharged, now=now, reason=reason)
    )


def _judgement(
    held: Held, reading: Reading, recharged: Recharged | None, *, accept: bool
) -> Judgement:
    book = held.book(reading.lease_id)
    balance_paise = None if book is None else book.balance_paise
    return Judgement(
        reading=replace(
            reading, status=ReadingStatus.ACCEPTED if accept else ReadingStatus.REJECTED
        ),
        room=held.room or held.sheet.name,
        currency=held.place.currency,
        accepted=accept,
        amount_paise=0 if recharged is None else -recharged.plan.change_paise,
        balance_paise=balance_paise if recharged is None else recharged.after_paise,
    )
