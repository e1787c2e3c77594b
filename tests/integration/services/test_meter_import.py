"""Files make and change meters, row by row, and the same file twice is the same as once."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.meter import BillingType, MeterSheet, ServiceKind
from bot.domain.people import Role
from bot.services.cause import ButtonSpent
from bot.services.exchange.meter_export import MeterExports
from bot.services.exchange.meter_rows import METER_COLUMNS, is_of_meters
from bot.services.exchange.rows import csv_line
from bot.services.exchange.table import UnreadableTable
from bot.services.meter_import import MeterImports, MeterPlan
from bot.services.stores.meter_sheet import MeterQuery
from tests.building import Building
from tests.integration.services.test_meter_edit import made, read

HEAD = "place,name,type,unit,parent,serial_number"
LAKESIDE = "Lakeside Apartments"


def table(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


async def take_in(building: Building, content: bytes) -> MeterPlan:
    imports = MeterImports(building.transactions, building.clock)
    return await imports.carry_out(cause=await building.cause(), content=content)


async def tried(building: Building, content: bytes) -> MeterPlan:
    imports = MeterImports(building.transactions, building.clock)
    return await imports.preview(cause=await building.cause(), content=content)


async def sheets(building: Building) -> dict[str, MeterSheet]:
    async with building.transactions.read() as unit:
        found = await unit.sheets.page(MeterQuery(), limit=50)
    return {each.sheet.name: each.sheet for each in found}


def refused(plan: MeterPlan) -> list[tuple[int, str, str | None]]:
    return [(each.line, each.kind.value, each.column) for each in plan.problems]


def names(found: Sequence[MeterSheet]) -> list[str]:
    return [each.name for each in found]


async def test_a_file_makes_meters_and_hangs_them_below_one_another(building: Building) -> None:
    content = table(
        f"{LAKESIDE},Sub,gas,m3,Main,s-1", f"{LAKESIDE},Main,GAS,m³,,s-2", f"{LAKESIDE},Lift,,,,"
    )
    assert names((await tried(building, content)).made) == ["Sub", "Main", "Lift"]
    assert await sheets(building) == {}

    plan = await take_in(building, content)

    found = await sheets(building)
    assert (names(plan.made), plan.problems) == (["Sub", "Main", "Lift"], ())
    assert found["Sub"].parent_id == found["Main"].id
    assert (found["Sub"].serial_number, found["Sub"].service) == ("S-1", ServiceKind.GAS)
    again = await take_in(building, content)
    assert (again.made, again.changed, again.unchanged) == ((), (), 3)


async def test_a_meter_is_known_by_its_number_and_only_what_is_said_changes(
    building: Building,
) -> None:
    await made(building, serial="S-1", notes="behind the stairs", manufacturer="Elster")
    head = "place,name,serial_number,notes,manufacturer,billing_type,multiplier"

    plan = await take_in(building, table(f"{LAKESIDE},Gas B,s-1,-,,included,10", head=head))

    (sheet,) = plan.changed
    assert (sheet.name, sheet.notes, sheet.manufacturer) == ("Gas B", None, "Elster")
    assert (sheet.billing_type, sheet.terms.multiplier) == (BillingType.INCLUDED, Decimal(10))
    assert list(await sheets(building)) == ["Gas B"]


async def test_what_was_exported_changes_nothing_when_it_comes_back(building: Building) -> None:
    house = await building.let()
    top = await made(building, name="=Main", main=True, serial="-1")
    await made(building, name="Sub", parent=top.id, room=house.room.id, notes='a, "b"\nc')
    exported = [row async for row in MeterExports(building.transactions, page=2).meters()]
    content = "".join(map(csv_line, exported)).encode()

    plan = await take_in(building, content)

    assert exported[0] == METER_COLUMNS
    assert (plan.made, plan.changed, plan.problems, plan.unchanged) == ((), (), (), 3)


@pytest.mark.parametrize(
    ("head", "row", "problem"),
    [
        (HEAD, "Nowhere,Gas,,,,", ("place_unknown", "place")),
        (HEAD, "Hilltop,Gas,,,,", ("not_yours", "place")),
        (HEAD, f"{LAKESIDE},,,,,", ("missing", "name")),
        (HEAD, f"{LAKESIDE},Gas,steam,,,", ("unknown_word", "type")),
        (HEAD, f"{LAKESIDE},Gas,GAS,litres,,", ("unknown_word", "unit")),
        (HEAD, f"{LAKESIDE},Gas,GAS,BTU,,", ("not_of_type", "unit")),
        (HEAD, f"{LAKESIDE},Gas,,,Nothing,", ("parent_unknown", "parent")),
        (HEAD, f"{LAKESIDE},Gas,,,Gas,", ("circle", "parent")),
        (HEAD, f"{LAKESIDE},Gas,GAS,,LAKE-1,", ("counts_otherwise", "parent")),
        ("place,name,room", f"{LAKESIDE},Gas,999", ("room_unknown", "room")),
        (
            "place,name,installed_on",
            f"{LAKESIDE},Gas,2030-01-01",
            ("dates_disagree", "installed_on"),
        ),
        ("place,name,multiplier", f"{LAKESIDE},Gas,0", ("not_positive", "multiplier")),
        ("place,name,multiplier", f"{LAKESIDE},LAKE-1,20", ("meter_read", "multiplier")),
        ("place,name,type", f"{LAKESIDE},LAKE-1,gas", ("meter_read", "type")),
        ("place,name,billing_type", f"{LAKESIDE},LAKE-1,shared", ("meter_charges", "billing_type")),
        ("place,name,split_key", f"{LAKESIDE},Gas,equal", ("not_split", "split_key")),
        ("place,name,main", f"{LAKESIDE},Gas,perhaps", ("unknown_word", "main")),
        ("place,name,decimals", f"{LAKESIDE},Gas,7", ("unknown_word", "decimals")),
        ("place,name,meter", f"{LAKESIDE},LAKE-2,LAKE-1", ("name_taken", "name")),
    ],
)
async def test_a_row_that_cannot_be_is_refused_by_its_cell(
    building: Building, head: str, row: str, problem: tuple[str, str]
) -> None:
    await building.let("1")
    await building.let("2")
    async with building.transactions.begin() as unit:
        await unit.places.add(replace(building.place, name="Hilltop", space_id=None))
    before = await sheets(building)

    plan = await take_in(building, table(row, head=head))

    assert refused(plan) == [(2, *problem)]
    assert await sheets(building) == before


async def test_a_row_that_hangs_nowhere_is_left_out_with_what_hangs_below_it(
    building: Building,
) -> None:
    plan = await take_in(
        building,
        table(
            f"{LAKESIDE},A,,,Nothing,",
            f"{LAKESIDE},B,,,A,",
            f"{LAKESIDE},C,,,,",
            f"{LAKESIDE},D,,,E,",
            f"{LAKESIDE},E,,,D,",
        ),
    )
    assert refused(plan) == [
        (2, "parent_unknown", "parent"),
        (3, "parent_unknown", "parent"),
        (5, "parent_unknown", "parent"),
        (6, "circle", "parent"),
    ]
    assert names(plan.made) == ["C"]
    assert list(await sheets(building)) == ["C"]


async def test_a_meter_is_in_a_file_once_and_its_number_too(building: Building) -> None:
    plan = await take_in(
        building,
        table(f"{LAKESIDE},A,,,,s1", f"{LAKESIDE},a,,,,", f"{LAKESIDE},B,,,,S1"),
    )
    assert refused(plan) == [(3, "meter_twice", "name"), (4, "meter_twice", "name")]
    assert plan.problems[0].facts == {"other": "2"}


async def test_what_was_read_keeps_its_terms(building: Building) -> None:
    sheet = await made(building, name="Gas")
    await read(building, sheet)
    same, other = [
        await take_in(building, table(f"{LAKESIDE},Gas,{value}", head="place,name,multiplier"))
        for value in ("1", "20")
    ]
    assert (same.unchanged, same.problems) == (1, ())
    assert refused(other) == [(2, "meter_read", "multiplier")]


async def test_a_button_imports_once(building: Building) -> None:
    imports = MeterImports(building.transactions, building.clock)
    cause = await building.cause(nonce="once")
    await imports.carry_out(cause=cause, content=table(f"{LAKESIDE},X,,,,"))
    with pytest.raises(ButtonSpent):
        await imports.carry_out(cause=cause, content=table(f"{LAKESIDE},Y,,,,"))


async def test_a_caretaker_imports_nothing_and_the_operator_everything(building: Building) -> None:
    imports = MeterImports(building.transactions, building.clock)
    cause = await building.cause()
    caretaker = replace(
        cause, actor=replace(cause.actor, roles=((building.place.id, Role.CARETAKER),))
    )
    content = table(f"{LAKESIDE},Gas,,,,")
    assert refused(await imports.carry_out(cause=caretaker, content=content)) == [
        (2, "not_yours", "place")
    ]
    assert names((await imports.carry_out(cause=None, content=content)).made) == ["Gas"]


@pytest.mark.parametrize(
    ("head", "is_so"),
    [
        ("place,name", True),
        ('"Place";"Name";"type"', True),
        ("place,room,meter,tenant,name", False),
        ("place,room,meter,tenant", False),
        ("", False),
    ],
)
def test_its_first_line_tells_what_a_file_is_of(head: str, *, is_so: bool) -> None:
    assert is_of_meters(head.encode()) is is_so


async def test_a_file_with_other_columns_is_refused_whole(building: Building) -> None:
    with pytest.raises(UnreadableTable):
        await take_in(building, b"place,name,colour\nLakeside Apartments,Gas,red")
