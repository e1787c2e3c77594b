"""A manager's word on a reading that was held. Rule 3.5."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.domain.deduction import Sighting
from bot.domain.metering import Reading, ReadingStatus
from bot.domain.people import Permission
from bot.services.book import LeaseBook, MeterLink
from bot.services.cause import Cause, mark_handled
from bot.services.check import Observation, book_after, check
from bot.services.doorbell import Doorbell
from bot.services.payment import locked_book
from bot.services.ports import Clock
from bot.services.posting import conclude
from bot.services.store import Transactions
from bot.services.stores import Unit

ANY_JUMP = Decimal(10) ** 9


class ReadingUnknown(LookupError):
    """No such held reading of a lease."""

    def __init__(self, reading_id: int) -> None:
        super().__init__(reading_id)
        self.reading_id = reading_id


class ReadingJudged(Exception):
    """Somebody has accepted or rejected the reading before."""

    def __init__(self, status: ReadingStatus) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What came of a held reading; money in paise."""

    reading: Reading
    room: str
    currency: str
    accepted: bool
    amount_paise: int
    balance_paise: int


class Readings:
    """Accepts or rejects held readings."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def judge(self, *, cause: Cause, reading_id: int, accept: bool) -> Judgement:
        """This function will charge a held reading, or set it aside.

        Raises ReadingUnknown, ReadingJudged, NotAllowed, AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            held = await unit.metering.reading(reading_id)
            if held is None or held.lease_id is None:
                raise ReadingUnknown(reading_id)
            book = await locked_book(unit, held.lease_id, self._clock)
            cause.actor.require(Permission.TAKE_PAYMENT, book.place.id)
            status = ReadingStatus.ACCEPTED if accept else ReadingStatus.REJECTED
            if not await unit.metering.judge(reading_id=reading_id, status=status):
                current = await unit.metering.reading(reading_id)
                raise ReadingJudged(current.status if current else status)
            amount_paise = 0
            if accept:
                amount_paise = await self._charge(unit, book, held, now)
        self._doorbell.ring()
        return Judgement(
            reading=replace(held, status=status),
            room=book.room.name,
            currency=book.place.currency,
            accepted=accept,
            amount_paise=amount_paise,
            balance_paise=book.balance_paise - amount_paise,
        )

    async def _charge(self, unit: Unit, book: LeaseBook, held: Reading, now: datetime) -> int:
        """Charge up to the reading, and let the lease go on from where it is by now."""
        anchor = _link(book, held).anchor
        earlier = await _from_its_device(unit, book, held, self._clock)
        trusting, link = _trusting(earlier, held)
        checked = check(trusting, link, _seen(earlier, link, held))
        await conclude(unit, [book_after(checked, now=now)], [checked], now=now, checked=False)
        if earlier is not book:
            anchor_id = None if anchor is None else anchor.id
            await unit.metering.move_anchors([(book.lease.id, held.meter_id, anchor_id)])
        return sum(step.charge.total_paise for step in checked.steps)


async def _from_its_device(unit: Unit, book: LeaseBook, held: Reading, clock: Clock) -> LeaseBook:
    """Return the book as it stood on the device that was read, if it was replaced since."""
    anchor = _link(book, held).anchor
    before = await unit.metering.before(held)
    if before is None or (anchor and anchor.installation_id == held.installation_id):
        return book
    await unit.metering.move_anchors([(book.lease.id, held.meter_id, before.id)])
    return await locked_book(unit, book.lease.id, clock)


def _link(book: LeaseBook, held: Reading) -> MeterLink:
    return next(each for each in book.meters if each.meter.id == held.meter_id)


def _trusting(book: LeaseBook, held: Reading) -> tuple[LeaseBook, MeterLink]:
    """Return the book with the meter allowed any jump, for a person has looked at it.

    A reading of a device that was replaced since is charged to where that one was.
    """
    link = _link(book, held)
    terms = replace(link.meter.terms, limit_per_hour=ANY_JUMP)
    trusted = replace(
        link,
        meter=replace(link.meter, terms=terms),
        installation_id=held.installation_id,
        has_held_reading=False,
    )
    others = tuple(each for each in book.meters if each is not link)
    return replace(book, meters=(trusted, *others)), trusted


def _seen(book: LeaseBook, link: MeterLink, held: Reading) -> Observation:
    return Observation(
        lease_id=book.lease.id,
        meter_id=held.meter_id,
        device_id=link.device_id,
        at=held.point.at,
        sightings=(Sighting(point=held.point, type=held.type),),
    )
