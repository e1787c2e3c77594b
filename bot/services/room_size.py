"""By what rooms share: people and square metres; and of what loss staff are told. Section 8."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.domain.meter import SplitKey
from bot.domain.metering import is_in_thousandths
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.domain.place import Place, Room
from bot.domain.room_size import RoomSize, Sizes
from bot.services.cause import Cause, mark_handled
from bot.services.ports import Clock
from bot.services.rooms import RoomUnknown
from bot.services.store import Transactions
from bot.services.stores import Unit

MOST_PEOPLE = 1_000
MOST_AREA = 100_000


class SizeOutOfRange(ValueError):
    """No room is for so many people, or so large; people are whole."""

    def __init__(self, key: SplitKey, most: int) -> None:
        super().__init__(key, most)
        self.key = key
        self.most = most


class SizeNotYet(ValueError):
    """A size is said when it has begun; `today_on` is the latest day that has."""

    def __init__(self, *, today_on: date) -> None:
        super().__init__(today_on)
        self.today_on = today_on


class PercentOutOfRange(ValueError):
    """A part of what was counted is between nothing and all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedRoom:
    """A room with its sizes by a key, oldest first."""

    room: Room
    key: SplitKey
    sizes: Sizes
    today_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedRooms:
    """The rooms of a place, by name."""

    place: Place
    rooms: tuple[SizedRoom, ...]


class RoomSizes:
    """Keeps by what rooms share."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def of_place(self, *, actor: Actor, place_id: int, key: SplitKey) -> SizedRooms:
        """This function will return the rooms of a place with their sizes. Raises NotAllowed."""
        actor.require(Permission.TAKE_PAYMENT, place_id)
        async with self._transactions.read() as unit:
            place = await unit.places.get(place_id)
            assert place is not None
            rooms = await unit.places.rooms(place_id)
            sizes = await unit.room_sizes.of_place(place_id, key)
        today_on = local_date(self._clock.now(), place.zone)
        return SizedRooms(
            place=place,
            rooms=tuple(
                SizedRoom(room=each, key=key, sizes=sizes.get(each.id, ()), today_on=today_on)
                for each in rooms
            ),
        )

    async def room(self, *, actor: Actor, room_id: int, key: SplitKey) -> SizedRoom:
        """This function will return a room whose size a person may change.

        Raises RoomUnknown, NotAllowed.
        """
        async with self._transactions.read() as unit:
            place, room = await _room(unit, actor, room_id)
            sizes = await unit.room_sizes.of_room(room_id, key)
        today_on = local_date(self._clock.now(), place.zone)
        return SizedRoom(room=room, key=key, sizes=sizes, today_on=today_on)

    async def set_size(
        self, *, cause: Cause, room_id: int, key: SplitKey, size: RoomSize
    ) -> SizedRoom:
        """This function will say how many people a room is for, or its area in square metres, from
        a day on; what was said of later days is forgotten.

        What was split before stays. Raises SizeOutOfRange, SizeNotYet, RoomUnknown, NotAllowed,
        AlreadyHandled, ButtonSpent.
        """
        require_size(key, size.value)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            place, room = await _room(unit, cause.actor, room_id)
            today_on = local_date(now, place.zone)
            if size.from_on > today_on:
                raise SizeNotYet(today_on=today_on)
            await unit.room_sizes.put(room_id, key, size)
            await unit.audit.add(
                at=now,
                actor_id=cause.actor_id,
                place_id=place.id,
                action="room.size",
                facts={
                    "room_id": room_id,
                    "key": key.value,
                    "value": str(size.value),
                    "from_on": size.from_on.isoformat(),
                },
            )
            sizes = await unit.room_sizes.of_room(room_id, key)
        return SizedRoom(room=room, key=key, sizes=sizes, today_on=today_on)

    async def set_loss(self, *, cause: Cause, place_id: int, percent: int | None) -> Place:
        """This function will say above what part staff are told of a loss; None: never.

        Raises PercentOutOfRange, NotAllowed, AlreadyHandled.
        """
        if percent is not None and not 0 <= percent <= 100:
            raise PercentOutOfRange(percent)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            cause.actor.require(Permission.SET_RULES, place_id)
            place = await unit.places.get(place_id)
            assert place is not None
            changed = replace(place, loss_percent=percent)
            await unit.places.save(changed)
            await unit.audit.add(
                at=now,
                actor_id=cause.actor_id,
                place_id=place_id,
                action="place.loss",
                facts={"from": place.loss_percent, "to": percent},
            )
        return changed


async def _room(unit: Unit, actor: Actor, room_id: int) -> tuple[Place, Room]:
    room = await unit.places.room(room_id)
    if room is None or not actor.may(Permission.SEE_ROOMS, room.place_id):
        raise RoomUnknown(room_id)
    actor.require(Permission.ONBOARD, room.place_id)
    place = await unit.places.get(room.place_id)
    assert place is not None
    return place, room


def require_size(key: SplitKey, value: Decimal) -> None:
    """Raises SizeOutOfRange for what no room can have."""
    most = MOST_PEOPLE if key is SplitKey.HEADCOUNT else MOST_AREA
    is_whole = value == value.to_integral_value()
    is_fine = is_whole if key is SplitKey.HEADCOUNT else is_in_thousandths(value)
    if not 0 <= value <= most or not is_fine:
        raise SizeOutOfRange(key, most)
