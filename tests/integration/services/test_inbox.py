"""Everything that waits for somebody, in one list, the most urgent first."""

from datetime import timedelta

from bot.domain.claim import RequestStatus
from bot.domain.dispute import Dispute, DisputeState, ItemKind
from bot.domain.ledger import PaymentMethod
from bot.domain.metering import MeterTerms
from bot.domain.people import Role
from bot.services.claim_check import ClaimDraft
from bot.services.inbox import InboxItem, InboxKind
from tests.building import OPENED_AT, Building, House, at


async def listed(building: Building, role: Role | None = None) -> list[InboxItem]:
    """Return what waits for the manager, or for somebody new with a role."""
    cause = await building.cause()
    if role is not None:
        async with building.transactions.begin() as unit:
            person = await unit.people.add(
                telegram_id=77, chat_id=77, name="Kim", language="en", at=OPENED_AT
            )
            await unit.people.grant(person_id=person.id, place_id=building.place.id, role=role)
        cause = await building.cause(person)
    return list((await building.inboxes.page(actor=cause.actor)).items)


async def claim(building: Building, house: House) -> None:
    await building.claims.file(
        cause=await building.cause(house.tenant),
        draft=ClaimDraft(
            lease_id=house.lease.id,
            amount_paise=150_000,
            method=PaymentMethod.UPI,
            reference="423188908890",
        ),
    )


async def promise(building: Building, house: House) -> None:
    today = building.clock.now().date()
    await building.promises.ask(
        cause=await building.cause(house.tenant),
        lease_id=house.lease.id,
        pay_on=today + timedelta(days=3),
    )


async def question(building: Building, house: House, state: DisputeState) -> None:
    async with building.transactions.begin() as unit:
        serial = await unit.disputes.next_serial(building.place.id)
        await unit.disputes.add(
            Dispute(
                id=0,
                place_id=building.place.id,
                serial=serial,
                lease_id=house.lease.id,
                item=ItemKind.ALERT,
                item_id=serial,
                entry_id=None,
                opened_by=house.tenant.id,
                opened_at=building.clock.now(),
                disputed_paise=0,
                held_paise=0,
                state=state,
            )
        )


async def test_nothing_waits_in_a_quiet_building(building: Building) -> None:
    await building.let()
    assert await listed(building) == []


async def test_what_waits_is_in_the_order_of_its_urgency(building: Building) -> None:
    house = await building.let(balance_paise=8_000)
    held = await building.let("Room 303", terms=MeterTerms())
    building.device(held).energy_kwh += 9_000
    building.clock.set(at(12))
    await building.deductions.run()
    await claim(building, house)
    await promise(building, house)
    await question(building, house, DisputeState.OPEN)
    await question(building, house, DisputeState.ASKED)
    kinds = [each.kind for each in await listed(building)]
    assert kinds == [InboxKind.CLAIM, InboxKind.PROMISE, InboxKind.DISPUTE, InboxKind.HELD]


async def test_a_room_that_paid_and_is_dark_comes_first_and_its_meter_last(
    building: Building,
) -> None:
    house = await building.let(balance_paise=8_000)
    building.clock.set(at(12))
    await building.deductions.run()
    await building.reconciler.run()
    assert building.device(house).relay_on is False
    building.device(house).is_online = False
    building.clock.advance(timedelta(minutes=1))
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=100_000,
        method=PaymentMethod.CASH,
    )
    await building.reconciler.run()
    assert [each.kind for each in await listed(building)] == [InboxKind.OFFLINE]
    building.clock.advance(timedelta(minutes=16))
    dark, offline = await listed(building)
    assert (dark.kind, dark.subject_id) == (InboxKind.DARK, house.lease.id)
    assert (offline.kind, offline.subject_id) == (InboxKind.OFFLINE, house.meter.id)


async def test_who_sees_no_money_sees_no_claims_and_no_promises(building: Building) -> None:
    house = await building.let(balance_paise=8_000)
    await claim(building, house)
    await promise(building, house)
    assert await listed(building, Role.CARETAKER) == []


async def test_what_is_decided_waits_no_longer(building: Building) -> None:
    house = await building.let(balance_paise=8_000)
    await claim(building, house)
    (waiting,) = await listed(building)
    view = await building.claims.reject(
        cause=await building.cause(), claim_id=waiting.subject_id, reason="not here"
    )
    assert view.claim.status is RequestStatus.REFUSED
    assert await listed(building) == []


async def test_a_long_list_comes_in_pages(building: Building) -> None:
    for number in range(8):
        await question(building, await building.let(f"Room {number}"), DisputeState.OPEN)
    actor = (await building.cause()).actor
    first = await building.inboxes.page(actor=actor)
    second = await building.inboxes.page(actor=actor, offset=6)
    beyond = await building.inboxes.page(actor=actor, offset=600)
    assert (len(first.items), len(second.items), second.total) == (6, 2, 8)
    assert beyond.offset == 6
