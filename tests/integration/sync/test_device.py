"""Devices are set right at the vendor, and nobody is told before it was read back. Rule 3.4."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.db.audit import audit
from bot.domain.people import Actor, NotAllowed, Role
from bot.sandbox.qube.load import SteadyLoad
from bot.sandbox.qube.meter import Failure, MeterLabels, Mode
from bot.services.cause import ButtonSpent, Cause
from bot.services.device import NothingToName
from bot.services.device_plan import DeviceTaken, DeviceUnlisted
from bot.services.fitting import Misfit, tag_of
from bot.services.ports import DeviceMode, KeyRejected
from bot.services.vendor_command import Result

from .conftest import Yard

OWNER = Actor(person_id=1, roles=((None, Role.OWNER),))


def cause(nonce: str | None = None, actor: Actor = OWNER) -> Cause:
    return Cause(actor=actor, nonce=nonce)


async def meter_id(yard: Yard, number: int) -> int:
    async with yard.transactions.read() as unit:
        (meter,) = (await unit.metering.by_udf1([f"yard.{number}"])).values()
    return meter.id


def new_device(yard: Yard, *, opening: str = "5", udf1: str | None = None) -> str:
    """Put up a device that carries no meter's name."""
    return yard.building.add_meter(
        MeterLabels(name="QUBE new", udf1=udf1),
        load=SteadyLoad(1000),
        space_id=7,
        opening_kwh=Decimal(opening),
    ).device_id


async def lines(yard: Yard, action: str) -> list[dict[str, object]]:
    async with yard.transactions.read() as unit:
        rows = await unit.outbox._connection.execute(select(audit).where(audit.c.action == action))
        return [row.facts for row in rows]


class TestLook:
    """What the vendor has and what does not fit."""

    async def test_everything_is_told_in_one_look(self, yard: Yard) -> None:
        await yard.let(1, 2)
        yard.building.remove("yard.2")
        new_device(yard)
        yard.building.meter("yard.1").set_mode(Mode.PREPAID)

        found = await yard.devices.look(actor=OWNER)

        assert {each: found.count(each) for each in Misfit} == {
            Misfit.UNNAMED: 1,
            Misfit.STRANGE: 1,
            Misfit.DUPLICATE: 0,
            Misfit.WRONG_MODE: 1,
            Misfit.MISSING: 1,
        }
        assert (len(found.devices), found.fitting, found.unasked) == (3, 0, 0)
        assert [each.meter.udf1 for each in found.missing] == ["yard.2"]
        assert found.looked_at == yard.clock.now()

    async def test_who_cares_for_another_place_sees_none_of_it(self, yard: Yard) -> None:
        await yard.let(1)
        elsewhere = Actor(person_id=1, roles=((99, Role.MANAGER),))
        found = await yard.devices.look(actor=elsewhere)
        assert (found.places, found.devices, found.meters) == ((), (), ())

    async def test_who_does_not_onboard_sees_nothing(self, yard: Yard) -> None:
        for role in (Role.ACCOUNTANT, Role.CARETAKER):
            with pytest.raises(NotAllowed):
                await yard.devices.look(actor=Actor(person_id=1, roles=((None, role),)))


class TestMode:
    """A device is left with measuring."""

    async def test_all_that_measure_a_meter_are_switched_and_read_back(self, yard: Yard) -> None:
        await yard.let(1, 2)
        for number in (1, 2, 3):
            yard.building.meter(f"yard.{number}").set_mode(Mode.PREPAID)
        await yard.sync.run()

        outcomes = await yard.devices.switch_modes(cause=cause())

        assert [each.commanded.result for each in outcomes] == [Result.DONE, Result.DONE]
        modes = [yard.building.meter(f"yard.{number}").mode for number in (1, 2, 3)]
        assert modes == [Mode.MEASUREMENT, Mode.MEASUREMENT, Mode.PREPAID]
        found = await yard.devices.fitting(actor=OWNER)
        assert found.count(Misfit.WRONG_MODE) == 0
        assert [each["result"] for each in await lines(yard, "device.mode_result")] == ["done"] * 2

    async def test_an_answer_that_is_lost_after_the_effect_is_read_back(self, yard: Yard) -> None:
        await yard.let(1)
        yard.building.meter("yard.1").set_mode(Mode.PREPAID)
        await yard.sync.run()
        yard.building.fail_after_effect("yard.1")

        (outcome,) = await yard.devices.switch_modes(cause=cause())

        assert outcome.is_done

    async def test_a_device_that_says_no_is_not_done(self, yard: Yard) -> None:
        await yard.let(1)
        yard.building.meter("yard.1").set_mode(Mode.PREPAID)
        await yard.sync.run()
        yard.building.ignore_commands("yard.1")

        (outcome,) = await yard.devices.switch_modes(cause=cause())

        assert outcome.commanded.result is Result.NOT_DONE
        assert (await yard.devices.fitting(actor=OWNER)).count(Misfit.WRONG_MODE) == 1

    async def test_one_that_is_offline_keeps_no_other_from_it(self, yard: Yard) -> None:
        await yard.let(1, 2)
        for number in (1, 2):
            yard.building.meter(f"yard.{number}").set_mode(Mode.PREPAID)
        await yard.sync.run()
        yard.building.take_offline("yard.1")

        outcomes = await yard.devices.switch_modes(cause=cause())

        assert [each.commanded.result for each in outcomes] == [Result.OFFLINE, Result.DONE]

    async def test_one_button_switches_once(self, yard: Yard) -> None:
        await yard.let(1)
        yard.building.meter("yard.1").set_mode(Mode.PREPAID)
        await yard.sync.run()
        await yard.devices.switch_modes(cause=cause("once"))
        with pytest.raises(ButtonSpent):
            await yard.devices.switch_modes(cause=cause("once"))

    async def test_a_key_that_is_refused_is_told_to_the_owners(self, yard: Yard) -> None:
        await yard.let(1)
        yard.building.meter("yard.1").set_mode(Mode.PREPAID)
        await yard.sync.run()
        yard.building.revoke_key()

        (outcome,) = await yard.devices.switch_modes(cause=cause())

        assert isinstance(outcome.commanded.error, KeyRejected)
        assert [each.kind.value for each in await yard.notices()] == [
            "device_trouble",
            "key_rejected",
        ]


class TestLink:
    """A device gets the name of a meter."""

    async def test_a_first_device_is_found(self, yard: Yard) -> None:
        await yard.let(1)
        yard.building.remove("yard.1")
        device_id = new_device(yard)
        await yard.sync.run()

        linked = await yard.devices.link(
            cause=cause(), tag=tag_of(device_id), meter_id=await meter_id(yard, 1)
        )

        assert linked.installed is not None
        assert (linked.installed.device_id, linked.replaced_id) == (device_id, None)
        assert yard.building.meter("yard.1").device_id == device_id
        assert (await yard.link(1)).device_id == device_id

    async def test_another_device_replaces_the_one_before(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        old_id = yard.device_id(1)
        yard.building.take_offline("yard.1")
        device_id = new_device(yard, udf1="wrong")
        await yard.sync.run()

        linked = await yard.devices.link(
            cause=cause(), tag=tag_of(device_id), meter_id=await meter_id(yard, 1)
        )

        assert linked.replaced_id == old_id
        link = await yard.link(1)
        assert link.device_id == device_id
        assert link.anchor is not None
        assert link.anchor.point.value == 5
        assert yard.building.device(old_id).labels.udf1 is None
        assert [each["taken_from"] for each in await lines(yard, "device.link")] == [[old_id]]
        assert (await yard.devices.look(actor=OWNER)).count(Misfit.MISSING) == 0

    async def test_an_answer_that_is_lost_after_the_effect_is_read_back(self, yard: Yard) -> None:
        await yard.let(1)
        yard.building.remove("yard.1")
        device_id = new_device(yard)
        await yard.sync.run()
        yard.building.device(device_id).lost_answers.append(Failure.DROP)

        linked = await yard.devices.link(
            cause=cause(), tag=tag_of(device_id), meter_id=await meter_id(yard, 1)
        )

        assert linked.installed is not None

    async def test_a_vendor_that_does_not_answer_changes_nothing_here(self, yard: Yard) -> None:
        await yard.let(1)
        yard.building.remove("yard.1")
        device_id = new_device(yard)
        await yard.sync.run()
        yard.building.revoke_key()

        linked = await yard.devices.link(
            cause=cause(), tag=tag_of(device_id), meter_id=await meter_id(yard, 1)
        )

        assert (linked.outcome.commanded.result, linked.installed) == (Result.REFUSED, None)
        assert (await yard.link(1)).device_id is None

    async def test_a_device_never_measures_two_meters(self, yard: Yard) -> None:
        await yard.let(1, 2)
        await yard.sync.run()
        with pytest.raises(DeviceTaken):
            await yard.devices.link(
                cause=cause(), tag=tag_of(yard.device_id(1)), meter_id=await meter_id(yard, 2)
            )
        misnamed = yard.building.meter("yard.1")
        yard.building.relabel(misnamed, MeterLabels(name="Room 1", udf1="yrad.1"))
        await yard.sync.run()
        with pytest.raises(DeviceTaken) as refused:
            await yard.devices.link(
                cause=cause(), tag=tag_of(misnamed.device_id), meter_id=await meter_id(yard, 2)
            )
        assert refused.value.meter == "Room 1"
        linked = await yard.devices.link(
            cause=cause(), tag=tag_of(misnamed.device_id), meter_id=await meter_id(yard, 1)
        )
        assert linked.outcome.is_done
        assert linked.replaced_id is None

    async def test_a_device_of_another_place_is_not_there(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        other = Actor(person_id=1, roles=((99, Role.MANAGER),))
        with pytest.raises(DeviceUnlisted):
            await yard.devices.link(
                cause=cause(actor=other),
                tag=tag_of(yard.device_id(3)),
                meter_id=await meter_id(yard, 1),
            )


class TestName:
    """A device is called at the vendor as its room is called here."""

    async def test_it_is_renamed_and_read_back(self, yard: Yard) -> None:
        await yard.let(1)
        yard.building.relabel(
            yard.building.meter("yard.1"), MeterLabels(name="QUBE 17", udf1="yard.1", udf2="kept")
        )
        await yard.sync.run()

        outcome = await yard.devices.rename(cause=cause(), tag=tag_of(yard.device_id(1)))

        assert outcome.is_done
        labels = yard.building.meter("yard.1").labels
        assert (labels.name, labels.udf1, labels.udf2) == ("Room 1", "yard.1", "kept")
        device = await yard.devices.device(actor=OWNER, tag=tag_of(yard.device_id(1)))
        assert (device.device.name, device.device.mode) == ("Room 1", DeviceMode.MEASUREMENT)

    async def test_one_that_is_called_so_already_is_left_alone(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        for number in (1, 3):
            with pytest.raises(NothingToName):
                await yard.devices.rename(cause=cause(), tag=tag_of(yard.device_id(number)))
