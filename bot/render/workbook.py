"""Tables as workbooks: numbers are numbers, days are days, and no words run as a formula."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from types import TracebackType
from typing import BinaryIO

from xlsxwriter import Workbook as Xlsx

from bot.services.exchange.columns import Cell, cell_of, value_of
from bot.services.exchange.export import Row

_FORMATS = {
    Cell.MONEY: {"num_format": "#,##0.00"},
    Cell.NUMBER: {"num_format": "0.###"},
    Cell.DAY: {"num_format": "yyyy-mm-dd"},
    Cell.INSTANT: {"num_format": "yyyy-mm-dd hh:mm:ss"},
    Cell.TEXT: {"num_format": "@"},
}
_WIDTHS = {Cell.MONEY: 14, Cell.NUMBER: 12, Cell.DAY: 12, Cell.INSTANT: 20, Cell.TEXT: 20}
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_LONGEST_TEXT = 32_767
_LONGEST_TITLE = 31


class Workbook:
    """One sheet, written row by row; the first row is the header, which stays in sight."""

    def __init__(self, out: BinaryIO, title: str) -> None:
        self._book = Xlsx(out, _OPTIONS)
        self._sheet = self._book.add_worksheet(title[:_LONGEST_TITLE])
        self._formats = {cell: self._book.add_format(look) for cell, look in _FORMATS.items()}
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._cells: tuple[Cell, ...] = ()
        self._rows = 0

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None and self._cells:
            self._sheet.autofilter(0, 0, max(self._rows - 1, 0), len(self._cells) - 1)
        self._book.close()

    def add(self, row: Row) -> None:
        """This function will write the next row of an export."""
        if not self._rows:
            self._head(row)
        for at, (text, cell) in enumerate(zip(row, self._cells, strict=True)):
            if self._rows:
                self._write(at, text, cell)
            else:
                self._sheet.write_string(0, at, text, self._bold)
        self._rows += 1

    def _head(self, header: Row) -> None:
        self._cells = tuple(map(cell_of, header))
        self._sheet.freeze_panes(1, 0)
        for at, cell in enumerate(self._cells):
            self._sheet.set_column(at, at, _WIDTHS[cell])

    def _write(self, at: int, text: str, cell: Cell) -> None:
        value, look = value_of(text, cell), self._formats[cell]
        match value:
            case None:
                return
            case Decimal():
                self._sheet.write_number(self._rows, at, value, look)
            case datetime() | date():
                self._sheet.write_datetime(self._rows, at, value, look)
            case str():
                self._sheet.write_string(self._rows, at, value[:_LONGEST_TEXT], look)


class XlsxWorkbooks:
    """The port `Workbooks`; writes off the event loop."""

    async def workbook(self, title: str, rows: Sequence[Row]) -> bytes:
        """Return a workbook with one sheet, whose header is the first row."""
        return await asyncio.to_thread(_written, title, rows)


def _written(title: str, rows: Sequence[Row]) -> bytes:
    out = BytesIO()
    with Workbook(out, title) as workbook:
        for row in rows:
            workbook.add(row)
    return out.getvalue()
