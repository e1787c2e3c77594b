"""The composition root: opens everything in order, and closes it in reverse."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.clock import SystemClock
from bot.config import BadSettings, Flaw, Settings
from bot.db.engine import BadDatabaseUrl, Database, open_database
from bot.db.readiness import require_ready
from bot.db.unit_of_work import SqlTransactions
from bot.i18n import Catalogues
from bot.qube import connect
from bot.services.access import Access
from bot.services.deduction import Deductions
from bot.services.doorbell import Doorbell
from bot.services.payment import Payments
from bot.services.place import PlaceDefaults
from bot.services.ports import Clock, MeterGateway
from bot.services.power import Power
from bot.services.readings import Readings
from bot.services.reconcile import Reconciler
from bot.services.sync import Sync


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The use cases that need nothing but the store."""

    settings: Settings
    clock: Clock
    database: Database
    transactions: SqlTransactions
    catalogues: Catalogues
    doorbell: Doorbell
    access: Access
    payments: Payments
    power: Power
    readings: Readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """The use cases that talk to the meters."""

    gateway: MeterGateway
    sync: Sync
    deductions: Deductions
    reconciler: Reconciler


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """This function will open the database that the settings name. Raises BadSettings."""
    async with AsyncExitStack() as stack:
        try:
            url = settings.database_url.get_secret_value()
            database = await stack.enter_async_context(open_database(url))
        except BadDatabaseUrl:
            raise BadSettings([Flaw("DATABASE_URL", "cannot be understood")]) from None
        yield database


@asynccontextmanager
async def open_app(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[App]:
    """This function will open the store, and put the use cases together that need no vendor.

    Raises BadSettings, DatabaseUnreachable, NotMigrated.
    """
    catalogues = catalogues_for(settings)
    time, doorbell = clock or SystemClock(), Doorbell()
    async with opened_database(settings) as database:
        await require_ready(database)
        transactions = SqlTransactions(database)
        owners = settings.owner_telegram_ids
        yield App(
            settings=settings,
            clock=time,
            database=database,
            transactions=transactions,
            catalogues=catalogues,
            doorbell=doorbell,
            access=Access(transactions, time, owner_telegram_ids=owners),
            payments=Payments(transactions, time, doorbell),
            power=Power(transactions, time, doorbell),
            readings=Readings(transactions, time, doorbell),
        )


@asynccontextmanager
async def open_works(app: App) -> AsyncIterator[Works]:
    """This function will open the way to the meters. Raises BadSettings without a key."""
    settings = app.settings
    async with connect(
        api_key=settings.api_key(),
        base_url=settings.qube_api_url,
        requests_per_minute=settings.qube_requests_per_minute,
    ) as gateway:
        sync = Sync(
            app.transactions, gateway, app.clock, app.doorbell, defaults=defaults_of(settings)
        )
        yield Works(
            gateway=gateway,
            sync=sync,
            deductions=Deductions(
                app.transactions,
                gateway,
                app.clock,
                sync,
                app.doorbell,
                check_time=settings.deduction_time,
            ),
            reconciler=Reconciler(app.transactions, gateway, app.clock, sync, app.doorbell),
        )


def catalogues_for(settings: Settings) -> Catalogues:
    """This function will read the languages. Raises BadSettings when the default is none."""
    catalogues = Catalogues()
    known = [language.code for language in catalogues.languages()]
    if settings.default_language not in known:
        flaw = Flaw("DEFAULT_LANGUAGE", f"must be one of {', '.join(known)}")
        raise BadSettings([flaw])
    return catalogues


def defaults_of(settings: Settings) -> PlaceDefaults:
    """This function will return what a new place starts out with."""
    return PlaceDefaults(zone=settings.timezone, currency=settings.currency)
