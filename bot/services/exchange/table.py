"""A CSV file as rows of named cells, whichever spreadsheet wrote it."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

LARGEST_BYTES = 2_000_000
SEPARATORS = (",", ";", "\t")


class TableFlaw(Enum):
    """What makes a file as a whole unreadable."""

    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    EMPTY = "empty"
    COLUMNS_MISSING = "columns_missing"
    COLUMNS_UNKNOWN = "columns_unknown"
    COLUMNS_TWICE = "columns_twice"
    BAD_QUOTES = "bad_quotes"


class UnreadableTable(ValueError):
    """The file is no table of the kind that was asked for."""

    def __init__(
        self, flaw: TableFlaw, *, columns: Sequence[str] = (), line: int | None = None
    ) -> None:
        super().__init__(flaw, tuple(columns), line)
        self.flaw = flaw
        self.columns = tuple(columns)
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row: the line in which it begins, its cells by column, and cells beyond the header."""

    line: int
    cells: Mapping[str, str]
    surplus: tuple[str, ...] = ()


def read_table(
    content: bytes, *, columns: Collection[str], required: Collection[str]
) -> list[TableRow]:
    """This function will read a CSV whose header names columns, in any order.

    Cells are trimmed and missing ones empty; rows without any content are left out.
    Raises UnreadableTable.
    """
    rows = _split(_decoded(content))
    header_row = next(rows, None)
    if header_row is None:
        raise UnreadableTable(TableFlaw.EMPTY)
    header = _header(header_row[1], columns=columns, required=required)
    return [_row(line, cells, header) for line, cells in rows]


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise UnreadableTable(TableFlaw.TOO_LARGE)
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableTable(TableFlaw.NOT_TEXT) from None
    if "\0" in text:
        raise UnreadableTable(TableFlaw.NOT_TEXT)
    return text


def _split(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line in which it begins."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins_in = 1
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableTable(TableFlaw.BAD_QUOTES, line=begins_in) from None
        if any(cells):
            yield begins_in, cells
        begins_in = reader.line_num + 1


def _header(
    cells: Sequence[str], *, columns: Collection[str], required: Collection[str]
) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    header = ["_".join(cell.casefold().split()) for cell in cells]
    unknown = [cell for cell, name in zip(cells, header, strict=True) if name not in columns]
    missing = [name for name in required if name not in header]
    if missing:
        raise UnreadableTable(TableFlaw.COLUMNS_MISSING, columns=missing)
    if unknown:
        raise UnreadableTable(TableFlaw.COLUMNS_UNKNOWN, columns=unknown)
    if len(set(header)) < len(header):
        twice = sorted({name for name in header if header.count(name) > 1})
        raise UnreadableTable(TableFlaw.COLUMNS_TWICE, columns=twice)
    return header


def _row(line: int, cells: Sequence[str], header: Sequence[str]) -> TableRow:
    surplus = tuple(cell for cell in cells[len(header) :] if cell)
    return TableRow(line=line, cells=dict(zip(header, cells, strict=False)), surplus=surplus)
