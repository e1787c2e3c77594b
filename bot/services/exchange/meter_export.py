"""The meters in the store, as rows that can be imported again."""

from collections.abc import AsyncGenerator, Sequence
from datetime import date

from bot.domain.meter import MeterSheet
from bot.services.exchange.meter_rows import METER_COLUMNS
from bot.services.exchange.rows import number_cell, text_cell
from bot.services.exchange.selection import ALL, Selection
from bot.services.store import Transactions
from bot.services.stores.meter_sheet import MeterLine, MeterQuery

PAGE = 500

Row = Sequence[str]


class MeterExports:
    """Writes out all meters, for those who may see all of them."""

    def __init__(self, transactions: Transactions, *, page: int = PAGE) -> None:
        self._transactions = transactions
        self._page = page

    async def meters(self, selection: Selection = ALL) -> AsyncGenerator[Row, None]:
        """This function will yield every meter, by place and age."""
        yield METER_COLUMNS
        async with self._transactions.read() as unit:
            after: MeterSheet | None = None
            place_id = selection.place_id
            query = MeterQuery(place_ids=None if place_id is None else frozenset({place_id}))
            names: dict[int, str] = {}
            while lines := await unit.sheets.page(query, limit=self._page, after=after):
                names |= {line.sheet.id: line.sheet.name for line in lines}
                for line in lines:
                    parent_id = line.sheet.parent_id
                    if parent_id is not None and parent_id not in names:
                        parent = await unit.sheets.get(parent_id)
                        names[parent_id] = "" if parent is None else parent.name
                    yield _row(line, names.get(parent_id or 0, ""))
                after = lines[-1].sheet


def _row(line: MeterLine, parent: str) -> Row:
    sheet, key = line.sheet, line.sheet.split_key
    return (
        text_cell(line.place),
        text_cell(line.room),
        text_cell(sheet.name),
        sheet.type.value,
        sheet.unit,
        sheet.service.value,
        sheet.billing_type.value,
        "" if key is None else key.value,
        sheet.status.value,
        "yes" if sheet.is_main else "no",
        text_cell(parent),
        text_cell(sheet.serial_number),
        text_cell(sheet.udf1),
        _day(sheet.installed_on),
        str(sheet.decimals),
        number_cell(sheet.terms.multiplier),
        number_cell(sheet.terms.max_value),
        number_cell(sheet.terms.limit_per_hour),
        text_cell(sheet.manufacturer),
        text_cell(sheet.model_reference),
        _day(sheet.last_inspection_on),
        _day(sheet.next_inspection_on),
        text_cell(sheet.notes),
    )


def _day(on: date | None) -> str:
    return "" if on is None else on.isoformat()
