"""The composition root: opens everything in order, and closes it in reverse."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.clock import SystemClock
from bot.config import BadSettings, Flaw, Settings
from bot.db.backup import backup, suffix_of
from bot.db.engine import BadDatabaseUrl, Database, open_database
from bot.db.photo_files import PhotoFolder
from bot.db.readiness import require_ready
from bot.db.request_budget import SqlRequestBudgets
from bot.db.unit_of_work import SqlTransactions
from bot.i18n import Catalogues, Speaker
from bot.qube import connect
from bot.services.access import Access
from bot.services.backup import Backups
from bot.services.bill_reminder import BillReminders
from bot.services.deduction import Deductions
from bot.services.dialog import Dialogs
from bot.services.dispute_reminder import DisputeReminders
from bot.services.doorbell import Doorbell
from bot.services.estimate import Estimates
from bot.services.exchange.export import Exports
from bot.services.exchange.invoice_export import InvoiceExports
from bot.services.exchange.meter_export import MeterExports
from bot.services.exchange.tables import Tables, tables_of
from bot.services.hand_switch import HandSwitches
from bot.services.held import Reminders
from bot.services.inspection import Inspections
from bot.services.invitation import Invitations
from bot.services.invoicing import Invoicing
from bot.services.loss import Losses
from bot.services.meter_history import MeterHistories
from bot.services.meter_import import MeterImports
from bot.services.meter_photo import MeterReader
from bot.services.onboarding import Onboarding
from bot.services.payment import Payments
from bot.services.photo import PhotoCleaning
from bot.services.photo_store import PhotoStore
from bot.services.place import PlaceDefaults
from bot.services.ports import Clock, MeterGateway
from bot.services.power import Power
from bot.services.promise import Promises
from bot.services.reading_reminder import ReadingReminders
from bot.services.readings import Readings
from bot.services.reconcile import Reconciler
from bot.services.request_budget import RequestBudgets
from bot.services.sync import Sync
from bot.services.unusual import UnusualUses
from bot.services.upi import Payee
from bot.vision.reader import PhotoReader

BACKUP_FOLDER = "backups"
PHOTO_FOLDER = "photos"


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
    dialogs: Dialogs
    invitations: Invitations
    onboarding: Onboarding
    exports: Exports
    invoice_exports: InvoiceExports
    meter_imports: MeterImports
    meter_exports: MeterExports
    tables: Tables
    payments: Payments
    power: Power
    hand_switches: HandSwitches
    readings: Readings
    reminders: Reminders
    reading_reminders: ReadingReminders
    bill_reminders: BillReminders
    promises: Promises
    dispute_reminders: DisputeReminders
    estimates: Estimates
    inspections: Inspections
    unusual_uses: UnusualUses
    backups: Backups
    photo_store: PhotoStore
    photo_cleaning: PhotoCleaning

    @property
    def speaker(self) -> Speaker:
        """How the process speaks to its operator and into files."""
        settings = self.settings
        return self.catalogues.speaker(settings.default_language, settings.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """The use cases that talk to the meters, and who looks at photos of them."""

    gateway: MeterGateway
    reader: MeterReader
    sync: Sync
    deductions: Deductions
    invoicing: Invoicing
    losses: Losses
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
    """This function will open the store, and put the use cases together that need no more.

    Raises BadSettings, DatabaseUnreachable, NotMigrated.
    """
    catalogues = catalogues_for(settings)
    async with opened_database(settings) as database:
        await require_ready(database)
        yield _app(settings, clock or SystemClock(), database, catalogues)


def _app(settings: Settings, clock: Clock, database: Database, catalogues: Catalogues) -> App:
    transactions, doorbell = SqlTransactions(database), Doorbell()
    owners = settings.owner_telegram_ids
    copying = Backups(
        partial(backup, database), clock, backup_folder(database), suffix=suffix_of(database)
    )
    photo_store = PhotoFolder(photo_folder(database))
    return App(
        settings=settings,
        clock=clock,
        database=database,
        transactions=transactions,
        catalogues=catalogues,
        doorbell=doorbell,
        access=Access(transactions, clock, owner_telegram_ids=owners),
        dialogs=Dialogs(transactions, clock),
        invitations=Invitations(transactions, clock),
        onboarding=Onboarding(transactions, clock, defaults=defaults_of(settings)),
        exports=Exports(transactions, clock),
        invoice_exports=InvoiceExports(transactions, clock),
        meter_imports=MeterImports(transactions, clock),
        meter_exports=MeterExports(transactions),
        tables=tables_of(transactions, clock),
        payments=Payments(transactions, clock, doorbell),
        power=Power(transactions, clock, doorbell),
        hand_switches=HandSwitches(transactions, clock, doorbell),
        readings=Readings(transactions, clock, doorbell),
        reminders=Reminders(transactions, clock, doorbell),
        reading_reminders=ReadingReminders(transactions, clock, doorbell),
        bill_reminders=BillReminders(transactions, clock, doorbell),
        promises=Promises(transactions, clock, doorbell),
        dispute_reminders=DisputeReminders(transactions, clock, doorbell),
        estimates=Estimates(transactions, clock),
        inspections=Inspections(transactions, clock, doorbell),
        unusual_uses=UnusualUses(transactions, clock, doorbell),
        backups=copying,
        photo_store=photo_store,
        photo_cleaning=PhotoCleaning(transactions, clock, photo_store),
    )


@asynccontextmanager
async def open_works(app: App) -> AsyncIterator[Works]:
    """This function will open the way to the meters. Raises BadSettings without a key."""
    settings, reader = app.settings, PhotoReader()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(reader.close)
        opening = connect(
            api_key=settings.api_key(),
            base_url=settings.qube_api_url,
            requests_per_minute=settings.qube_requests_per_minute,
            budgets=_budgets(app),
        )
        gateway = await stack.enter_async_context(opening)
        store, clock, doorbell = app.transactions, app.clock, app.doorbell
        sync = Sync(store, gateway, clock, doorbell, defaults=defaults_of(settings))
        yield Works(
            gateway=gateway,
            reader=reader,
            sync=sync,
            deductions=Deductions(
                store, gateway, clock, sync, doorbell, check_time=settings.deduction_time
            ),
            invoicing=Invoicing(store, gateway, clock, sync, doorbell),
            losses=Losses(store, MeterHistories(gateway, sync), clock, doorbell),
            reconciler=Reconciler(store, gateway, clock, sync, doorbell),
        )


def _budgets(app: App) -> RequestBudgets | None:
    """Replicas share one row of the limit; a file is one process's, which writes one at a time."""
    if app.database.is_sqlite:
        return None
    return SqlRequestBudgets(app.database, app.settings.api_key())


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


def payee_of(settings: Settings) -> Payee | None:
    """This function will return to whom tenants pay, None without a UPI address."""
    if settings.upi_id is None:
        return None
    return Payee(upi_id=settings.upi_id, name=settings.upi_name or settings.upi_id)


def backup_folder(database: Database) -> Path:
    """This function will return the folder of daily copies."""
    return _beside(database) / BACKUP_FOLDER


def photo_folder(database: Database) -> Path:
    """This function will return the folder of photos of meters."""
    return _beside(database) / PHOTO_FOLDER


def _beside(database: Database) -> Path:
    """Return where the database's file is, else where the process runs."""
    return Path(database.url.database or "").parent if database.is_sqlite else Path()
