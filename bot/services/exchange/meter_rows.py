"""The rows of a file of meters, each by itself: typed, or with what is wrong in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeVar

from bot.domain.meter import UNITS_OF, BillingType, MeterStatus, ServiceKind, SplitKey
from bot.domain.metering import MeterType
from bot.services.exchange import cells
from bot.services.exchange.cells import BadCell
from bot.services.exchange.problem import ProblemKind, RowProblem, shown
from bot.services.exchange.table import TableRow, read_table
from bot.services.meter_field import REQUIRED, SheetField

FIELD_COLUMNS: Mapping[str, SheetField] = {
    "name": SheetField.NAME,
    "type": SheetField.TYPE,
    "unit": SheetField.UNIT,
    "service": SheetField.SERVICE,
    "billing_type": SheetField.BILLING,
    "split_key": SheetField.KEY,
    "status": SheetField.STATUS,
    "main": SheetField.MAIN,
    "serial_number": SheetField.SERIAL,
    "meter": SheetField.UDF1,
    "installed_on": SheetField.INSTALLED,
    "manufacturer": SheetField.MANUFACTURER,
    "model": SheetField.MODEL,
    "decimals": SheetField.DECIMALS,
    "last_inspection_on": SheetField.LAST_INSPECTION,
    "next_inspection_on": SheetField.NEXT_INSPECTION,
    "notes": SheetField.NOTES,
}
TERM_COLUMNS = ("multiplier", "max_value", "limit_per_hour")
METER_COLUMNS = (
    "place",
    "room",
    "name",
    "type",
    "unit",
    "service",
    "billing_type",
    "split_key",
    "status",
    "main",
    "parent",
    "serial_number",
    "meter",
    "installed_on",
    "decimals",
    *TERM_COLUMNS,
    "manufacturer",
    "model",
    "last_inspection_on",
    "next_inspection_on",
    "notes",
)
"""`meter` is the name at the vendor, as in the file of leases; `parent` a name or serial number."""

REQUIRED_COLUMNS = ("place", "name")
NOTHING = "-"
"""Takes back what is known; an empty cell leaves it as it is."""

Value = TypeVar("Value")

_UNITS = tuple(dict.fromkeys(unit for units in UNITS_OF.values() for unit in units))
_YES_NO = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterRow:
    """One meter as a file describes it: only what its cells say. None takes something back."""

    line: int
    place: str
    name: str
    said: Mapping[SheetField, object]
    terms: Mapping[str, Decimal | None]
    room: str | None = None
    parent: str | None = None
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedMeters:
    """What a file holds: rows that can be understood, and what is wrong in the others."""

    rows: tuple[MeterRow, ...]
    problems: tuple[RowProblem, ...]


def is_of_meters(content: bytes) -> bool:
    """This function will tell from its first line whether a file describes meters, not leases."""
    head = content[:2000].decode("utf-8-sig", errors="ignore").casefold()
    first = next((line for line in head.splitlines() if line.strip()), "")
    named = {cell.strip(' "') for cell in first.replace(";", ",").replace("\t", ",").split(",")}
    return "name" in named and "tenant" not in named


def parse_meters(content: bytes) -> ParsedMeters:
    """This function will read a file of meters. Raises UnreadableTable."""
    rows: list[MeterRow] = []
    problems: list[RowProblem] = []
    for raw in read_table(content, columns=METER_COLUMNS, required=REQUIRED_COLUMNS):
        reader = _Reader(raw)
        row = reader.row()
        problems += reader.problems
        if not reader.problems:
            rows.append(row)
    return ParsedMeters(rows=tuple(rows), problems=tuple(problems))


class _Reader:
    """Reads every cell of a row, so that all that is wrong in it is told at once."""

    def __init__(self, raw: TableRow) -> None:
        self._raw = raw
        self.problems: list[RowProblem] = []
        if raw.surplus:
            self._note(None, raw.surplus[0], BadCell(ProblemKind.TOO_MANY_CELLS))

    def row(self) -> MeterRow:
        place, name = self._cell("place", cells.name), self._cell("name", cells.name)
        said = {
            field: self._cell(column, partial(_read, field))
            for column, field in FIELD_COLUMNS.items()
            if self._says(column)
        }
        terms = {
            column: self._cell(column, partial(_term, column))
            for column in TERM_COLUMNS
            if self._says(column)
        }
        return MeterRow(
            line=self._raw.line,
            place=place or "",
            name=name or "",
            said=said,
            terms=terms,
            room=self._text("room"),
            parent=self._text("parent"),
            cells=self._raw.cells,
        )

    def _says(self, column: str) -> bool:
        return bool(self._raw.cells.get(column))

    def _text(self, column: str) -> str | None:
        return _unguarded(self._raw.cells.get(column, "")) or None

    def _cell(self, column: str, read: Callable[[str], Value]) -> Value | None:
        text = _unguarded(self._raw.cells.get(column, ""))
        try:
            return read(text)
        except BadCell as bad:
            self._note(column, text, bad)
            return None

    def _note(self, column: str | None, value: str, bad: BadCell) -> None:
        self.problems.append(
            RowProblem(
                line=self._raw.line,
                kind=bad.kind,
                column=column,
                value=shown(value),
                facts=bad.facts,
            )
        )


def _unguarded(text: str) -> str:
    """Return a text without the stroke that an export puts before what looks like a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def _read(field: SheetField, text: str) -> object:
    if text == NOTHING and field not in REQUIRED:
        return None
    enums = {
        SheetField.TYPE: MeterType,
        SheetField.SERVICE: ServiceKind,
        SheetField.BILLING: BillingType,
        SheetField.KEY: SplitKey,
        SheetField.STATUS: MeterStatus,
    }
    if field in enums:
        return cells.word(text, enums[field])
    if field in {SheetField.INSTALLED, SheetField.LAST_INSPECTION, SheetField.NEXT_INSPECTION}:
        return cells.day(text)
    if field is SheetField.MAIN:
        return _yes_or_no(text)
    if field is SheetField.DECIMALS:
        return _digit(text)
    return _unit(text) if field is SheetField.UNIT else text


def _unit(text: str) -> str:
    wanted = text.replace("3", "³").casefold()
    for unit in _UNITS:
        if unit.casefold() == wanted:
            return unit
    raise BadCell(ProblemKind.UNKNOWN_WORD, words=", ".join(_UNITS))


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in _YES_NO:
        raise BadCell(ProblemKind.UNKNOWN_WORD, words="yes, no")
    return _YES_NO[text.casefold()]


def _digit(text: str) -> int:
    if text not in {"0", "1", "2", "3"}:
        raise BadCell(ProblemKind.UNKNOWN_WORD, words="0, 1, 2, 3")
    return int(text)


def _term(column: str, text: str) -> Decimal | None:
    if text == NOTHING and column == "max_value":
        return None
    value = cells.register(text)
    if value <= 0:
        raise BadCell(ProblemKind.NOT_POSITIVE)
    return value
