"""The bot's chat side, running over real HTTP and polling against the stand-in for Telegram."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.db.photo_files import PhotoFolder
from bot.db.unit_of_work import SqlTransactions
from bot.i18n import Catalogues
from bot.render import TypstPapers, TypstPictures, XlsxWorkbooks
from bot.sandbox.clock import SandboxClock
from bot.sandbox.serving import serve
from bot.sandbox.telegram import TelegramWorld, create_bot_api_app
from bot.services.access import Access
from bot.services.accounts import AccountReports
from bot.services.adjustment import Adjustments
from bot.services.allocation import Allocations
from bot.services.allocation_look import AllocationLists
from bot.services.bill_anew import BillsAnew
from bot.services.bills import Bills
from bot.services.claim import Claims
from bot.services.conversion import Conversions
from bot.services.credit_note import CreditNotes
from bot.services.device import Devices
from bot.services.dialog import Dialogs
from bot.services.dispute import Disputes
from bot.services.dispute_evidence import DisputeEvidence
from bot.services.dispute_list import DisputeLists
from bot.services.doorbell import Doorbell
from bot.services.exchange.files import Files
from bot.services.exchange.tables import tables_of
from bot.services.hand_switch import HandSwitches
from bot.services.inbox import Inboxes
from bot.services.invitation import Invitations
from bot.services.lease_tariff import RoomTariffs
from bot.services.lease_tariff_change import RoomTariffChanges
from bot.services.meter import Meters
from bot.services.meter_edit import MeterEdits
from bot.services.meter_history import MeterHistories
from bot.services.meter_import import MeterImports
from bot.services.meter_link import MeterLinks
from bot.services.meter_tree import MeterTrees
from bot.services.meters import MeterLists
from bot.services.move_out import MoveOuts
from bot.services.naming import Names
from bot.services.onboarding import Onboarding
from bot.services.payment import Payments
from bot.services.period_close import PeriodCloses
from bot.services.photo import Photos
from bot.services.photo_reading import PhotoReadings
from bot.services.place import PlaceDefaults
from bot.services.power import Power
from bot.services.preview import Previews
from bot.services.promise import Promises
from bot.services.reading_correction import Corrections
from bot.services.reading_entry import ReadingEntry
from bot.services.reading_list import ReadingLists
from bot.services.readings import Readings
from bot.services.replacement import Replacements
from bot.services.report import Reports
from bot.services.room_size import RoomSizes
from bot.services.rooms import Rooms
from bot.services.round import Rounds
from bot.services.rules import Rules
from bot.services.status import StatusReports
from bot.services.sync import Sync
from bot.services.tariff import PriceLists
from bot.services.tariff_change import PriceChanges
from bot.services.top_up import TopUps
from bot.services.upi import Payee
from bot.services.use_report import UseReports
from bot.telegram.application import TelegramBot, build_application, running
from bot.telegram.context import Services
from tests.driver import Chat, refusal_of
from tests.fakes.reader import FakeReader
from tests.lakeside import KOLKATA, Lakeside, build_lakeside

TOKEN = "4242:sandbox-token"
OWNER = 700_000_900
CATALOGUES = Catalogues()
DEFAULTS = PlaceDefaults(zone=KOLKATA, currency="INR")


@pytest.fixture
def clock() -> SandboxClock:
    """Return a clock that stands at 18:42 of a November day in the building."""
    return SandboxClock(datetime(2026, 11, 12, 13, 12, tzinfo=UTC))


@pytest.fixture
def world(clock: SandboxClock) -> Iterator[TelegramWorld]:
    """Return a Telegram that takes every request at its word."""
    world = TelegramWorld(TOKEN, "lakeside_bot", clock.now, validate=refusal_of)
    yield world
    assert world.violations == []


@pytest_asyncio.fixture
async def lakeside(transactions: SqlTransactions, clock: SandboxClock) -> Lakeside:
    """Return the building, empty."""
    return await build_lakeside(transactions, clock)


@pytest.fixture
def reader() -> FakeReader:
    """Return somebody who sees in photos what a test tells them."""
    return FakeReader()


@pytest.fixture
def payee() -> Payee | None:
    """Return to whom tenants pay."""
    return Payee(upi_id="lakeside@upi", name="Lakeside")


@pytest.fixture
def services(
    lakeside: Lakeside, reader: FakeReader, payee: Payee | None, tmp_path: Path
) -> Services:
    """Return the use cases on the building's store."""
    transactions, clock, doorbell = lakeside.transactions, lakeside.clock, Doorbell()
    photos = Photos(transactions, clock, reader, PhotoFolder(tmp_path / "photos"))
    entry = ReadingEntry(transactions, clock, doorbell)
    return Services(
        access=Access(transactions, clock, owner_telegram_ids=[OWNER]),
        dialogs=Dialogs(transactions, clock),
        invitations=Invitations(transactions, clock),
        reports=Reports(transactions, lakeside.gateway, clock),
        pictures=TypstPictures(CATALOGUES),
        papers=TypstPapers(CATALOGUES),
        bills=Bills(transactions, clock, payee),
        credit_notes=CreditNotes(transactions, clock, doorbell),
        bills_anew=BillsAnew(transactions, clock, doorbell),
        rooms=Rooms(transactions, clock),
        previews=Previews(transactions, clock),
        payments=Payments(transactions, clock, doorbell),
        adjustments=Adjustments(transactions, clock, doorbell),
        top_ups=TopUps(transactions, clock, payee),
        claims=Claims(transactions, clock, doorbell),
        disputes=Disputes(transactions, clock, doorbell),
        dispute_lists=DisputeLists(transactions, clock),
        dispute_evidence=DisputeEvidence(transactions, lakeside.gateway, clock),
        promises=Promises(transactions, clock, doorbell),
        inboxes=Inboxes(transactions, clock),
        allocations=Allocations(
            transactions,
            MeterHistories(
                lakeside.gateway,
                Sync(transactions, lakeside.gateway, clock, doorbell, defaults=DEFAULTS),
            ),
            clock,
            doorbell,
        ),
        allocation_lists=AllocationLists(transactions, clock),
        room_sizes=RoomSizes(transactions, clock),
        power=Power(transactions, clock, doorbell),
        names=Names(transactions, clock),
        hand_switches=HandSwitches(transactions, clock, doorbell),
        readings=Readings(transactions, clock, doorbell),
        photos=photos,
        photo_readings=PhotoReadings(transactions, clock, reader, photos, entry),
        reading_lists=ReadingLists(transactions, clock),
        reading_entry=ReadingEntry(transactions, clock, doorbell),
        corrections=Corrections(transactions, clock, doorbell),
        rounds=Rounds(transactions, clock, doorbell),
        rules=Rules(transactions, clock, doorbell),
        conversions=Conversions(transactions, lakeside.gateway, clock, doorbell),
        move_outs=MoveOuts(transactions, lakeside.gateway, clock, doorbell),
        meters=Meters(transactions, lakeside.gateway, clock, doorbell),
        meter_lists=MeterLists(transactions, clock),
        meter_trees=MeterTrees(transactions),
        meter_edits=MeterEdits(transactions, clock),
        meter_links=MeterLinks(transactions, clock),
        meter_imports=MeterImports(transactions, clock),
        devices=Devices(
            transactions,
            lakeside.gateway,
            clock,
            doorbell,
            Sync(transactions, lakeside.gateway, clock, doorbell, defaults=DEFAULTS),
        ),
        replacements=Replacements(transactions, clock, doorbell),
        onboarding=Onboarding(transactions, clock, defaults=DEFAULTS),
        tariffs=PriceLists(transactions, clock),
        tariff_changes=PriceChanges(transactions, clock),
        lease_tariffs=RoomTariffs(transactions, clock),
        lease_tariff_changes=RoomTariffChanges(transactions, clock, doorbell),
        status=StatusReports(transactions, lakeside.gateway, clock),
        accounts=AccountReports(transactions, clock),
        period_closes=PeriodCloses(transactions, clock),
        uses=UseReports(transactions, None, clock),
        files=Files(transactions, tables_of(transactions, clock), XlsxWorkbooks()),
    )


@pytest_asyncio.fixture
async def telegram(world: TelegramWorld, services: Services) -> AsyncIterator[TelegramBot]:
    """Return the bot, answering."""
    async with serve(create_bot_api_app(world)) as url:
        built = build_application(
            token=TOKEN,
            api_url=url,
            services=services,
            catalogues=CATALOGUES,
            default_language="en",
            default_zone=KOLKATA,
        )
        async with running(built):
            yield built
        await world.aclose()


@pytest_asyncio.fixture
async def asha(world: TelegramWorld, lakeside: Lakeside, telegram: TelegramBot) -> Chat:
    """Return the chat of the tenant of room 302."""
    await lakeside.let("Room #302")
    person = world.person("Asha")
    await lakeside.join("Room #302", person.user_id)
    return Chat(person)


@pytest.fixture
def stranger(world: TelegramWorld, telegram: TelegramBot) -> Chat:
    """Return the chat of somebody whom nobody knows."""
    return Chat(world.person("Mallory"))
