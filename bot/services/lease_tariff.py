"""Which tariffs the rooms of a place have, day by day. Reads only. Section 4."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.domain.deduction import day_of_end
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.tariff import Tariff
from bot.domain.timeline import Given, Timeline
from bot.services.book import LeaseBook
from bot.services.payment import LeaseUnknown
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.tariff import TariffUnknown, place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTariff:
    """A room that is let, and the tariffs that it has day by day."""

    lease_id: int
    room: str
    tenant: str
    timeline: Timeline

    def later_than(self, on: date) -> tuple[Given, ...]:
        """Return the changes that are scheduled after a day."""
        return tuple(each for each in self.timeline.given if each.from_on > on)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChoice:
    """The rooms of a place, for which a tariff can be used."""

    place: Place
    tariff: Tariff
    today_on: date
    rooms: tuple[RoomTariff, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPrices:
    """One room's tariff, and all that its place has to choose from."""

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
            names = await unit.places.rooms(place.id)
        return RoomChoice(
            place=place,
            tariff=tariff,
            today_on=self._today(place),
            rooms=tuple(
                RoomTariff(
                    lease_id=lease.id,
                    room=room.name,
                    tenant=lease.tenant_name,
                    timeline=timelines[lease.id],
                )
                for room in names
                if (lease := leases.get(room.id)) is not None
            ),
        )

    async def of_lease(self, *, actor: Actor, lease_id: int) -> RoomPrices:
        """This function will return what a room pays and what it could. Raises LeaseUnknown."""
        async with self._transactions.read() as unit:
            book = await unit.books.look(lease_id, now=self._clock.now())
            if book is None or not actor.may(Permission.SET_TARIFFS, book.place.id):
                raise LeaseUnknown(lease_id)
            tariffs = await unit.tariffs.of_place(book.place.id)
        return RoomPrices(
            place=book.place,
            today_on=self._today(book.place),
            room=room_of(book),
            tariffs=tuple(tariffs),
        )

    async def charged_through(
        self, *, actor: Actor, tariff_id: int, lease_ids: Collection[int]
    ) -> date | None:
        """This function will return the last day that any of the rooms was charged for.

        Raises TariffUnknown.
        """
        async with self._transactions.read() as unit:
            place, _ = await tariff_of(unit, actor, tariff_id)
            charged_at = await unit.lease_tariffs.charged_at(lease_ids)
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
        timeline=book.timeline,
    )
