"""Single rows of a filled store. Everything is counted from 1: leases, their rooms and meters."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Text, cast, literal

from bot.db.lease import lease
from bot.domain.billing import LineKind
from bot.domain.ledger import AccountKind, EntryKind
from bot.domain.meter import BillingType, MeterStatus, ServiceKind
from bot.domain.metering import MeterType, ReadingStatus, ReadingType
from bot.domain.people import Role
from bot.domain.service_kind import ELECTRIC
from bot.domain.supply import Hold, SupplyReason
from tests.benchmarks.servers import (
    FIRST_TENANT,
    OPENING_KWH,
    READ_BEFORE,
    SPACE_ID,
    START,
    udf1_of,
)

ZONE = ZoneInfo("Asia/Kolkata")
ROOMS_IN_A_PLACE = 100
DAY_KWH = Decimal(24)
DAY_PAISE = 15_600
PAYMENT_EVERY = 30
PAYMENT_PAISE = 500_000
OPENING_PAISE = 9_000_000
MANAGER_ID = 1

WHY = {
    "reading_from": 1,
    "reading_to": 2,
    "unit": "kWh",
    "quantity": str(DAY_KWH),
    "portions": [[str(DAY_KWH), "650"]],
    "lines": [{"kind": LineKind.ENERGY.value, "name": "", "amount_paise": DAY_PAISE}],
    "tariff": "Home",
    "generator": False,
    "adjusted_paise": 0,
}

Row = dict[str, Any]
"""Values by column; an expression stands for every lease."""


def place_of(number: int) -> int:
    return (number - 1) // ROOMS_IN_A_PLACE + 1


def kind_of(day: int) -> EntryKind:
    if day == 0:
        return EntryKind.OPENING
    return EntryKind.DEDUCTION if day % PAYMENT_EVERY else EntryKind.PAYMENT


def paise_of(day: int) -> int:
    return {
        EntryKind.OPENING: OPENING_PAISE,
        EntryKind.PAYMENT: PAYMENT_PAISE,
        EntryKind.DEDUCTION: -DAY_PAISE,
    }[kind_of(day)]


def balance_paise(day: int) -> int:
    """Return what a tenant holds at the end of a day."""
    return sum(paise_of(each) for each in range(day + 1))


def place_row(number: int) -> Row:
    return {
        "id": number,
        "name": f"Place {number}",
        "space_id": None if number > 1 else SPACE_ID,
        "timezone": ZONE.key,
        "currency": "INR",
        "cut_off_paise": 10_000,
        "low_balance_paise": 50_000,
        "emergency_credit_paise": 0,
        "rules": {},
    }


def room_row(number: int) -> Row:
    return {"id": number, "place_id": place_of(number), "name": f"Room {number:05}"}


def version_row(number: int) -> Row:
    terms: Row = {"slabs": [[None, "650"]], "generator_rate_paise": None, "standing": None}
    return {
        "id": number,
        "tariff_id": number,
        "from_on": date(2025, 1, 1),
        "terms": {**terms, "taxes": []},
    }


def person_row(number: int) -> Row:
    """The manager comes first, then the tenants."""
    telegram_id = FIRST_TENANT + number - 1
    return {
        "id": number + 1,
        "telegram_id": telegram_id,
        "chat_id": telegram_id,
        "name": "Tenant",
        "language": "en",
        "is_reachable": True,
        "first_seen_at": START - READ_BEFORE,
    }


def role_row(number: int) -> Row:
    return {"id": number, "person_id": MANAGER_ID, "place_id": number, "role": Role.MANAGER.value}


def tenant_row(number: int) -> Row:
    return {"lease_id": number, "person_id": number + 1, "joined_at": START - READ_BEFORE}


def meter_row(number: int, at_vendor: int | None) -> Row:
    return {
        "id": number,
        "place_id": place_of(number),
        "room_id": number,
        "udf1": f"ELSEWHERE-{number}" if at_vendor is None else udf1_of(at_vendor),
        "type": MeterType.ELECTRICITY.value,
        "unit": "kWh",
        "multiplier": Decimal(1),
        "limit_per_hour": Decimal(15),
        "service": ServiceKind.ELECTRICITY.value,
        "billing_type": BillingType.INDIVIDUAL.value,
        "status": MeterStatus.ACTIVE.value,
        "is_main": False,
        "decimals": 1,
    }


def reading_row(day: int, last_day: int, at: datetime, first_id: int) -> Row:
    """Return the day's reading of every lease's meter, which has the number of the lease."""
    return {
        "id": lease.c.id + first_id,
        "meter_id": lease.c.id,
        "installation_id": lease.c.id,
        "taken_at": at,
        "value": OPENING_KWH - (last_day - day),
        "type": (ReadingType.AUTOMATIC if day else ReadingType.MANUAL).value,
        "status": ReadingStatus.ACCEPTED.value,
        "is_anomalous": False,
        "lease_id": lease.c.id,
        "revision": 0,
        "is_billing": False,
    }


def entry_row(day: int, at: datetime, first_id: int) -> Row:
    """Return the day's entry of every lease."""
    kind = kind_of(day).value
    return {
        "id": lease.c.id + first_id,
        "key": literal(f"{kind}:{day}:") + cast(lease.c.id, Text),
        "kind": kind,
        "place_id": lease.c.place_id,
        "lease_id": lease.c.id,
        "occurred_at": at,
        "recorded_at": at,
        "tenant_paise": paise_of(day),
        "balance_after_paise": balance_paise(day),
        "why": WHY if kind_of(day) is EntryKind.DEDUCTION else {},
    }


def posting_rows(day: int, first_id: int) -> tuple[Row, Row]:
    """Return both sides of the day's entry of every lease."""
    paise = paise_of(day)
    other = {
        EntryKind.OPENING: AccountKind.ADJUSTMENTS,
        EntryKind.PAYMENT: AccountKind.UPI,
        EntryKind.DEDUCTION: AccountKind.ENERGY_INCOME,
    }[kind_of(day)]
    of = {"entry_id": lease.c.id + first_id}
    mine = {"account": AccountKind.RECEIVABLE.value, "lease_id": lease.c.id}
    return (
        {**of, **mine, "amount_paise": paise},
        {**of, "account": other.value, "lease_id": None, "amount_paise": -paise},
    )


def line_row(at: datetime, first_id: int) -> Row:
    """Return what the day's entry of every lease charged for."""
    return {
        "entry_id": lease.c.id + first_id,
        "lease_id": lease.c.id,
        "month_on": at.astimezone(ZONE).date().replace(day=1),
        "kind": LineKind.ENERGY.value,
        "name": "",
        "version_id": lease.c.place_id,
        "by_generator": False,
        "quantity": DAY_KWH,
        "amount_paise": DAY_PAISE,
        "service": ELECTRIC.service.value,
    }


def tariff_row(number: int) -> Row:
    """Return the tariff of a place."""
    return {
        "id": number,
        "place_id": number,
        "name": "Home",
        "service": ELECTRIC.service.value,
        "unit": ELECTRIC.unit,
    }


def supply_row(number: int) -> Row:
    decided_at = START - READ_BEFORE
    return {
        "meter_id": number,
        "desired_on": True,
        "reason": SupplyReason.IN_ORDER.value,
        "decided_at": decided_at,
        "hold": Hold.NONE.value,
        "actual_on": True,
        "confirmed_at": decided_at,
    }
