"""A meter that was read often beside one that was read seldom: its latest reading, its lists."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import insert, text

from bot.clock import SystemClock
from bot.db.engine import Database
from bot.db.meter import installation, meter
from bot.db.place import place, room
from bot.db.reading import reading
from bot.db.unit_of_work import SqlTransactions
from bot.domain.metering import ReadingStatus, ReadingType
from bot.domain.people import Actor, Role
from bot.services.doorbell import Doorbell
from bot.services.reading_entry import NewReading, ReadingEntry
from bot.services.reading_list import ReadingFilter, ReadingLists
from tests.benchmarks.figures import Figure
from tests.benchmarks.rows import Row, meter_row, place_row, room_row
from tests.benchmarks.two_stores import SMALL, compared, two_stores

BATCH = 5_000
METER = 1
OWNER = Actor(person_id=1, roles=((None, Role.OWNER),))
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=15)
PHOTO_EVERY = 1_000
"""One reading in so many is a photo; the last ones of any store are the meter's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A filled store, and the one reading before which a page begins."""

    lists: ReadingLists
    entry: ReadingEntry
    middle_id: int
    value: Decimal


Ask = Callable[[Store], Awaitable[int]]
"""Returns how many readings were shown."""


async def readings_of_a_meter(
    *, large: int, rounds: int, on_postgresql: bool = False
) -> list[Figure]:
    """This function will ask for the same readings in both stores, turn by turn."""
    async with two_stores(_filled, large=large, on_postgresql=on_postgresql) as stores:
        return await compared(stores, ASKED, what="readings", rounds=rounds)


async def _filled(database: Database, size: int) -> Store:
    await _fill(database, size)
    transactions, clock = SqlTransactions(database), SystemClock()
    return Store(
        lists=ReadingLists(transactions, clock),
        entry=ReadingEntry(transactions, clock, Doorbell()),
        middle_id=size // 2,
        value=Decimal(size),
    )


async def _latest(store: Store) -> int:
    found = await store.lists.latest(actor=OWNER, meter_id=METER)
    assert found is not None
    assert found.point.value == store.value
    return 1


async def _card(store: Store) -> int:
    await store.lists.one(actor=OWNER, reading_id=store.middle_id)
    return 1


async def _preview(store: Store) -> int:
    new = NewReading(meter_id=METER, value=store.value + 1)
    await store.entry.preview(actor=OWNER, new=new)
    return 1


async def _older(store: Store) -> int:
    page = await store.lists.page(actor=OWNER, meter_id=METER, before_id=store.middle_id)
    return len(page.readings)


def _filtered(**filters: object) -> Ask:
    async def ask(store: Store) -> int:
        wanted = ReadingFilter(**filters)  # type: ignore[arg-type]
        page = await store.lists.page(actor=OWNER, meter_id=METER, wanted=wanted)
        return len(page.readings)

    return ask


ASKED: Mapping[str, Ask] = {
    "latest": _latest,
    "first page": _filtered(),
    "older page from the middle": _older,
    "photos": _filtered(type=ReadingType.PHOTO),
    "none at all": _filtered(type=ReadingType.ESTIMATED),
    "for bills": _filtered(is_billing=True),
    "of a day": _filtered(from_on=SINCE.date(), through_on=SINCE.date()),
    "card from the middle": _card,
    "preview of a new one": _preview,
}


async def _fill(database: Database, size: int) -> None:
    """Write a meter that was read so many times, every quarter of an hour."""
    async with database.writer.begin() as connection:
        await connection.execute(insert(place), [place_row(1)])
        await connection.execute(insert(room), [room_row(1)])
        await connection.execute(insert(meter), [meter_row(1, None)])
        opened: Row = {"id": 1, "meter_id": METER, "device_id": None, "opened_at": SINCE}
        await connection.execute(insert(installation), [opened])
        for begins in range(0, size, BATCH):
            numbers = range(begins, min(begins + BATCH, size))
            await connection.execute(insert(reading), [_row(number) for number in numbers])
        await connection.execute(text("ANALYZE reading"))  # as PostgreSQL does by itself in time


def _row(number: int) -> Row:
    is_photo = number % PHOTO_EVERY == SMALL // 2
    return {
        "id": number + 1,
        "meter_id": METER,
        "installation_id": 1,
        "taken_at": SINCE + number * STEP,
        "value": Decimal(number + 1),
        "previous_value": Decimal(number),
        "consumption": Decimal(1),
        "type": (ReadingType.PHOTO if is_photo else ReadingType.AUTOMATIC).value,
        "status": ReadingStatus.ACCEPTED.value,
        "is_anomalous": False,
        "revision": 0,
        "is_billing": is_photo,
    }
