"""Bills and credit notes as rows for a CSV. Money in rupees, days local."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from bot.domain.dues import Due
from bot.domain.invoice import DocumentKind
from bot.domain.period import local_date
from bot.services.book import LeaseBook
from bot.services.exchange.columns import TAX_PREFIX
from bot.services.exchange.export import Row
from bot.services.exchange.rows import money_cell, number_cell, text_cell
from bot.services.exchange.selection import ALL, Selection
from bot.services.invoice_record import Invoice
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit

INVOICE_COLUMNS = (
    "number",
    "issued_on",
    "place",
    "room",
    "tenant",
    "period_from",
    "period_to",
    "consumption",
    "unit",
    "net",
    "tax",
    "total",
    "paid",
    "due_on",
    "status",
)
PAGE = 500


class InvoiceExports:
    """Writes out all documents, for those who may see all of them."""

    def __init__(self, transactions: Transactions, clock: Clock, *, page: int = PAGE) -> None:
        self._transactions = transactions
        self._clock = clock
        self._page = page

    async def invoices(
        self, selection: Selection = ALL, *, in_detail: bool = False
    ) -> AsyncGenerator[Row, None]:
        """This function will yield every bill and credit note, in the order of their issue.

        `period_from` and `period_to` are the two billing days; what a credit note takes back is
        negative. `consumption` is of the main service alone. With `in_detail` there is a column for
        each tax besides.
        """
        now = self._clock.now()
        books: dict[int, LeaseBook] = {}
        dues: dict[int, Due] = {}
        async with self._transactions.read() as unit:
            names = await self._taxes(unit, selection) if in_detail else ()
            yield (*INVOICE_COLUMNS, *(TAX_PREFIX + (name or "-") for name in names))
            last_id = 0
            while documents := await unit.invoices.after(last_id, limit=self._page):
                unknown = {each.lease_id for each in documents} - books.keys()
                books |= await unit.books.load(unknown, now=now, lock=False)
                found = await unit.invoices.dues(unknown)
                dues |= {due.invoice_id: due for own in found.values() for due in own}
                for each in filter(_wanted(selection), documents):
                    today_on = local_date(now, books[each.lease_id].place.zone)
                    taxes = _by_tax(each)
                    named = (money_cell(taxes.get(name, 0)) for name in names)
                    yield (*_row(each, dues, today_on), *named)
                last_id = documents[-1].id

    async def _taxes(self, unit: Unit, selection: Selection) -> Sequence[str]:
        """Return the names of all taxes on documents."""
        names: set[str] = set()
        last_id = 0
        while documents := await unit.invoices.after(last_id, limit=self._page):
            for each in filter(_wanted(selection), documents):
                names |= _by_tax(each).keys()
            last_id = documents[-1].id
        return sorted(names)


def _wanted(selection: Selection) -> Callable[[Invoice], bool]:
    return lambda each: selection.has_place(each.place_id) and selection.has_day(each.issued_on)


def _by_tax(each: Invoice) -> Mapping[str, int]:
    """Return the taxes of a document by name; "" is what no line names."""
    sums: Counter[str] = Counter()
    lines: Sequence[Mapping[str, Any]] = cast(Any, each.facts.get("lines", ()))
    for line in lines:
        if line["kind"] == "tax":
            sums[line["name"]] += line["amount_paise"]
    sums[""] = each.tax_paise - sum(sums.values())
    return {name: paise for name, paise in sums.items() if paise}


def _row(each: Invoice, dues: Mapping[int, Due], today_on: date) -> Row:
    facts, due = each.facts, dues.get(each.id)
    return (
        each.number,
        each.issued_on.isoformat(),
        text_cell(str(facts["place"])),
        text_cell(str(facts["room"])),
        text_cell(str(facts["tenant"])),
        each.period.from_on.isoformat(),
        each.period.to_on.isoformat(),
        number_cell(Decimal(str(facts["consumption"]))),
        str(facts["unit"] or ""),
        money_cell(each.net_paise),
        money_cell(each.tax_paise),
        money_cell(each.total_paise),
        money_cell(0 if due is None else max(due.charged_paise - due.open_paise, 0)),
        each.due_on.isoformat() if each.kind is DocumentKind.INVOICE else "",
        _status(each, due, today_on),
    )


def _status(each: Invoice, due: Due | None, today_on: date) -> str:
    if due is None:
        return each.kind.value
    return due.status_on(today_on, total_paise=each.total_paise).value
