"""What staff look at: the rooms of the places that they may see. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.domain.people import Actor, NotAllowed, Permission
from bot.domain.period import local_date, start_of
from bot.domain.place import Place
from bot.services.book import LeaseBook
from bot.services.payment import LeaseUnknown
from bot.services.ports import Clock
from bot.services.room_card import (
    AroundLease,
    RoomCard,
    RoomLine,
    permissions_at,
    room_card,
    room_line,
)
from bot.services.room_name import RoomName, matching_rooms, nearest_rooms, search_words
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.stores.rooms import RoomFilter, RoomQuery, RoomTally

PAGE_ROOMS = 8
CANDIDATES = 1000
NEAR = 200
WEEK = timedelta(days=7)


class RoomUnknown(LookupError):
    """No such room, or none of the person's."""

    def __init__(self, room_id: int) -> None:
        super().__init__(room_id)
        self.room_id = room_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPage:
    """Rooms of one page; pages count from 0. `filters` are those that the person may use."""

    lines: tuple[RoomLine, ...]
    text: str
    only: RoomFilter
    number: int
    rooms: int
    filters: tuple[RoomFilter, ...]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.rooms // PAGE_ROOMS), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsFound:
    """The rooms that a text may mean; when there are none, those whose names are near."""

    matches: tuple[RoomName, ...] = ()
    nearest: tuple[RoomName, ...] = ()

    @property
    def only(self) -> RoomName | None:
        """The room that is meant, if there is no doubt."""
        return self.matches[0] if len(self.matches) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffHome:
    """What staff begin with; `places` are those that they may see."""

    places: tuple[Place, ...] = ()
    tally: RoomTally = field(default_factory=RoomTally)
    filters: tuple[RoomFilter, ...] = ()


class Rooms:
    """Lists, cards and searches of rooms, each as far as the person may see it."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def home(self, *, actor: Actor) -> StaffHome:
        """This function will count the rooms of a person's places, and what is the matter."""
        wanted = _query(actor, on=_day(self._clock.now()))
        async with self._transactions.read() as unit:
            places = _seen(await unit.places.all(), wanted)
            tally = await unit.rooms.tally(wanted)
        return StaffHome(places=places, tally=tally, filters=_filters(actor))

    async def page(
        self,
        *,
        actor: Actor,
        text: str = "",
        only: RoomFilter = RoomFilter.ALL,
        number: int = 0,
    ) -> RoomPage:
        """This function will return a page of rooms; one too far is the last one.

        Raises NotAllowed for a filter that tells of money which the person may not see.
        """
        now = self._clock.now()
        if only.tells_of_money and not actor.may(Permission.SEE_MONEY):
            raise NotAllowed(permission=Permission.SEE_MONEY)
        wanted = _query(actor, on=_day(now), words=search_words(text), only=only)
        async with self._transactions.read() as unit:
            rooms = await unit.rooms.count(wanted)
            last = max(-(-rooms // PAGE_ROOMS) - 1, 0)
            shown = min(max(number, 0), last)
            names = await unit.rooms.page(wanted, offset=shown * PAGE_ROOMS, limit=PAGE_ROOMS)
            lines = await _lines(unit, names, actor, now)
        return RoomPage(
            lines=lines, text=text, only=only, number=shown, rooms=rooms, filters=_filters(actor)
        )

    async def find(
        self, *, actor: Actor, text: str, permission: Permission = Permission.SEE_ROOMS
    ) -> RoomsFound:
        """This function will return the rooms that a text means, where the person may do this."""
        words = search_words(text)
        if not words:
            return RoomsFound()
        on = _day(self._clock.now())
        wanted = _query(actor, on=on, words=words, permission=permission)
        async with self._transactions.read() as unit:
            candidates = await unit.rooms.shortest(wanted, limit=CANDIDATES)
            matches = matching_rooms(text, candidates)
            if matches:
                return RoomsFound(matches=tuple(matches))
            near = await _near(unit, wanted, words[-1])
        return RoomsFound(nearest=tuple(nearest_rooms(words[-1], near)))

    async def card(self, *, actor: Actor, room_id: int) -> RoomCard:
        """This function will return a room at a glance. Raises RoomUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            name = await unit.rooms.one(room_id, on=_day(now))
            if name is None or not actor.may(Permission.SEE_ROOMS, name.place_id):
                raise RoomUnknown(room_id)
            return await _card(unit, name, actor, now)

    async def card_of_lease(self, *, actor: Actor, lease_id: int) -> RoomCard:
        """This function will return the room of a lease, also of one that is over.

        Raises LeaseUnknown.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            names = await unit.rooms.of_leases([lease_id])
            if not names or not actor.may(Permission.SEE_ROOMS, names[0].place_id):
                raise LeaseUnknown(lease_id)
            return await _card(unit, names[0], actor, now)

    async def end_of_day(self, *, actor: Actor, lease_id: int) -> datetime:
        """This function will return the next midnight of a lease's place. Raises LeaseUnknown."""
        card = await self.card_of_lease(actor=actor, lease_id=lease_id)
        return start_of(local_date(card.now, card.zone) + timedelta(days=1), card.zone)

    async def places(self, *, actor: Actor, permission: Permission) -> Sequence[Place]:
        """This function will return the places where a person may do this, by name."""
        allowed = actor.places(permission)
        async with self._transactions.read() as unit:
            places = await unit.places.all()
        return [place for place in places if allowed is None or place.id in allowed]


def _day(now: datetime) -> date:
    """Return the day by which leases are told to run: the same for all places, of any zone."""
    return now.astimezone(UTC).date()


def _query(
    actor: Actor,
    *,
    on: date,
    words: tuple[str, ...] = (),
    only: RoomFilter = RoomFilter.ALL,
    permission: Permission = Permission.SEE_ROOMS,
) -> RoomQuery:
    asked = Permission.SEE_MONEY if only.tells_of_money else permission
    return RoomQuery(place_ids=actor.places(asked), on=on, words=words, only=only)


def _filters(actor: Actor) -> tuple[RoomFilter, ...]:
    sees_money = actor.may(Permission.SEE_MONEY)
    return tuple(only for only in RoomFilter if sees_money or not only.tells_of_money)


def _seen(places: Sequence[Place], wanted: RoomQuery) -> tuple[Place, ...]:
    ids = wanted.place_ids
    return tuple(place for place in places if ids is None or place.id in ids)


async def _lines(
    unit: Unit, names: Sequence[RoomName], actor: Actor, now: datetime
) -> tuple[RoomLine, ...]:
    let = {name.lease_id for name in names if name.lease_id is not None}
    books = await unit.books.load(let, now=now, lock=False)
    return tuple(
        room_line(
            name,
            books.get(name.lease_id or 0),
            sees_money=actor.may(Permission.SEE_MONEY, name.place_id),
            now=now,
        )
        for name in names
    )


async def _near(unit: Unit, wanted: RoomQuery, word: str) -> Sequence[RoomName]:
    """Return rooms whose names share the most of a word's beginning."""
    beginnings = [word[:length] for length in (len(word), len(word) - 1, 1) if length > 0]
    for beginning in beginnings:
        query = RoomQuery(place_ids=wanted.place_ids, on=wanted.on, words=(beginning,))
        found = await unit.rooms.shortest(query, limit=NEAR)
        if found:
            return found
    return ()


async def _card(unit: Unit, name: RoomName, actor: Actor, now: datetime) -> RoomCard:
    let = [] if name.lease_id is None else [name.lease_id]
    books = await unit.books.load(let, now=now, lock=False)
    book = next(iter(books.values()), None)
    if book is None:
        place = await unit.places.get(name.place_id)
        assert place is not None
        return RoomCard(
            room_id=name.room_id,
            room=name.room,
            place_id=name.place_id,
            place=name.place,
            zone=place.zone,
            now=now,
            may=permissions_at(actor, name.place_id),
        )
    return room_card(name, book, await _around(unit, book, now), actor=actor, now=now)


async def _around(unit: Unit, book: LeaseBook, now: datetime) -> AroundLease:
    link, lease_id = book.supply_meter, book.lease.id
    supply = None if link is None else link.supply
    hold_by, confirmed_by = (supply.hold_by, supply.confirmed_by) if supply else (None, None)
    people = await unit.people.get({each for each in (hold_by, confirmed_by) if each is not None})
    names = {person_id: person.name for person_id, person in people.items()}
    device_id = None if link is None else link.device_id
    return AroundLease(
        week=await unit.ledger.between(
            lease_id, from_at=now - WEEK, to_at=now + timedelta(seconds=1)
        ),
        last_payment=await unit.ledger.last_payment(lease_id),
        order=None if link is None else await unit.supplies.open_order(link.meter.id),
        device=None if device_id is None else await unit.metering.device(device_id),
        hold_by=names.get(hold_by or 0),
        confirmed_by=names.get(confirmed_by or 0),
    )
