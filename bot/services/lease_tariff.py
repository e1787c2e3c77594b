"""Which tariffs the rooms of a place have, day by day. Reads only. Section 4."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.deduction import day_of_end
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.service_kind import Medium
from bot.domain.tariff import Tariff
from bot.domain.timeline import Given, Timeline, Timelines
from bot.services.book import LeaseBook
from bot.services.payment import LeaseUnknown
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.tariff import TariffUnknown, place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTariff:
    """A room that is let, what its meters count, and the tariffs that it has day by day.

    `waits_since_on` tells of media that have no price yet since when they are read.
    """

    lease_id: int
    room: str
    tenant: str
    timelines: Timelines
    media: frozenset[Medium]
    waits_since_on: Mapping[Medium, date] = field(default_factory=dict)

    def timeline(self, medium: Medium) -> Timeline | None:
        """Return what it pays for a medium, None where it has no tariff for it."""
        found = self.timelines.get(medium.service)
        return None if found is None or found.medium != medium else found

    def tariff_on(self, on: date, medium: Medium) -> Tariff | None:
        """Return the tariff that it has on a day, None where it has none for the medium."""
        found = self.timeline(medium)
        return None if found is None or found.given[0].from_on > on else found.tariff_on(on)

    def later_than(self, on: date, medium: Medium) -> tuple[Given, ...]:
        """Return the changes that are scheduled after a day."""
        found = self.timeline(medium)
        given = () if found is None else found.given
        return tuple(each for each in given if each.from_on > on)

    def can_have(self, tariff: Tariff) -> bool:
        """Return whether it uses what a tariff prices, in the unit that it prices."""
        found = self.timelines.get(tariff.medium.service)
        if found is not None:
            return found.medium == tariff.medium
        return tariff.medium in self.media


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChoice:
    """The rooms of a place, for which a tariff can be used."""

    place: Place
    tariff: Tariff
    today_on: date
    rooms: tuple[RoomTariff, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPrices:
    """One room's tariffs, and all that its place has to choose from."""

    place: Place
    today_on: date
    room: RoomTariff
    tariffs: tuple[Tariff, ...]


class RoomTariffs:
    """Shows the tariffs of rooms to those who may set them."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def rooms(self, *, actor: Actor, tariff_id: int) -> RoomChoice:
        """This function will list the rooms that can have a tariff. Raises TariffUnknown."""
        async with self._transactions.read() as unit:
            place, tariff = await tariff_of(unit, actor, tariff_id)
            leases = await unit.leases.running_at(place.id)
            first = {lease.id: lease.tariff_id for lease in leases.values()}
            timelines = await unit.lease_tariffs.timelines(first)
            media = await unit.lease_tariffs.media(list(first))
            names = await unit.places.rooms(place.id)
        rooms = (
            RoomTariff(
                lease_id=lease.id,
                room=room.name,
                tenant=lease.tenant_name,
                timelines=timelines[lease.id],
                media=media.get(lease.id, frozenset()),
            )
            for room in names
            if (lease := leases.get(room.id)) is not None
        )
        return RoomChoice(
            place=place,
            tariff=tariff,
            today_on=self._today(place),
            rooms=tuple(each for each in rooms if each.can_have(tariff)),
        )

    async def of_lease(self, *, actor: Actor, lease_id: int) -> RoomPrices:
        """This function will return what a room pays and what it could. Raises LeaseUnknown."""
        async with self._transactions.read() as unit:
            book = await unit.books.look(lease_id, now=self._clock.now())
            if book is None or not actor.may(Permission.SET_TARIFFS, book.place.id):
                raise LeaseUnknown(lease_id)
            tariffs = await unit.tariffs.of_place(book.place.id)
        room = room_of(book)
        return RoomPrices(
            place=book.place,
            today_on=self._today(book.place),
            room=room,
            tariffs=tuple(each for each in tariffs if room.can_have(each)),
        )

    async def waits_since(
        self, *, actor: Actor, tariff_id: int, lease_ids: Collection[int]
    ) -> date | None:
        """This function will return since when one of the rooms is read without a price.

        Raises TariffUnknown.
        """
        async with self._transactions.read() as unit:
            _, tariff = await tariff_of(unit, actor, tariff_id)
            books = await unit.books.load(lease_ids, now=self._clock.now(), lock=False)
        since = (room_of(book).waits_since_on.get(tariff.medium) for book in books.values())
        return min((on for on in since if on is not None), default=None)

    async def charged_through(
        self, *, actor: Actor, tariff_id: int, lease_ids: Collection[int]
    ) -> date | None:
        """This function will return the last day that any of the rooms was charged for.

        Raises TariffUnknown.
        """
        async with self._transactions.read() as unit:
            place, tariff = await tariff_of(unit, actor, tariff_id)
            charged_at = await unit.lease_tariffs.charged_at(
                lease_ids, service=tariff.medium.service
            )
        return max((day_of_end(at, place.zone) for at in charged_at.values()), default=None)

    def _today(self, place: Place) -> date:
        return local_date(self._clock.now(), place.zone)


async def tariff_of(unit: Unit, actor: Actor, tariff_id: int) -> tuple[Place, Tariff]:
    """Return a tariff that a person may set, and its place. Raises TariffUnknown."""
    place_id = await unit.tariffs.place_id(tariff_id)
    if place_id is None or not actor.may(Permission.SET_TARIFFS, place_id):
        raise TariffUnknown(tariff_id)
    found = await unit.tariffs.get([tariff_id])
    return await place_of(unit, place_id), found[tariff_id]


def room_of(book: LeaseBook) -> RoomTariff:
    """Return the room of a lease with what it pays."""
    return RoomTariff(
        lease_id=book.lease.id,
        room=book.room.name,
        tenant=book.lease.tenant_name,
        timelines=book.timelines,
        media=frozenset(each.meter.medium for each in book.meters if each.meter.is_charged),
        waits_since_on=_waiting(book),
    )


def _waiting(book: LeaseBook) -> dict[Medium, date]:
    """Return the media without a price, with the day since which the lease's meters are read."""
    found: dict[Medium, date] = {}
    for link in book.meters:
        anchor, meter = link.anchor, link.meter
        if anchor is None or not meter.is_charged or book.has_price(meter, anchor.point.at):
            continue
        on = local_date(anchor.point.at, book.place.zone)
        found[meter.medium] = min(on, found.get(meter.medium, on))
    return found
