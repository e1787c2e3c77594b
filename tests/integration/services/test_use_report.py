"""What a place used in a month, whose it was, and what got lost. Rules 3.1, 8.2 and 8.4."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.lease import BillingMode, Occupancy
from bot.domain.meter import MeterSheet
from bot.domain.people import Actor, Role
from bot.domain.service_kind import Medium, ServiceKind
from bot.services.bill_anew import BillsAnew
from bot.services.credit_note import CreditNotes
from bot.services.exchange.selection import Selection
from bot.services.exchange.tables import Table, tables_of
from bot.services.invoice_record import Invoice
from bot.services.meter_history import MeterHistories
from bot.services.rules import PlaceUnknown
from bot.services.use_record import MeterUse, UnknownMeter, UseReport
from bot.services.use_report import UseReports
from tests.building import Building, House, at
from tests.commons import allocations, shared_meter, wish
from tests.handread import add_gas_meter, was_read

NOVEMBER, DECEMBER = date(2025, 11, 1), date(2025, 12, 1)
ELECTRICITY = Medium(service=ServiceKind.ELECTRICITY, unit="kWh")
D = Decimal
CLOSES = {20: "1500.0", 30: "1600.0"}


def histories(building: Building) -> MeterHistories:
    return MeterHistories(building.gateway, building.swaps)


async def report(building: Building, month_on: date = NOVEMBER) -> UseReport:
    uses = UseReports(building.transactions, histories(building), building.clock)
    return await uses.of_place(building.place, month_on)


async def let_until_the_20th(building: Building) -> House:
    """Let a room that uses 150 kWh from the 11th on, 100 of them once it is nobody's."""
    house = await building.let(
        occupancy=Occupancy(start_on=date(2025, 11, 1), end_on=date(2025, 11, 21))
    )
    building.device(house).close(*((date(2025, 11, day), value) for day, value in CLOSES.items()))
    return house


async def put_below(building: Building, house: House, main: MeterSheet) -> None:
    async with building.transactions.begin() as unit:
        sheet = await unit.sheets.get(house.meter.id)
        assert sheet is not None
        await unit.sheets.save(replace(sheet, parent_id=main.id), at=building.clock.now())


def of(found: UseReport, name: str) -> MeterUse:
    return next(each for each in found.meters if each.sheet.name == name)


async def test_use_is_told_with_whose_it_was(building: Building) -> None:
    house = await let_until_the_20th(building)
    building.device(house).energy_kwh = Decimal("1461.8")
    building.clock.set(at(12))
    await building.deductions.run()
    building.clock.set(at(2, "10:00", month=12))

    found = await report(building)

    (use,) = found.media
    assert (use.medium, use.counted, use.before) == (ELECTRICITY, D(150), D(0))
    assert (use.charged, use.empty, use.included) == (D("11.8"), D(100), D(0))
    assert (use.open, use.change_percent) == (Decimal("38.2"), None)
    assert (found.is_over, found.to_on, found.unknown) == (True, date(2025, 11, 30), ())


async def test_a_month_that_goes_on_is_held_against_as_many_days(building: Building) -> None:
    house = await building.let()
    building.device(house).close(
        *((date(2025, 11, day), value) for day, value in CLOSES.items()),
        (date(2025, 12, 20), "1700.0"),
    )
    building.clock.set(at(21, "10:00", month=12))

    found = await report(building, DECEMBER)

    (use,) = found.media
    assert (found.is_over, found.to_on) == (False, date(2025, 12, 20))
    assert (use.counted, use.before, use.change_percent) == (D(100), D(50), D(100))


async def test_a_reading_of_the_last_day_stands_for_its_close(building: Building) -> None:
    house = await building.let()
    building.device(house).energy_kwh = Decimal("1461.8")
    building.clock.set(at(12))
    await building.deductions.run()
    building.clock.set(at(13, "10:00"))
    (use,) = (await report(building)).media
    assert (use.counted, use.charged) == (D("11.8"), D("11.8"))


async def test_on_the_first_of_a_month_nothing_was_counted_yet(building: Building) -> None:
    await building.let()
    building.clock.set(at(1, "10:00", month=12))
    found = await report(building, DECEMBER)
    assert (found.is_over, found.to_on) == (False, date(2025, 11, 30))


async def test_a_main_meter_tells_what_got_lost_below_it(building: Building) -> None:
    house = await let_until_the_20th(building)
    closes = {date(2025, 11, 11): "1000.0", date(2025, 11, 30): "1200.0"}
    main = await shared_meter(building, "Main", closes=closes, is_main=True)
    await put_below(building, house, main)
    building.clock.set(at(2, "10:00", month=12))

    found = await report(building)

    (lossy,) = found.mains
    assert lossy.residual is not None
    assert (lossy.residual.main, lossy.residual.subs, lossy.residual.left) == (
        D(200),
        D(150),
        D(50),
    )
    assert lossy.lost_percent() == 25
    assert lossy.is_above(24)
    assert not lossy.is_above(25)
    assert not lossy.is_above(None)
    (use,) = found.media
    assert (use.counted, use.empty, use.open) == (D(200), D(100), D(100))


async def test_a_main_meter_with_nothing_below_it_is_not_counted_besides_the_rooms(
    building: Building,
) -> None:
    await let_until_the_20th(building)
    closes = {date(2025, 11, 11): "1000.0", date(2025, 11, 30): "1200.0"}
    await shared_meter(building, "Main", closes=closes, is_main=True)
    building.clock.set(at(2, "10:00", month=12))
    (use,) = (await report(building)).media
    assert use.counted == 150


async def test_a_meter_without_readings_is_named_and_in_no_sum(building: Building) -> None:
    house = await let_until_the_20th(building)
    main = await shared_meter(building, "Main", closes={}, is_main=True)
    await put_below(building, house, main)
    building.clock.set(at(2, "10:00", month=12))
    found = await report(building)
    assert found.unknown == (UnknownMeter(name="Main", is_main=True),)
    assert found.mains == ()
    assert [each.counted for each in found.media] == [150]


async def test_a_loss_is_not_told_where_a_sub_meter_is_unknown(building: Building) -> None:
    house = await building.let()
    closes = {date(2025, 11, 11): "1000.0", date(2025, 11, 30): "1200.0"}
    main = await shared_meter(building, "Main", closes=closes, is_main=True)
    await put_below(building, house, main)
    building.clock.set(at(2, "10:00", month=12))
    found = await report(building)
    assert found.mains[0].residual is None
    assert found.mains[0].lost_percent() is None


async def test_parts_of_what_was_split_are_charged(building: Building) -> None:
    house = await let_until_the_20th(building)
    lift = await shared_meter(
        building,
        "Lift",
        closes={
            date(2025, 11, 11): "0.0",
            date(2025, 11, 21): "100.0",
            date(2025, 11, 30): "140.0",
        },
    )
    building.clock.set(at(22, "10:00"))
    wanted = wish(building, lift)
    plan = await allocations(building).preview(actor=(await building.cause()).actor, wish=wanted)
    await allocations(building).carry_out(cause=await building.cause(), wish=wanted, seal=plan.seal)
    theirs = next(each.quantity for each in plan.parts if each.claim.lease_id == house.lease.id)
    building.clock.set(at(2, "10:00", month=12))

    (use,) = (await report(building)).media

    assert 0 < theirs < 100
    assert (use.counted, use.charged) == (D(290), theirs)


async def test_services_are_told_apart_and_what_is_in_the_rent(building: Building) -> None:
    await let_until_the_20th(building)
    gas = await add_gas_meter(building.transactions, building.place, "Gas 302", at=at(31, month=10))
    await was_read(building.transactions, gas, "100.0", at(31, month=10))
    await was_read(building.transactions, gas, "112.0", at(30))
    building.clock.set(at(2, "10:00", month=12))
    electricity, of_gas = (await report(building)).media
    assert electricity.medium == ELECTRICITY
    assert of_gas.medium == Medium(service=ServiceKind.GAS, unit="m³")
    assert (of_gas.counted, of_gas.included, of_gas.open) == (D(12), D(12), D(0))


async def test_a_stranger_to_the_money_of_a_place_sees_nothing_of_it(building: Building) -> None:
    uses = UseReports(building.transactions, None, building.clock)
    caretaker = Actor(person_id=9, roles=((building.place.id, Role.CARETAKER),))
    with pytest.raises(PlaceUnknown):
        await uses.month(actor=caretaker, place_id=building.place.id, month_on=NOVEMBER)


async def test_a_file_has_a_row_for_each_service_and_each_meter(building: Building) -> None:
    house = await let_until_the_20th(building)
    closes = {date(2025, 11, 11): "1000.0", date(2025, 11, 30): "1200.0"}
    main = await shared_meter(building, "Main", closes=closes, is_main=True)
    await put_below(building, house, main)
    building.clock.set(at(2, "10:00", month=12))
    source = tables_of(building.transactions, building.clock, histories(building)).rows(
        Table.CONSUMPTION, Selection(month_on=NOVEMBER), explain=lambda *_: ""
    )
    header, *found = [row async for row in source]
    whole, *meters = [dict(zip(header, row, strict=True)) for row in found]

    assert (whole["service"], whole["meter"], whole["consumption"]) == ("electricity", "", "200")
    assert (whole["empty_room"], whole["not_charged"]) == ("100", "100")
    by_name = {each["meter"]: each for each in meters}
    assert (by_name["Main"]["sub_meters"], by_name["Main"]["lost"]) == ("150", "50")
    assert by_name["Main"]["lost_percent"] == "25.0"
    assert by_name["LAKE-1"]["room"] == "Room 302"
    assert by_name["LAKE-1"]["empty_room"] == "100"
    assert by_name["LAKE-1"]["lost"] == ""


async def test_without_the_vendor_a_file_tells_what_the_store_knows(building: Building) -> None:
    await let_until_the_20th(building)
    building.clock.set(at(2, "10:00", month=12))
    source = tables_of(building.transactions, building.clock).rows(
        Table.CONSUMPTION, Selection(month_on=NOVEMBER), explain=lambda *_: ""
    )
    header, *found = [row async for row in source]
    (only,) = [dict(zip(header, row, strict=True)) for row in found]
    assert (only["meter"], only["consumption"]) == ("Room 302", "")


async def _billed(building: Building) -> Invoice:
    """Bill a room for 50 kWh and its part in 100 kWh of a lift."""
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    building.clock.set(at(22, "10:00"))
    closes = {date(2025, 11, 11): "1000.0", date(2025, 11, 21): "1100.0"}
    wanted = wish(building, await shared_meter(building, "Lift", closes=closes))
    splits = allocations(building)
    cause = await building.cause()
    plan = await splits.preview(actor=cause.actor, wish=wanted)
    await splits.carry_out(cause=cause, wish=wanted, seal=plan.seal)
    building.device(house).close((date(2025, 11, 25), "1500.0"))
    building.clock.set(at(26, "02:00"))
    (bill,) = (await building.invoicing.run()).issued
    return bill


async def test_what_a_bill_that_was_taken_back_asked_for_is_charged_to_nobody(
    building: Building,
) -> None:
    bill = await _billed(building)
    before = (await report(building)).media[0].charged
    assert before == D(150)
    notes = CreditNotes(building.transactions, building.clock, building.doorbell)
    await notes.issue(cause=await building.cause(), invoice_id=bill.id, reason="Wrong tenant")
    assert (await report(building)).media[0].charged == D(0)
    anew = BillsAnew(building.transactions, building.clock, building.doorbell)
    cause = await building.cause()
    shown = await anew.preview(actor=cause.actor, invoice_id=bill.id)
    again = await anew.bill(cause=cause, invoice_id=bill.id, total_paise=shown.anew.total_paise)
    assert (await report(building)).media[0].charged == before
    await notes.issue(cause=await building.cause(), invoice_id=again.id, reason="Wrong tenant")
    assert (await report(building)).media[0].charged == D(0)
