"""What fits and what does not, of devices and meters."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.metering import Meter, MeterTerms, MeterType
from bot.domain.place import Place, Room
from bot.services.device_plan import DeviceTaken, DeviceUnlisted, link_plan, name_for
from bot.services.fitting import Fitting, Found, Misfit, fitting, tag_of
from bot.services.ports import DeviceMode
from bot.services.store import Device

NOW = datetime(2026, 11, 12, tzinfo=UTC)
PLACES = (
    Place(id=1, name="Lakeside", zone=ZoneInfo("Asia/Kolkata"), currency="INR", space_id=7),
    Place(id=2, name="Hilltop", zone=ZoneInfo("Asia/Kolkata"), currency="INR", space_id=8),
)
METERS = {
    name: Meter(
        id=number,
        place_id=place_id,
        room_id=number,
        udf1=name,
        type=MeterType.ELECTRICITY,
        unit="kWh",
        terms=MeterTerms(multiplier=Decimal(1)),
    )
    for number, (name, place_id) in enumerate([("a", 1), ("b", 1), ("c", 2)], start=1)
}
ROOMS = {number: Room(id=number, place_id=1, name=f"Room {number}") for number in (1, 2, 3)}


def device(device_id: str, **changes: Any) -> Device:
    facts: dict[str, Any] = {
        "id": device_id,
        "space_id": 7,
        "name": device_id.upper(),
        "udf1": None,
        "mode": DeviceMode.MEASUREMENT,
        "seen_at": NOW,
    }
    return Device(**(facts | changes))


def found(*devices: Device, allowed: frozenset[int] | None = None, **installed: str) -> Fitting:
    return fitting(
        Found(
            places=PLACES,
            rooms=ROOMS,
            devices=devices,
            meters=METERS,
            installed={METERS[name].id: device_id for name, device_id in installed.items()},
            allowed=allowed,
        )
    )


@pytest.mark.parametrize(
    ("changes", "misfits"),
    [
        ({"udf1": "a"}, set()),
        ({}, {Misfit.UNNAMED}),
        ({"udf1": "x"}, {Misfit.STRANGE}),
        ({"udf1": "a", "mode": DeviceMode.PREPAID}, {Misfit.WRONG_MODE}),
        ({"udf1": "x", "mode": DeviceMode.PREPAID}, {Misfit.STRANGE}),
        ({"udf1": "a", "mode": DeviceMode.UNKNOWN}, set()),
    ],
)
def test_a_device_fits_or_says_why_not(changes: dict[str, Any], misfits: set[Misfit]) -> None:
    (fitted,) = found(device("d", **changes)).devices
    assert fitted.misfits == misfits


def test_two_devices_of_a_name_are_both_told() -> None:
    seen = found(device("d", udf1="a"), device("e", udf1="a"))
    assert [each.device.id for each in seen.devices_of(Misfit.DUPLICATE)] == ["d", "e"]
    assert seen.fitting == 0


def test_a_device_that_is_gone_stands_for_no_meter() -> None:
    seen = found(device("d", udf1="a", gone_at=NOW))
    assert seen.devices == ()
    assert seen.count(Misfit.MISSING) == 3
    assert seen.looked_at is None


def test_meters_without_a_device_come_first() -> None:
    seen = found(device("d", udf1="a"), a="d")
    assert [each.meter.udf1 for each in seen.meters] == ["b", "c", "a"]
    assert [each.is_missing for each in seen.meters] == [True, True, False]


def test_each_sees_the_places_in_their_care() -> None:
    devices = (device("d"), device("e", space_id=8), device("f", space_id=None))
    assert [x.device.id for x in found(*devices, allowed=frozenset({2})).devices] == ["e"]
    assert [x.device.id for x in found(*devices).devices] == ["d", "e", "f"]


def test_a_tag_is_short_however_long_the_id_is() -> None:
    assert len(tag_of("x" * 500)) == 12
    assert tag_of("x") != tag_of("y")


class TestPlan:
    """What a link would change."""

    def test_who_carries_the_name_gives_it_up(self) -> None:
        seen = found(device("old", udf1="a"), device("new"), a="old")
        plan = link_plan(seen, tag_of("new"), 1)
        assert [each.device.id for each in plan.holders] == ["old"]

    def test_one_of_many_is_chosen(self) -> None:
        seen = found(device("d", udf1="a"), device("e", udf1="a"))
        plan = link_plan(seen, tag_of("d"), 1)
        assert [each.device.id for each in plan.holders] == ["e"]
        with pytest.raises(DeviceTaken):
            link_plan(seen, tag_of("d"), 2)

    def test_a_device_that_fits_is_not_taken_away(self) -> None:
        seen = found(device("d", udf1="a"))
        with pytest.raises(DeviceTaken) as refused:
            link_plan(seen, tag_of("d"), 2)
        assert refused.value.meter == "Room 1"

    def test_a_device_that_a_meter_still_has_is_not_taken_away(self) -> None:
        seen = found(device("d", udf1="typo"), a="d")
        with pytest.raises(DeviceTaken):
            link_plan(seen, tag_of("d"), 2)
        assert link_plan(seen, tag_of("d"), 1).holders == ()

    @pytest.mark.parametrize(
        ("tag", "meter_id"), [("nobody", 1), (tag_of("d"), 3), (tag_of("d"), 9)]
    )
    def test_device_and_meter_are_of_one_place(self, tag: str, meter_id: int) -> None:
        with pytest.raises(DeviceUnlisted):
            link_plan(found(device("d")), tag, meter_id)


def test_a_device_is_called_as_its_room() -> None:
    named = found(device("d", udf1="a", name="Room 1"), device("e", udf1="b"), device("f")).devices
    assert {each.device.id: name_for(each) for each in named} == {
        "d": None,
        "e": "Room 2",
        "f": None,
    }
