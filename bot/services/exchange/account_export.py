"""The accounts as rows for a file: trial balance, dues by age, money that came in."""

from collections.abc import AsyncGenerator

from bot.domain.account import AccountLine, month_ends_on, month_span
from bot.domain.dues import Age
from bot.domain.period import first_of_month, local_date
from bot.domain.place import Place
from bot.services.account_record import Collected
from bot.services.book import LeaseBook
from bot.services.dues import LeaseDues, dues_of
from bot.services.exchange.export import Row
from bot.services.exchange.rows import instant_cell, money_cell, text_cell
from bot.services.exchange.selection import ALL, Selection
from bot.services.ports import Clock
from bot.services.store import Transactions

TRIAL_COLUMNS = (
    "place",
    "from_on",
    "to_on",
    "account",
    "opening",
    "debit",
    "credit",
    "closing",
    "currency",
    "closed",
)
DUES_COLUMNS = (
    "place",
    "room",
    "tenant",
    "mode",
    "oldest_due_on",
    "not_due",
    "days_1_30",
    "days_31_60",
    "days_61_90",
    "days_over_90",
    "besides",
    "total",
    "currency",
)
COLLECTION_COLUMNS = (
    "entry_id",
    "accounted_on",
    "at",
    "place",
    "room",
    "tenant",
    "kind",
    "method",
    "reference",
    "amount",
    "currency",
    "reason",
)


class AccountExports:
    """Writes out the accounts."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def trial(self, selection: Selection = ALL) -> AsyncGenerator[Row, None]:
        """This function will yield what each account held before a month, what was posted in it,
        and what it holds after; credits are positive. By default the month that runs."""
        yield TRIAL_COLUMNS
        now = self._clock.now()
        async with self._transactions.read() as unit:
            for place in await selection.places(unit):
                month_on = selection.month_on or first_of_month(local_date(now, place.zone))
                trial = await unit.accounts.trial_balance(
                    place.id, month_span(month_on, place.zone)
                )
                closes = await unit.accounts.closes(place.id)
                is_closed = month_ends_on(month_on) in {each.through_on for each in closes}
                days = (month_on.isoformat(), month_ends_on(month_on).isoformat())
                for line in trial.lines:
                    yield (
                        text_cell(place.name),
                        *days,
                        *_account_cells(line),
                        place.currency,
                        "yes" if is_closed else "no",
                    )

    async def dues(self, selection: Selection = ALL) -> AsyncGenerator[Row, None]:
        """This function will yield who owes what today, by place, the longest overdue first.

        `besides` is what a prepaid lease is below zero by, or what no bill asks for yet.
        """
        yield DUES_COLUMNS
        async with self._transactions.read() as unit:
            for place in await selection.places(unit):
                dues = await dues_of(unit, place, now=self._clock.now())
                for each in dues.leases:
                    yield _dues_row(place, each)

    async def collections(self, selection: Selection = ALL) -> AsyncGenerator[Row, None]:
        """This function will yield money that came in, and what was given back as negative."""
        yield COLLECTION_COLUMNS
        async with self._transactions.read() as unit:
            books: dict[int, LeaseBook] = {}
            for place in await selection.places(unit):
                month_on = selection.month_on
                span = None if month_on is None else month_span(month_on, place.zone)
                found = await unit.accounts.collected(place.id, span)
                unknown = {each.entry.lease_id for each in found} - books.keys()
                books |= await unit.books.load(unknown, now=self._clock.now(), lock=False)
                for each in found:
                    yield _collection_row(place, each, books[each.entry.lease_id])


def _account_cells(line: AccountLine) -> Row:
    return (
        line.account.value,
        money_cell(line.opening_paise),
        money_cell(line.debit_paise),
        money_cell(line.credit_paise),
        money_cell(line.closing_paise),
    )


def _dues_row(place: Place, each: LeaseDues) -> Row:
    lease = each.book.lease
    return (
        text_cell(place.name),
        text_cell(each.book.room.name),
        text_cell(lease.tenant_name),
        lease.mode.value,
        "" if each.oldest_on is None else each.oldest_on.isoformat(),
        *(money_cell(each.by_age.get(age, 0)) for age in Age),
        money_cell(each.besides_paise),
        money_cell(each.total_paise),
        place.currency,
    )


def _collection_row(place: Place, each: Collected, book: LeaseBook) -> Row:
    entry = each.entry
    return (
        str(entry.id),
        local_date(each.at, place.zone).isoformat(),
        instant_cell(entry.occurred_at, place.zone),
        text_cell(place.name),
        text_cell(book.room.name),
        text_cell(book.lease.tenant_name),
        entry.kind.value,
        each.account.value,
        text_cell(entry.reference),
        money_cell(each.paise),
        place.currency,
        text_cell(entry.reason),
    )
