"""A simulated building behind HTTP, and a store into which some of it was taken."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest_asyncio
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.outbox import notice, notice_from
from bot.db.unit_of_work import SqlTransactions
from bot.domain.people import Role
from bot.qube import connect
from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.load import SteadyLoad
from bot.sandbox.qube.meter import MeterLabels
from bot.sandbox.qube.server import BASE_PATH, create_qube_app
from bot.sandbox.serving import serve
from bot.services.book import LeaseBook, MeterLink
from bot.services.device import Devices
from bot.services.doorbell import Doorbell
from bot.services.onboarding import Onboarding
from bot.services.place import PlaceDefaults
from bot.services.store import Notice
from bot.services.sync import Sync

KOLKATA = ZoneInfo("Asia/Kolkata")
START = datetime(2026, 11, 1, tzinfo=KOLKATA)
HEADER = "place,room,meter,tenant,rate,start_on,opening_reading,opening_balance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """Rooms 1 to 3 draw one kilowatt each; their counters began at 100 kWh."""

    clock: SandboxClock
    building: SimulatedBuilding
    transactions: SqlTransactions
    sync: Sync
    devices: Devices
    onboarding: Onboarding
    staff_id: int

    async def let(self, *rooms: int, balance: str = "3000") -> None:
        lines = [
            f"Yard,Room {number},yard.{number},Tenant {number},6.50,2026-11-01,100,{balance}"
            for number in rooms
        ]
        content = "\n".join([HEADER, *lines]).encode()
        await self.onboarding.carry_out(cause=None, content=content)

    async def book(self, number: int) -> LeaseBook:
        async with self.transactions.read() as unit:
            (meter,) = (await unit.metering.by_udf1([f"yard.{number}"])).values()
            (lease_id,) = (await unit.metering.running_leases([meter.id]))[meter.id]
            books = await unit.books.load([lease_id], now=self.clock.now(), lock=False)
        return books[lease_id]

    async def link(self, number: int) -> MeterLink:
        (link,) = (await self.book(number)).meters
        return link

    def device_id(self, number: int) -> str:
        return self.building.meter(f"yard.{number}").device_id

    async def notices(self) -> Sequence[Notice]:
        async with self.transactions.read() as unit:
            rows = await unit.outbox._connection.execute(select(notice).order_by(notice.c.id))
            return [notice_from(row) for row in rows]


def yard_building(clock: SandboxClock) -> SimulatedBuilding:
    building = SimulatedBuilding(clock)
    building.add_space(7, MeterLabels(name="Yard"))
    for number in (1, 2, 3):
        building.add_meter(
            MeterLabels(name=f"Room {number}", udf1=f"yard.{number}"),
            load=SteadyLoad(1000),
            space_id=7,
            opening_kwh=Decimal(100),
        )
    return building


@pytest_asyncio.fixture
async def yard(database: Database) -> AsyncIterator[Yard]:
    clock = SandboxClock(START)
    building = yard_building(clock)
    transactions = SqlTransactions(database)
    defaults = PlaceDefaults(zone=KOLKATA, currency="INR")
    app = create_qube_app(building, api_key="key", requests_per_minute=None)
    async with (
        serve(app) as url,
        connect(
            api_key="key", base_url=f"{url}{BASE_PATH}", requests_per_minute=1_000_000
        ) as gateway,
    ):
        sync = Sync(transactions, gateway, clock, Doorbell(), defaults=defaults)
        yield Yard(
            clock=clock,
            building=building,
            transactions=transactions,
            sync=sync,
            devices=Devices(transactions, gateway, clock, Doorbell(), sync),
            onboarding=Onboarding(transactions, clock, defaults=defaults),
            staff_id=await _employ(transactions),
        )


async def _employ(transactions: SqlTransactions) -> int:
    async with transactions.begin() as unit:
        person = await unit.people.add(
            telegram_id=1, chat_id=1, name="Ravi", language="en", at=START
        )
        await unit.people.grant(person_id=person.id, place_id=None, role=Role.OWNER)
    return person.id
