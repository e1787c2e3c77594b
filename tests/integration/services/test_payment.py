"""Payments, references, reversals, and what they do to the power. Rules 5.6 and 9."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ledger import EntryKind, PaymentMethod
from bot.domain.people import NotAllowed
from bot.domain.supply import Hold, SupplyReason
from bot.services.payment import (
    AlreadyReversed,
    AmountNotPositive,
    BadReference,
    DuplicateReference,
    EntryUnknown,
    LeaseUnknown,
    Receipt,
)
from bot.services.store import NoticeKind, OrderStatus
from tests.building import Building, House, at


async def pay(
    building: Building,
    house: House,
    paise: int,
    reference: str | None = None,
    *,
    method: PaymentMethod = PaymentMethod.UPI,
    message_id: int | None = None,
) -> Receipt:
    """Record a payment by the manager."""
    building.clock.advance(timedelta(seconds=1))
    return await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=paise,
        method=method,
        reference=reference,
        message_id=message_id,
    )


async def in_the_dark(building: Building, *, has_relay: bool = True) -> House:
    """Return a room that was cut at ₹43.30."""
    house = await building.let(balance_paise=12_000, has_relay=has_relay)
    building.clock.set(at(12))
    building.device(house).use("11.8")
    await building.deductions.run()
    await building.reconciler.run()
    return house


class TestReferences:
    """Rule 9.1."""

    @pytest.mark.parametrize("again", ["utr 123", " UTR123 ", "ＵＴＲ１２３", "UTR\u200b123"])
    async def test_the_same_reference_is_refused_and_names_the_first(
        self, building: Building, again: str
    ) -> None:
        first, second = await building.let("Room 1"), await building.let("Room 2")
        receipt = await pay(building, first, 1_000, "UTR123")
        with pytest.raises(DuplicateReference) as refused:
            await pay(building, second, 1_000, again)
        assert (refused.value.entry.id, refused.value.room) == (receipt.entry.id, "Room 1")
        assert await building.balance(second) == 300_000

    async def test_another_method_has_references_of_its_own(self, building: Building) -> None:
        house = await building.let()
        await pay(building, house, 1_000, "1")
        await pay(building, house, 1_000, "1", method=PaymentMethod.BANK)
        assert await building.balance(house) == 302_000

    @pytest.mark.parametrize("bad", ["", "  ", "\u200b", "x" * 65, "a\x00b"])
    async def test_what_is_no_reference_is_refused(self, building: Building, bad: str) -> None:
        house = await building.let()
        with pytest.raises(BadReference):
            await pay(building, house, 1_000, bad)

    async def test_a_reversal_frees_the_reference(self, building: Building) -> None:
        house = await building.let()
        receipt = await pay(building, house, 1_000, "UTR")
        await building.payments.reverse(
            cause=await building.cause(), entry_id=receipt.entry.id, reason="typo"
        )
        await pay(building, house, 2_000, "UTR")
        assert await building.balance(house) == 302_000

    async def test_nothing_is_no_payment(self, building: Building) -> None:
        house = await building.let()
        with pytest.raises(AmountNotPositive):
            await pay(building, house, 0)
        with pytest.raises(LeaseUnknown):
            await building.payments.record(
                cause=await building.cause(),
                lease_id=99,
                amount_paise=1,
                method=PaymentMethod.CASH,
            )


class TestReversal:
    """Rules 2.2 and 9.3."""

    async def test_it_takes_the_money_back_and_the_power_follows(self, building: Building) -> None:
        house = await in_the_dark(building)
        receipt = await pay(building, house, 10_000, "UTR")
        await building.reconciler.run()
        assert building.device(house).relay_on
        back = await building.payments.reverse(
            cause=await building.cause(), entry_id=receipt.entry.id, reason="bounced"
        )
        assert (back.before_paise, back.after_paise) == (14_330, 4_330)
        assert not back.decision.on
        await building.reconciler.run()
        assert not building.device(house).relay_on
        told = await building.notices(NoticeKind.PAYMENT_REVERSED, to=house.tenant)
        assert [each.facts["power"] for each in told] == ["cutting", "off"]
        assert (told[0].facts["amount_paise"], told[0].facts["reason"]) == (10_000, "bounced")
        assert await building.flaws() == 0

    async def test_an_entry_is_reversed_at_most_once(self, building: Building) -> None:
        house = await building.let()
        receipt = await pay(building, house, 1_000)
        cause = await building.cause()
        back = await building.payments.reverse(
            cause=cause, entry_id=receipt.entry.id, reason="typo"
        )
        with pytest.raises(AlreadyReversed) as refused:
            await building.payments.reverse(cause=cause, entry_id=receipt.entry.id, reason="x")
        assert refused.value.entry.id == back.entry.id
        with pytest.raises(EntryUnknown):
            await building.payments.reverse(cause=cause, entry_id=back.entry.id, reason="x")

    async def test_only_payments_are_taken_back_so_and_only_by_staff(
        self, building: Building
    ) -> None:
        house = await in_the_dark(building)
        (deduction,) = await building.entries(house, EntryKind.DEDUCTION)
        with pytest.raises(EntryUnknown):
            await building.payments.reverse(
                cause=await building.cause(), entry_id=deduction.id, reason="x"
            )
        receipt = await pay(building, house, 1_000)
        with pytest.raises(NotAllowed):
            await building.payments.reverse(
                cause=await building.cause(house.tenant), entry_id=receipt.entry.id, reason="x"
            )


class TestPower:
    """Rule 5.6: light follows the money."""

    async def test_too_little_leaves_it_dark_and_says_so(self, building: Building) -> None:
        house = await in_the_dark(building)
        receipt = await pay(building, house, 5_669)
        assert receipt.order is None
        (told,) = await building.notices(NoticeKind.PAYMENT, to=house.tenant)
        assert told.facts["power"] == "still_off"

    async def test_exactly_the_cut_off_brings_light(self, building: Building) -> None:
        house = await in_the_dark(building)
        receipt = await pay(building, house, 5_670)
        assert receipt.order is not None
        assert receipt.order.turn_on

    async def test_who_has_light_is_told_that_nothing_changes(self, building: Building) -> None:
        house = await building.let()
        await pay(building, house, 1_000)
        (told,) = await building.notices(NoticeKind.PAYMENT, to=house.tenant)
        assert told.facts["power"] == "unchanged"

    async def test_a_payment_does_not_release_a_hold_off(self, building: Building) -> None:
        house = await in_the_dark(building)
        await building.power.hold(
            cause=await building.cause(), lease_id=house.lease.id, hold=Hold.OFF
        )
        receipt = await pay(building, house, 500_000)
        assert (receipt.decision.on, receipt.decision.reason) == (False, SupplyReason.HOLD_OFF)
        assert receipt.order is None
        await building.reconciler.run()
        assert not building.device(house).relay_on

    async def test_a_payment_calls_a_cut_off_that_was_not_made_yet(
        self, building: Building
    ) -> None:
        house = await building.let(balance_paise=12_000)
        building.clock.set(at(12))
        building.device(house).use("11.8")
        await building.deductions.run()
        await pay(building, house, 100_000)
        await building.reconciler.run()
        assert False not in building.gateway.switched(house.device_id)
        assert building.device(house).relay_on
        told = await building.notices(NoticeKind.POWER, to=house.tenant)
        assert [each.facts["state"] for each in told] == ["sent", "dropped"]
        paid = await building.notices(NoticeKind.PAYMENT, to=house.tenant)
        assert paid[-1].facts["power"] == "on"

    async def test_a_second_payment_in_the_dark_is_shown_its_light_too(
        self, building: Building
    ) -> None:
        house = await in_the_dark(building)
        building.device(house).is_online = False
        first = await pay(building, house, 10_000)
        await building.reconciler.run()
        second = await pay(building, house, 10_000)
        assert second.order is not None
        assert first.order is not None
        assert second.order.created_at == first.order.created_at
        building.device(house).is_online = True
        building.clock.advance(timedelta(minutes=1))
        await building.reconciler.run()
        told = await building.notices(NoticeKind.PAYMENT, to=house.tenant)
        assert [(each.thread, each.facts["power"]) for each in told] == [
            (first.thread, "restoring"),
            (first.thread, "waiting_offline"),
            (second.thread, "restoring"),
            (first.thread, "on"),
            (second.thread, "on"),
        ]
        assert building.gateway.switched(house.device_id)[-1] is True

    async def test_a_device_without_relay_is_switched_by_hand_rule_6_7(
        self, building: Building
    ) -> None:
        house = await in_the_dark(building, has_relay=False)
        receipt = await pay(building, house, 10_000)
        assert receipt.order is not None
        assert receipt.order.status is OrderStatus.BY_HAND
        assert building.gateway.switched(house.device_id) == []
        told = await building.notices(NoticeKind.SWITCH_BY_HAND)
        assert [(each.person_id, each.facts["on"], each.facts["state"]) for each in told] == [
            (building.owner.id, False, "by_hand"),
            (building.manager.id, False, "by_hand"),
            (building.owner.id, False, "dropped"),
            (building.manager.id, False, "dropped"),
            (building.owner.id, True, "by_hand"),
            (building.manager.id, True, "by_hand"),
        ]
        (paid,) = await building.notices(NoticeKind.PAYMENT, to=house.tenant)
        assert paid.facts["power"] == "by_hand"

    async def test_money_for_a_lease_that_has_ended_switches_nothing(
        self, building: Building
    ) -> None:
        house = await in_the_dark(building)
        async with building.transactions.begin() as unit:
            ended = replace(house.lease.occupancy, end_on=at(12).date())
            await unit.leases.save(replace(house.lease, occupancy=ended))
        receipt = await pay(building, house, 50_000)
        assert receipt.order is None
        assert await building.open_order(house) is None
        assert await building.balance(house) == 54_330

    async def test_the_manager_s_own_message_is_the_one_that_goes_on(
        self, building: Building
    ) -> None:
        house = await in_the_dark(building)
        receipt = await pay(building, house, 10_000, message_id=77)
        async with building.transactions.read() as unit:
            bound = await unit.outbox.message_of(receipt.thread, person_id=building.manager.id)
        assert bound == 77
