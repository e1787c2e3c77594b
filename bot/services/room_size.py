"""By what rooms share: people and square metres; and of what loss staff are told. Section 8."""

from dataclasses import replace
from decimal import Decimal

from bot.domain.meter import SplitKey
from bot.domain.metering import is_in_thousandths
from bot.domain.people import Actor, Permission
from bot.domain.place import Place, Room
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


class PercentOutOfRange(ValueError):
    """A part of what was counted is between nothing and all of it."""


class RoomSizes:
    """Keeps by what rooms share."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def room(self, *, actor: Actor, room_id: int) -> Room:
        """This function will return a room whose size a person may change.

        Raises RoomUnknown, NotAllowed.
        """
        async with self._transactions.read() as unit:
            return await _room(unit, actor, room_id)

    async def set_size(self, *, cause: Cause, room_id: int, key: SplitKey, value: Decimal) -> Room:
        """This function will say how many people a room is for, or its area in square metres.

        What was split before stays. Raises SizeOutOfRange, RoomUnknown, NotAllowed, AlreadyHandled.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            room = await _room(unit, cause.actor, room_id)
            changed = _sized(room, key, value)
            await unit.places.save_room(changed)
            await unit.audit.add(
                at=now,
                actor_id=cause.actor_id,
                place_id=room.place_id,
                action="room.size",
                facts={"room_id": room_id, "key": key.value, "value": str(value)},
            )
        return changed

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


async def _room(unit: Unit, actor: Actor, room_id: int) -> Room:
    room = await unit.places.room(room_id)
    if room is None or not actor.may(Permission.SEE_ROOMS, room.place_id):
        raise RoomUnknown(room_id)
    actor.require(Permission.ONBOARD, room.place_id)
    return room


def _sized(room: Room, key: SplitKey, value: Decimal) -> Room:
    if key is SplitKey.HEADCOUNT:
        if value != value.to_integral_value() or value > MOST_PEOPLE:
            raise SizeOutOfRange(key, MOST_PEOPLE)
        return replace(room, headcount=int(value))
    if value > MOST_AREA or not is_in_thousandths(value):
        raise SizeOutOfRange(key, MOST_AREA)
    return replace(room, floor_area=value)
