"""What a handler knows of the person it answers, and what it may use."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from telegram import Bot

from bot.domain.people import Actor
from bot.i18n import Catalogues, Speaker
from bot.services.access import Access
from bot.services.accounts import AccountReports
from bot.services.adjustment import Adjustments
from bot.services.allocation import Allocations
from bot.services.allocation_look import AllocationLists
from bot.services.bill_anew import BillsAnew
from bot.services.bills import Bills
from bot.services.cause import Cause
from bot.services.claim import Claims
from bot.services.conversion import Conversions
from bot.services.credit_note import CreditNotes
from bot.services.device import Devices
from bot.services.dialog import Dialogs
from bot.services.dispute import Disputes
from bot.services.dispute_evidence import DisputeEvidence
from bot.services.dispute_list import DisputeLists
from bot.services.exchange.files import Files
from bot.services.hand_switch import HandSwitches
from bot.services.inbox import Inboxes
from bot.services.invitation import Invitations
from bot.services.lease_tariff import RoomTariffs
from bot.services.lease_tariff_change import RoomTariffChanges
from bot.services.meter import Meters
from bot.services.meter_edit import MeterEdits
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
from bot.services.ports import Papers, Pictures
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
from bot.services.store import Dialog, Person
from bot.services.tariff import PriceLists
from bot.services.tariff_change import PriceChanges
from bot.services.top_up import TopUps
from bot.services.use_report import UseReports
from bot.telegram.callbacks import ButtonUnknown, Press, nonce_of
from bot.telegram.menus import Menus
from bot.telegram.request import Request
from bot.telegram.screen import Screen, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The use cases that handlers call."""

    access: Access
    dialogs: Dialogs
    invitations: Invitations
    reports: Reports
    pictures: Pictures
    papers: Papers
    bills: Bills
    top_ups: TopUps
    claims: Claims
    promises: Promises
    disputes: Disputes
    dispute_lists: DisputeLists
    dispute_evidence: DisputeEvidence
    inboxes: Inboxes
    credit_notes: CreditNotes
    bills_anew: BillsAnew
    rooms: Rooms
    previews: Previews
    payments: Payments
    adjustments: Adjustments
    allocations: Allocations
    allocation_lists: AllocationLists
    room_sizes: RoomSizes
    power: Power
    names: Names
    hand_switches: HandSwitches
    readings: Readings
    reading_lists: ReadingLists
    reading_entry: ReadingEntry
    corrections: Corrections
    photos: Photos
    photo_readings: PhotoReadings
    meters: Meters
    meter_lists: MeterLists
    meter_trees: MeterTrees
    meter_edits: MeterEdits
    meter_links: MeterLinks
    meter_imports: MeterImports
    replacements: Replacements
    devices: Devices
    rounds: Rounds
    rules: Rules
    conversions: Conversions
    move_outs: MoveOuts
    onboarding: Onboarding
    tariffs: PriceLists
    tariff_changes: PriceChanges
    lease_tariffs: RoomTariffs
    lease_tariff_changes: RoomTariffChanges
    status: StatusReports
    accounts: AccountReports
    uses: UseReports
    period_closes: PeriodCloses
    files: Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One update, its person, and the place where it is answered.

    `press` is there for a tap, `dialog` when the update answers a step of one. `open_dialog` is
    the one that the person was in when the update came, whatever the update is.
    """

    request: Request
    services: Services
    catalogues: Catalogues
    menus: Menus
    person: Person
    actor: Actor
    speaker: Speaker
    window: Window
    bot: Bot
    find_home: "Callable[[Context], Awaitable[Screen | None]]"
    press: Press | None = None
    dialog: Dialog | None = None
    open_dialog: Dialog | None = None

    @property
    def cause(self) -> Cause:
        """The same update, or the same confirming button, counts once."""
        return Cause(
            actor=self.actor,
            update_id=self.request.update_id,
            nonce=None if self.press is None else self.press.nonce,
        )

    @property
    def nonce(self) -> str:
        """The mark of the question that this update asks; each update asks at most one."""
        return nonce_of(self.request.update_id)

    @property
    def tap(self) -> Press:
        """The tap, for handlers that only buttons reach. Raises ButtonUnknown."""
        if self.press is None:
            raise ButtonUnknown(self.request.data)
        return self.press

    def speaker_in(self, zone: ZoneInfo) -> Speaker:
        """Return the person's language with the clock of a place."""
        return replace(self.speaker, zone=zone)

    async def home(self) -> Screen | None:
        """This function will return the card that the person begins with."""
        return await self.find_home(self)

    async def become(self, *, person: Person, actor: Actor) -> "Context":
        """This function will go on as a person whose language or roles have changed."""
        speaker = self.catalogues.speaker(person.language, self.speaker.zone)
        await self.menus.show(self.bot, person.chat_id, actor, speaker)
        return replace(self, person=person, actor=actor, speaker=speaker)
