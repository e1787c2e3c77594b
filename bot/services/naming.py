"""Other names for rooms and places, as owners and managers give them."""

from dataclasses import replace
from datetime import datetime

from bot.domain.people import Actor, Permission
from bot.domain.place import Place, Room
from bot.services.cause import Cause, mark_handled
from bot.services.place import Named, by_name, name_key
from bot.services.ports import Clock
from bot.services.rooms import RoomUnknown
from bot.services.rules import PlaceUnknown
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.stores.place import FormerName

MOST_CHARACTERS = 40


class UnusableName(ValueError):
    """A name has to be there, short, and on one line."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NameInUse(Exception):
    """Another room of the place, or another place, is called that."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Names:
    """Renames rooms and places; what they were called is remembered for files that say so."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def room(self, *, actor: Actor, room_id: int) -> Room:
        """This function will return a room that the person may rename.

        Raises RoomUnknown and NotAllowed.
        """
        async with self._transactions.read() as unit:
            return await _room_of(unit, actor, room_id)

    async def place(self, *, actor: Actor, place_id: int) -> Place:
        """This function will return a place that the person may rename.

        Raises PlaceUnknown and NotAllowed.
        """
        async with self._transactions.read() as unit:
            return await _place_of(unit, actor, place_id)

    async def rename_room(self, *, cause: Cause, room_id: int, name: str) -> Room:
        """This function will give a room another name.

        Raises UnusableName, NameInUse, RoomUnknown, NotAllowed and AlreadyHandled.
        """
        wanted, now = clean_name(name), self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            await unit.places.lock()
            room = await _room_of(unit, cause.actor, room_id)
            others = [each for each in await unit.places.rooms(room.place_id) if each.id != room_id]
            _require_free(wanted, others)
            if wanted == room.name:
                return room
            await unit.places.save_room(replace(room, name=wanted))
            old = FormerName(place_id=room.place_id, room_id=room_id, name=room.name)
            await _remember(unit, cause, old, wanted, now)
        return replace(room, name=wanted)

    async def rename_place(self, *, cause: Cause, place_id: int, name: str) -> Place:
        """This function will give a place another name.

        Raises UnusableName, NameInUse, PlaceUnknown, NotAllowed and AlreadyHandled.
        """
        wanted, now = clean_name(name), self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            await unit.places.lock()
            place = await _place_of(unit, cause.actor, place_id)
            others = [each for each in await unit.places.all() if each.id != place_id]
            _require_free(wanted, others)
            if wanted == place.name:
                return place
            await unit.places.save(replace(place, name=wanted))
            old = FormerName(place_id=place_id, room_id=None, name=place.name)
            await _remember(unit, cause, old, wanted, now)
        return replace(place, name=wanted)


def clean_name(name: str) -> str:
    """Return a name without needless spaces. Raises UnusableName."""
    cleaned = " ".join(name.split())
    if not name_key(cleaned) or len(cleaned) > MOST_CHARACTERS or not cleaned.isprintable():
        raise UnusableName(name)
    return cleaned


def _require_free(name: str, others: list[Room] | list[Place]) -> None:
    """Raises NameInUse for a name that something else has, in whatever spelling."""
    named: list[Named] = [*others]
    taken = by_name(named).get(name_key(name))
    if taken is not None:
        raise NameInUse(taken.name)


async def _room_of(unit: Unit, actor: Actor, room_id: int) -> Room:
    room = await unit.places.room(room_id)
    if room is None or not actor.may(Permission.SEE_ROOMS, room.place_id):
        raise RoomUnknown(room_id)
    actor.require(Permission.ONBOARD, room.place_id)
    return room


async def _place_of(unit: Unit, actor: Actor, place_id: int) -> Place:
    place = await unit.places.get(place_id)
    if place is None or not actor.may(Permission.SEE_ROOMS, place_id):
        raise PlaceUnknown(place_id)
    actor.require(Permission.SET_RULES, place_id)
    return place


async def _remember(unit: Unit, cause: Cause, old: FormerName, name: str, now: datetime) -> None:
    await unit.places.remember(old)
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=old.place_id,
        action="place.rename" if old.room_id is None else "room.rename",
        facts={"room_id": old.room_id, "from": old.name, "to": name},
    )
