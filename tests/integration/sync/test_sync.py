"""What the vendor has is found, and what changed there is handled. Rule 3.4."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.supply import SupplyReason
from bot.sandbox.qube.load import SteadyLoad
from bot.sandbox.qube.meter import MeterLabels, Mode
from bot.services.ports import DeviceMode, KeyRejected
from bot.services.store import LastSeen, NoticeKind

from .conftest import Yard

HOUR = timedelta(hours=1)


async def test_a_space_becomes_a_place_and_its_devices_are_listed(yard: Yard) -> None:
    report = await yard.sync.run()
    async with yard.transactions.read() as unit:
        (place,) = await unit.places.all()
        devices = await unit.metering.devices()

    assert (report.spaces, report.devices, report.new_places) == (1, 3, ["Yard"])
    assert (place.name, place.space_id) == ("Yard", 7)
    assert {each.id for each in report.unknown} == set(devices)
    assert {(each.is_online, each.has_relay) for each in devices.values()} == {(True, True)}


async def test_a_place_that_was_imported_is_bound_by_its_name(yard: Yard) -> None:
    await yard.let(1)
    report = await yard.sync.run()
    async with yard.transactions.read() as unit:
        (place,) = await unit.places.all()

    assert (report.new_places, place.space_id) == ([], 7)


async def test_a_second_space_of_a_name_gets_a_place_of_its_own(yard: Yard) -> None:
    yard.building.add_space(8, MeterLabels(name="yard"))
    report = await yard.sync.run()

    assert report.new_places == ["Yard", "yard (8)"]


async def test_a_meter_finds_its_device_by_its_name(yard: Yard) -> None:
    await yard.let(1)
    before = await yard.link(1)
    report = await yard.sync.run()
    after = await yard.link(1)

    assert report.identified == ["yard.1"]
    assert (before.device_id, after.device_id) == (None, yard.device_id(1))
    assert after.installation_id == before.installation_id
    assert after.anchor == before.anchor


async def test_a_second_look_finds_nothing_new(yard: Yard) -> None:
    await yard.let(1, 2, 3)
    await yard.sync.run()
    again = await yard.sync.run()

    assert again.identified + again.gone == []
    assert (again.replaced, again.unknown) == ([], [])
    assert await yard.notices() == []


class TestReplacement:
    """The name appears on another device. Rule 3.4."""

    async def test_the_lease_goes_on_from_the_new_counter(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        old = await yard.link(1)
        yard.clock.step(HOUR)
        yard.building.replace("yard.1", Decimal("5.5"))
        report = await yard.sync.run()
        new = await yard.link(1)

        assert [each.new_device_id for each in report.replaced] == [yard.device_id(1)]
        assert new.installation_id != old.installation_id
        assert new.device_id == yard.device_id(1)
        assert new.anchor is not None
        assert new.anchor.point.value == Decimal("5.5")
        assert new.anchor.installation_id == new.installation_id

    async def test_the_old_installation_closes_at_its_last_reading(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        yard.building.replace("yard.1")
        (swap,) = (await yard.sync.run()).replaced

        assert (swap.closing_value, swap.opening_value) == (Decimal(100), Decimal(0))

    async def test_what_was_seen_of_the_old_counter_is_charged_once(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        yard.clock.step(10 * HOUR)
        await self.look(yard, "110")
        yard.building.replace("yard.1")
        (swap,) = (await yard.sync.run()).replaced
        await yard.sync.run()
        book = await yard.book(1)

        assert swap.closing_value == Decimal(110)
        assert book.balance_paise == 300_000 - 6_500
        async with yard.transactions.read() as unit:
            assert await unit.ledger.flaws() == []

    async def test_a_sight_that_cannot_be_true_is_not_charged(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        yard.clock.step(HOUR)
        await self.look(yard, "99000")
        yard.building.replace("yard.1")
        (swap,) = (await yard.sync.run()).replaced

        assert swap.closing_value == Decimal(100)
        assert (await yard.book(1)).balance_paise == 300_000

    async def test_a_new_device_that_is_offline_opens_later(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        yard.building.replace("yard.1")
        yard.building.take_offline("yard.1")
        (swap,) = (await yard.sync.run()).replaced
        link = await yard.link(1)

        assert swap.opening_value is None
        assert (link.device_id, link.anchor) == (yard.device_id(1), None)

    async def test_staff_are_told_once(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        old_id = yard.device_id(1)
        yard.building.replace("yard.1")
        await yard.sync.run()
        await yard.sync.run()
        (told,) = await yard.notices()

        assert (told.kind, told.person_id) == (NoticeKind.DEVICE_REPLACED, yard.staff_id)
        assert told.facts["old_device"] == old_id
        assert told.facts["new_device"] == yard.device_id(1)
        assert (told.facts["place"], told.facts["room"]) == ("Yard", "Room 1")

    async def test_a_tenant_who_was_cut_stays_cut(self, yard: Yard) -> None:
        await yard.let(1, balance="50")
        await yard.sync.run()
        link = await yard.link(1)
        assert link.supply is not None
        yard.building.replace("yard.1")
        await yard.sync.run()
        async with yard.transactions.read() as unit:
            order = await unit.supplies.open_order(link.meter.id)

        assert order is not None
        assert (order.turn_on, order.reason) == (False, SupplyReason.BELOW_CUT_OFF)

    async def test_one_meter_can_be_looked_up_alone(self, yard: Yard) -> None:
        await yard.let(1, 2)
        await yard.sync.run()
        yard.building.replace("yard.1")
        link = await yard.link(1)
        installed = await yard.sync.refresh_meter(link.meter.id)

        assert installed is not None
        assert installed.device_id == yard.device_id(1)
        assert (await yard.sync.run()).replaced == []

    async def look(self, yard: Yard, value: str) -> None:
        book = await yard.book(1)
        seen = LastSeen(
            lease_id=book.lease.id,
            meter_id=book.meters[0].meter.id,
            value=Decimal(value),
            power_w=None,
            at=yard.clock.now(),
        )
        async with yard.transactions.begin() as unit:
            await unit.metering.save_last_seen([seen])


class TestTrouble:
    """What a person has to look at is told to one, once."""

    async def test_two_devices_of_one_name_are_no_swap(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        device_id = yard.device_id(1)
        twin = yard.building.add_meter(MeterLabels(name="Twin"), load=SteadyLoad(1000), space_id=7)
        twin.labels = MeterLabels(name="Twin", udf1="yard.1")
        report = await yard.sync.run()
        await yard.sync.run()
        (told,) = await yard.notices()

        assert (report.duplicated, report.replaced) == (["yard.1"], [])
        assert (await yard.link(1)).device_id == device_id
        assert (told.kind, told.facts["code"]) == (NoticeKind.DEVICE_TROUBLE, "duplicate_udf1")
        assert await yard.sync.refresh_meter((await yard.link(1)).meter.id) is None

    async def test_a_device_that_bills_by_itself_is_told(self, yard: Yard) -> None:
        await yard.let(1)
        yard.building.meter("yard.1").set_mode(Mode.PREPAID)
        report = await yard.sync.run()
        await yard.sync.run()
        (told,) = await yard.notices()

        assert [each.mode for each in report.wrong_mode] == [DeviceMode.PREPAID]
        assert told.facts["code"] == "mode_prepaid"

    async def test_a_meter_without_a_device_is_listed_and_keeps_its_own(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        device_id = yard.device_id(1)
        yard.building.remove("yard.1")
        report = await yard.sync.run()
        async with yard.transactions.read() as unit:
            device = await unit.metering.device(device_id)

        assert (report.without_device, report.gone) == (["yard.1"], [device_id])
        assert device is not None
        assert device.gone_at == yard.clock.now()
        assert (await yard.link(1)).device_id == device_id

    async def test_a_device_that_goes_offline_is_told_once(self, yard: Yard) -> None:
        await yard.let(1)
        await yard.sync.run()
        yard.building.take_offline("yard.1")
        yard.building.take_offline("yard.2")
        await yard.sync.run()
        await yard.sync.run()
        (told,) = await yard.notices()

        assert (told.kind, told.facts["room"]) == (NoticeKind.DEVICE_OFFLINE, "Room 1")
        assert (await yard.link(1)).is_online is False

    async def test_a_rejected_key_is_told_to_the_owners(self, yard: Yard) -> None:
        yard.building.revoke_key()
        with pytest.raises(KeyRejected):
            await yard.sync.run()
        (told,) = await yard.notices()

        assert (told.kind, told.person_id) == (NoticeKind.KEY_REJECTED, yard.staff_id)

    async def test_a_device_outside_of_every_space_is_only_missing(self, yard: Yard) -> None:
        await yard.let(1)
        yard.building.take_out_of_space("yard.1")

        assert (await yard.sync.run()).without_device == ["yard.1"]
