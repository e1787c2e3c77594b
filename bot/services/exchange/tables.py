"""All tables that can be taken out of the store, by name."""

from collections.abc import AsyncGenerator, Callable, Mapping
from enum import Enum

from bot.services.exchange.account_export import AccountExports
from bot.services.exchange.export import Explain, Exports, Row
from bot.services.exchange.invoice_export import InvoiceExports
from bot.services.exchange.meter_export import MeterExports
from bot.services.exchange.selection import ALL, Selection
from bot.services.exchange.use_export import UseExports
from bot.services.meter_history import MeterHistories
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.use_report import UseReports


class Table(Enum):
    """What can be taken out."""

    BALANCES = "balances"
    COLLECTIONS = "collections"
    CONSUMPTION = "consumption"
    DUES = "dues"
    INVOICES = "invoices"
    LEDGER = "ledger"
    METERS = "meters"
    READINGS = "readings"
    TRIAL = "trial"

    @property
    def is_monthly(self) -> bool:
        """Whether one may ask for a month of it."""
        return self in _MONTHLY

    @property
    def is_of_a_month(self) -> bool:
        """Whether it is always of one month, if none is asked for of the one that runs."""
        return self in {Table.CONSUMPTION, Table.TRIAL}


_MONTHLY = frozenset(
    {Table.COLLECTIONS, Table.CONSUMPTION, Table.INVOICES, Table.LEDGER, Table.TRIAL}
)


class Tables:
    """Takes tables out, for those who may see all of them."""

    def __init__(
        self,
        exports: Exports,
        invoices: InvoiceExports,
        meters: MeterExports,
        accounts: AccountExports,
        uses: UseExports,
    ) -> None:
        self._exports = exports
        self._invoices = invoices
        self._meters = meters
        self._accounts = accounts
        self._uses = uses

    def rows(
        self,
        table: Table,
        selection: Selection = ALL,
        *,
        explain: Explain,
        in_detail: bool = False,
    ) -> AsyncGenerator[Row, None]:
        """This function will return the rows of a table, the header first.

        `explain` says why of entries; with `in_detail` bills have a column for each tax,
        and entries all that they posted.
        """
        sources: Mapping[Table, Callable[[], AsyncGenerator[Row, None]]] = {
            Table.BALANCES: lambda: self._exports.balances(selection),
            Table.COLLECTIONS: lambda: self._accounts.collections(selection),
            Table.CONSUMPTION: lambda: self._uses.consumption(selection),
            Table.DUES: lambda: self._accounts.dues(selection),
            Table.INVOICES: lambda: self._invoices.invoices(selection, in_detail=in_detail),
            Table.LEDGER: lambda: self._exports.ledger(explain, selection, in_detail=in_detail),
            Table.METERS: lambda: self._meters.meters(selection),
            Table.READINGS: lambda: self._exports.readings(selection),
            Table.TRIAL: lambda: self._accounts.trial(selection),
        }
        return sources[table]()


def tables_of(
    transactions: Transactions, clock: Clock, histories: MeterHistories | None = None
) -> Tables:
    """This function will return all tables of a store; what it does not know of meters is asked
    of `histories`, if there are any."""
    return Tables(
        Exports(transactions, clock),
        InvoiceExports(transactions, clock),
        MeterExports(transactions),
        AccountExports(transactions, clock),
        UseExports(transactions, UseReports(transactions, histories, clock), clock),
    )
