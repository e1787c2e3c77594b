"""The bot as it runs: people on one side, jobs on the other, a door for machines between."""

import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot

from bot.app import App, Works, open_app, open_works, payee_of
from bot.config import Settings
from bot.jobs import Rhythm, Runner, UseCases, running_jobs, table
from bot.render import TypstPapers, TypstPictures, XlsxWorkbooks
from bot.services.accounts import AccountReports
from bot.services.adjustment import Adjustments
from bot.services.allocation import Allocations
from bot.services.allocation_look import AllocationLists
from bot.services.bill_anew import BillsAnew
from bot.services.bills import Bills
from bot.services.claim import Claims
from bot.services.conversion import Conversions
from bot.services.credit_note import CreditNotes
from bot.services.delivery import Delivery
from bot.services.device import Devices
from bot.services.dispute import Disputes
from bot.services.dispute_evidence import DisputeEvidence
from bot.services.dispute_list import DisputeLists
from bot.services.exchange.files import Files
from bot.services.exchange.tables import tables_of
from bot.services.inbox import Inboxes
from bot.services.lease_tariff import RoomTariffs
from bot.services.lease_tariff_change import RoomTariffChanges
from bot.services.meter import Meters
from bot.services.meter_edit import MeterEdits
from bot.services.meter_history import MeterHistories
from bot.services.meter_link import MeterLinks
from bot.services.meter_tree import MeterTrees
from bot.services.meters import MeterLists
from bot.services.move_out import MoveOuts
from bot.services.naming import Names
from bot.services.pacing import Pacing
from bot.services.period_close import PeriodCloses
from bot.services.photo import Photos
from bot.services.photo_reading import PhotoReadings
from bot.services.ports import Clock
from bot.services.preview import Previews
from bot.services.reading_correction import Corrections
from bot.services.reading_entry import ReadingEntry
from bot.services.reading_list import ReadingLists
from bot.services.replacement import Replacements
from bot.services.report import Reports
from bot.services.room_size import RoomSizes
from bot.services.rooms import Rooms
from bot.services.round import Rounds
from bot.services.rules import Rules
from bot.services.status import StatusReports
from bot.services.store import NoticeStatus
from bot.services.tariff import PriceLists
from bot.services.tariff_change import PriceChanges
from bot.services.top_up import TopUps
from bot.services.use_report import UseReports
from bot.telegram.application import TelegramBot, build_application, running
from bot.telegram.context import Services
from bot.telegram.identity import speaking_bot
from bot.telegram.notifier import Notifier
from bot.web import Health, create_web, serving
from bot.web.server import WEBHOOK_PATH

_LOG = logging.getLogger(__name__)


def telegram_for(app: App, works: Works) -> TelegramBot:
    """This function will put the Telegram side together. Raises BadSettings without a token."""
    settings = app.settings
    return build_application(
        token=settings.bot_token(),
        api_url=settings.telegram_api_url,
        services=_services(app, works),
        catalogues=app.catalogues,
        default_language=settings.default_language,
        default_zone=settings.timezone,
    )


def _services(app: App, works: Works) -> Services:
    photos = Photos(app.transactions, app.clock, works.reader, app.photo_store)
    entry = ReadingEntry(app.transactions, app.clock, app.doorbell)
    histories = MeterHistories(works.gateway, works.sync)
    tables = tables_of(app.transactions, app.clock, histories)
    return Services(
        access=app.access,
        dialogs=app.dialogs,
        invitations=app.invitations,
        reports=Reports(app.transactions, works.gateway, app.clock),
        pictures=TypstPictures(app.catalogues),
        papers=TypstPapers(app.catalogues),
        bills=Bills(app.transactions, app.clock, payee_of(app.settings)),
        credit_notes=CreditNotes(app.transactions, app.clock, app.doorbell),
        bills_anew=BillsAnew(app.transactions, app.clock, app.doorbell),
        rooms=Rooms(app.transactions, app.clock),
        previews=Previews(app.transactions, app.clock),
        payments=app.payments,
        adjustments=Adjustments(app.transactions, app.clock, app.doorbell),
        top_ups=TopUps(app.transactions, app.clock, payee_of(app.settings)),
        claims=Claims(app.transactions, app.clock, app.doorbell),
        promises=app.promises,
        disputes=Disputes(app.transactions, app.clock, app.doorbell),
        dispute_lists=DisputeLists(app.transactions, app.clock),
        dispute_evidence=DisputeEvidence(app.transactions, works.gateway, app.clock),
        inboxes=Inboxes(app.transactions, app.clock),
        allocations=Allocations(app.transactions, histories, app.clock, app.doorbell),
        allocation_lists=AllocationLists(app.transactions, app.clock),
        room_sizes=RoomSizes(app.transactions, app.clock),
        power=app.power,
        names=Names(app.transactions, app.clock),
        hand_switches=app.hand_switches,
        readings=app.readings,
        photos=photos,
        photo_readings=PhotoReadings(app.transactions, app.clock, works.reader, photos, entry),
        reading_lists=ReadingLists(app.transactions, app.clock),
        reading_entry=entry,
        corrections=Corrections(app.transactions, app.clock, app.doorbell),
        meters=Meters(app.transactions, works.gateway, app.clock, app.doorbell),
        meter_lists=MeterLists(app.transactions, app.clock),
        meter_trees=MeterTrees(app.transactions),
        meter_edits=MeterEdits(app.transactions, app.clock),
        meter_links=MeterLinks(app.transactions, app.clock),
        meter_imports=app.meter_imports,
        devices=Devices(app.transactions, works.gateway, app.clock, app.doorbell, works.sync),
        replacements=Replacements(app.transactions, app.clock, app.doorbell),
        rounds=Rounds(app.transactions, app.clock, app.doorbell),
        rules=Rules(app.transactions, app.clock, app.doorbell),
        conversions=Conversions(app.transactions, works.gateway, app.clock, app.doorbell),
        move_outs=MoveOuts(app.transactions, works.gateway, app.clock, app.doorbell),
        onboarding=app.onboarding,
        tariffs=PriceLists(app.transactions, app.clock),
        tariff_changes=PriceChanges(app.transactions, app.clock),
        lease_tariffs=RoomTariffs(app.transactions, app.clock),
        lease_tariff_changes=RoomTariffChanges(app.transactions, app.clock, app.doorbell),
        status=StatusReports(app.transactions, works.gateway, app.clock),
        accounts=AccountReports(app.transactions, app.clock),
        period_closes=PeriodCloses(app.transactions, app.clock),
        uses=UseReports(app.transactions, histories, app.clock),
        files=Files(app.transactions, tables, XlsxWorkbooks()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningBot:
    """A bot at work: its use cases, and what drives its jobs."""

    app: App
    runner: Runner


@asynccontextmanager
async def running_bot(
    settings: Settings, *, clock: Clock | None = None, rhythm: Rhythm | None = None
) -> AsyncIterator[RunningBot]:
    """This function will answer people and do what is due, until it is left.

    Raises BadSettings, DatabaseUnreachable, NotMigrated, telegram.error.TelegramError.
    """
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(settings, clock=clock))
        works = await stack.enter_async_context(open_works(app))
        telegram = telegram_for(app, works)
        await stack.enter_async_context(_serving_web(app, telegram))
        await stack.enter_async_context(_answering(settings, telegram))
        jobs = table(
            use_cases(app, works, delivery_for(app, telegram.bot)),
            app.speaker,
            check_time=settings.deduction_time,
        )
        running_them = running_jobs(
            jobs,
            transactions=app.transactions,
            clock=app.clock,
            doorbell=app.doorbell,
            rhythm=rhythm,
        )
        yield RunningBot(app=app, runner=await stack.enter_async_context(running_them))


def _answering(
    settings: Settings, telegram: TelegramBot
) -> AbstractAsyncContextManager[TelegramBot]:
    """Poll, or let Telegram call when there is an address at which it can."""
    if settings.webhook_url is None:
        return running(telegram)
    secret = settings.webhook_secret
    return running(
        telegram,
        webhook_url=f"{settings.webhook_url}{WEBHOOK_PATH}",
        webhook_secret=None if secret is None else secret.get_secret_value(),
    )


@asynccontextmanager
async def _serving_web(app: App, telegram: TelegramBot) -> AsyncIterator[None]:
    """Serve health and figures, and the webhook if there is one.

    Nobody asked for the usual port, so that it may be taken; a port that was set may not.
    """
    settings = app.settings
    secret = settings.webhook_secret
    web = create_web(
        health=partial(_health, app),
        receive=telegram.process_update_json if settings.webhook_url else None,
        secret=None if secret is None else secret.get_secret_value(),
    )
    async with AsyncExitStack() as stack:
        opening = serving(web, host=settings.http_host, port=settings.http_port)
        try:
            await stack.enter_async_context(opening)
        except OSError as error:
            if settings.webhook_url or "http_port" in settings.model_fields_set:
                raise
            _LOG.warning("no /health, port %s is not to be had: %s", settings.http_port, error)
        yield


async def _health(app: App) -> Health:
    try:
        async with app.transactions.read() as unit:
            counts = await unit.outbox.counts()
            orders = await unit.rooms.waiting_orders(None)
            runs = await unit.jobs.last_runs()
    except (OSError, SQLAlchemyError):
        return Health(ok=False, database=False, figures={})
    figures = {f"notices_{each.value.lower()}": counts.get(each, 0) for each in NoticeStatus}
    figures["relay_orders_open"] = orders
    now = app.clock.now()
    for run in runs:
        if run.finished_at is not None:
            age_s = int((now - run.finished_at).total_seconds())
            figures[f"job_{run.job}_seconds_ago"] = age_s
            figures[f"job_{run.job}_failed"] = int(run.failed)
    return Health(ok=True, database=True, figures=figures)


def delivery_for(app: App, bot: Bot) -> Delivery:
    """This function will return the worker that takes notices to people."""
    settings = app.settings
    notifier = Notifier(
        bot,
        app.catalogues,
        default_language=settings.default_language,
        default_zone=settings.timezone,
        check_time=settings.deduction_time,
    )
    return Delivery(app.transactions, app.clock, notifier, Pacing())


@asynccontextmanager
async def open_delivery(app: App) -> AsyncIterator[Delivery]:
    """This function will open a way to people that only speaks and never listens.

    Raises BadSettings without a token, telegram.error.TelegramError.
    """
    settings = app.settings
    async with speaking_bot(token=settings.bot_token(), api_url=settings.telegram_api_url) as bot:
        yield delivery_for(app, bot)


def use_cases(app: App, works: Works | None = None, delivery: Delivery | None = None) -> UseCases:
    """This function will return what jobs can call, as far as it was opened."""
    uses = UseCases(
        reminders=app.reminders,
        reading_reminders=app.reading_reminders,
        bill_reminders=app.bill_reminders,
        promises=app.promises,
        dispute_reminders=app.dispute_reminders,
        estimates=app.estimates,
        inspections=app.inspections,
        unusual_uses=app.unusual_uses,
        delivery=delivery,
        backups=app.backups,
        photos=app.photo_cleaning,
    )
    if works is None:
        return uses
    return replace(
        uses,
        sync=works.sync,
        deductions=works.deductions,
        invoicing=works.invoicing,
        losses=works.losses,
        reconciler=works.reconciler,
    )
