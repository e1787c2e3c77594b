"""Meters are made, changed and deleted by staff, within the rules. Rules 3.1, 8.1 and 8.4."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.meter import (
    BillingType,
    MeterField,
    MeterNotPossible,
    MeterSheet,
    MeterStatus,
    ServiceKind,
    SplitKey,
)
from bot.domain.meter_tree import MeterAboveItself
from bot.domain.metering import MeterType, Reading, ReadingType, RegisterPoint
from bot.domain.people import NotAllowed, Role
from bot.domain.period import start_of
from bot.services.cause import ButtonSpent
from bot.services.meter import MeterUnknown
from bot.services.meter_edit import MeterChange, MeterEdits
from bot.services.meter_field import SheetField
from bot.services.meter_rule import (
    CountsOtherwise,
    FieldHasReadings,
    MeterCharges,
    MeterElsewhere,
    MeterInUse,
    MeterNameMissing,
    MeterNameTaken,
    NothingToChange,
    SerialNumberTaken,
    VendorNameTaken,
)
from tests.building import Building, House, lakeside

GAS = {SheetField.TYPE: MeterType.GAS, SheetField.NAME: "Gas, flat B-2"}


def edits(building: Building) -> MeterEdits:
    return MeterEdits(building.transactions, building.clock)


async def made(
    building: Building, said: dict[SheetField, Any] | None = None, **more: Any
) -> MeterSheet:
    """Make a meter by the manager; `more` are fields by their names in small letters."""
    named = {SheetField[name.upper()]: value for name, value in more.items()}
    return await edits(building).save(
        cause=await building.cause(),
        place_id=building.place.id,
        meter_id=None,
        changes={**GAS, **(said or {}), **named},
    )


async def changed(building: Building, meter_id: int, **fields: Any) -> MeterSheet:
    """Change a meter by the manager."""
    return await edits(building).save(
        cause=await building.cause(),
        place_id=building.place.id,
        meter_id=meter_id,
        changes={SheetField[name.upper()]: value for name, value in fields.items()},
    )


async def previewed(building: Building, meter_id: int, **fields: Any) -> MeterChange:
    return await edits(building).preview(
        actor=(await building.cause()).actor,
        place_id=building.place.id,
        meter_id=meter_id,
        changes={SheetField[name.upper()]: value for name, value in fields.items()},
    )


async def stored(building: Building, meter_id: int) -> MeterSheet | None:
    async with building.transactions.read() as unit:
        return await unit.sheets.get(meter_id)


async def read(building: Building, sheet: MeterSheet) -> None:
    """Let somebody read a meter."""
    async with building.transactions.begin() as unit:
        installed = await unit.metering.open_installation(sheet.id)
        assert installed is not None
        at = building.clock.now()
        await unit.metering.add_readings(
            [
                Reading(
                    meter_id=sheet.id,
                    installation_id=installed.id,
                    point=RegisterPoint(at=at, value=sheet.terms.limit_per_hour),
                    type=ReadingType.MANUAL,
                )
            ]
        )


class TestMaking:
    async def test_a_meter_is_what_was_said_of_it_and_the_usual_besides(
        self, building: Building
    ) -> None:
        since_on = date(2024, 3, 1)
        sheet = await made(building, name="  Gas,  flat B-2 ", serial=" ab 12 ", installed=since_on)

        assert sheet == await stored(building, sheet.id)
        assert (sheet.name, sheet.serial_number) == ("Gas, flat B-2", "AB 12")
        assert (sheet.unit, sheet.service) == ("m³", ServiceKind.GAS)
        assert (sheet.billing_type, sheet.status) == (BillingType.INDIVIDUAL, MeterStatus.ACTIVE)
        async with building.transactions.read() as unit:
            installed = await unit.metering.open_installation(sheet.id)
        assert installed is not None
        assert installed.opened_at == start_of(since_on, building.place.zone)
        assert [action for action, _ in await building.trail()] == ["meter.create"]

    async def test_the_same_button_makes_one_meter(self, building: Building) -> None:
        cause = await building.cause(nonce="once")
        asked = {"place_id": building.place.id, "meter_id": None, "changes": GAS}
        await edits(building).save(cause=cause, **asked)  # type: ignore[arg-type]
        with pytest.raises(ButtonSpent):
            await edits(building).save(cause=cause, **asked)  # type: ignore[arg-type]

    async def test_a_shared_meter_is_split_by_ratio_and_a_collective_one_equally(
        self, building: Building
    ) -> None:
        shared = await made(building, billing=BillingType.SHARED)
        of_all = await made(building, name="Lift", billing=BillingType.COLLECTIVE)

        assert (shared.split_key, of_all.split_key) == (SplitKey.FIXED_RATIO, SplitKey.EQUAL)

    @pytest.mark.parametrize("name", ["", "   ", "a\x00b"])
    async def test_it_is_called_something(self, building: Building, name: str) -> None:
        with pytest.raises(MeterNameMissing):
            await made(building, name=name)

    async def test_a_name_is_there_once_in_a_place(self, building: Building) -> None:
        await made(building)
        with pytest.raises(MeterNameTaken):
            await made(building, name="GAS, flat b-2")

    async def test_a_serial_number_is_there_once_anywhere(self, building: Building) -> None:
        first = await made(building, serial="ab12")
        with pytest.raises(SerialNumberTaken) as refused:
            await made(building, name="Other", serial="AB12")
        assert (refused.value.meter, refused.value.place) == (first.name, building.place.name)

    async def test_whose_number_it_is_nobody_learns_of_another_place(
        self, building: Building
    ) -> None:
        known = await made(building)
        async with building.transactions.begin() as unit:
            place = await unit.places.add(replace(lakeside(), name="Hilltop", space_id=None))
            hidden = replace(known, place_id=place.id, serial_number="AB12")
            await unit.sheets.add(hidden, at=building.clock.now())
        with pytest.raises(SerialNumberTaken) as refused:
            await made(building, name="Other", serial="AB12")
        assert (refused.value.meter, refused.value.place) == (None, None)

    async def test_a_name_at_the_vendor_is_there_once(self, building: Building) -> None:
        house = await building.let()
        with pytest.raises(VendorNameTaken):
            await made(building, udf1=house.meter.udf1)

    async def test_it_was_not_installed_tomorrow(self, building: Building) -> None:
        tomorrow = building.clock.now().date() + timedelta(days=1)
        with pytest.raises(MeterNotPossible) as refused:
            await made(building, installed=tomorrow)
        assert [flaw.field for flaw in refused.value.flaws] == [MeterField.INSTALLED_ON]

    async def test_only_who_onboards_makes_meters(self, building: Building) -> None:
        cause = await building.cause(building.manager)
        tenant = replace(cause, actor=replace(cause.actor, roles=()))
        caretaker = replace(
            cause, actor=replace(cause.actor, roles=((building.place.id, Role.CARETAKER),))
        )
        sheet = await made(building)
        for who, refusal in ((tenant, MeterUnknown), (caretaker, NotAllowed)):
            with pytest.raises(NotAllowed):
                await edits(building).save(
                    cause=who, place_id=building.place.id, meter_id=None, changes=GAS
                )
            with pytest.raises(refusal):
                await edits(building).delete(cause=who, meter_id=sheet.id)
        assert await stored(building, sheet.id) == sheet


class TestChanging:
    async def test_what_is_said_changes_and_nothing_else(self, building: Building) -> None:
        sheet = await made(building, notes="old")
        after = await changed(building, sheet.id, notes=None, manufacturer="Elster")

        assert after == replace(sheet, notes=None, manufacturer="Elster")
        assert await stored(building, sheet.id) == after
        action, facts = (await building.trail())[-1]
        assert (action, facts["changes"]) == (
            "meter.edit",
            {"manufacturer": [None, "Elster"], "notes": ["old", None]},
        )

    async def test_what_is_so_already_is_not_changed(self, building: Building) -> None:
        sheet = await made(building)
        with pytest.raises(NothingToChange):
            await changed(building, sheet.id, name=sheet.name)

    async def test_another_type_brings_its_unit_and_service(self, building: Building) -> None:
        sheet = await made(building)
        after = await changed(building, sheet.id, type=MeterType.WATER_COLD)
        assert (after.unit, after.service) == ("m³", ServiceKind.WATER)
        after = await changed(building, sheet.id, type=MeterType.HEATING)
        assert (after.unit, after.service) == ("kWh", ServiceKind.HEATING)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"type": MeterType.WATER_COLD}, SheetField.TYPE),
            ({"unit": "kWh"}, SheetField.UNIT),
            ({"udf1": "LAKE-9"}, SheetField.UDF1),
        ],
    )
    async def test_what_it_counts_stays_once_it_was_read(
        self, building: Building, change: dict[str, Any], field: SheetField
    ) -> None:
        sheet = await made(building)
        await read(building, sheet)
        with pytest.raises(FieldHasReadings) as refused:
            await changed(building, sheet.id, **change)
        assert refused.value.field is field
        assert (await changed(building, sheet.id, name="Other")).name == "Other"

    async def test_its_room_is_in_its_place(self, building: Building) -> None:
        house = await building.let()
        sheet = await made(building, room=house.room.id)
        assert sheet.room_id == house.room.id
        async with building.transactions.begin() as unit:
            place = await unit.places.add(replace(lakeside(), name="Hilltop", space_id=None))
            room = await unit.places.add_room(place_id=place.id, name="1")
        for elsewhere in (room.id, 999):
            with pytest.raises(MeterElsewhere):
                await changed(building, sheet.id, room=elsewhere)


class TestTree:
    async def test_a_meter_never_comes_to_hang_below_itself(self, building: Building) -> None:
        top = await made(building, name="Top")
        middle = await made(building, name="Middle", parent=top.id)
        low = await made(building, name="Low", parent=middle.id)
        for below in (middle, low):
            with pytest.raises(MeterAboveItself):
                await changed(building, top.id, parent=below.id)
        with pytest.raises(MeterNotPossible):
            await changed(building, top.id, parent=top.id)

    async def test_two_managers_at_once_make_no_circle(self, building: Building) -> None:
        one, two = await made(building, name="One"), await made(building, name="Two")
        done = await asyncio.gather(
            changed(building, one.id, parent=two.id),
            changed(building, two.id, parent=one.id),
            return_exceptions=True,
        )
        assert sorted(type(each).__name__ for each in done) == ["MeterAboveItself", "MeterSheet"]

    async def test_sub_meters_count_what_the_main_one_counts(self, building: Building) -> None:
        top = await made(building, name="Top", main=True)
        with pytest.raises(CountsOtherwise):
            await made(building, name="Power", type=MeterType.ELECTRICITY, parent=top.id)
        with pytest.raises(CountsOtherwise):
            await made(building, name="Heat", unit="kWh", parent=top.id)
        await made(building, name="Sub", parent=top.id)
        with pytest.raises(CountsOtherwise):
            await changed(building, top.id, unit="kWh")

    async def test_a_main_meter_hangs_below_none(self, building: Building) -> None:
        top = await made(building, name="Top", main=True)
        with pytest.raises(MeterNotPossible) as refused:
            await made(building, name="Sub", main=True, parent=top.id)
        assert [flaw.field for flaw in refused.value.flaws] == [MeterField.MAIN]


class TestLeases:
    async def test_retiring_tells_who_is_charged_no_more(self, building: Building) -> None:
        house = await building.let()
        asked = await previewed(building, house.meter.id, status=MeterStatus.RETIRED)

        assert asked.stops_charging
        assert [share.room for share in asked.shares] == [house.room.name]
        await changed(building, house.meter.id, status=MeterStatus.RETIRED)
        building.device(house).use("10")
        assert (await building.deductions.run()).lines == ()
        back = await previewed(building, house.meter.id, status=MeterStatus.ACTIVE)
        assert not back.stops_charging

    async def test_who_pays_cannot_change_under_a_lease_that_was_charged(
        self, building: Building
    ) -> None:
        house = await building.let()
        for other in (BillingType.INCLUDED, BillingType.SHARED, BillingType.COLLECTIVE):
            with pytest.raises(MeterCharges) as refused:
                await changed(building, house.meter.id, billing=other)
            assert [share.room for share in refused.value.shares] == [house.room.name]

    async def test_a_lease_that_was_not_charged_loses_a_meter_that_others_share(
        self, building: Building
    ) -> None:
        house = await building.let()
        sheet = await made(building)
        async with building.transactions.begin() as unit:
            await unit.sheets.set_shares(sheet.id, {house.lease.id: None})
        kept = await previewed(building, sheet.id, billing=BillingType.INCLUDED)
        lost = await previewed(building, sheet.id, billing=BillingType.SHARED)
        assert (kept.unlinks, lost.unlinks) == (False, True)

        await changed(building, sheet.id, billing=BillingType.SHARED)
        async with building.transactions.read() as unit:
            assert not await unit.sheets.shares(sheet.id)


class TestDeleting:
    async def test_a_meter_made_by_mistake_is_deleted(self, building: Building) -> None:
        sheet = await made(building)
        await edits(building).delete(cause=await building.cause(), meter_id=sheet.id)
        assert await stored(building, sheet.id) is None
        assert (await building.trail())[-1][0] == "meter.delete"

    async def test_one_that_was_read_or_charged_stays(self, building: Building) -> None:
        house: House = await building.let()
        sheet = await made(building)
        await read(building, sheet)
        top = await made(building, name="Top")
        await made(building, name="Sub", parent=top.id)
        for meter_id in (house.meter.id, sheet.id, top.id):
            with pytest.raises(MeterInUse):
                await edits(building).delete(cause=await building.cause(), meter_id=meter_id)
