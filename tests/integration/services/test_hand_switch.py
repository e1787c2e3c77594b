"""Where no relay is, a person switches and says so. Rules 6.6 and 6.7."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ledger import PaymentMethod
from bot.domain.people import NotAllowed, Role
from bot.services.cause import AlreadyHandled
from bot.services.hand_switch import SwitchedBefore, SwitchedByHand, SwitchOverruled
from bot.services.home_card import Power, power_of
from bot.services.payment import LeaseUnknown
from bot.services.store import NoticeKind, OrderStatus, RelayOrder
from bot.services.stores.rooms import RoomFilter, RoomQuery
from tests.building import Building, House, at


async def cut(building: Building) -> House:
    """Let a room without a relay, whose power somebody is asked to switch off."""
    house = await building.let(balance_paise=12_000, has_relay=False)
    building.clock.set(at(12))
    building.device(house).use("11.8")
    await building.deductions.run()
    return house


async def asked(building: Building, house: House) -> RelayOrder:
    order = await building.open_order(house)
    assert order is not None
    assert order.status is OrderStatus.BY_HAND
    return order


async def done(building: Building, order: RelayOrder, **by: object) -> SwitchedByHand:
    cause = await building.cause(**by)  # type: ignore[arg-type]
    return await building.hand_switches.done(cause=cause, order_id=order.id)


async def pay(building: Building, house: House, amount_paise: int = 50_000) -> None:
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=amount_paise,
        method=PaymentMethod.CASH,
    )


async def power(building: Building, house: House) -> Power:
    return power_of((await building.book(house)).supply_meter)


async def told(building: Building, house: House) -> list[tuple[str, object, object]]:
    notices = await building.notices(NoticeKind.POWER, NoticeKind.PAYMENT, to=house.tenant)
    return [
        (each.kind.value, each.facts.get("state") or each.facts["power"], each.facts.get("hand_by"))
        for each in notices
    ]


class TestDone:
    """The word of who has switched."""

    async def test_it_is_recorded_and_the_tenant_hears_of_it_only_then(
        self, building: Building
    ) -> None:
        house = await cut(building)
        assert await told(building, house) == [("power", "by_hand", None)]
        assert await power(building, house) is Power.GOING_OFF
        order = await asked(building, house)

        switched = await done(building, order)

        assert switched == SwitchedByHand(lease_id=house.lease.id, room=house.room.name, on=False)
        supply = await building.supply(house)
        now = building.clock.now()
        assert (supply.actual_on, supply.confirmed_at) == (False, now)
        assert supply.confirmed_by == building.manager.id
        assert await power(building, house) is Power.OFF
        assert await told(building, house) == [
            ("power", "by_hand", None),
            ("power", "off", "Mani"),
        ]
        (action, facts) = (await building.trail())[-1]
        assert action == "power.by_hand"
        assert (facts["lease_id"], facts["on"]) == (house.lease.id, False)

    async def test_the_payment_s_own_message_says_that_there_is_power_again(
        self, building: Building
    ) -> None:
        house = await cut(building)
        await done(building, await asked(building, house))
        await pay(building, house)
        assert await power(building, house) is Power.COMING_ON

        await done(building, await asked(building, house))

        assert (await told(building, house))[2:] == [
            ("payment", "by_hand", None),
            ("payment", "on", "Mani"),
        ]
        assert await power(building, house) is Power.ON
        assert await building.open_order(house) is None

    async def test_all_who_were_asked_see_that_it_is_done(self, building: Building) -> None:
        house = await cut(building)

        await done(building, await asked(building, house))

        seen = await building.notices(NoticeKind.SWITCH_BY_HAND)
        assert [(each.person_id, each.facts["state"]) for each in seen] == [
            (building.owner.id, "by_hand"),
            (building.manager.id, "by_hand"),
            (building.owner.id, "off"),
            (building.manager.id, "off"),
        ]
        assert len({each.thread for each in seen}) == 1
        assert seen[0].facts["order_id"] == seen[-1].facts["order_id"]

    async def test_a_tenant_who_came_later_is_told_anew(self, building: Building) -> None:
        house = await cut(building)
        async with building.transactions.begin() as unit:
            late = await unit.people.add(
                telegram_id=77, chat_id=77, name="Late", language="en", at=at(12)
            )
            await unit.leases.join(lease_id=house.lease.id, person_id=late.id, at=at(12))

        await done(building, await asked(building, house))

        (notice,) = await building.notices(to=late)
        assert (notice.kind, notice.facts["state"]) == (NoticeKind.POWER, "off")


class TestOnce:
    """The same thing twice is the same as once."""

    async def test_a_second_manager_hears_who_was_first(self, building: Building) -> None:
        house = await cut(building)
        order = await asked(building, house)
        await done(building, order)
        told_before = len(await building.notices())

        with pytest.raises(SwitchedBefore) as refused:
            await done(building, order, person=building.owner)

        assert (refused.value.by, refused.value.order.turn_on) == ("Mani", False)
        assert len(await building.notices()) == told_before
        assert (await building.supply(house)).confirmed_by == building.manager.id

    async def test_of_two_at_once_one_counts(self, building: Building) -> None:
        house = await cut(building)
        order = await asked(building, house)

        answers = await asyncio.gather(
            done(building, order),
            done(building, order, person=building.owner),
            return_exceptions=True,
        )

        assert sorted(type(each).__name__ for each in answers) == [
            "SwitchedBefore",
            "SwitchedByHand",
        ]
        assert len(await told(building, house)) == 2

    async def test_the_same_update_does_nothing_again(self, building: Building) -> None:
        order = await asked(building, await cut(building))
        await done(building, order, update_id=9)

        with pytest.raises(AlreadyHandled):
            await done(building, order, update_id=9)

    async def test_an_order_that_was_taken_over_is_done_with_its_heir(
        self, building: Building
    ) -> None:
        house = await cut(building)
        await done(building, await asked(building, house))
        await pay(building, house)
        first = await asked(building, house)
        building.clock.advance(timedelta(minutes=1))
        await pay(building, house)
        second = await asked(building, house)
        assert second.id != first.id

        await done(building, first)

        assert (await told(building, house))[-2:] == [("payment", "on", "Mani")] * 2
        with pytest.raises(SwitchedBefore):
            await done(building, second)
        with pytest.raises(SwitchedBefore):
            await done(building, first)


class TestOverruled:
    """What was decided since counts."""

    async def test_an_old_word_is_refused_when_something_else_is_asked(
        self, building: Building
    ) -> None:
        house = await cut(building)
        off = await asked(building, house)
        await pay(building, house)

        with pytest.raises(SwitchOverruled) as refused:
            await done(building, off)

        assert refused.value.lease_id == house.lease.id
        assert (await building.supply(house)).actual_on is None
        assert (await asked(building, house)).turn_on
        assert await power(building, house) is Power.COMING_ON
        assert (await told(building, house))[1] == ("power", "dropped", None)
        dropped = await building.notices(NoticeKind.SWITCH_BY_HAND, to=building.manager)
        assert [each.facts["state"] for each in dropped] == ["by_hand", "dropped", "by_hand"]

    async def test_a_device_with_a_relay_takes_over(self, building: Building) -> None:
        house = await cut(building)
        by_hand = await asked(building, house)
        async with building.transactions.begin() as unit:
            device = await unit.metering.device(house.device_id)
            assert device is not None
            await unit.metering.save_device(replace(device, has_relay=True))
        building.device(house).has_relay = True
        building.clock.advance(timedelta(days=1))
        building.device(house).use("1")

        await building.deductions.run()
        await building.reconciler.run()

        assert building.gateway.switched(house.device_id) == [False]
        assert (await told(building, house))[-1] == ("power", "off", None)
        with pytest.raises(SwitchOverruled):
            await done(building, by_hand)


class TestPermission:
    """Who may say so."""

    async def test_only_who_may_switch_may_say_so(self, building: Building) -> None:
        house = await cut(building)
        order = await asked(building, house)
        async with building.transactions.begin() as unit:
            anil = await unit.people.add(
                telegram_id=8, chat_id=8, name="Anil", language="en", at=at(11)
            )
            await unit.people.grant(
                person_id=anil.id, place_id=building.place.id, role=Role.ACCOUNTANT
            )

        for person in (anil, house.tenant):
            with pytest.raises(NotAllowed):
                await done(building, order, person=person)

        assert (await building.supply(house)).actual_on is None

    async def test_an_order_that_never_was_is_unknown(self, building: Building) -> None:
        with pytest.raises(LeaseUnknown):
            await building.hand_switches.done(cause=await building.cause(), order_id=404)


class TestAround:
    """What else goes by it."""

    async def test_a_paid_room_in_the_dark_is_an_alarm_until_somebody_has_switched(
        self, building: Building
    ) -> None:
        house = await cut(building)
        await done(building, await asked(building, house))
        await pay(building, house)
        building.clock.advance(timedelta(minutes=16))

        for _ in range(2):
            await building.reconciler.run()

        alarms = await building.notices(NoticeKind.STILL_DARK)
        assert {each.person_id for each in alarms} == {building.owner.id, building.manager.id}
        assert [each.facts["by_hand"] for each in alarms] == [True, True]
        assert building.gateway.switched(house.device_id) == []

    async def test_who_has_switched_in_time_raises_no_alarm(self, building: Building) -> None:
        house = await cut(building)
        await pay(building, house)
        await done(building, await asked(building, house))
        building.clock.advance(timedelta(minutes=16))

        await building.reconciler.run()

        assert await building.notices(NoticeKind.STILL_DARK) == []

    async def test_the_list_of_rooms_that_are_off_holds_what_waits_for_a_hand(
        self, building: Building
    ) -> None:
        house = await cut(building)
        wanted = RoomQuery(place_ids=None, on=at(12).date(), only=RoomFilter.CUT)

        async def off() -> int:
            async with building.transactions.read() as unit:
                assert await unit.rooms.waiting_orders(None) == 0
                return await unit.rooms.count(wanted)

        assert await off() == 1
        await pay(building, house)
        assert await off() == 1
        await done(building, await asked(building, house))
        assert await off() == 0

    async def test_what_a_device_without_a_relay_says_of_one_is_not_believed(
        self, building: Building
    ) -> None:
        house = await cut(building)
        await done(building, await asked(building, house))
        building.device(house).relay_on = True
        building.clock.advance(timedelta(days=1))
        building.device(house).use("1")

        await building.deductions.run()

        assert (await building.supply(house)).actual_on is False
        assert await building.open_order(house) is None
