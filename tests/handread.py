"""Meters that no device tells, in the building of a test."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.domain.meter import BillingType, MeterSheet, ServiceKind
from bot.domain.metering import (
    MeterTerms,
    MeterType,
    Reading,
    ReadingStatus,
    ReadingType,
    RegisterPoint,
)
from bot.domain.people import Role
from bot.domain.place import Place
from bot.domain.reading_window import ReadingWindow
from bot.services.store import Person, Transactions

LIMIT = Decimal("0.5")


async def add_gas_meter(
    transactions: Transactions,
    place: Place,
    name: str,
    *,
    at: datetime,
    room_id: int | None = None,
    lease_id: int | None = None,
    billing_type: BillingType = BillingType.INCLUDED,
) -> int:
    """Store a meter of gas, half a cubic metre an hour at most, and return its id."""
    async with transactions.begin() as unit:
        sheet = await unit.sheets.add(
            MeterSheet(
                id=0,
                place_id=place.id,
                room_id=room_id,
                name=name,
                type=MeterType.GAS,
                unit="m³",
                service=ServiceKind.GAS,
                terms=MeterTerms(limit_per_hour=LIMIT),
                billing_type=billing_type,
            ),
            at=at,
        )
        if lease_id is not None:
            await unit.sheets.set_shares(sheet.id, {lease_id: None})
    return sheet.id


async def add_room(transactions: Transactions, place: Place, name: str) -> int:
    """Store a room, and return its id."""
    async with transactions.begin() as unit:
        return (await unit.places.add_room(place_id=place.id, name=name)).id


async def was_read(
    transactions: Transactions,
    meter_id: int,
    value: str,
    at: datetime,
    *,
    of: ReadingType = ReadingType.MANUAL,
    status: ReadingStatus = ReadingStatus.ACCEPTED,
    lease_id: int | None = None,
) -> None:
    """Store a reading as it may have come about."""
    async with transactions.begin() as unit:
        installed = await unit.chains.installations(meter_id)
        installation = (
            installed[0]
            if installed
            else await unit.metering.install(meter_id=meter_id, device_id=None, at=at)
        )
        await unit.chains.add(
            Reading(
                meter_id=meter_id,
                installation_id=installation.id,
                point=RegisterPoint(at=at, value=Decimal(value)),
                type=of,
                status=status,
                lease_id=lease_id,
            )
        )


async def set_window(transactions: Transactions, place: Place, window: ReadingWindow) -> Place:
    """Let readings of a place be due on some days."""
    changed = replace(place, reading_window=window)
    async with transactions.begin() as unit:
        await unit.places.save(changed)
    return changed


async def hire_caretaker(
    transactions: Transactions, place: Place, name: str, number: int, *, at: datetime
) -> Person:
    """Let somebody be a caretaker of a place."""
    async with transactions.begin() as unit:
        person = await unit.people.add(
            telegram_id=number, chat_id=number, name=name, language="en", at=at
        )
        await unit.people.grant(person_id=person.id, place_id=place.id, role=Role.CARETAKER)
    return person
