"""Tables as files, for people who may see the money of a place."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum

from bot.domain.people import Actor, Permission
from bot.domain.place import Place
from bot.services.exchange.export import Explain, Row
from bot.services.exchange.rows import csv_line
from bot.services.exchange.selection import Selection
from bot.services.exchange.tables import Table, Tables
from bot.services.ports import Workbooks
from bot.services.rules import PlaceUnknown
from bot.services.store import Transactions

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it some spreadsheets take UTF-8 for something else."""


class FileForm(Enum):
    """How a file is written."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """A file, and how many rows it has below its header."""

    name: str
    content: bytes
    rows: int
    place: Place


class Files:
    """Makes files."""

    def __init__(self, transactions: Transactions, tables: Tables, workbooks: Workbooks) -> None:
        self._transactions = transactions
        self._tables = tables
        self._workbooks = workbooks

    async def make(
        self, *, actor: Actor, table: Table, selection: Selection, form: FileForm, explain: Explain
    ) -> TableFile:
        """This function will write a table of one place. Raises PlaceUnknown."""
        place = await self._require(actor, selection)
        is_book = form is FileForm.XLSX
        source = self._tables.rows(table, selection, explain=explain, in_detail=is_book)
        async with aclosing(source) as found:
            rows = [row async for row in found]
        content = await self._workbooks.workbook(table.value, rows) if is_book else _csv(rows)
        month_on = selection.month_on
        parts = [table.value, _plain(place.name), "" if month_on is None else f"{month_on:%Y-%m}"]
        name = "-".join(filter(None, parts)) + f".{form.value}"
        return TableFile(name=name, content=content, rows=len(rows) - 1, place=place)

    async def _require(self, actor: Actor, selection: Selection) -> Place:
        place_id = selection.place_id or 0
        async with self._transactions.read() as unit:
            place = await unit.places.get(place_id)
        if place is None or not actor.may(Permission.SEE_MONEY, place_id):
            raise PlaceUnknown(place_id)
        return place


def _csv(rows: Sequence[Row]) -> bytes:
    return (BYTE_ORDER_MARK + "".join(map(csv_line, rows))).encode()


def _plain(name: str) -> str:
    """Return a name that any file system takes."""
    return "-".join("".join(c if c.isalnum() else " " for c in name).split()).lower()
