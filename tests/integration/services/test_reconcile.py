"""The loop between desired and actual. Rules 6.4 to 6.7."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.ledger import PaymentMethod
from bot.domain.protection import ProtectedHours
from bot.domain.supply import Hold, SupplyReason
from bot.services.ports import (
    DeviceUnknown,
    GatewayUnavailable,
    KeyRejected,
    Lane,
    OutcomeUnknown,
    Refused,
)
from bot.services.reconcile import WORKERS, WORKERS_HOLD
from bot.services.store import NoticeKind, OrderStatus
from tests.building import Building, House, at

SECOND = timedelta(seconds=1)
LOST = OutcomeUnknown(code="timeout", detail="no answer")
BUSY = GatewayUnavailable(code="busy", detail="")


async def broke(building: Building, room: str = "Room 302") -> House:
    """Return a room that is to be cut, with the meter not told yet."""
    house = await building.let(room, balance_paise=12_000)
    building.clock.set(at(12))
    building.device(house).use("11.8")
    await building.deductions.run()
    return house


async def pay(building: Building, house: House, paise: int = 100_000) -> str:
    """Pay in cash; return the thread in which that is told."""
    building.clock.advance(SECOND)
    receipt = await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=paise,
        method=PaymentMethod.CASH,
    )
    return receipt.thread


async def states(building: Building, house: House) -> list[object]:
    """Return what the tenant was told of the power, in order."""
    told = await building.notices(NoticeKind.POWER, to=house.tenant)
    return [each.facts["state"] for each in told]


async def statuses(building: Building) -> list[OrderStatus]:
    """Run the loop and return how its attempts went."""
    return [attempt.status for _, attempt in (await building.reconciler.run()).orders]


async def wait_and_run(building: Building, minutes: float = 6) -> list[OrderStatus]:
    building.clock.advance(timedelta(minutes=minutes))
    return await statuses(building)


class TestReadBack:
    """Nobody is told before the meter has shown it."""

    async def test_a_relay_that_says_no_is_tried_again(self, building: Building) -> None:
        house = await broke(building)
        building.gateway.deaf_relays = 1
        assert await statuses(building) == [OrderStatus.PENDING]
        assert await states(building, house) == ["sent"]
        assert await statuses(building) == []
        assert await wait_and_run(building) == [OrderStatus.CONFIRMED]
        assert await states(building, house) == ["sent", "off"]

    async def test_a_relay_that_stays_deaf_is_told_to_staff_once(self, building: Building) -> None:
        house = await broke(building)
        building.gateway.deaf_relays = 10
        for _ in range(7):
            await wait_and_run(building)
        told = await building.notices(NoticeKind.DEVICE_TROUBLE, to=building.manager)
        assert [(each.facts["code"], each.facts["on"]) for each in told] == [("not_changed", False)]
        assert await states(building, house) == ["sent"]

    async def test_a_command_whose_answer_was_lost_is_read_back_and_not_repeated(
        self, building: Building
    ) -> None:
        house = await broke(building)
        building.gateway.fail_after_effect("switch", house.device_id, LOST)
        assert await statuses(building) == [OrderStatus.CONFIRMED]
        assert building.gateway.switched(house.device_id) == [False]

    async def test_it_is_not_repeated_either_when_the_read_back_failed_too(
        self, building: Building
    ) -> None:
        house = await broke(building)
        building.gateway.fail_after_effect("switch", house.device_id, LOST)
        building.gateway.fail("metrics", house.device_id, BUSY)
        assert await statuses(building) == [OrderStatus.WAITING]
        assert await states(building, house) == ["sent"]
        assert await wait_and_run(building) == [OrderStatus.CONFIRMED]
        assert building.gateway.switched(house.device_id) == [False]
        assert await states(building, house) == ["sent", "off"]

    async def test_an_order_that_a_killed_process_held_goes_on_within_a_minute(
        self, building: Building
    ) -> None:
        house = await broke(building)
        now = building.clock.now()
        async with building.transactions.begin() as unit:
            held = await unit.supplies.lease_due(now, until=now + WORKERS_HOLD, limit=1)
        assert len(held) == 1
        assert await statuses(building) == []
        assert await wait_and_run(building, minutes=1) == [OrderStatus.CONFIRMED]
        assert building.gateway.switched(house.device_id) == [False]

    async def test_a_command_that_was_lost_before_its_effect_is_repeated(
        self, building: Building
    ) -> None:
        house = await broke(building)
        building.gateway.fail("switch", house.device_id, LOST)
        assert await statuses(building) == [OrderStatus.PENDING]
        assert await wait_and_run(building) == [OrderStatus.CONFIRMED]
        assert building.gateway.switched(house.device_id) == [False, False]

    async def test_a_device_that_does_not_show_its_relay_is_taken_at_its_word(
        self, building: Building
    ) -> None:
        house = await broke(building)
        building.device(house).shows_relay = False
        assert await statuses(building) == [OrderStatus.CONFIRMED]
        supply = await building.supply(house)
        assert (supply.actual_on, supply.confirmed_at) == (False, None)

    async def test_a_device_that_does_not_show_its_relay_and_says_no_is_not(
        self, building: Building
    ) -> None:
        house = await broke(building)
        building.device(house).shows_relay = False
        building.gateway.deaf_relays = 1
        assert await statuses(building) == [OrderStatus.PENDING]

    async def test_a_refusal_is_told_to_staff_and_to_the_tenant(self, building: Building) -> None:
        house = await broke(building)
        building.gateway.fail("switch", house.device_id, Refused(code="no_relay", detail="d"))
        assert await statuses(building) == [OrderStatus.FAILED]
        assert await states(building, house) == ["sent", "failed"]
        (told,) = await building.notices(NoticeKind.DEVICE_TROUBLE, to=building.manager)
        assert (told.facts["code"], told.facts["detail"]) == ("no_relay", "d")
        assert await wait_and_run(building, minutes=4) == []

    async def test_the_next_check_orders_again_what_was_refused(self, building: Building) -> None:
        house = await broke(building)
        building.gateway.fail("switch", house.device_id, Refused(code="odd", detail=""))
        await building.reconciler.run()
        building.clock.set(at(13))
        await building.deductions.run()
        await building.reconciler.run()
        assert not building.device(house).relay_on

    async def test_a_relay_that_somebody_else_has_switched_is_put_right_and_told(
        self, building: Building
    ) -> None:
        house = await broke(building)
        await building.reconciler.run()
        building.device(house).relay_on = True
        building.clock.set(at(13))
        await building.deductions.run()
        assert (await building.supply(house)).actual_on is True
        await building.reconciler.run()
        assert not building.device(house).relay_on
        assert await states(building, house) == ["sent", "off", "off"]

    async def test_what_a_sweep_sees_of_a_relay_is_kept(self, building: Building) -> None:
        house = await building.let()
        building.clock.set(at(12))
        await building.deductions.run()
        assert (await building.supply(house)).actual_on is True


class TestOffline:
    """Rule 6.5."""

    async def test_the_order_waits_and_is_carried_out_as_soon_as_the_sweep_finds_the_device(
        self, building: Building
    ) -> None:
        house = await broke(building)
        building.device(house).is_online = False
        assert await statuses(building) == [OrderStatus.WAITING]
        assert await states(building, house) == ["sent", "waiting_offline"]
        assert await statuses(building) == []
        building.device(house).is_online = True
        building.clock.advance(SECOND)
        assert await statuses(building) == []
        await building.deductions.run()
        assert await statuses(building) == [OrderStatus.CONFIRMED]
        assert await states(building, house) == ["sent", "waiting_offline", "off"]

    async def test_it_backs_off_up_to_five_minutes(self, building: Building) -> None:
        house = await broke(building)
        building.device(house).is_online = False
        tries = []
        for _ in range(52):
            tries.append(len(await statuses(building)))
            building.clock.advance(timedelta(seconds=15))
        assert [n for n, tried in enumerate(tries) if tried] == [0, 1, 3, 7, 15, 31, 51]
        assert await states(building, house) == ["sent", "waiting_offline"]
        assert len(await building.notices(NoticeKind.DEVICE_OFFLINE, to=building.manager)) == 1
        assert await building.notices(NoticeKind.DEVICE_TROUBLE) == []

    async def test_a_device_that_obeys_is_online_again(self, building: Building) -> None:
        house = await broke(building)
        building.device(house).is_online = False
        await building.reconciler.run()
        assert (await building.book(house)).meters[0].is_online is False
        building.device(house).is_online = True
        await wait_and_run(building)
        assert (await building.book(house)).meters[0].is_online is True

    async def test_a_paid_tenant_who_is_dark_after_15_minutes_is_an_alert_once(
        self, building: Building
    ) -> None:
        house = await broke(building)
        await building.reconciler.run()
        building.device(house).is_online = False
        await pay(building, house)
        await wait_and_run(building, minutes=14)
        assert await building.notices(NoticeKind.STILL_DARK) == []
        await pay(building, house)
        for _ in range(4):
            await wait_and_run(building, minutes=1)
        told = await building.notices(NoticeKind.STILL_DARK)
        assert {each.person_id for each in told} == {building.owner.id, building.manager.id}
        assert len(told) == 2
        assert (told[0].facts["minutes"], told[0].facts["tenant"]) == (15, house.lease.tenant_name)

    async def test_a_cut_that_waits_is_no_alert(self, building: Building) -> None:
        house = await broke(building)
        building.device(house).is_online = False
        await wait_and_run(building, minutes=60)
        assert await building.notices(NoticeKind.STILL_DARK) == []

    async def test_an_obsolete_order_is_dropped_and_never_sent_late(
        self, building: Building
    ) -> None:
        house = await broke(building)
        building.device(house).is_online = False
        await building.reconciler.run()
        await pay(building, house)
        building.device(house).is_online = True
        for _ in range(4):
            await wait_and_run(building)
        assert False not in building.gateway.switched(house.device_id)[1:]
        assert building.device(house).relay_on
        assert await building.open_order(house) is None


class TestChange:
    """The desired state changes under way."""

    async def test_a_payment_during_a_cut_under_way_ends_with_light(
        self, building: Building
    ) -> None:
        house = await broke(building)
        pause = building.gateway.pause("switch", house.device_id)
        cutting = asyncio.create_task(building.reconciler.run())
        await pause.arrived.wait()
        thread = await pay(building, house)
        pause.released.set()
        await cutting
        for _ in range(3):
            await wait_and_run(building)
        assert building.device(house).relay_on
        assert building.gateway.switched(house.device_id)[0] is False
        supply = await building.supply(house)
        assert (supply.desired_on, supply.actual_on) == (True, True)
        paid = await building.notices(NoticeKind.PAYMENT, to=house.tenant)
        assert (paid[-1].thread, paid[-1].facts["power"]) == (thread, "on")
        assert "off" not in await states(building, house)

    async def test_a_payment_during_a_cut_under_way_ends_with_light_in_two_processes(
        self, building: Building
    ) -> None:
        house = await broke(building)
        pause = building.gateway.pause("switch", house.device_id)
        cutting = asyncio.create_task(building.reconciler.run())
        await pause.arrived.wait()
        await pay(building, house)
        await building.reconciler.run()
        assert building.gateway.switched(house.device_id) == [False, True]
        pause.released.set()
        await cutting
        assert building.device(house).relay_on

    async def test_restoring_goes_before_cutting(self, building: Building) -> None:
        dark = await broke(building, "dark")
        await building.reconciler.run()
        others = [await broke(building, str(number)) for number in range(12)]
        building.gateway.calls.clear()
        await pay(building, dark)
        await building.reconciler.run()
        switched = [call for call in building.gateway.calls if call.name == "switch"]
        assert len(switched) == 13
        first = [call.lane for call in switched[:WORKERS]]
        assert Lane.RESTORE in first, "it was taken with the first, the lanes do the rest"
        assert [call.device_id for call in switched if call.lane is Lane.RESTORE] == [
            dark.device_id
        ]
        assert not any(building.device(house).relay_on for house in others)

    async def test_a_worker_that_died_is_followed_by_another_after_a_while(
        self, building: Building
    ) -> None:
        house = await broke(building)
        pause = building.gateway.pause("switch", house.device_id)
        dying = asyncio.create_task(building.reconciler.run())
        await pause.arrived.wait()
        dying.cancel()
        await asyncio.wait([dying])
        assert await statuses(building) == []
        assert await wait_and_run(building) == [OrderStatus.CONFIRMED]
        assert not building.device(house).relay_on


class TestDevice:
    """The device is gone, replaced, or cannot switch."""

    async def test_a_replaced_device_is_switched_in_the_same_run(self, building: Building) -> None:
        house = await broke(building)
        building.gateway.devices["dev-new"] = building.gateway.devices.pop(house.device_id)
        building.swaps.new_device_ids[house.meter.id] = "dev-new"
        assert await statuses(building) == [OrderStatus.PENDING, OrderStatus.CONFIRMED]
        assert building.gateway.switched("dev-new") == [False]

    async def test_a_device_that_is_gone_is_looked_for_again_later_and_told_of(
        self, building: Building
    ) -> None:
        house = await broke(building)
        del building.gateway.devices[house.device_id]
        assert await statuses(building) == [OrderStatus.WAITING]
        assert building.swaps.asked == [house.meter.id]
        for _ in range(5):
            assert await wait_and_run(building) == [OrderStatus.WAITING]
        (told,) = await building.notices(NoticeKind.DEVICE_TROUBLE, to=building.manager)
        assert told.facts["code"] == "device_missing"

    async def test_a_vendor_that_cannot_be_asked_for_the_new_device_is_asked_later(
        self, building: Building
    ) -> None:
        house = await broke(building)
        building.gateway.fail(
            "switch", house.device_id, DeviceUnknown(code="device_not_found", detail="")
        )
        building.swaps.errors.append(BUSY)
        assert await statuses(building) == [OrderStatus.WAITING]
        assert await wait_and_run(building) == [OrderStatus.CONFIRMED]

    async def test_a_meter_without_a_device_waits_for_one(self, building: Building) -> None:
        house = await broke(building)
        async with building.transactions.begin() as unit:
            installed = await unit.metering.open_installation(house.meter.id)
            assert installed is not None
            await unit.metering.uninstall(installation_id=installed.id, at=building.clock.now())
        assert await statuses(building) == [OrderStatus.WAITING]
        building.gateway.devices["dev-new"] = building.gateway.devices.pop(house.device_id)
        building.swaps.new_device_ids[house.meter.id] = "dev-new"
        assert await wait_and_run(building) == [OrderStatus.PENDING, OrderStatus.CONFIRMED]

    async def test_a_device_without_relay_gets_no_order_and_staff_are_told_rule_6_7(
        self, building: Building
    ) -> None:
        house = await building.let(balance_paise=12_000, has_relay=False)
        building.clock.set(at(12))
        building.device(house).use("11.8")
        building.device(house).shows_relay = False
        for _ in range(2):
            await building.deductions.run()
            assert await statuses(building) == []
        told = await building.notices(NoticeKind.SWITCH_BY_HAND)
        assert len(told) == 2
        assert {each.person_id for each in told} == {building.owner.id, building.manager.id}
        assert (told[0].facts["on"], told[0].facts["reason"]) == (False, "below_cut_off")
        supply = await building.supply(house)
        assert not supply.desired_on


class TestKey:
    """A rejected key."""

    @pytest.mark.parametrize("where", ["switch", "find"])
    async def test_it_stops_the_run_and_tells_the_owner_once(
        self, building: Building, where: str
    ) -> None:
        houses = [await broke(building, str(number)) for number in range(12)]
        rejected = KeyRejected(code="authentication_error", detail="revoked")
        first = houses[0].device_id
        if where == "switch":
            building.gateway.fail("switch", first, rejected, rejected)
        else:
            unknown = DeviceUnknown(code="device_not_found", detail="")
            building.gateway.fail("switch", first, unknown)
            building.swaps.errors.append(rejected)
        report = await building.reconciler.run()
        assert len(report.orders) < 12
        await wait_and_run(building)
        (told,) = await building.notices(NoticeKind.KEY_REJECTED)
        assert told.person_id == building.owner.id
        assert await building.notices(NoticeKind.DEVICE_TROUBLE) == []
        for _ in range(2):
            await wait_and_run(building)
        assert not any(building.device(house).relay_on for house in houses)


class TestTime:
    """What time alone changes."""

    async def test_protected_hours_put_off_a_cut_and_their_end_makes_it(
        self, building: Building
    ) -> None:
        night = ProtectedHours(start=time(18), end=time(8))
        async with building.transactions.begin() as unit:
            await unit.places.save(replace(building.place, protected_hours=night))
        house = await broke(building)
        supply = await building.supply(house)
        assert (supply.desired_on, supply.reason) == (True, SupplyReason.PROTECTED_HOURS)
        building.clock.set(at(13, "07:59"))
        report = await building.reconciler.run()
        assert (report.decided_anew, building.gateway.switched(house.device_id)) == (0, [])
        building.clock.set(at(13, "08:00"))
        report = await building.reconciler.run()
        assert report.decided_anew == 1
        assert building.gateway.switched(house.device_id) == [False]
        assert await states(building, house) == ["sent", "off"]

    async def test_protected_hours_let_a_room_have_its_light_back(self, building: Building) -> None:
        house = await broke(building)
        await building.reconciler.run()
        always = ProtectedHours(start=time(0), end=time(0))
        async with building.transactions.begin() as unit:
            await unit.places.save(replace(building.place, protected_hours=always))
        await pay(building, house)
        await building.reconciler.run()
        assert building.device(house).relay_on

    async def test_grace_ends_by_itself(self, building: Building) -> None:
        house = await building.let(balance_paise=12_000, grace_until=at(13, "12:00"))
        building.clock.set(at(12))
        building.device(house).use("11.8")
        await building.deductions.run()
        assert await statuses(building) == []
        building.clock.set(at(13, "12:00"))
        assert await statuses(building) == [OrderStatus.CONFIRMED]
        assert not building.device(house).relay_on

    async def test_a_hold_on_that_has_run_out_gives_the_room_back_to_the_rules(
        self, building: Building
    ) -> None:
        house = await broke(building)
        await building.reconciler.run()
        await building.power.hold(
            cause=await building.cause(),
            lease_id=house.lease.id,
            hold=Hold.ON,
            until=at(13, "12:00"),
        )
        await building.reconciler.run()
        assert building.device(house).relay_on
        building.clock.set(at(13, "11:59"))
        assert await statuses(building) == []
        building.clock.set(at(13, "12:00"))
        assert await statuses(building) == [OrderStatus.CONFIRMED]
        assert not building.device(house).relay_on
        assert (await building.supply(house)).hold is Hold.NONE
        assert (await building.reconciler.run()).decided_anew == 0

    async def test_the_hour_of_a_hold_off_is_no_reason_to_decide_anew(
        self, building: Building
    ) -> None:
        house = await broke(building)
        supply = replace(
            await building.supply(house), hold=Hold.OFF, hold_until=building.clock.now()
        )
        async with building.transactions.begin() as unit:
            await unit.supplies.save([supply])
            assert await unit.supplies.to_decide_anew(building.clock.now()) == []
