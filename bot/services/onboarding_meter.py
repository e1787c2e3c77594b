"""What a row of an onboarding file makes besides its lease: a meter, and a price for it."""

from datetime import datetime
from decimal import Decimal

from bot.domain.metering import (
    UNITS,
    Meter,
    MeterTerms,
    MeterType,
    Reading,
    ReadingType,
    RegisterPoint,
)
from bot.domain.service_kind import Medium
from bot.domain.tariff import Slab, TariffVersion
from bot.services.empty_room import tell_vacant_use
from bot.services.exchange.lease_rows import LeaseRow
from bot.services.row_fit import medium_of
from bot.services.stores import Unit
from bot.services.tariff_terms import BEGINNING_ON

USUAL_DECIMALS = 1
MOST_DECIMALS = 3


class FlatTariffs:
    """The flat tariffs that a file makes, each when it is wanted first."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._made: dict[tuple[int, Medium, Decimal], int] = {}

    async def of(self, place_id: int, medium: Medium, rate_paise: Decimal) -> int:
        """Return a place's tariff of the rate, in paise per unit of the medium."""
        key = place_id, medium, rate_paise
        if key not in self._made:
            taken = {tariff.name for tariff in await self._unit.tariffs.of_place(place_id)}
            version = TariffVersion(
                id=0, from_on=BEGINNING_ON, slabs=(Slab(up_to=None, rate_paise=rate_paise),)
            )
            self._made[key] = await self._unit.tariffs.add(
                place_id=place_id,
                name=_tariff_name(rate_paise, medium, taken),
                versions=[version],
                medium=medium,
            )
        return self._made[key]


def _tariff_name(rate_paise: Decimal, medium: Medium, taken: set[str]) -> str:
    """Return a name that says the price in any language, e.g. "6.50/kWh"."""
    rupees = (rate_paise / 100).normalize()
    digits = max(2, -int(rupees.as_tuple().exponent))
    plain = f"{rupees:.{digits}f}/{medium.unit}"
    numbered = (f"{plain} ({number})" for number in range(2, len(taken) + 3))
    return next(name for name in (plain, *numbered) if name not in taken)


async def make_meter(unit: Unit, row: LeaseRow, *, place_id: int, room_id: int) -> Meter:
    """Store a row's meter: Qube tells those for electricity, people read all others."""
    is_told = row.type is MeterType.ELECTRICITY
    meter = Meter(
        id=0,
        place_id=place_id,
        room_id=room_id,
        udf1=row.meter if is_told else None,
        name=None if is_told else row.meter,
        type=row.type,
        unit=UNITS[row.type],
        terms=MeterTerms(),
        service=medium_of(row).service,
        decimals=USUAL_DECIMALS if is_told else _decimals(row.opening_reading),
    )
    return await unit.metering.add_meter(meter)


def _decimals(opening: Decimal | None) -> int:
    """Return how many decimals a counter shows, as far as its first reading was written so."""
    if opening is None:
        return MOST_DECIMALS
    return min(max(-int(opening.as_tuple().exponent), 0), MOST_DECIMALS)


async def connect_meter(
    unit: Unit, row: LeaseRow, meter: Meter, *, lease_id: int, room_id: int, start_at: datetime
) -> None:
    """Put a meter into the room and the lease, opened at the reading that was given."""
    metering = unit.metering
    await metering.place_meter(meter_id=meter.id, room_id=room_id)
    installed = await metering.open_installation(meter.id)
    if installed is None:
        device_id = None if meter.udf1 is None else await _device_of(unit, meter.udf1)
        installed = await metering.install(meter_id=meter.id, device_id=device_id, at=start_at)
    anchor_id: int | None = None
    if row.opening_reading is not None:
        opening = Reading(
            meter_id=meter.id,
            installation_id=installed.id,
            point=RegisterPoint(at=start_at, value=row.opening_reading),
            type=ReadingType.MANUAL,
            lease_id=lease_id,
        )
        await tell_vacant_use(unit, [(meter, opening)])
        (anchor_id,) = await metering.add_readings([opening])
    await metering.link(lease_id=lease_id, meter_id=meter.id, anchor_reading_id=anchor_id)


async def _device_of(unit: Unit, udf1: str) -> str | None:
    """Return the one device that is known to carry a meter's name."""
    devices = await unit.metering.devices()
    found = [each.id for each in devices.values() if each.udf1 == udf1 and not each.gone_at]
    return found[0] if len(found) == 1 else None
