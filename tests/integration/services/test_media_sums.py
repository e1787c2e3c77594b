"""Whatever is read, and in whatever order it is told: each service costs what its months cost.

The same readings are charged by the product and, naively, month by month. Rules 1.4, 3.8, 4.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from bot.domain.metering import Meter, RegisterPoint
from bot.domain.service_kind import ELECTRIC, ServiceKind
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion, Tax
from bot.services.reading_entry import NewReading, ReadingEntry
from tests.building import OPENED_AT, Building, House
from tests.integration.services.test_media import GAS, WATER, add_meter, give, make
from tests.naive import Costs, Recount

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
THOUSANDTH = Decimal("0.001")
MINUTE = timedelta(minutes=1)
BEGINS_ON = date(2025, 11, 11)
LASTS = timedelta(days=70)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medley:
    """A meter with the prices of its service, and what it showed from its opening on."""

    meter: Meter
    versions: Sequence[TariffVersion]
    points: Sequence[RegisterPoint]

    def costs(self) -> Costs:
        """Return what each month costs by the prices alone.

        Electricity has its tariff since the lease began, the others since they were read.
        """
        is_first = self.meter.medium == ELECTRIC
        return Recount(
            versions=self.versions,
            points=self.points,
            start_on=date(2025, 11, 1),
            priced_on=date.min if is_first else BEGINS_ON,
        ).costs()


def _price(chance: Random, from_on: date) -> TariffVersion:
    limits = sorted(chance.sample(range(1, 60), chance.randint(0, 2)))
    slabs = [
        Slab(
            up_to=None if limit is None else Decimal(limit),
            rate_paise=Decimal(chance.randint(1, 9_999)),
        )
        for limit in [*limits, None]
    ]
    standing = StandingCharge(amount_paise=chance.randint(1, 900), per=StandingPer.DAY)
    return TariffVersion(
        id=0,
        from_on=from_on,
        slabs=tuple(slabs),
        standing=standing if chance.random() < 0.5 else None,
        taxes=(Tax(name="GST", percent=Decimal(18)),) if chance.random() < 0.5 else (),
    )


def _prices(chance: Random) -> list[TariffVersion]:
    changes = [BEGINS_ON + DAY * chance.randint(5, 60)] if chance.random() < 0.5 else []
    return [_price(chance, on) for on in [date(2025, 1, 1), *changes]]


def _points(chance: Random, opening: Decimal) -> list[RegisterPoint]:
    minutes = sorted(chance.sample(range(60, LASTS // MINUTE), chance.randint(2, 6)))
    found = [RegisterPoint(at=OPENED_AT, value=opening)]
    for minute in minutes:
        more = Decimal(chance.randint(0, 40_000)) * THOUSANDTH
        found.append(RegisterPoint(at=OPENED_AT + MINUTE * minute, value=found[-1].value + more))
    return found


async def _medleys(building: Building, chance: Random) -> tuple[House, list[Medley]]:
    prices = {each: _prices(chance) for each in (ELECTRIC, GAS, WATER)}
    house = await building.let(versions=prices[ELECTRIC])
    meters = [house.meter]
    for medium in (GAS, WATER):
        meters.append(await add_meter(building, house, medium, opening="1450"))
        tariff_id = await make(building, medium.service.value, *prices[medium], medium=medium)
        await give(building, tariff_id, house, from_on=BEGINS_ON)
    return house, [
        Medley(
            meter=each,
            versions=prices[each.medium],
            points=_points(chance, Decimal(1450)),
        )
        for each in meters
    ]


async def _charged(building: Building, house: House, service: ServiceKind) -> Costs:
    async with building.transactions.read() as unit:
        months = await unit.chains.months(
            house.lease.id, service=service, since_on=date(2025, 11, 1)
        )
    return {on: sum(month.charged_paise.values()) for on, month in months.items()}


@pytest.mark.parametrize("seed", range(16))
async def test_each_service_costs_what_its_months_cost(building: Building, seed: int) -> None:
    chance = Random(seed)
    house, medleys = await _medleys(building, chance)
    told = [(each.meter, point) for each in medleys for point in each.points[1:]]
    chance.shuffle(told)
    building.clock.set(OPENED_AT + LASTS)
    entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
    for meter, point in told:
        new = NewReading(meter_id=meter.id, value=point.value, at=point.at)
        await entry.record(cause=await building.cause(), new=new, again=True)

    naive = {each.meter.service: each.costs() for each in medleys}
    found = {service: await _charged(building, house, service) for service in naive}
    assert found == naive
    total = sum(sum(months.values()) for months in naive.values())
    assert await building.balance(house) == 300_000 - total
    assert await building.flaws() == 0
