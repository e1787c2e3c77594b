"""How the counters of meters are read, and by whom that was set. Rules 3.1, 3.2 and 3.5."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum

from bot.domain.meter import MeterSheet
from bot.domain.meter_share import LeaseShare
from bot.domain.metering import (
    ImpossibleTerms,
    Installation,
    Meter,
    MeterTerms,
    is_in_thousandths,
)
from bot.domain.people import Actor, Permission
from bot.domain.place import Place
from bot.services.book import LeaseBook, MeterLink
from bot.services.boundary import begin_anew
from bot.services.cause import Cause, mark_handled
from bot.services.check import Observation
from bot.services.closeup import look_closely
from bot.services.doorbell import Doorbell
from bot.services.ports import Clock, MeterGateway
from bot.services.room_card import permissions_at
from bot.services.store import Device, Transactions
from bot.services.stores import Unit

MOST = {"multiplier": Decimal(100_000)}


class TermsField(Enum):
    """What can be set about a meter."""

    MULTIPLIER = "multiplier"
    MODULUS = "max_value"
    LIMIT = "limit_per_hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsChange:
    """One thing to be set; a modulus of None means that the counter's end is not known."""

    field: TermsField
    value: Decimal | None


class MeterUnknown(LookupError):
    """No such meter, or none of the person's."""

    def __init__(self, meter_id: int) -> None:
        super().__init__(meter_id)
        self.meter_id = meter_id


class BadTerms(ValueError):
    """No counter can be read so."""

    def __init__(self, change: TermsChange) -> None:
        super().__init__(change)
        self.change = change


class SameTerms(ValueError):
    """It is set so already."""

    def __init__(self, change: TermsChange) -> None:
        super().__init__(change)
        self.change = change


class CounterIsBeyond(ValueError):
    """The counter shows more than it would be able to; values in the meter's unit."""

    def __init__(self, *, shows: Decimal, unit: str) -> None:
        super().__init__(shows, unit)
        self.shows = shows
        self.unit = unit


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterCard:
    """A meter at a glance; the value and when it was read are those seen last.

    `shares` are those of the running leases that it counts for, `parent` is what it hangs below.
    """

    meter: Meter
    sheet: MeterSheet
    parent: MeterSheet | None
    has_below: bool
    shares: tuple[LeaseShare, ...]
    place: Place
    room: str | None
    lease_id: int | None
    device: Device | None
    installation: Installation | None
    replaced: Installation | None
    last_value: Decimal | None
    read_at: datetime | None
    now: datetime
    may: frozenset[Permission]


class Meters:
    """Shows and changes how meters are read."""

    def __init__(
        self, transactions: Transactions, gateway: MeterGateway, clock: Clock, doorbell: Doorbell
    ) -> None:
        self._transactions = transactions
        self._gateway = gateway
        self._clock = clock
        self._doorbell = doorbell

    async def card(self, *, actor: Actor, meter_id: int) -> MeterCard:
        """This function will return a meter at a glance. Raises MeterUnknown."""
        async with self._transactions.read() as unit:
            return await self._card(unit, actor, meter_id)

    async def preview(self, *, actor: Actor, meter_id: int, change: TermsChange) -> MeterCard:
        """This function will return the meter as it is, if the change can be made.

        Raises MeterUnknown, NotAllowed, BadTerms, SameTerms and CounterIsBeyond.
        """
        async with self._transactions.read() as unit:
            card = await self._card(unit, actor, meter_id)
        actor.require(Permission.ONBOARD, card.place.id)
        changed_terms(card, change)
        return card

    async def change(self, *, cause: Cause, meter_id: int, change: TermsChange) -> MeterCard:
        """This function will set how a meter is read from now on.

        For another multiplier the meter is read first: what was used until then is charged by
        the old one, and nothing before is touched. Raises what `preview` raises, DeviceUnreachable
        and other GatewayErrors when it cannot be read, ReadingInTheWay, AlreadyHandled and
        ButtonSpent.
        """
        await self.preview(actor=cause.actor, meter_id=meter_id, change=change)
        is_boundary = change.field is TermsField.MULTIPLIER
        seen = await self._look(meter_id) if is_boundary else ()
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            card = await self._card(unit, cause.actor, meter_id)
            cause.actor.require(Permission.ONBOARD, card.place.id)
            terms = changed_terms(card, change)
            if is_boundary:
                await begin_anew(unit, card.meter, seen, now=now)
            await unit.metering.save_terms(meter_id=meter_id, terms=terms)
            await _audit(unit, cause, card, change, now)
            after = await self._card(unit, cause.actor, meter_id)
        self._doorbell.ring()
        return after

    async def _look(self, meter_id: int) -> Sequence[Observation]:
        """Read the meter for every lease that it counts for; outside of any transaction."""
        async with self._transactions.read() as unit:
            books = await _books(unit, meter_id, self._clock.now())
        seen = []
        for book in books:
            link = link_of(book, meter_id)
            if link.device_id is not None:
                seen.append(
                    await look_closely(self._gateway, book, link, link.device_id, clock=self._clock)
                )
        return seen

    async def _card(self, unit: Unit, actor: Actor, meter_id: int) -> MeterCard:
        now = self._clock.now()
        meter = (await unit.metering.meters([meter_id])).get(meter_id)
        sheet = await unit.sheets.get(meter_id)
        if meter is None or sheet is None or not actor.may(Permission.SEE_ROOMS, meter.place_id):
            raise MeterUnknown(meter_id)
        place = await unit.places.get(meter.place_id)
        room = None if meter.room_id is None else await unit.places.room(meter.room_id)
        assert place is not None
        installed = await unit.metering.open_installation(meter_id)
        book = next(iter(await _books(unit, meter_id, now)), None)
        value, read_at = await _last_shown(unit, meter, book)
        return MeterCard(
            meter=meter,
            sheet=sheet,
            parent=None if sheet.parent_id is None else await unit.sheets.get(sheet.parent_id),
            has_below=bool(await unit.sheets.with_subs([meter_id])),
            shares=tuple(await unit.sheets.shares(meter_id)),
            place=place,
            room=None if room is None else room.name,
            lease_id=None if book is None else book.lease.id,
            device=await _device(unit, installed),
            installation=installed,
            replaced=await _replaced(unit, installed),
            last_value=value,
            read_at=read_at,
            now=now,
            may=permissions_at(actor, place.id),
        )


def changed_terms(card: MeterCard, change: TermsChange) -> MeterTerms:
    """Return the terms with the change in them. Raises BadTerms, SameTerms, CounterIsBeyond."""
    before, value = card.meter.terms, change.value
    is_modulus = change.field is TermsField.MODULUS
    if value is None and not is_modulus:
        raise BadTerms(change)
    most = MOST.get(change.field.value)
    if value is not None and (not is_in_thousandths(value) or (most and value > most)):
        raise BadTerms(change)
    if getattr(before, change.field.value) == value:
        raise SameTerms(change)
    if is_modulus and value is not None and card.last_value and card.last_value >= value > 0:
        raise CounterIsBeyond(shows=card.last_value, unit=card.meter.unit)
    try:
        return replace(before, **{change.field.value: value})  # type: ignore[arg-type]
    except ImpossibleTerms as error:
        raise BadTerms(change) from error


def link_of(book: LeaseBook, meter_id: int) -> MeterLink:
    """Return a meter of a lease that has it."""
    return next(link for link in book.meters if link.meter.id == meter_id)


async def _books(unit: Unit, meter_id: int, now: datetime) -> Sequence[LeaseBook]:
    lease_ids = (await unit.metering.running_leases([meter_id])).get(meter_id, ())
    return list((await unit.books.load(lease_ids, now=now, lock=False)).values())


async def _device(unit: Unit, installed: Installation | None) -> Device | None:
    if installed is None or installed.device_id is None:
        return None
    return await unit.metering.device(installed.device_id)


async def _replaced(unit: Unit, installed: Installation | None) -> Installation | None:
    """Return the installation of the device that the present one has replaced."""
    if installed is None or installed.device_id is None:
        return None
    before = await unit.metering.installation_before(installed)
    is_same = before is None or before.device_id in {None, installed.device_id}
    return None if is_same else before


async def _last_shown(
    unit: Unit, meter: Meter, book: LeaseBook | None
) -> tuple[Decimal | None, datetime | None]:
    """Return the newest of what was charged up to and what was merely seen."""
    reading = await unit.metering.latest(meter.id)
    charged = (None, None) if reading is None else (reading.point.value, reading.point.at)
    if book is None:
        return charged
    link = link_of(book, meter.id)
    is_newer = reading is None or (link.last_read_at and link.last_read_at >= reading.point.at)
    return (link.last_value, link.last_read_at) if is_newer else charged


async def _audit(
    unit: Unit, cause: Cause, card: MeterCard, change: TermsChange, now: datetime
) -> None:
    before = getattr(card.meter.terms, change.field.value)
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=card.place.id,
        action=f"meter.{change.field.value}",
        facts={
            "meter_id": card.meter.id,
            "meter": card.meter.udf1,
            "before": None if before is None else str(before),
            "after": None if change.value is None else str(change.value),
        },
    )
