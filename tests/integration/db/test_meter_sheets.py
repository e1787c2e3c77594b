"""Meters are kept with all that is known of them, and found by any of it, page by page."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
import pytest_asyncio
from sqlalchemy.exc import IntegrityError

from bot.db.unit_of_work import SqlTransactions
from bot.domain.meter import BillingType, MeterSheet, MeterStatus, ServiceKind, SplitKey
from bot.domain.metering import MeterTerms, MeterType
from bot.services.stores.meter_sheet import MeterQuery
from tests.integration.db.world import AT, DAY, World, a_place, a_reading, furnish

GAS = MeterSheet(
    id=0,
    place_id=0,
    room_id=None,
    name="Gas, flat B-2",
    type=MeterType.GAS,
    unit="m³",
    service=ServiceKind.GAS,
    terms=MeterTerms(
        multiplier=Decimal("0.5"), max_value=Decimal(100_000), limit_per_hour=Decimal("2.5")
    ),
    billing_type=BillingType.SHARED,
    status=MeterStatus.FAULTY,
    is_main=True,
    decimals=3,
    serial_number="G-4711",
    installed_on=date(2024, 3, 1),
    manufacturer="Elster",
    model_reference="BK-G4",
    last_inspection_on=date(2025, 3, 1),
    next_inspection_on=date(2026, 3, 1),
    split_key=SplitKey.FIXED_RATIO,
    notes="behind the <stairs>",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A furnished room, whose meter is an electric one, and a gas meter of its place."""

    world: World
    gas: MeterSheet


@pytest_asyncio.fixture
async def shelf(transactions: SqlTransactions) -> Shelf:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        gas = await unit.sheets.add(replace(GAS, place_id=world.place.id), at=AT)
    return Shelf(world=world, gas=gas)


async def found(transactions: SqlTransactions, wanted: MeterQuery) -> list[int]:
    async with transactions.read() as unit:
        return [each.sheet.id for each in await unit.sheets.page(wanted, limit=10)]


async def test_every_attribute_comes_back_as_it_was_given(
    shelf: Shelf, transactions: SqlTransactions
) -> None:
    changed = replace(shelf.gas, room_id=shelf.world.room.id, name="Gas", is_main=False, notes=None)
    async with transactions.begin() as unit:
        assert await unit.sheets.get(shelf.gas.id) == shelf.gas
        await unit.sheets.save(changed, at=AT)
    async with transactions.read() as unit:
        assert await unit.sheets.get(shelf.gas.id) == changed
        assert await unit.sheets.get(999) is None
        assert (await unit.metering.meters([shelf.gas.id]))[shelf.gas.id].terms == GAS.terms


async def test_a_meter_that_was_never_named_is_called_as_the_vendor_does(
    shelf: Shelf, transactions: SqlTransactions
) -> None:
    async with transactions.read() as unit:
        sheet = await unit.sheets.get(shelf.world.meter.id)
    assert sheet is not None
    assert sheet.name == shelf.world.meter.udf1


async def test_a_meter_is_found_by_whatever_is_known_of_it(
    shelf: Shelf, transactions: SqlTransactions
) -> None:
    power, gas, place_id = shelf.world.meter.id, shelf.gas.id, shelf.world.place.id
    for wanted, ids in (
        (MeterQuery(), [power, gas]),
        (MeterQuery(place_ids=frozenset({place_id})), [power, gas]),
        (MeterQuery(place_ids=frozenset()), []),
        (MeterQuery(room_id=shelf.world.room.id), [power]),
        (MeterQuery(service=ServiceKind.GAS), [gas]),
        (MeterQuery(type=MeterType.ELECTRICITY), [power]),
        (MeterQuery(status=MeterStatus.FAULTY), [gas]),
        (MeterQuery(billing_type=BillingType.INDIVIDUAL), [power]),
        (MeterQuery(is_main=True), [gas]),
        (MeterQuery(is_main=False), [power]),
        (MeterQuery(type=MeterType.GAS, status=MeterStatus.ACTIVE), []),
        (MeterQuery(type=MeterType.GAS, is_main=True, place_ids=frozenset({place_id})), [gas]),
    ):
        assert await found(transactions, wanted) == ids, wanted


async def test_pages_lead_forth_and_back_over_places(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        places = [await unit.places.add(a_place(f"Place {n}")) for n in range(2)]
        for number in range(7):
            of = places[number % 2]
            new = replace(GAS, place_id=of.id, name=f"G{number}", serial_number=f"G{number}")
            await unit.sheets.add(new, at=AT)
    async with transactions.read() as unit:
        first = await unit.sheets.page(MeterQuery(), limit=3)
        second = await unit.sheets.page(MeterQuery(), limit=3, after=first[-1].sheet)
        third = await unit.sheets.page(MeterQuery(), limit=3, after=second[-1].sheet)
        back = await unit.sheets.page(MeterQuery(), limit=3, before=third[0].sheet)
    names = [each.sheet.name for page in (first, second, third) for each in page]
    assert names == ["G0", "G2", "G4", "G6", "G1", "G3", "G5"]
    assert list(back) == list(second)
    assert [each.place for each in second] == ["Place 0", "Place 1", "Place 1"]


async def test_a_serial_number_is_there_once_and_found_by_its_beginning(
    shelf: Shelf, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        other = replace(shelf.gas, name="Other", serial_number="G-4712")
        await unit.sheets.add(other, at=AT)
    async with transactions.read() as unit:
        begins = await unit.sheets.starting_with("G-47", place_ids=None, limit=5)
        one = await unit.sheets.starting_with("G-4711", place_ids=None, limit=5)
        nowhere = await unit.sheets.starting_with("G-47", place_ids=frozenset(), limit=5)
        named = await unit.sheets.by_serial_number(["G-4711", "G-9"])
    assert [each.sheet.serial_number for each in begins] == ["G-4711", "G-4712"]
    assert [each.sheet.id for each in one] == [shelf.gas.id]
    assert not nowhere
    assert named == {"G-4711": shelf.gas}
    with pytest.raises(IntegrityError):
        async with transactions.begin() as unit:
            await unit.sheets.add(replace(shelf.gas, name="Twin"), at=AT)


async def test_the_tree_knows_its_roots_and_branches(
    shelf: Shelf, transactions: SqlTransactions
) -> None:
    place_id, gas = shelf.world.place.id, shelf.gas
    async with transactions.begin() as unit:
        await unit.sheets.lock(place_id)
        sub = replace(gas, name="Sub", serial_number=None, parent_id=gas.id, is_main=False)
        sub = await unit.sheets.add(sub, at=AT)
        await unit.sheets.save(replace(gas, is_main=False), at=AT)
    async with transactions.read() as unit:
        assert await unit.sheets.below(gas.id) == [sub]
        assert [each.id for each in await unit.sheets.roots(place_id, limit=5)] == [gas.id]
        assert await unit.sheets.names(place_id) == {
            shelf.world.meter.id: shelf.world.meter.udf1,
            gas.id: gas.name,
            sub.id: "Sub",
        }
        assert (await unit.sheets.ties(gas.id)).meters_below
        assert not (await unit.sheets.ties(sub.id)).meters_below


async def test_what_hangs_on_a_meter_is_told_and_one_without_is_deleted(
    shelf: Shelf, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        used, free = (
            await unit.sheets.ties(shelf.world.meter.id),
            await unit.sheets.ties(shelf.gas.id),
        )
        await unit.metering.install(meter_id=shelf.gas.id, device_id=None, at=AT)
        await unit.sheets.delete(shelf.gas.id)
    assert (used.readings, used.leases) == (True, True)
    assert (free.readings, free.leases, free.orders) == (False, False, False)
    assert await found(transactions, MeterQuery()) == [shelf.world.meter.id]


async def test_leases_share_a_meter_and_none_of_them_is_charged_by_it_alone(
    shelf: Shelf, transactions: SqlTransactions
) -> None:
    lease_id = shelf.world.lease.id
    async with transactions.begin() as unit:
        other = await furnish(unit, 2)
        await unit.sheets.set_shares(shelf.gas.id, {lease_id: 400_000, other.lease.id: 600_000})
        await unit.sheets.set_shares(shelf.gas.id, {lease_id: 1_000_000})
        (share,) = await unit.sheets.shares(shelf.gas.id)
        (own,) = await unit.sheets.shares(shelf.world.meter.id)
        book = (await unit.books.load([lease_id], now=AT, lock=True))[lease_id]
    assert (share.lease_id, share.share_ppm, share.is_charged) == (lease_id, 1_000_000, False)
    assert (share.room, share.tenant) == (shelf.world.room.name, shelf.world.lease.tenant_name)
    assert (own.share_ppm, own.is_charged) == (None, True)
    assert [link.meter.id for link in book.meters] == [shelf.world.meter.id]


@pytest.mark.parametrize(
    "change",
    [
        {"status": MeterStatus.RETIRED},
        {"status": MeterStatus.FAULTY},
        {"billing_type": BillingType.INCLUDED},
    ],
)
async def test_only_a_meter_in_use_whose_tenant_pays_is_charged(
    shelf: Shelf, transactions: SqlTransactions, change: dict[str, object]
) -> None:
    async with transactions.begin() as unit:
        before = await unit.books.targets(on=AT)
        sheet = await unit.sheets.get(shelf.world.meter.id)
        assert sheet is not None
        await unit.sheets.save(replace(sheet, **change), at=AT)  # type: ignore[arg-type]
        after = await unit.books.targets(on=AT)
    assert [each.meter_id for each in before] == [shelf.world.meter.id]
    assert after == []


async def test_what_was_counted_is_told_of_a_time(
    shelf: Shelf, transactions: SqlTransactions
) -> None:
    meter_id = shelf.world.meter.id
    new = [
        replace(
            a_reading(shelf.world.installation, at=AT + number * DAY, value="1500"),
            consumption=Decimal(number),
        )
        for number in (1, 2, 3)
    ]
    async with transactions.begin() as unit:
        await unit.metering.add_readings(new)
        counted = await unit.sheets.counted(
            [meter_id, shelf.gas.id], from_at=AT + DAY, to_at=AT + 3 * DAY
        )
        since = [
            await unit.sheets.counted_from(meter_id, at)
            for at in (AT - DAY, AT + 2 * DAY, AT + 9 * DAY)
        ]
        never = await unit.sheets.counted_from(shelf.gas.id, AT)
    assert counted == {meter_id: Decimal(5)}
    assert since == [AT, AT + 2 * DAY, AT + 3 * DAY]
    assert never is None


async def test_inspections_come_the_most_urgent_first(
    shelf: Shelf, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        urgent = replace(shelf.gas, serial_number=None, next_inspection_on=date(2026, 2, 1))
        urgent = await unit.sheets.add(urgent, at=AT)
        gone = replace(urgent, status=MeterStatus.RETIRED)
        await unit.sheets.add(gone, at=AT)
        due = await unit.sheets.to_inspect(place_ids=None, through_on=date(2026, 3, 1), limit=5)
        soon = await unit.sheets.to_inspect(place_ids=None, through_on=date(2026, 2, 28), limit=5)
    assert [each.sheet.id for each in due] == [urgent.id, shelf.gas.id]
    assert [each.sheet.id for each in soon] == [urgent.id]
