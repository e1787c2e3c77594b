"""What else is metered at Lakeside Apartments, without a device of the vendor: read by people."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO

from bot.app import App
from bot.demo.tenants import PLACE, Tenancy
from bot.domain.meter_share import equal_shares
from bot.domain.metering import Reading, ReadingType, RegisterPoint
from bot.domain.service_kind import Medium, ServiceKind
from bot.domain.tariff import Slab, TariffVersion
from bot.sandbox.qube.lakeside import STAIRS as STAIRS_UDF1
from bot.services.stores import Unit
from bot.services.tariff_terms import BEGINNING_ON

MAIN = "Main meter"
STAIRS = "Stairs and pump"
GAS = "Gas, room 302"
WATER = "Water, 3rd floor"
GAS_ROOM = "Room #302"
WATER_ROOMS = ("Room #301", "Room #302", "Room #304")
OPENINGS = {MAIN: Decimal("48210.0"), GAS: Decimal("1462.3"), WATER: Decimal("873.125")}
GAS_RATE_PAISE = Decimal(4_500)
COLUMNS = (
    "place",
    "name",
    "room",
    "meter",
    "type",
    "unit",
    "billing_type",
    "main",
    "parent",
    "serial_number",
    "decimals",
    "limit_per_hour",
    "installed_on",
    "next_inspection_on",
)


def meters_file(tenancies: Sequence[Tenancy]) -> bytes:
    """This function will write the meters down as `/import` takes them."""
    rows: list[dict[str, str]] = [
        {
            "name": MAIN,
            "type": "ELECTRICITY",
            "billing_type": "COLLECTIVE",
            "main": "yes",
            "serial_number": "LE-700123",
            "limit_per_hour": "200",
            "installed_on": "2019-04-01",
        },
        {
            "name": GAS,
            "room": GAS_ROOM,
            "type": "GAS",
            "serial_number": "G4-55 0812",
            "limit_per_hour": "6",
            "installed_on": "2021-08-12",
            "next_inspection_on": "2026-11-20",
        },
        {
            "name": WATER,
            "type": "WATER_COLD",
            "unit": "m³",
            "billing_type": "SHARED",
            "serial_number": "W3-0091",
            "decimals": "3",
            "limit_per_hour": "5",
            "installed_on": "2020-01-15",
        },
        {
            "name": STAIRS,
            "meter": STAIRS_UDF1,
            "type": "ELECTRICITY",
            "billing_type": "COLLECTIVE",
            "parent": MAIN,
        },
        *({"name": each.meter, "meter": each.meter, "parent": MAIN} for each in tenancies),
    ]
    text = StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=COLUMNS, restval="")
    writer.writeheader()
    writer.writerows({"place": PLACE, **row} for row in rows)
    return text.getvalue().encode()


async def fit(app: App, tenancies: Sequence[Tenancy]) -> None:
    """This function will bring the meters in, say who has them, and read each for the first time.

    Raises AssertionError when a row is refused.
    """
    plan = await app.meter_imports.carry_out(cause=None, content=meters_file(tenancies))
    assert not plan.problems, plan.problems
    made = {sheet.name: sheet.id for sheet in plan.made}
    async with app.transactions.begin() as unit:
        place_id = plan.made[0].place_id
        rooms = {room.id: room.name for room in await unit.places.rooms(place_id)}
        running = await unit.leases.running_at(place_id)
        leases = {rooms[room_id]: lease.id for room_id, lease in running.items()}
        shares = equal_shares(len(WATER_ROOMS))
        await unit.sheets.set_shares(
            made[WATER],
            {leases[room]: share for room, share in zip(WATER_ROOMS, shares, strict=True)},
        )
        payers = {GAS: leases[GAS_ROOM]}
        first = {
            name: await _read(unit, made[name], value, app, lease_id=payers.get(name))
            for name, value in OPENINGS.items()
        }
        await unit.metering.link(
            lease_id=leases[GAS_ROOM], meter_id=made[GAS], anchor_reading_id=first[GAS]
        )
        await _price_gas(unit, place_id, leases[GAS_ROOM])


async def _price_gas(unit: Unit, place_id: int, lease_id: int) -> None:
    tariff_id = await unit.tariffs.add(
        place_id=place_id,
        name=f"{GAS_RATE_PAISE / 100:.2f}/m³",
        versions=[
            TariffVersion(
                id=0,
                from_on=BEGINNING_ON,
                slabs=(Slab(up_to=None, rate_paise=GAS_RATE_PAISE),),
            )
        ],
        medium=Medium(service=ServiceKind.GAS, unit="m³"),
    )
    await unit.lease_tariffs.give(
        lease_id=lease_id, tariff_id=tariff_id, from_on=BEGINNING_ON, service=ServiceKind.GAS
    )


async def _read(
    unit: Unit, meter_id: int, value: Decimal, app: App, *, lease_id: int | None
) -> int:
    installed = await unit.metering.open_installation(meter_id)
    assert installed is not None
    first = Reading(
        meter_id=meter_id,
        installation_id=installed.id,
        point=RegisterPoint(at=app.clock.now(), value=value),
        type=ReadingType.MANUAL,
        lease_id=lease_id,
    )
    (reading_id,) = await unit.metering.add_readings([first])
    return reading_id
