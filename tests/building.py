"""A building in a real store: places, people, rooms that are let, and all services over fakes.

The story of the specification is the default: Lakeside Apartments, ₹6.50 a unit, Room 302 let
with ₹3,000 and a counter at 1,450.0 kWh, read at 23:59 on 11 November 2025.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.db.audit import audit
from bot.db.engine import Database
from bot.db.outbox import notice, notice_from
from bot.db.unit_of_work import SqlTransactions
from bot.domain.lease import BillingMode, CheckInterval, Lease, Occupancy
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, transfer
from bot.domain.metering import Meter, MeterTerms, MeterType, Reading, ReadingType, RegisterPoint
from bot.domain.people import Role
from bot.domain.place import Place, Room
from bot.domain.tariff import Slab, TariffVersion, Tax
from bot.services.bill_reminder import BillReminders
from bot.services.book import LeaseBook, SupplyState
from bot.services.cause import Cause
from bot.services.claim import Claims
from bot.services.deduction import Deductions
from bot.services.doorbell import Doorbell
from bot.services.hand_switch import HandSwitches
from bot.services.inbox import Inboxes
from bot.services.invoicing import Invoicing
from bot.services.payment import Payments
from bot.services.ports import DeviceMode
from bot.services.power import Power
from bot.services.promise import Promises
from bot.services.readings import Readings
from bot.services.reconcile import Reconciler
from bot.services.rules import Rules
from bot.services.store import (
    BookedEntry,
    Device,
    Notice,
    NoticeKind,
    Person,
    RelayOrder,
    Transactions,
)
from bot.services.stores import Unit
from tests.fakes.clock import SettableClock
from tests.fakes.gateway import FakeDevice, FakeGateway
from tests.fakes.swaps import FakeSwaps

KOLKATA = ZoneInfo("Asia/Kolkata")
CHECK_TIME = time(23, 59)


def at(day: int, clock: str = "23:59", *, month: int = 11) -> datetime:
    """Return an instant of 2025 by the clock of the place."""
    told = datetime.combine(date(2025, month, day), time.fromisoformat(clock), KOLKATA)
    return told.astimezone(UTC)


OPENED_AT = at(11)


def flat(rate_paise: str = "650", from_on: date = date(2025, 1, 1)) -> TariffVersion:
    """Return a version with one rate, not stored yet."""
    return TariffVersion(
        id=0, from_on=from_on, slabs=(Slab(up_to=None, rate_paise=Decimal(rate_paise)),)
    )


def with_duty(rate_paise: str = "650", *, percent: int = 5) -> TariffVersion:
    """Return a version with one rate and one tax, not stored yet."""
    tax = Tax(name="Duty", percent=Decimal(percent))
    return replace(flat(rate_paise), taxes=(tax,))


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A room that is let, with its first meter."""

    room: Room
    lease: Lease
    meter: Meter
    device_id: str
    tenant: Person


@dataclass(slots=True, kw_only=True)
class Building:
    """One place with its staff, and the services that run it."""

    database: Database
    transactions: Transactions
    clock: SettableClock
    gateway: FakeGateway
    swaps: FakeSwaps
    place: Place
    tariff_id: int
    owner: Person
    manager: Person
    doorbell: Doorbell = field(default_factory=Doorbell)
    houses: list[House] = field(default_factory=list)

    @property
    def deductions(self) -> Deductions:
        """The sweep."""
        return Deductions(
            self.transactions,
            self.gateway,
            self.clock,
            self.swaps,
            self.doorbell,
            check_time=CHECK_TIME,
        )

    @property
    def reconciler(self) -> Reconciler:
        """The loop over relays; a fresh one each time, like another process."""
        return Reconciler(self.transactions, self.gateway, self.clock, self.swaps, self.doorbell)

    @property
    def payments(self) -> Payments:
        """Money in and back."""
        return Payments(self.transactions, self.clock, self.doorbell)

    @property
    def power(self) -> Power:
        """The manager's switch."""
        return Power(self.transactions, self.clock, self.doorbell)

    @property
    def hand_switches(self) -> HandSwitches:
        """The word of people who switch by hand."""
        return HandSwitches(self.transactions, self.clock, self.doorbell)

    @property
    def rules(self) -> Rules:
        """What managers set."""
        return Rules(self.transactions, self.clock, self.doorbell)

    @property
    def invoicing(self) -> Invoicing:
        """The bills."""
        return Invoicing(self.transactions, self.gateway, self.clock, self.swaps, self.doorbell)

    @property
    def claims(self) -> Claims:
        """What tenants say to have paid."""
        return Claims(self.transactions, self.clock, self.doorbell)

    @property
    def promises(self) -> Promises:
        """The days on which tenants say that they will pay."""
        return Promises(self.transactions, self.clock, self.doorbell)

    @property
    def inboxes(self) -> Inboxes:
        """What waits for somebody's decision."""
        return Inboxes(self.transactions, self.clock)

    @property
    def bill_reminders(self) -> BillReminders:
        """What tenants are told of bills that are not paid."""
        return BillReminders(self.transactions, self.clock, self.doorbell)

    @property
    def readings(self) -> Readings:
        """The manager's word on held readings."""
        return Readings(self.transactions, self.clock, self.doorbell)

    async def cause(
        self,
        person: Person | None = None,
        *,
        update_id: int | None = None,
        nonce: str | None = None,
    ) -> Cause:
        """Return a cause, by default of the manager."""
        async with self.transactions.read() as unit:
            actor = await unit.people.actor((person or self.manager).id)
        return Cause(actor=actor, update_id=update_id, nonce=nonce)

    async def let(
        self,
        room: str = "Room 302",
        *,
        balance_paise: int = 300_000,
        opening_kwh: str = "1450.0",
        interval: CheckInterval = CheckInterval.DAILY,
        start_on: date = date(2025, 11, 1),
        versions: Sequence[TariffVersion] = (),
        terms: MeterTerms | None = None,
        has_relay: bool = True,
        **changed_terms: object,
    ) -> House:
        """Let a room, with a meter read at OPENED_AT; more terms of the lease by name."""
        async with self.transactions.begin() as unit:
            stored = await unit.places.add_room(place_id=self.place.id, name=room)
            tariff_id = self.tariff_id
            if versions:
                tariff_id = await unit.tariffs.add(
                    place_id=self.place.id, name=f"Tariff of {room}", versions=versions
                )
            new = replace(
                _lease(stored, tariff_id, interval, start_on),
                **changed_terms,  # type: ignore[arg-type]
            )
            lease = await unit.leases.add(new)
            tenant = await _person(unit, f"Tenant of {room}", 1000 + lease.id)
            await unit.leases.join(lease_id=lease.id, person_id=tenant.id, at=OPENED_AT)
            await _open(unit, lease, balance_paise)
        meter, device_id = await self.add_meter(
            lease, f"LAKE-{lease.id}", opening_kwh=opening_kwh, terms=terms, has_relay=has_relay
        )
        house = House(room=stored, lease=lease, meter=meter, device_id=device_id, tenant=tenant)
        self.houses.append(house)
        return house

    async def add_meter(
        self,
        lease: Lease,
        udf1: str,
        *,
        opening_kwh: str,
        terms: MeterTerms | None = None,
        has_relay: bool = True,
    ) -> tuple[Meter, str]:
        """Give a lease a meter with a device, read at OPENED_AT."""
        device = a_device(udf1, has_relay=has_relay)
        async with self.transactions.begin() as unit:
            meter = await unit.metering.add_meter(
                Meter(
                    id=0,
                    place_id=lease.place_id,
                    room_id=lease.room_id,
                    udf1=udf1,
                    type=MeterType.ELECTRICITY,
                    unit="kWh",
                    terms=terms or MeterTerms(),
                )
            )
            await unit.metering.save_device(device)
            installed = await unit.metering.install(
                meter_id=meter.id, device_id=device.id, at=OPENED_AT
            )
            opening = Reading(
                meter_id=meter.id,
                installation_id=installed.id,
                point=RegisterPoint(at=OPENED_AT, value=Decimal(opening_kwh)),
                type=ReadingType.MANUAL,
                lease_id=lease.id,
            )
            (reading_id,) = await unit.metering.add_readings([opening])
            await unit.metering.link(
                lease_id=lease.id, meter_id=meter.id, anchor_reading_id=reading_id
            )
        self.gateway.devices[device.id] = FakeDevice(
            energy_kwh=Decimal(opening_kwh), udf1=udf1, has_relay=has_relay
        )
        return meter, device.id

    def device(self, house: House) -> FakeDevice:
        """Return the device of a room as the vendor shows it."""
        return self.gateway.devices[house.device_id]

    async def book(self, house: House) -> LeaseBook:
        """Return the book of a lease as it stands."""
        async with self.transactions.read() as unit:
            books = await unit.books.load([house.lease.id], now=self.clock.now(), lock=False)
        return books[house.lease.id]

    async def balance(self, house: House) -> int:
        """Return what the tenant holds, in paise."""
        return (await self.book(house)).balance_paise

    async def supply(self, house: House) -> SupplyState:
        """Return what the relay of a room should be."""
        async with self.transactions.read() as unit:
            return (await unit.supplies.states([house.meter.id]))[house.meter.id]

    async def open_order(self, house: House) -> RelayOrder | None:
        """Return the open order to the relay of a room."""
        async with self.transactions.read() as unit:
            return await unit.supplies.open_order(house.meter.id)

    async def entries(self, house: House, *kinds: EntryKind) -> list[BookedEntry]:
        """Return the entries of a lease, oldest first, without the opening one."""
        async with self.transactions.read() as unit:
            newest_first = await unit.ledger.page(house.lease.id, limit=10_000)
        return [
            each
            for each in reversed(newest_first)
            if each.kind is not EntryKind.OPENING and (not kinds or each.kind in kinds)
        ]

    async def notices(self, *kinds: NoticeKind, to: Person | None = None) -> list[Notice]:
        """Return all notices in the order in which they were written."""
        async with self.database.reader.connect() as connection:
            rows = await connection.execute(select(notice).order_by(notice.c.id))
        told = [notice_from(row) for row in rows]
        return [
            each
            for each in told
            if (not kinds or each.kind in kinds) and (to is None or each.person_id == to.id)
        ]

    async def trail(self) -> list[tuple[str, dict[str, object]]]:
        """Return what the audit trail says, oldest first."""
        async with self.database.reader.connect() as connection:
            rows = await connection.execute(select(audit).order_by(audit.c.id))
        return [(row.action, row.facts) for row in rows]

    async def flaws(self) -> int:
        """Return how many things in the books do not add up. Rule 2.4."""
        async with self.transactions.read() as unit:
            return len(await unit.ledger.flaws())


def a_device(udf1: str, *, has_relay: bool) -> Device:
    """Return a device that was seen just now, under the number of its meter."""
    return Device(
        id=f"dev-{udf1}",
        space_id=7,
        name=udf1,
        udf1=udf1,
        mode=DeviceMode.MEASUREMENT,
        seen_at=OPENED_AT,
        is_online=True,
        has_relay=has_relay,
    )


async def build(database: Database, *, place: Place | None = None) -> Building:
    """Build Lakeside Apartments in an empty store."""
    transactions = SqlTransactions(database)
    clock = SettableClock(OPENED_AT)
    async with transactions.begin() as unit:
        stored = await unit.places.add(place or lakeside())
        tariff_id = await unit.tariffs.add(place_id=stored.id, name="Home", versions=[flat()])
        owner = await _person(unit, "Olga", 1)
        manager = await _person(unit, "Mani", 2)
        await unit.people.grant(person_id=owner.id, place_id=None, role=Role.OWNER)
        await unit.people.grant(person_id=manager.id, place_id=stored.id, role=Role.MANAGER)
    return Building(
        database=database,
        transactions=transactions,
        clock=clock,
        gateway=FakeGateway(),
        swaps=FakeSwaps(transactions, clock),
        place=stored,
        tariff_id=tariff_id,
        owner=owner,
        manager=manager,
    )


def lakeside() -> Place:
    """Return the place of the story, not stored yet."""
    return Place(id=0, name="Lakeside Apartments", zone=KOLKATA, currency="INR", space_id=7)


def _lease(room: Room, tariff_id: int, interval: CheckInterval, start_on: date) -> Lease:
    return Lease(
        id=0,
        place_id=room.place_id,
        room_id=room.id,
        tenant_name=f"Tenant of {room.name}",
        phone=None,
        mode=BillingMode.PREPAID,
        occupancy=Occupancy(start_on=start_on),
        tariff_id=tariff_id,
        check_interval=interval,
        cut_off_paise=10_000,
        low_balance_paise=50_000,
    )


async def _person(unit: Unit, name: str, telegram_id: int) -> Person:
    return await unit.people.add(
        telegram_id=telegram_id, chat_id=telegram_id, name=name, language="en", at=OPENED_AT
    )


async def _open(unit: Unit, lease: Lease, balance_paise: int) -> None:
    entry = LedgerEntry(
        key=f"opening:{lease.id}",
        kind=EntryKind.OPENING,
        place_id=lease.place_id,
        lease_id=lease.id,
        occurred_at=OPENED_AT,
        postings=transfer(
            lease_id=lease.id, tenant_paise=balance_paise, other=AccountKind.ADJUSTMENTS
        ),
    )
    await unit.ledger.append([entry], recorded_at=OPENED_AT)
