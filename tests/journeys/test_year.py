"""A year of fifty rooms, some paid before use and some after it, against a plain recount.

The vendor is simulated, behind real HTTP and with its own clock; the prices change in the middle,
meters go offline, rooms change how they are billed, some change their tenants, and people pay now
and then.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.app import App, Works, open_app, open_works
from bot.config import Settings
from bot.domain.lease import BillingMode, CheckInterval
from bot.domain.ledger import EntryKind, PaymentMethod
from bot.domain.metering import RegisterPoint
from bot.domain.people import Actor, Role
from bot.domain.tariff import Slab, TariffVersion
from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.load import KOLKATA, Household
from bot.sandbox.qube.meter import MeterLabels
from bot.sandbox.qube.server import BASE_PATH, create_qube_app
from bot.sandbox.serving import serve
from bot.services.book import LeaseBook
from bot.services.boundary import ReadingInTheWay
from bot.services.cause import Cause
from bot.services.conversion import Conversions, Wanted
from bot.services.move_out import MoveOuts
from bot.services.ports import DeviceUnreachable
from bot.services.tariff_change import PriceChanges
from tests.journeys.house import BRISK_PER_MINUTE, KEY
from tests.naive import Recount

ROOMS = 50
BEGINS_ON = date(2026, 4, 1)
YEAR = timedelta(days=365)
DAY = timedelta(days=1)
SPACE = 7
MOVING = range(0, ROOMS, 9)
"""The rooms that somebody leaves, each on a day of its own, for somebody else to come."""
VACANT = (timedelta(0), timedelta(days=7))
HEADER = (
    "place,room,meter,type,tenant,mode,rate,start_on,opening_reading,opening_balance,billing_day"
)


def at(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, KOLKATA)


@dataclass(slots=True, kw_only=True)
class Year:
    """A building with its bot, and chance."""

    clock: SandboxClock
    building: SimulatedBuilding
    app: App
    works: Works
    cause: Cause
    chance: Random = field(default_factory=lambda: Random(50))
    paid_paise: dict[int, int] = field(default_factory=dict)
    lease_ids: list[int] = field(default_factory=list)
    rooms: dict[int, int] = field(default_factory=dict)
    free_since: dict[int, date] = field(default_factory=dict)

    async def books(self) -> Mapping[int, LeaseBook]:
        """Return all leases as they stand."""
        async with self.app.transactions.read() as unit:
            return await unit.books.load(self.lease_ids, now=self.clock.now(), lock=False)

    async def move_in(self) -> None:
        """Let fifty rooms, every other one to be billed later."""
        rows = [
            f"Fifty,Room {n},fifty.{n},,Tenant {n},{'postpaid' if n % 2 else 'prepaid'},6.50,"
            f"{BEGINS_ON},{1000 + n}.0,{0 if n % 2 else 1000},{n % 28 + 1 if n % 2 else ''}"
            for n in range(ROOMS)
        ]
        await self.works.sync.run()
        content = "\n".join([HEADER, *rows]).encode()
        imported = await self.app.onboarding.carry_out(cause=None, content=content)
        assert not imported.plan.problems
        self.lease_ids = [each.lease_id for each in imported.created]
        self.rooms = dict(enumerate(self.lease_ids))
        async with self.app.transactions.begin() as unit:
            for number, lease_id in enumerate(self.lease_ids):
                lease = await unit.leases.get(lease_id)
                assert lease is not None
                if number % 5:
                    await unit.leases.save(replace(lease, check_interval=CheckInterval.WEEKLY))

    async def a_day(self, on: date) -> None:
        """Bill in the night, pay over the day, check in the evening."""
        self.clock.move_to(at(on, time(0, 30)))
        await self.works.invoicing.run()
        self.clock.move_to(at(on, time(12)))
        self._shake_the_network(on)
        if on.day in {7, 17, 27}:
            await self._pay()
        if on == date(2026, 9, 12):
            await self._raise_the_price(date(2026, 10, 10))
        if on.day == 14:
            await self._convert()
        for number in MOVING:
            await self._move(number, on)
        self.clock.move_to(at(on, time(23, 59)))
        await self.works.deductions.run(only_due=True)

    def _shake_the_network(self, on: date) -> None:
        for number in range(ROOMS):
            self.building.bring_back(f"fifty.{number}")
        for number in self.chance.sample(range(ROOMS), 4):
            self.building.take_offline(f"fifty.{number}")
            if self.chance.random() < 0.3:
                self.building.lose_day(f"fifty.{number}", on)

    async def _pay(self) -> None:
        for lease_id, book in (await self.books()).items():
            if book.balance_paise > 20_000 or self.chance.random() < 0.3:
                continue
            paise = self.chance.randint(1, 200_000)
            await self.app.payments.record(
                cause=self.cause, lease_id=lease_id, amount_paise=paise, method=PaymentMethod.UPI
            )
            self.paid_paise[lease_id] = self.paid_paise.get(lease_id, 0) + paise

    async def _raise_the_price(self, from_on: date) -> None:
        slabs = (
            Slab(up_to=Decimal(60), rate_paise=Decimal(675)),
            Slab(up_to=None, rate_paise=Decimal("812.5")),
        )
        async with self.app.transactions.read() as unit:
            (place,) = await unit.places.all()
            (tariff,) = await unit.tariffs.of_place(place.id)
        changes = PriceChanges(self.app.transactions, self.clock)
        version = TariffVersion(id=0, from_on=from_on, slabs=slabs)
        seen = [each.id for each in tariff.versions]
        await changes.change(cause=self.cause, tariff_id=tariff.id, version=version, seen=seen)

    async def _convert(self) -> None:
        lease_id = self.chance.choice(list(self.rooms.values()))
        mode = (await self.books())[lease_id].lease.mode
        wanted = Wanted(mode=BillingMode.PREPAID)
        if mode is BillingMode.PREPAID:
            wanted = Wanted(mode=BillingMode.POSTPAID, billing_day=self.chance.randint(1, 28))
        gateway, doorbell = self.works.gateway, self.app.doorbell
        conversions = Conversions(self.app.transactions, gateway, self.clock, doorbell)
        with suppress(DeviceUnreachable, ReadingInTheWay):
            await conversions.convert(cause=self.cause, lease_id=lease_id, wanted=wanted)

    async def _move(self, number: int, on: date) -> None:
        """Let a tenant leave on the room's day, or as soon as the meter can be read, and the next
        one come the same day or a week later."""
        free_since = self.free_since.get(number)
        if free_since is None and on >= BEGINS_ON + DAY * (70 + 5 * number):
            doorbell = self.app.doorbell
            leaving = MoveOuts(self.app.transactions, self.works.gateway, self.clock, doorbell)
            with suppress(DeviceUnreachable, ReadingInTheWay):
                await leaving.end(cause=self.cause, lease_id=self.rooms[number])
                free_since = self.free_since[number] = on
                del self.rooms[number]
        if number in self.rooms or free_since is None:
            return
        if on >= free_since + VACANT[number % 2]:
            await self._let_anew(number)

    async def _let_anew(self, number: int) -> None:
        """Let a room to somebody who pays in the other way, from this moment on."""
        self.clock.move_to(self.clock.now() + timedelta(minutes=5))
        shown = self.building.meter(f"fifty.{number}").register_kwh_at(self.clock.now())
        mode, balance = ("prepaid", 500) if number % 2 else ("postpaid", 0)
        row = f"Fifty,Room {number},fifty.{number},,Next {number},{mode},,,{shown},{balance},9"
        content = f"{HEADER}\n{row}".encode()
        imported = await self.app.onboarding.carry_out(cause=None, content=content)
        assert not imported.plan.problems
        (created,) = imported.created
        self.rooms[number] = created.lease_id
        self.lease_ids.append(created.lease_id)

    async def recount(self, book: LeaseBook) -> tuple[int, Decimal]:
        """Return what all that was read of a room costs, and how much was used."""
        (link,) = book.meters
        async with self.app.transactions.read() as unit:
            (installed,) = await unit.chains.installations(link.meter.id)
            found = await unit.chains.members(
                installed.id,
                lease_id=book.lease.id,
                from_at=at(BEGINS_ON, time(0)),
                to_at=self.clock.now(),
            )
            (tariff,) = await unit.tariffs.of_place(book.place.id)
        points: list[RegisterPoint] = [each.point for each in found]
        lived = book.lease.occupancy
        recount = Recount(
            versions=tariff.versions, points=points, start_on=lived.start_on, end_on=lived.end_on
        )
        return recount.total_paise(), points[-1].value - points[0].value


async def an_owner(app: App) -> Cause:
    """Return the word of somebody who may do everything."""
    async with app.transactions.begin() as unit:
        person = await unit.people.add(
            telegram_id=1, chat_id=1, name="Olga", language="en", at=app.clock.now()
        )
    return Cause(actor=Actor(person_id=person.id, roles=((None, Role.OWNER),)))


@pytest_asyncio.fixture
async def year(database_url: str) -> AsyncIterator[Year]:
    clock = SandboxClock(at(BEGINS_ON, time(0)))
    building = SimulatedBuilding(clock)
    building.add_space(SPACE, MeterLabels(name="Fifty"))
    for number in range(ROOMS):
        building.add_meter(
            MeterLabels(name=f"Room {number}", udf1=f"fifty.{number}"),
            load=Household(f"room {number}", mean_day_wh=2000 + 150 * number),
            space_id=SPACE,
            opening_kwh=Decimal(1000 + number),
        )
    async with serve(create_qube_app(building, api_key=KEY, requests_per_minute=None)) as url:
        settings = Settings(
            qube_api_key=SecretStr(KEY),
            qube_api_url=url + BASE_PATH,
            qube_requests_per_minute=BRISK_PER_MINUTE,
            database_url=SecretStr(database_url),
            http_port=0,
        )
        async with open_app(settings, clock=clock) as app, open_works(app) as works:
            cause = await an_owner(app)
            yield Year(clock=clock, building=building, app=app, works=works, cause=cause)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_after_a_year_every_room_paid_what_a_recount_comes_to(year: Year) -> None:
    await year.move_in()
    for number in range(YEAR // DAY):
        await year.a_day(BEGINS_ON + DAY * number)
    opened = {}
    async with year.app.transactions.read() as unit:
        assert await unit.ledger.flaws() == []
        for lease_id in year.lease_ids:
            entries = await unit.ledger.page(lease_id, limit=100_000)
            opened[lease_id] = sum(x.tenant_paise for x in entries if x.kind is EntryKind.OPENING)
        (place,) = await unit.places.all()
        documents = await unit.invoices.of_place(place.id, limit=100_000)
    used: dict[str, Decimal] = defaultdict(Decimal)
    for lease_id, book in (await year.books()).items():
        cost_paise, quantity = await year.recount(book)
        paid_paise = year.paid_paise.get(lease_id, 0)
        assert book.balance_paise == opened[lease_id] + paid_paise - cost_paise
        used[str(book.meters[0].meter.udf1)] += quantity
    for udf1, quantity in used.items():
        meter = year.building.meter(udf1)
        begun = meter.register_kwh_at(at(BEGINS_ON, time(0)))
        assert quantity <= meter.register_kwh_at(year.clock.now()) - begun
    assert len(year.lease_ids) == ROOMS + len(MOVING)
    serials = sorted(
        each.serial for each in documents if each.year == 2026 and not each.corrects_id
    )
    assert serials == list(range(1, len(serials) + 1))
    assert len(serials) > 250
