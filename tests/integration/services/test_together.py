"""Two at once, crashes in between, and who comes first. Rules 2.3, 5.2, 5.6, 9.1 to 9.3."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import pytest

from bot.domain.ledger import EntryKind, PaymentMethod
from bot.domain.people import Actor, NotAllowed, Role
from bot.services.cause import AlreadyHandled, ButtonSpent, Cause
from bot.services.deduction import Deductions
from bot.services.payment import AlreadyReversed, DuplicateReference, Payments
from bot.services.store import Transactions
from bot.services.stores import Unit
from tests.building import CHECK_TIME, Building, House, at


class PowerCut(Exception):
    """The machine goes off."""


class Crashing:
    """Transactions that do not live to see their commit."""

    def __init__(self, real: Transactions) -> None:
        self._real = real
        self.read: Callable[[], AbstractAsyncContextManager[Unit]] = real.read

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        """Crash after everything was written, before it is committed."""
        async with self._real.begin() as unit:
            yield unit
            raise PowerCut


async def _pay(
    building: Building, house: House, paise: int, reference: str | None, update_id: int | None
) -> None:
    await building.payments.record(
        cause=await building.cause(update_id=update_id),
        lease_id=house.lease.id,
        amount_paise=paise,
        method=PaymentMethod.UPI,
        reference=reference,
    )


async def _state(building: Building, house: House) -> tuple[int, bool, int]:
    desired_on = (await building.supply(house)).desired_on
    return await building.balance(house), desired_on, len(await building.entries(house))


async def test_two_sweeps_at_once_charge_once(building: Building) -> None:
    houses = [await building.let(str(number)) for number in range(8)]
    for house in houses:
        building.device(house).use("11.8")
    building.clock.set(at(12))
    await asyncio.gather(*(building.deductions.run() for _ in range(4)))
    assert {await building.balance(house) for house in houses} == {292_330}
    assert [len(await building.entries(house)) for house in houses] == [1] * 8
    assert await building.flaws() == 0


async def test_a_sweep_that_saw_more_charges_only_what_is_new(building: Building) -> None:
    """An observation made before another sweep's commit is charged from that one's reading."""
    house = await building.let()
    building.clock.set(at(12))
    building.device(house).use("10")
    pause = building.gateway.pause("metrics", house.device_id)
    slow = asyncio.create_task(building.deductions.run())
    await pause.arrived.wait()
    await building.deductions.run()
    building.device(house).use("1")
    building.clock.set(at(12, "23:59").replace(second=30))
    pause.released.set()
    await slow
    assert await building.balance(house) == 300_000 - 11 * 650
    assert len(await building.entries(house)) == 2


async def test_a_crash_before_the_commit_leaves_nothing_behind(building: Building) -> None:
    house = await building.let(balance_paise=12_000)
    building.device(house).use("11.8")
    building.clock.set(at(12))
    sweep = Deductions(
        Crashing(building.transactions),
        building.gateway,
        building.clock,
        building.swaps,
        building.doorbell,
        check_time=CHECK_TIME,
    )
    before = await building.book(house)
    with pytest.raises(PowerCut):
        await sweep.run()
    assert await building.book(house) == before
    assert await building.entries(house) == []
    assert await building.notices() == []
    await building.deductions.run()
    assert await _state(building, house) == (4_330, False, 1)


async def test_a_payment_that_crashes_can_be_repeated_with_the_same_update(
    building: Building,
) -> None:
    house = await building.let()
    crashing = Payments(Crashing(building.transactions), building.clock, building.doorbell)
    cause = await building.cause(update_id=9, nonce="n")
    for payments, error in [(crashing, PowerCut), (building.payments, None)]:
        pay = payments.record(
            cause=cause,
            lease_id=house.lease.id,
            amount_paise=5_000,
            method=PaymentMethod.UPI,
            reference="UTR",
        )
        if error is None:
            await pay
        else:
            with pytest.raises(error):
                await pay
    assert await building.balance(house) == 305_000


@pytest.mark.parametrize("pays_first", [True, False])
async def test_whichever_of_payment_and_check_is_first_the_end_is_the_same(
    building: Building, *, pays_first: bool
) -> None:
    house = await building.let(balance_paise=12_000)
    building.device(house).use("11.8")
    building.clock.set(at(12))
    if pays_first:
        await _pay(building, house, 200_000, "UTR", 1)
        await building.deductions.run()
    else:
        await building.deductions.run()
        await _pay(building, house, 200_000, "UTR", 1)
    await building.reconciler.run()
    assert await _state(building, house) == (204_330, True, 2)
    assert building.device(house).relay_on
    assert await building.open_order(house) is None


async def test_a_payment_at_the_same_time_as_a_check_is_not_lost(building: Building) -> None:
    house = await building.let(balance_paise=12_000)
    building.device(house).use("11.8")
    building.clock.set(at(12))
    await asyncio.gather(
        *(_pay(building, house, 1_000, f"UTR{number}", number) for number in range(5)),
        building.deductions.run(),
        building.deductions.run(),
    )
    assert await building.balance(house) == 12_000 + 5_000 - 7_670
    assert await building.flaws() == 0


async def test_the_same_update_twice_at_once_is_one_payment(building: Building) -> None:
    house = await building.let()
    done = await asyncio.gather(
        *(_pay(building, house, 1_000, None, 7) for _ in range(3)), return_exceptions=True
    )
    assert [type(each) for each in done if each] == [AlreadyHandled] * 2
    assert await building.balance(house) == 301_000


async def test_two_managers_on_one_button_are_one_payment(building: Building) -> None:
    house = await building.let()
    causes = [
        await building.cause(building.manager, update_id=1, nonce="once"),
        await building.cause(building.owner, update_id=2, nonce="once"),
    ]
    done = await asyncio.gather(
        *(
            building.payments.record(
                cause=cause,
                lease_id=house.lease.id,
                amount_paise=1_000,
                method=PaymentMethod.CASH,
            )
            for cause in causes
        ),
        return_exceptions=True,
    )
    assert [type(each) for each in done].count(ButtonSpent) == 1
    assert await building.balance(house) == 301_000


async def test_one_reference_for_two_rooms_at_once_is_one_payment(building: Building) -> None:
    houses = [await building.let("1"), await building.let("2")]
    done = await asyncio.gather(
        *(_pay(building, house, 1_000, "utr 1", n) for n, house in enumerate(houses)),
        return_exceptions=True,
    )
    (refused,) = [each for each in done if each]
    assert isinstance(refused, DuplicateReference)
    assert sum([await building.balance(house) for house in houses]) == 601_000


async def test_two_reversals_at_once_are_one(building: Building) -> None:
    house = await building.let()
    await _pay(building, house, 1_000, "UTR", 1)
    (payment,) = await building.entries(house, EntryKind.PAYMENT)
    causes = [await building.cause(update_id=number) for number in (2, 3)]
    done = await asyncio.gather(
        *(
            building.payments.reverse(cause=cause, entry_id=payment.id, reason="typo")
            for cause in causes
        ),
        return_exceptions=True,
    )
    assert [type(each) for each in done].count(AlreadyReversed) == 1
    assert await building.balance(house) == 300_000


async def test_two_loops_at_once_command_a_relay_once(building: Building) -> None:
    house = await building.let(balance_paise=12_000)
    building.device(house).use("11.8")
    building.clock.set(at(12))
    await building.deductions.run()
    await asyncio.gather(*(building.reconciler.run() for _ in range(3)))
    assert building.gateway.switched(house.device_id) == [False]


async def test_the_books_of_many_at_once_add_up(building: Building) -> None:
    """Rule 2.4, and that nobody waits for somebody who waits for them."""
    houses = [await building.let(str(number), balance_paise=12_000) for number in range(6)]
    for house in houses:
        building.device(house).use("11.8")
    building.clock.set(at(12))
    await asyncio.gather(
        *(_pay(building, house, 5_000, f"U{n}", n) for n, house in enumerate(houses)),
        *(building.deductions.run() for _ in range(2)),
        *(building.reconciler.run() for _ in range(2)),
    )
    for _ in range(2):
        await building.reconciler.run()
    assert {await building.balance(house) for house in houses} == {9_330}
    assert {building.device(house).relay_on for house in houses} == {False}
    assert await building.flaws() == 0


async def test_a_person_who_is_not_staff_of_the_place_takes_no_money(building: Building) -> None:
    house = await building.let()
    elsewhere = Actor(
        person_id=building.manager.id, roles=((house.lease.place_id + 1, Role.MANAGER),)
    )
    caretaker = replace(elsewhere, roles=((house.lease.place_id, Role.CARETAKER),))
    tenant = (await building.cause(house.tenant)).actor
    for actor in (elsewhere, caretaker, tenant):
        with pytest.raises(NotAllowed):
            await building.payments.record(
                cause=Cause(actor=actor, update_id=1, nonce="n"),
                lease_id=house.lease.id,
                amount_paise=1,
                method=PaymentMethod.CASH,
            )
    await _pay(building, house, 1, None, 1)
    assert await building.balance(house) == 300_001
