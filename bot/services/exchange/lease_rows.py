"""The rows of an onboarding file, each by itself: typed, or with what is wrong in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from bot.domain.lease import BillingMode
from bot.domain.metering import MeterType
from bot.services.exchange import cells
from bot.services.exchange.cells import BadCell
from bot.services.exchange.problem import ProblemKind, RowProblem, shown
from bot.services.exchange.table import TableRow, read_table

LEASE_COLUMNS = (
    "place",
    "room",
    "meter",
    "type",
    "tenant",
    "phone",
    "mode",
    "rate",
    "start_on",
    "opening_reading",
    "opening_balance",
    "cut_off",
    "low_balance",
    "billing_day",
)
REQUIRED_COLUMNS = ("place", "room", "meter", "tenant")

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRow:
    """One lease as a file describes it; None = the default. Rate in paise per unit."""

    line: int
    place: str
    room: str
    meter: str
    type: MeterType
    tenant: str
    phone: str | None
    mode: BillingMode
    rate_paise: Decimal | None
    start_on: date | None
    opening_reading: Decimal | None
    opening_balance_paise: int
    cut_off_paise: int | None
    low_balance_paise: int | None
    billing_day: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedLeases:
    """What a file holds: rows that can be understood, and what is wrong in the others."""

    rows: tuple[LeaseRow, ...]
    problems: tuple[RowProblem, ...]


def parse_leases(content: bytes) -> ParsedLeases:
    """This function will read an onboarding file. Raises UnreadableTable."""
    rows: list[LeaseRow] = []
    problems: list[RowProblem] = []
    for raw in read_table(content, columns=LEASE_COLUMNS, required=REQUIRED_COLUMNS):
        reader = _RowReader(raw)
        row = reader.lease_row()
        problems += reader.problems
        if row is not None:
            rows.append(row)
    return ParsedLeases(rows=tuple(rows), problems=tuple(problems))


class _RowReader:
    """Reads every cell of a row, so that all that is wrong in it is told at once."""

    def __init__(self, raw: TableRow) -> None:
        self._raw = raw
        self.problems: list[RowProblem] = []
        if raw.surplus:
            self._note(ProblemKind.TOO_MANY_CELLS, None, raw.surplus[0], {})

    def lease_row(self) -> LeaseRow | None:
        place = self._cell("place", cells.name)
        room = self._cell("room", cells.name)
        meter = self._cell("meter", cells.name)
        tenant = self._cell("tenant", cells.name)
        meter_type = self._optional("type", lambda text: cells.word(text, MeterType))
        mode = self._optional("mode", lambda text: cells.word(text, BillingMode))
        phone = self._optional("phone", cells.phone)
        rate_paise = self._optional("rate", cells.rate)
        start_on = self._optional("start_on", cells.day)
        opening_reading = self._optional("opening_reading", cells.register)
        opening_balance = self._optional("opening_balance", cells.rupees)
        cut_off = self._optional("cut_off", cells.rupees_from_zero)
        low_balance = self._optional("low_balance", cells.rupees_from_zero)
        billing_day = self._optional("billing_day", cells.day_of_month)
        if cut_off is not None and low_balance is not None and low_balance < cut_off:
            text = self._raw.cells.get("low_balance", "")
            self._note(ProblemKind.LOW_BELOW_CUT_OFF, "low_balance", text, {})
        if self.problems or place is None or room is None or meter is None or tenant is None:
            return None
        return LeaseRow(
            line=self._raw.line,
            place=place,
            room=room,
            meter=meter,
            type=meter_type or MeterType.ELECTRICITY,
            tenant=tenant,
            phone=phone,
            mode=mode or BillingMode.PREPAID,
            rate_paise=rate_paise,
            start_on=start_on,
            opening_reading=opening_reading,
            opening_balance_paise=opening_balance or 0,
            cut_off_paise=cut_off,
            low_balance_paise=low_balance,
            billing_day=billing_day,
        )

    def _optional(self, column: str, read: Callable[[str], Value]) -> Value | None:
        return self._cell(column, read) if self._raw.cells.get(column) else None

    def _cell(self, column: str, read: Callable[[str], Value]) -> Value | None:
        text = self._raw.cells.get(column, "")
        try:
            return read(text)
        except BadCell as bad:
            self._note(bad.kind, column, text, bad.facts)
            return None

    def _note(
        self, kind: ProblemKind, column: str | None, value: str, facts: dict[str, str]
    ) -> None:
        self.problems.append(
            RowProblem(
                line=self._raw.line, kind=kind, column=column, value=shown(value), facts=facts
            )
        )


def doubles(rows: Sequence[LeaseRow], key: Callable[[LeaseRow], object]) -> dict[int, int]:
    """This function will find rows whose key an earlier row has: line, by the later line."""
    first: dict[object, int] = {}
    found: dict[int, int] = {}
    for row in rows:
        earlier = first.setdefault(key(row), row.line)
        if earlier != row.line:
            found[row.line] = earlier
    return found
