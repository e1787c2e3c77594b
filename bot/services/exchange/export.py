"""What is in the store, as rows for a CSV: the header first, then page by page."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from bot.domain.meter import MeterSheet
from bot.domain.metering import Reading
from bot.domain.place import Place
from bot.services.account_record import Accounted
from bot.services.book import LeaseBook, MeterLink
from bot.services.exchange.ledger_cells import ACCOUNT_COLUMNS, accounted_on, posted_cells
from bot.services.exchange.rows import instant_cell, money_cell, number_cell, text_cell
from bot.services.exchange.selection import ALL, Selection
from bot.services.ports import Clock
from bot.services.store import BookedEntry, Transactions
from bot.services.stores import Unit

BALANCE_COLUMNS = (
    "place",
    "room",
    "meter",
    "tenant",
    "mode",
    "balance",
    "currency",
    "power",
    "last_reading",
    "last_read_at",
)
LEDGER_COLUMNS = (
    "entry_id",
    "at",
    "place",
    "room",
    "kind",
    "amount",
    "balance_after",
    "reference",
    "explanation",
)
READING_COLUMNS = (
    "reading_id",
    "at",
    "place",
    "room",
    "meter",
    "type",
    "status",
    "value",
    "unit",
    "consumption",
    "meter_name",
    "installation_id",
    "previous_value",
    "reader",
    "notes",
    "is_billing",
    "is_anomalous",
    "corrects",
    "proposed_value",
)
PAGE = 500

Row = Sequence[str]
Explain = Callable[[BookedEntry, Place], str]


class Exports:
    """Writes out the whole store, for those who may see all of it."""

    def __init__(self, transactions: Transactions, clock: Clock, *, page: int = PAGE) -> None:
        self._transactions = transactions
        self._clock = clock
        self._page = page

    async def balances(self, selection: Selection = ALL) -> AsyncGenerator[Row, None]:
        """This function will yield every lease that runs or still holds money, by place and
        room; positive = the tenant's credit."""
        now = self._clock.now()
        books: list[LeaseBook] = []
        async with self._transactions.read() as unit:
            last_id = 0
            while lease_ids := await unit.leases.ids(after_id=last_id, limit=self._page):
                loaded = await unit.books.load(lease_ids, now=now, lock=False)
                books += [
                    book
                    for book in loaded.values()
                    if _counts(book) and selection.has_place(book.place.id)
                ]
                last_id = lease_ids[-1]
        yield BALANCE_COLUMNS
        for book in sorted(books, key=_by_place_and_room):
            yield _balance_row(book)

    async def ledger(
        self, explain: Explain, selection: Selection = ALL, *, in_detail: bool = False
    ) -> AsyncGenerator[Row, None]:
        """This function will yield every entry in the order in which they were booked;
        `explain` says why (rule 2.5). Credits are positive, the month is that of the books. With
        `in_detail` each row ends with its day in the books and all that it posted."""
        yield (*LEDGER_COLUMNS, *ACCOUNT_COLUMNS) if in_detail else LEDGER_COLUMNS
        async with self._transactions.read() as unit:
            index = _Index(unit=unit, now=self._clock.now())
            last_id = 0
            while entries := await unit.ledger.after(last_id, limit=self._page):
                await index.learn_leases({entry.lease_id for entry in entries})
                counted = await unit.accounts.of_entries([entry.id for entry in entries])
                for entry in entries:
                    book = index.books[entry.lease_id]
                    on = accounted_on(counted[entry.id], book.place)
                    if not selection.has_place(entry.place_id) or not selection.has_day(on):
                        continue
                    row = _ledger_row(entry, book, explain)
                    details = _posted(book, on, counted[entry.id]) if in_detail else ()
                    yield (*row, *details)
                last_id = entries[-1].id

    async def readings(self, selection: Selection = ALL) -> AsyncGenerator[Row, None]:
        """This function will yield every reading, in the order in which they were stored."""
        yield READING_COLUMNS
        async with self._transactions.read() as unit:
            places = {place.id: place for place in await unit.places.all()}
            rooms = {room.id: room for key in places for room in await unit.places.rooms(key)}
            sheets: dict[int, MeterSheet] = {}
            last_id = 0
            while readings := await unit.metering.readings_after(last_id, limit=self._page):
                await _learn(unit, sheets, {each.meter_id for each in readings})
                for each in readings:
                    sheet = sheets[each.meter_id]
                    if not selection.has_place(sheet.place_id):
                        continue
                    room = rooms[sheet.room_id].name if sheet.room_id in rooms else None
                    yield _reading_row(each, sheet, places[sheet.place_id], room)
                last_id = readings[-1].id


@dataclass(slots=True, kw_only=True)
class _Index:
    """The books of the leases that have come up so far, for their names and zones."""

    unit: Unit
    now: datetime
    books: dict[int, LeaseBook] = field(default_factory=dict)

    async def learn_leases(self, lease_ids: set[int]) -> None:
        """Load the leases that are new."""
        unknown = lease_ids - self.books.keys()
        if unknown:
            self.books |= await self.unit.books.load(unknown, now=self.now, lock=False)


async def _learn(unit: Unit, sheets: dict[int, MeterSheet], meter_ids: set[int]) -> None:
    """Load the meters of places that come up for the first time."""
    unknown = await unit.metering.meters(meter_ids - sheets.keys())
    for place_id in {meter.place_id for meter in unknown.values()}:
        sheets |= {sheet.id: sheet for sheet in await unit.sheets.of_place(place_id)}


def _reading_row(each: Reading, sheet: MeterSheet, place: Place, room: str | None) -> Row:
    return (
        str(each.id),
        instant_cell(each.point.at, place.zone),
        text_cell(place.name),
        text_cell(room),
        text_cell(sheet.udf1),
        each.type.value,
        each.status.value,
        number_cell(each.point.value),
        sheet.unit,
        number_cell(each.consumption),
        text_cell(sheet.name),
        str(each.installation_id),
        number_cell(each.previous_value),
        text_cell(each.reader_name),
        text_cell(each.notes),
        _yes(is_so=each.is_billing),
        _yes(is_so=each.is_anomalous),
        "" if each.corrects_id is None else str(each.corrects_id),
        number_cell(each.proposed_value),
    )


def _yes(*, is_so: bool) -> str:
    return "yes" if is_so else "no"


def _counts(book: LeaseBook) -> bool:
    return book.lease.occupancy.end_on is None or book.balance_paise != 0


def _by_place_and_room(book: LeaseBook) -> tuple[str, str, int]:
    return book.place.name, book.room.name, book.lease.id


def _balance_row(book: LeaseBook) -> Row:
    link = book.supply_meter
    last_value, last_at = _last_reading(link)
    return (
        text_cell(book.place.name),
        text_cell(book.room.name),
        text_cell(None if link is None else link.meter.udf1),
        text_cell(book.lease.tenant_name),
        book.lease.mode.value,
        money_cell(book.balance_paise),
        book.place.currency,
        _power(link),
        number_cell(last_value),
        instant_cell(last_at, book.place.zone),
    )


def _last_reading(link: MeterLink | None) -> tuple[Decimal | None, datetime | None]:
    """Return the newest of what was charged up to and what was merely seen."""
    if link is None:
        return None, None
    anchor = None if link.anchor is None else link.anchor.point
    if link.last_read_at is None or (anchor is not None and anchor.at > link.last_read_at):
        return (None, None) if anchor is None else (anchor.value, anchor.at)
    return link.last_value, link.last_read_at


def _power(link: MeterLink | None) -> str:
    seen = None if link is None or link.supply is None else link.supply.actual_on
    names: Mapping[bool | None, str] = {True: "on", False: "off", None: "unknown"}
    return names[seen]


def _ledger_row(entry: BookedEntry, book: LeaseBook, explain: Explain) -> Row:
    return (
        str(entry.id),
        instant_cell(entry.occurred_at, book.place.zone),
        text_cell(book.place.name),
        text_cell(book.room.name),
        entry.kind.value,
        money_cell(entry.tenant_paise),
        money_cell(entry.balance_after_paise),
        text_cell(entry.reference),
        text_cell(explain(entry, book.place)),
    )


def _posted(book: LeaseBook, on: date, counted: Accounted) -> Row:
    return on.isoformat(), text_cell(book.lease.tenant_name), *posted_cells(counted)
