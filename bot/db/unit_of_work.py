"""One unit of work is one transaction; leaving it cleanly is the only commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.account import Accounts
from bot.db.allocation import Allocations
from bot.db.audit import AuditTrail
from bot.db.book import Books
from bot.db.chat import Chats
from bot.db.claim import Claims, Promises
from bot.db.dispute import Disputes
from bot.db.engine import Database
from bot.db.inbox import Inboxes
from bot.db.invoice import Invoices
from bot.db.job import JobSlots
from bot.db.lease import Leases
from bot.db.lease_tariff import LeaseTariffs
from bot.db.ledger import Ledger
from bot.db.meter_sheet import MeterSheets
from bot.db.metering import Metering
from bot.db.near import NearConnection, Turns
from bot.db.outbox import Outbox
from bot.db.people import People
from bot.db.photo import Photos
from bot.db.place import Places
from bot.db.reading_chain import ReadingChains
from bot.db.reading_list import ReadingLists
from bot.db.reading_round import ReadingRounds
from bot.db.recharge import Recharges
from bot.db.room_size import RoomSizes
from bot.db.rooms import RoomLists
from bot.db.supply import Supplies
from bot.db.tariff import Tariffs
from bot.db.usage import Usage


class SqlUnit:
    """Every repository, on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.places = Places(connection)
        self.room_sizes = RoomSizes(connection)
        self.tariffs = Tariffs(connection)
        self.lease_tariffs = LeaseTariffs(connection)
        self.people = People(connection)
        self.leases = Leases(connection)
        self.metering = Metering(connection)
        self.sheets = MeterSheets(connection)
        self.chains = ReadingChains(connection)
        self.rounds = ReadingRounds(connection)
        self.reading_lists = ReadingLists(connection)
        self.books = Books(connection)
        self.ledger = Ledger(connection)
        self.recharges = Recharges(connection)
        self.invoices = Invoices(connection)
        self.claims = Claims(connection)
        self.promises = Promises(connection)
        self.disputes = Disputes(connection)
        self.allocations = Allocations(connection)
        self.accounts = Accounts(connection)
        self.inboxes = Inboxes(connection)
        self.supplies = Supplies(connection)
        self.outbox = Outbox(connection)
        self.chats = Chats(connection)
        self.jobs = JobSlots(connection)
        self.audit = AuditTrail(connection)
        self.usage = Usage(connection)
        self.rooms = RoomLists(connection)
        self.photos = Photos(connection)


class SqlTransactions:
    """Opens units of work on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns = Turns()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlUnit]:
        """Open a unit that commits on a clean exit and rolls back on any other."""
        async with self._database.writer.begin() as connection:
            yield SqlUnit(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnit]:
        """Open a unit to read with, which sees one state of the store throughout."""
        near = self._database.near
        if near is None:
            async with self._database.reader.connect() as connection:
                yield SqlUnit(connection)
        else:
            with near.connect() as connection_here:
                yield SqlUnit(cast(AsyncConnection, NearConnection(connection_here, self._turns)))
