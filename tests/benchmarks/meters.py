"""The list of meters in a small store and in a large one: pages, filters, searches, turns."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import insert, text

from bot.clock import SystemClock
from bot.db.engine import Database
from bot.db.meter import meter
from bot.db.place import place, room
from bot.db.unit_of_work import SqlTransactions
from bot.domain.meter import SERVICES_OF, UNITS_OF, BillingType, MeterStatus, ServiceKind
from bot.domain.metering import MeterType
from bot.domain.people import Actor, Role
from bot.services.meters import MeterFilters, MeterLists
from tests.benchmarks.figures import Figure
from tests.benchmarks.rows import Row, place_row, room_row
from tests.benchmarks.two_stores import SMALL, compared, two_stores

BATCH = 5_000
OWNER = Actor(person_id=1, roles=((None, Role.OWNER),))
KINDS = tuple(MeterType)
RARE_EVERY = 1_000
"""One meter in so many is faulty, and one is a main meter: but one of them in any store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A filled store, and the one meter from which pages are turned."""

    lists: MeterLists
    middle_id: int


Ask = Callable[[Store], Awaitable[int]]
"""Returns how many meters were shown."""


async def meter_lists(
    *, large: int, rounds: int, on_postgresql: bool = False, one_place: bool = True
) -> list[Figure]:
    """This function will ask for the same lists in both stores, turn by turn."""

    async def fill(database: Database, size: int) -> Store:
        await _fill(database, size, one_place=one_place)
        lists = MeterLists(SqlTransactions(database), SystemClock())
        return Store(lists=lists, middle_id=size // 2)

    async with two_stores(fill, large=large, on_postgresql=on_postgresql) as stores:
        return await compared(stores, ASKED, what="meters", rounds=rounds)


def _filtered(**filters: object) -> Ask:
    async def ask(store: Store) -> int:
        wanted = MeterFilters(**filters)  # type: ignore[arg-type]
        return len((await store.lists.page(actor=OWNER, filters=wanted)).lines)

    return ask


async def _next(store: Store) -> int:
    return await _turned(store, MeterFilters(), after_id=store.middle_id)


async def _previous(store: Store) -> int:
    return await _turned(store, MeterFilters(), before_id=store.middle_id)


async def _next_gas(store: Store) -> int:
    return await _turned(store, MeterFilters(type=MeterType.GAS), after_id=store.middle_id)


async def _turned(store: Store, filters: MeterFilters, **turned: int) -> int:
    return len((await store.lists.page(actor=OWNER, filters=filters, **turned)).lines)


ASKED: Mapping[str, Ask] = {
    "first page": _filtered(),
    "of a building": _filtered(place_id=1),
    "next page from the middle": _next,
    "page before the middle": _previous,
    "of a room": _filtered(room_id=7),
    "gas": _filtered(type=MeterType.GAS),
    "gas, next page from the middle": _next_gas,
    "water": _filtered(service=ServiceKind.WATER),
    "shared": _filtered(billing_type=BillingType.SHARED),
    "the faulty one": _filtered(status=MeterStatus.FAULTY),
    "none at all": _filtered(status=MeterStatus.INACTIVE),
    "the main one": _filtered(is_main=True),
    "gas, shared, in use, no main one": _filtered(
        type=MeterType.GAS,
        billing_type=BillingType.SHARED,
        status=MeterStatus.ACTIVE,
        is_main=False,
    ),
    "cold water of a building, faulty": _filtered(
        place_id=1, type=MeterType.WATER_COLD, status=MeterStatus.FAULTY
    ),
    "the main one, of gas": _filtered(type=MeterType.GAS, is_main=True),
}


async def _fill(database: Database, size: int, *, one_place: bool) -> None:
    """Write as many meters, the kinds in turn, in rooms of ten; with faults as rare as in life."""
    rooms = size // 10 + 1
    places = 1 if one_place else size // 100 + 1
    async with database.writer.begin() as connection:
        await connection.execute(insert(place), [place_row(n + 1) for n in range(places)])
        await connection.execute(
            insert(room), [room_row(n + 1) | {"place_id": n % places + 1} for n in range(rooms)]
        )
        for begins in range(0, size, BATCH):
            numbers = range(begins, min(begins + BATCH, size))
            await connection.execute(
                insert(meter), [_meter_row(number, rooms, places) for number in numbers]
            )
        if not database.is_sqlite:
            await connection.execute(text("ANALYZE"))  # as it does by itself within a minute


def _meter_row(number: int, rooms: int, places: int) -> Row:
    kind = KINDS[number % len(KINDS)]
    room_number = number % rooms
    rare = number % RARE_EVERY == SMALL // 2
    return {
        "id": number + 1,
        "place_id": room_number % places + 1,
        "room_id": room_number + 1,
        "type": kind.value,
        "unit": UNITS_OF[kind][0],
        "multiplier": Decimal(1),
        "limit_per_hour": Decimal(15),
        "name": f"Meter {number}",
        "service": SERVICES_OF[kind][0].value,
        "billing_type": (BillingType.SHARED if number % 8 == 3 else BillingType.INDIVIDUAL).value,
        "status": (MeterStatus.FAULTY if rare else MeterStatus.ACTIVE).value,
        "is_main": rare,
        "decimals": 1,
        "serial_number": f"S-{number:07}",
    }
