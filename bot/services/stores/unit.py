"""Every slice of the store, in one transaction."""

from typing import Protocol

from bot.services.stores.account import Accounts
from bot.services.stores.allocation import Allocations
from bot.services.stores.chat import Chats
from bot.services.stores.claim import Claims, Promises
from bot.services.stores.dispute import Disputes
from bot.services.stores.inbox import Inboxes
from bot.services.stores.invoice import Invoices
from bot.services.stores.job import AuditTrail, JobSlots
from bot.services.stores.lease import Leases
from bot.services.stores.lease_tariff import LeaseTariffs
from bot.services.stores.ledger import Books, Ledger
from bot.services.stores.meter_sheet import MeterSheets
from bot.services.stores.metering import Metering
from bot.services.stores.outbox import Outbox
from bot.services.stores.people import People
from bot.services.stores.photo import Photos
from bot.services.stores.place import Places
from bot.services.stores.reading_chain import ReadingChains
from bot.services.stores.reading_list import ReadingLists
from bot.services.stores.reading_round import ReadingRounds
from bot.services.stores.recharge import Recharges
from bot.services.stores.room_size import RoomSizes
from bot.services.stores.rooms import RoomLists
from bot.services.stores.supply import Supplies
from bot.services.stores.tariff import Tariffs
from bot.services.stores.usage import Usage


class Unit(Protocol):
    """Every repository, in one transaction."""

    @property
    def places(self) -> Places:
        """The places."""
        ...

    @property
    def room_sizes(self) -> RoomSizes:
        """How many people the rooms are for, and how large they are."""
        ...

    @property
    def tariffs(self) -> Tariffs:
        """The tariffs."""
        ...

    @property
    def lease_tariffs(self) -> LeaseTariffs:
        """The tariffs of the leases."""
        ...

    @property
    def people(self) -> People:
        """The people."""
        ...

    @property
    def leases(self) -> Leases:
        """The leases."""
        ...

    @property
    def metering(self) -> Metering:
        """The metering."""
        ...

    @property
    def sheets(self) -> MeterSheets:
        """The meters, as people describe them."""
        ...

    @property
    def chains(self) -> ReadingChains:
        """The readings in their order, and what was charged on them."""
        ...

    @property
    def reading_lists(self) -> ReadingLists:
        """The readings, as people look through them."""
        ...

    @property
    def rounds(self) -> ReadingRounds:
        """The rounds in which people read meters."""
        ...

    @property
    def books(self) -> Books:
        """The books."""
        ...

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        ...

    @property
    def invoices(self) -> Invoices:
        """The bills."""
        ...

    @property
    def claims(self) -> Claims:
        """The payments that tenants say they have made."""
        ...

    @property
    def promises(self) -> Promises:
        """The days on which tenants say that they will pay."""
        ...

    @property
    def allocations(self) -> Allocations:
        """What of shared use was split."""
        ...

    @property
    def accounts(self) -> Accounts:
        """The accounts."""
        ...

    @property
    def inboxes(self) -> Inboxes:
        """What waits for somebody's hands."""
        ...

    @property
    def recharges(self) -> Recharges:
        """The ways of charges through corrections."""
        ...

    @property
    def disputes(self) -> Disputes:
        """The questions of tenants."""
        ...

    @property
    def supplies(self) -> Supplies:
        """The supplies."""
        ...

    @property
    def outbox(self) -> Outbox:
        """The outbox."""
        ...

    @property
    def chats(self) -> Chats:
        """The chats."""
        ...

    @property
    def jobs(self) -> JobSlots:
        """The jobs."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """The audit."""
        ...

    @property
    def usage(self) -> Usage:
        """The use, as people look at it."""
        ...

    @property
    def rooms(self) -> RoomLists:
        """The rooms, as staff look for them."""
        ...

    @property
    def photos(self) -> Photos:
        """The photos of meters."""
        ...
