"""Meters that rooms share, in a building of the tests."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from bot.domain.allocation import Span
from bot.domain.meter import BillingType, MeterSheet, SplitKey
from bot.domain.metering import MeterTerms, MeterType, Reading, ReadingType, RegisterPoint
from bot.domain.service_kind import ServiceKind
from bot.services.allocation import Allocations
from bot.services.allocation_look import AllocationLists
from bot.services.allocation_plan import Wish
from bot.services.meter_history import MeterHistories
from tests.building import OPENED_AT, Building, a_device, at
from tests.fakes.gateway import FakeDevice

TEN_DAYS = Span(from_on=date(2025, 11, 12), to_on=date(2025, 11, 21))


def allocations(building: Building) -> Allocations:
    """Return the use case; a fresh one each time, like another process."""
    return Allocations(
        building.transactions,
        MeterHistories(building.gateway, building.swaps),
        building.clock,
        building.doorbell,
    )


def lists(building: Building) -> AllocationLists:
    """Return what shows splits."""
    return AllocationLists(building.transactions, building.clock)


async def shared_meter(
    building: Building,
    name: str,
    *,
    closes: Mapping[date, str] | None = None,
    billing_type: BillingType = BillingType.COLLECTIVE,
    is_main: bool = False,
    read: Mapping[int, str] | None = None,
) -> MeterSheet:
    """Fit a meter of the place: with a device that tells `closes`, or one that people `read` at
    09:00 of days of November."""
    udf1 = None if closes is None else f"COMMON-{name}"
    async with building.transactions.begin() as unit:
        sheet = await unit.sheets.add(
            MeterSheet(
                id=0,
                place_id=building.place.id,
                room_id=None,
                name=name,
                type=MeterType.ELECTRICITY,
                unit="kWh",
                service=ServiceKind.ELECTRICITY,
                terms=MeterTerms(limit_per_hour=Decimal(500)),
                billing_type=billing_type,
                is_main=is_main,
                udf1=udf1,
            ),
            at=OPENED_AT,
        )
        device_id = None
        if udf1 is not None:
            seen = a_device(udf1, has_relay=False)
            device_id = seen.id
            await unit.metering.save_device(seen)
        installed = await unit.metering.install(
            meter_id=sheet.id, device_id=device_id, at=OPENED_AT
        )
        for day, value in (read or {}).items():
            point = RegisterPoint(at=at(day, "09:00"), value=Decimal(value))
            await unit.metering.add_readings(
                [
                    Reading(
                        meter_id=sheet.id,
                        installation_id=installed.id,
                        point=point,
                        type=ReadingType.MANUAL,
                    )
                ]
            )
    if device_id is not None and closes is not None:
        device = FakeDevice(energy_kwh=Decimal(0), udf1=udf1)
        device.close(*closes.items())
        building.gateway.devices[device_id] = device
    return sheet


def wish(
    building: Building,
    sheet: MeterSheet,
    *,
    key: SplitKey = SplitKey.EQUAL,
    span: Span = TEN_DAYS,
    is_residual: bool = False,
) -> Wish:
    """Return the wish to split a meter's use at the building's first tariff."""
    return Wish(
        meter_id=sheet.id,
        is_residual=is_residual,
        span=span,
        key=key,
        tariff_id=building.tariff_id,
    )
