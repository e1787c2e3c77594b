"""Another tariff for rooms, from a day on. Rules 4.1 and 4.3."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.deduction import day_of_end
from bot.domain.people import Actor
from bot.domain.place import Place
from bot.domain.tariff import Tariff
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.lease_tariff import RoomTariff, room_of, tariff_of
from bot.services.payment import LeaseUnknown
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.tariff import version_in_force
from bot.services.tariff_example import example_cost
from bot.services.terms_notice import tell_tariff
from bot.services.waiting import charge_waiting


class RoomChargedAlready(Exception):
    """A room was charged for days that another tariff would change. Rule 4.3."""

    def __init__(self, *, room: str, through_on: date) -> None:
        super().__init__(room, through_on)
        self.room = room
        self.through_on = through_on


class TariffBeginsLater(Exception):
    """The tariff has no price yet on the day from which it is wanted."""

    def __init__(self, from_on: date) -> None:
        super().__init__(from_on)
        self.from_on = from_on


class HaveItAlready(Exception):
    """All of the rooms have that tariff from that day on."""


class NothingToPrice(Exception):
    """A room has no meter of what the tariff prices, or one in another unit."""

    def __init__(self, *, room: str, tariff: Tariff) -> None:
        super().__init__(room, tariff.id)
        self.room = room
        self.tariff = tariff


class ReadWithoutPrice(Exception):
    """The meter is read since a day before the price: all since then needs one."""

    def __init__(self, *, room: str, since_on: date) -> None:
        super().__init__(room, since_on)
        self.room = room
        self.since_on = since_on


class NoRoomChosen(ValueError):
    """A tariff is to be used for no room at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivePreview:
    """A tariff as rooms would have it from a day on; costs are those of an example month, in paise.

    `before_paise` is there when all rooms pay the same until then. What was scheduled for
    `dropped` rooms after that day does not come about. Since `waits_since_on` readings wait for
    a price, and are charged at once.
    """

    place: Place
    tariff: Tariff
    from_on: date
    rooms: tuple[RoomTariff, ...]
    dropped: tuple[str, ...]
    before_paise: int | None
    after_paise: int
    waits_since_on: date | None = None


class RoomTariffChanges:
    """Gives tariffs to leases."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def preview(
        self, *, actor: Actor, tariff_id: int, lease_ids: Collection[int], from_on: date
    ) -> GivePreview:
        """This function will tell what a tariff from a day on would do.

        Raises TariffUnknown, LeaseUnknown, NoRoomChosen, RoomChargedAlready, NothingToPrice,
        ReadWithoutPrice, TariffBeginsLater and HaveItAlready.
        """
        async with self._transactions.read() as unit:
            place, tariff = await tariff_of(unit, actor, tariff_id)
            return await self._previewed(unit, place, tariff, lease_ids, from_on, lock=False)

    async def give(
        self, *, cause: Cause, tariff_id: int, lease_ids: Collection[int], from_on: date
    ) -> GivePreview:
        """This function will let rooms have a tariff from a day on, whatever was scheduled later.

        The leases are locked, so that none is charged for that day meanwhile. Readings that have
        only waited for a price are charged. Raises as `preview` does, ReadingInTheWay,
        AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            place, tariff = await tariff_of(unit, cause.actor, tariff_id)
            given = await self._previewed(unit, place, tariff, lease_ids, from_on, lock=True)
            for each in given.rooms:
                await _give(unit, each, tariff, from_on)
            await unit.audit.add(
                at=now,
                actor_id=cause.actor.person_id,
                place_id=place.id,
                action="tariff.give",
                facts=_facts(given),
            )
            await tell_tariff(unit, tariff, given.rooms, from_on=from_on, now=now)
            waiting = [each.lease_id for each in given.rooms if each.waits_since_on]
            await charge_waiting(unit, waiting, cause=cause, now=now)
        self._doorbell.ring()
        return given

    async def _previewed(
        self,
        unit: Unit,
        place: Place,
        tariff: Tariff,
        lease_ids: Collection[int],
        from_on: date,
        *,
        lock: bool,
    ) -> GivePreview:
        if not lease_ids:
            raise NoRoomChosen
        begins_on = tariff.versions[0].from_on
        if from_on < begins_on:
            raise TariffBeginsLater(begins_on)
        books = await unit.books.load(lease_ids, now=self._clock.now(), lock=lock)
        _require_all(place, lease_ids, books)
        charged_at = await unit.lease_tariffs.charged_at(lease_ids, service=tariff.medium.service)
        _require_uncharged(books, charged_at, from_on)
        rooms = [room_of(book) for book in books.values()]
        _require_use(rooms, tariff, from_on)
        changed = [room for room in rooms if not _has_it(room, tariff, from_on)]
        if not changed:
            raise HaveItAlready
        return _given(place, tariff, changed, from_on)


def _require_all(place: Place, lease_ids: Collection[int], books: Mapping[int, LeaseBook]) -> None:
    for lease_id in lease_ids:
        if lease_id not in books or books[lease_id].place.id != place.id:
            raise LeaseUnknown(lease_id)


def _require_uncharged(
    books: Mapping[int, LeaseBook], charged_at: Mapping[int, datetime], from_on: date
) -> None:
    """Raises RoomChargedAlready, with the room that was charged longest."""
    days = [
        (day_of_end(at, books[lease_id].place.zone), books[lease_id].room.name)
        for lease_id, at in charged_at.items()
    ]
    through_on, room = max(days, default=(date.min, ""))
    if from_on <= through_on:
        raise RoomChargedAlready(room=room, through_on=through_on)


def _require_use(rooms: Collection[RoomTariff], tariff: Tariff, from_on: date) -> None:
    """Raises NothingToPrice for a room that does not use what the tariff prices, and
    ReadWithoutPrice where what was read before would never have one."""
    for room in rooms:
        if not room.can_have(tariff):
            raise NothingToPrice(room=room.room, tariff=tariff)
        since_on = room.waits_since_on.get(tariff.medium)
        if since_on is not None and since_on < from_on:
            raise ReadWithoutPrice(room=room.room, since_on=since_on)


def _has_it(room: RoomTariff, tariff: Tariff, from_on: date) -> bool:
    """Return whether the room has the tariff on that day, and for good."""
    return _had(room, tariff, from_on) and not room.later_than(from_on, tariff.medium)


def _had(room: RoomTariff, tariff: Tariff, on: date) -> bool:
    found = room.tariff_on(on, tariff.medium)
    return found is not None and found.id == tariff.id


async def _give(unit: Unit, room: RoomTariff, tariff: Tariff, from_on: date) -> None:
    service = tariff.medium.service
    await unit.lease_tariffs.take_back(lease_id=room.lease_id, from_on=from_on, service=service)
    if not _had(room, tariff, _day_before(from_on)):
        await unit.lease_tariffs.give(
            lease_id=room.lease_id, tariff_id=tariff.id, from_on=from_on, service=service
        )


def _given(place: Place, tariff: Tariff, rooms: Sequence[RoomTariff], from_on: date) -> GivePreview:
    after = version_in_force(tariff, from_on)
    assert after is not None
    before = {_paid_before(room, tariff, from_on) for room in rooms}
    since = (room.waits_since_on.get(tariff.medium) for room in rooms)
    return GivePreview(
        place=place,
        tariff=tariff,
        from_on=from_on,
        rooms=tuple(rooms),
        dropped=tuple(room.room for room in rooms if room.later_than(from_on, tariff.medium)),
        before_paise=before.pop() if len(before) == 1 else None,
        after_paise=example_cost(after, from_on, tariff.medium),
        waits_since_on=min((on for on in since if on is not None), default=None),
    )


def _paid_before(room: RoomTariff, tariff: Tariff, from_on: date) -> int | None:
    """Return what the example month costs by what a lease pays until then, in paise."""
    until_on = _day_before(from_on)
    before = room.tariff_on(until_on, tariff.medium)
    version = None if before is None else version_in_force(before, until_on)
    return None if version is None else example_cost(version, from_on, tariff.medium)


def _day_before(on: date) -> date:
    return on - timedelta(days=1)


def _facts(given: GivePreview) -> dict[str, object]:
    return {
        "tariff_id": given.tariff.id,
        "name": given.tariff.name,
        "from_on": given.from_on.isoformat(),
        "leases": {str(each.lease_id): each.room for each in given.rooms},
        "dropped": list(given.dropped),
    }
