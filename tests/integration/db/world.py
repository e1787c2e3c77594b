"""A small furnished building, and entries for its books."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.billing import LineKind
from bot.domain.dispute import Dispute, ItemKind
from bot.domain.invoice import BillingPeriod, DocumentKind
from bot.domain.lease import BillingMode, CheckInterval, Lease, Occupancy
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, transfer
from bot.domain.metering import (
    Installation,
    Meter,
    MeterTerms,
    MeterType,
    Reading,
    ReadingStatus,
    ReadingType,
    RegisterPoint,
)
from bot.domain.place import Place, Room
from bot.domain.supply import SupplyReason
from bot.domain.tariff import Slab, TariffVersion
from bot.services.account_record import PeriodClose
from bot.services.invoice_record import Invoice
from bot.services.ports import DeviceMode, Lane
from bot.services.store import (
    Device,
    MonthLine,
    Notice,
    NoticeKind,
    Person,
    RelayOrder,
)
from bot.services.stores import Unit

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
MARCH = date(2026, 3, 1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One room, let to one tenant, with one meter."""

    place: Place
    room: Room
    tariff_id: int
    version_id: int
    lease: Lease
    tenant: Person
    meter: Meter
    device: Device
    installation: Installation
    anchor_id: int


def a_place(name: str = "Lakeside") -> Place:
    """Return a place that is not stored yet."""
    return Place(id=0, name=name, zone=ZoneInfo("Asia/Kolkata"), currency="INR")


def a_version(from_on: date = date(2026, 1, 1), rate: str = "650.5") -> TariffVersion:
    """Return a version that is not stored yet."""
    slabs = (Slab(up_to=None, rate_paise=Decimal(rate)),)
    return TariffVersion(id=0, from_on=from_on, slabs=slabs)


def a_lease(place: Place, room: Room, tariff_id: int) -> Lease:
    """Return a lease that is not stored yet."""
    return Lease(
        id=0,
        place_id=place.id,
        room_id=room.id,
        tenant_name="Asha",
        phone=None,
        mode=BillingMode.PREPAID,
        occupancy=Occupancy(start_on=date(2026, 1, 15)),
        tariff_id=tariff_id,
        check_interval=CheckInterval.DAILY,
        cut_off_paise=10_000,
        low_balance_paise=50_000,
    )


def a_meter(place: Place, room: Room | None, udf1: str | None = "ROOM-1") -> Meter:
    """Return a meter that is not stored yet."""
    return Meter(
        id=0,
        place_id=place.id,
        room_id=None if room is None else room.id,
        udf1=udf1,
        type=MeterType.ELECTRICITY,
        unit="kWh",
        terms=MeterTerms(),
    )


def a_device(device_id: str = "dev-1", udf1: str | None = "ROOM-1") -> Device:
    """Return a device that is not stored yet."""
    return Device(
        id=device_id,
        space_id=7,
        name="Meter",
        udf1=udf1,
        mode=DeviceMode.MEASUREMENT,
        seen_at=AT,
        is_online=True,
        has_relay=True,
    )


def a_reading(
    installation: Installation,
    *,
    at: datetime = AT,
    value: str = "1450.125",
    status: ReadingStatus = ReadingStatus.ACCEPTED,
) -> Reading:
    """Return a reading that is not stored yet."""
    return Reading(
        meter_id=installation.meter_id,
        installation_id=installation.id,
        point=RegisterPoint(at=at, value=Decimal(value)),
        type=ReadingType.AUTOMATIC,
        status=status,
    )


async def furnish(unit: Unit, number: int = 1, *, place: Place | None = None) -> World:
    """Store one room with all that belongs to it."""
    place = place or await unit.places.add(a_place(f"House {number}"))
    room = await unit.places.add_room(place_id=place.id, name=f"Room {number}")
    tariff_id = await unit.tariffs.add(
        place_id=place.id, name=f"Tariff {number}", versions=[a_version()]
    )
    tariff = (await unit.tariffs.get({tariff_id}))[tariff_id]
    lease = await unit.leases.add(a_lease(place, room, tariff_id))
    tenant = await unit.people.add(
        telegram_id=number, chat_id=number, name=f"Asha {number}", language="en", at=AT
    )
    await unit.leases.join(lease_id=lease.id, person_id=tenant.id, at=AT)
    udf1 = f"ROOM-{number}"
    meter = await unit.metering.add_meter(a_meter(place, room, udf1))
    device = a_device(f"dev-{number}", udf1)
    await unit.metering.save_device(device)
    installation = await unit.metering.install(meter_id=meter.id, device_id=device.id, at=AT - DAY)
    (anchor_id,) = await unit.metering.add_readings([a_reading(installation)])
    await unit.metering.link(lease_id=lease.id, meter_id=meter.id, anchor_reading_id=anchor_id)
    return World(
        place=place,
        room=room,
        tariff_id=tariff_id,
        version_id=tariff.versions[0].id,
        lease=lease,
        tenant=tenant,
        meter=meter,
        device=device,
        installation=installation,
        anchor_id=anchor_id,
    )


def a_payment(world: World, key: str, paise: int = 50_000, *, at: datetime = AT) -> LedgerEntry:
    """Return a payment by UPI."""
    return LedgerEntry(
        key=key,
        kind=EntryKind.PAYMENT,
        place_id=world.place.id,
        lease_id=world.lease.id,
        occurred_at=at,
        postings=transfer(lease_id=world.lease.id, tenant_paise=paise, other=AccountKind.UPI),
        reference=key,
        why={"method": "upi"},
    )


def a_deduction(world: World, key: str, paise: int = 7_670, *, at: datetime = AT) -> LedgerEntry:
    """Return a charge for energy."""
    return LedgerEntry(
        key=key,
        kind=EntryKind.DEDUCTION,
        place_id=world.place.id,
        lease_id=world.lease.id,
        occurred_at=at,
        postings=transfer(
            lease_id=world.lease.id, tenant_paise=-paise, other=AccountKind.ENERGY_INCOME
        ),
        why={"kwh": "11.8"},
    )


def a_line(
    world: World,
    *,
    month_on: date = MARCH,
    kind: LineKind = LineKind.ENERGY,
    name: str = "Grid",
    generator: bool = False,
    quantity: str = "11.8",
    paise: int = 7_670,
) -> MonthLine:
    """Return what an entry charged for."""
    return MonthLine(
        lease_id=world.lease.id,
        month_on=month_on,
        kind=kind,
        name=name,
        version_id=world.version_id,
        by_generator=generator,
        quantity=Decimal(quantity),
        amount_paise=paise,
    )


def an_order(
    world: World, *, on: bool = True, lane: Lane = Lane.RESTORE, due_at: datetime = AT
) -> RelayOrder:
    """Return an order to the meter's relay."""
    return RelayOrder(
        meter_id=world.meter.id,
        lease_id=world.lease.id,
        turn_on=on,
        reason=SupplyReason.IN_ORDER if on else SupplyReason.BELOW_CUT_OFF,
        thread=f"power:{world.lease.id}",
        lane=lane,
        created_at=AT,
        due_at=due_at,
    )


def a_notice(world: World, key: str, *, thread: str | None = None, due_at: datetime = AT) -> Notice:
    """Return a message to the tenant."""
    return Notice(
        key=key,
        person_id=world.tenant.id,
        kind=NoticeKind.LOW,
        facts={"balance_paise": 1, "place": "Lakeside"},
        created_at=AT,
        due_at=due_at,
        thread=thread,
    )


def a_bill(world: World) -> Invoice:
    """Return a bill that is not stored yet."""
    return Invoice(
        key="a bill",
        kind=DocumentKind.INVOICE,
        place_id=world.place.id,
        lease_id=world.lease.id,
        year=2026,
        serial=1,
        number="H1/26-27/0001",
        period=BillingPeriod(from_on=date(2026, 9, 25), to_on=date(2026, 10, 25)),
        issued_at=AT,
        issued_on=date(2026, 10, 26),
        due_on=date(2026, 11, 5),
        net_paise=220_675,
        tax_paise=0,
        balance_after_paise=-220_675,
        facts={},
    )


def a_close(world: World, entry_id: int) -> PeriodClose:
    """Return a closed month that is not stored yet."""
    return PeriodClose(
        id=0,
        place_id=world.place.id,
        through_on=date(2026, 2, 28),
        until_at=AT,
        closed_at=AT,
        last_entry_id=entry_id,
    )


def a_question(world: World, entry_id: int) -> Dispute:
    """Return a question about an entry that is not stored yet."""
    return Dispute(
        id=0,
        place_id=world.place.id,
        serial=1,
        lease_id=world.lease.id,
        item=ItemKind.ENTRY,
        item_id=entry_id,
        entry_id=entry_id,
        opened_by=world.tenant.id,
        opened_at=AT,
        disputed_paise=100,
        held_paise=100,
    )
