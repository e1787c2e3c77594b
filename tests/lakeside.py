"""Lakeside Apartments in a store: rooms, meters, leases and tariffs, as onboarding leaves them."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.db.unit_of_work import SqlTransactions, SqlUnit
from bot.domain.lease import BillingMode, CheckInterval, Lease, Occupancy
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, PaymentMethod, transfer
from bot.domain.metering import (
    Meter,
    MeterTerms,
    MeterType,
    Reading,
    ReadingType,
    RegisterPoint,
)
from bot.domain.people import Actor, Role
from bot.domain.place import Place, Room
from bot.domain.supply import SupplyReason
from bot.domain.tariff import Slab, TariffVersion
from bot.services.book import SupplyState
from bot.services.cause import Cause
from bot.services.deduction import DeductionReport, Deductions
from bot.services.doorbell import Doorbell
from bot.services.payment import Payments, Receipt
from bot.services.ports import Clock, DeviceMode
from bot.services.store import Device
from tests.meters import FakeMeter, FakeMeters

KOLKATA = ZoneInfo("Asia/Kolkata")
NEW_YEAR = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Let:
    """A room that is let, with its meter and device."""

    room: Room
    lease: Lease
    meter: Meter
    device_id: str


class NoSwaps:
    """Nothing is ever replaced here."""

    async def refresh_meter(self, meter_id: int) -> None:
        """Find no other device."""


@dataclass(slots=True, kw_only=True)
class Lakeside:
    """The building, and what a test does to it."""

    transactions: SqlTransactions
    clock: Clock
    gateway: FakeMeters
    place: Place
    tariff_id: int
    lets: dict[str, Let] = field(default_factory=dict)

    def meter(self, room: str) -> FakeMeter:
        """Return the device of a room as the vendor shows it."""
        return self.gateway.meters[self.lets[room].device_id]

    def lease_id(self, room: str) -> int:
        """Return the lease of a room."""
        return self.lets[room].lease.id

    async def let(
        self,
        room: str,
        *,
        tenant: str = "Asha Rao",
        balance_paise: int = 300_000,
        opening_kwh: str = "1450.0",
        start_on: date = NEW_YEAR,
        opened_at: datetime | None = None,
        mode: BillingMode = BillingMode.PREPAID,
    ) -> Let:
        """Let a room from an opening reading on."""
        at = opened_at or self.clock.now()
        device_id = f"device-{room}"
        self.gateway.meters[device_id] = FakeMeter(energy_kwh=Decimal(opening_kwh))
        async with self.transactions.begin() as unit:
            stored = await unit.places.add_room(place_id=self.place.id, name=room)
            lease = await unit.leases.add(
                _lease(self, stored, tenant=tenant, start_on=start_on, mode=mode)
            )
            meter = await _equip(unit, lease, stored, device_id, Decimal(opening_kwh), at)
            await unit.ledger.append([_opening(lease, balance_paise, at)], recorded_at=at)
        self.lets[room] = Let(room=stored, lease=lease, meter=meter, device_id=device_id)
        return self.lets[room]

    async def join(self, room: str, telegram_id: int, *, name: str = "Asha") -> int:
        """Make somebody a tenant of a room, and return their person id."""
        person_id = await self.meet(telegram_id, name=name)
        async with self.transactions.begin() as unit:
            await unit.leases.join(
                lease_id=self.lease_id(room), person_id=person_id, at=self.clock.now()
            )
        return person_id

    async def employ(
        self, telegram_id: int, role: Role, *, name: str = "Ravi", everywhere: bool = False
    ) -> int:
        """Give somebody a role at the building, and return their person id."""
        person_id = await self.meet(telegram_id, name=name)
        place_id = None if everywhere else self.place.id
        async with self.transactions.begin() as unit:
            await unit.people.grant(person_id=person_id, place_id=place_id, role=role)
        return person_id

    async def meet(self, telegram_id: int, *, name: str) -> int:
        """Let somebody be on record, and return their person id."""
        async with self.transactions.begin() as unit:
            known = await unit.people.by_telegram(telegram_id)
            if known is not None:
                return known.id
            person = await unit.people.add(
                telegram_id=telegram_id,
                chat_id=telegram_id,
                name=name,
                language="en",
                at=self.clock.now(),
            )
            return person.id

    async def deduct(self) -> DeductionReport:
        """Charge everybody for what they used."""
        deductions = Deductions(
            self.transactions,
            self.gateway,
            self.clock,
            NoSwaps(),
            Doorbell(),
            check_time=time(23, 59),
        )
        return await deductions.run()

    async def pay(self, room: str, amount_paise: int, *, reference: str | None = None) -> Receipt:
        """Record a payment, as a manager would."""
        return await Payments(self.transactions, self.clock, Doorbell()).record(
            cause=await self._by_a_manager(),
            lease_id=self.lease_id(room),
            amount_paise=amount_paise,
            method=PaymentMethod.UPI,
            reference=reference,
        )

    async def take_back(self, receipt: Receipt) -> Receipt:
        """Reverse a payment, as a manager would."""
        return await Payments(self.transactions, self.clock, Doorbell()).reverse(
            cause=await self._by_a_manager(), entry_id=receipt.entry.id, reason="wrong room"
        )

    async def _by_a_manager(self) -> Cause:
        manager_id = await self.employ(1, Role.MANAGER)
        actor = Actor(person_id=manager_id, roles=((self.place.id, Role.MANAGER),))
        return Cause(actor=actor, nonce=secrets.token_urlsafe(9))

    async def set_power(self, room: str, *, on: bool, reason: SupplyReason) -> None:
        """Store what the relay of a room is."""
        now = self.clock.now()
        state = SupplyState(
            meter_id=self.lets[room].meter.id,
            desired_on=on,
            reason=reason,
            decided_at=now,
            actual_on=on,
            confirmed_at=now,
        )
        async with self.transactions.begin() as unit:
            await unit.supplies.save([state])


async def build_lakeside(
    transactions: SqlTransactions, clock: Clock, *, rate_paise: str = "650"
) -> Lakeside:
    """Return the building, empty."""
    place = Place(id=0, name="Lakeside Apartments", zone=KOLKATA, currency="INR")
    version = TariffVersion(
        id=0, from_on=NEW_YEAR, slabs=(Slab(up_to=None, rate_paise=Decimal(rate_paise)),)
    )
    async with transactions.begin() as unit:
        stored = await unit.places.add(place)
        tariff_id = await unit.tariffs.add(
            place_id=stored.id, name="Lakeside 2026", versions=[version]
        )
    return Lakeside(
        transactions=transactions,
        clock=clock,
        gateway=FakeMeters(),
        place=stored,
        tariff_id=tariff_id,
    )


def _lease(
    lakeside: Lakeside, room: Room, *, tenant: str, start_on: date, mode: BillingMode
) -> Lease:
    return Lease(
        id=0,
        place_id=lakeside.place.id,
        room_id=room.id,
        tenant_name=tenant,
        phone=None,
        mode=mode,
        occupancy=Occupancy(start_on=start_on),
        tariff_id=lakeside.tariff_id,
        check_interval=CheckInterval.DAILY,
        cut_off_paise=10_000,
        low_balance_paise=50_000,
    )


async def _equip(
    unit: SqlUnit, lease: Lease, room: Room, device_id: str, opening: Decimal, at: datetime
) -> Meter:
    meter = await unit.metering.add_meter(
        Meter(
            id=0,
            place_id=lease.place_id,
            room_id=room.id,
            udf1=f"lakeside.{room.name}",
            type=MeterType.ELECTRICITY,
            unit="kWh",
            terms=MeterTerms(),
        )
    )
    await unit.metering.save_device(
        Device(
            id=device_id,
            space_id=None,
            name=room.name,
            udf1=meter.udf1,
            mode=DeviceMode.MEASUREMENT,
            seen_at=at,
            is_online=True,
            has_relay=True,
        )
    )
    installed = await unit.metering.install(meter_id=meter.id, device_id=device_id, at=at)
    (reading_id,) = await unit.metering.add_readings(
        [
            Reading(
                meter_id=meter.id,
                installation_id=installed.id,
                point=RegisterPoint(at=at, value=opening),
                type=ReadingType.AUTOMATIC,
                lease_id=lease.id,
            )
        ]
    )
    await unit.metering.link(lease_id=lease.id, meter_id=meter.id, anchor_reading_id=reading_id)
    return meter


def _opening(lease: Lease, balance_paise: int, at: datetime) -> LedgerEntry:
    return LedgerEntry(
        key=f"opening:{lease.id}",
        kind=EntryKind.OPENING,
        place_id=lease.place_id,
        lease_id=lease.id,
        occurred_at=at,
        postings=transfer(
            lease_id=lease.id, tenant_paise=balance_paise, other=AccountKind.ADJUSTMENTS
        ),
    )
