"""What the columns of exports hold, for files that tell numbers and days from words."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from bot.domain.ledger import AccountKind
from bot.services.exchange.rows import bare_text

TAX_PREFIX = "tax: "


class Cell(Enum):
    """What a column holds."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DAY = "day"
    INSTANT = "instant"


Value = str | Decimal | date | datetime | None

_MONEY = (
    "amount",
    "balance",
    "balance_after",
    "besides",
    "closing",
    "credit",
    "debit",
    "days_1_30",
    "days_31_60",
    "days_61_90",
    "days_over_90",
    "net",
    "not_due",
    "opening",
    "paid",
    "tax",
    "total",
    *(kind.value for kind in AccountKind),
)
_NUMBERS = (
    "charged",
    "consumption",
    "consumption_before",
    "corrects",
    "decimals",
    "empty_room",
    "entry_id",
    "included",
    "installation_id",
    "last_reading",
    "limit_per_hour",
    "limit_percent",
    "lost",
    "lost_percent",
    "max_value",
    "multiplier",
    "not_charged",
    "previous_value",
    "proposed_value",
    "reading_id",
    "sub_meters",
    "value",
)
_DAYS = (
    "accounted_on",
    "due_on",
    "from_on",
    "installed_on",
    "issued_on",
    "last_inspection_on",
    "next_inspection_on",
    "oldest_due_on",
    "period_from",
    "period_to",
    "to_on",
)
_INSTANTS = ("at", "last_read_at")
_CELLS: Mapping[str, Cell] = {
    **dict.fromkeys(_MONEY, Cell.MONEY),
    **dict.fromkeys(_NUMBERS, Cell.NUMBER),
    **dict.fromkeys(_DAYS, Cell.DAY),
    **dict.fromkeys(_INSTANTS, Cell.INSTANT),
}


def cell_of(column: str) -> Cell:
    """This function will return what a column holds, words if nothing else is known."""
    return Cell.MONEY if column.startswith(TAX_PREFIX) else _CELLS.get(column, Cell.TEXT)


def value_of(text: str, cell: Cell) -> Value:
    """This function will return what a cell of an export says; instants as the place's clock
    shows them."""
    if text == "":
        return None
    match cell:
        case Cell.MONEY | Cell.NUMBER:
            return Decimal(text)
        case Cell.DAY:
            return date.fromisoformat(text)
        case Cell.INSTANT:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        case Cell.TEXT:
            return bare_text(text)
