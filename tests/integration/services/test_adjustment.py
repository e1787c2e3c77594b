"""A balance is set right by hand: once, with a reason, and the power follows. Rules 2.1, 2.2."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.audit import audit
from bot.domain.ledger import AccountKind, EntryKind
from bot.domain.people import NotAllowed
from bot.services.adjustment import Adjustments, NothingToAdjust, ReasonMissing
from bot.services.cause import ButtonSpent
from bot.services.payment import AlreadyReversed, LeaseUnknown, Receipt
from bot.services.preview import Previews
from bot.services.store import NoticeKind
from tests.building import Building, House
from tests.integration.services.test_payment import in_the_dark


async def adjust(
    building: Building, house: House, paise: int, reason: str = "goodwill", nonce: str | None = None
) -> Receipt:
    """Adjust a balance by the manager."""
    building.clock.advance(timedelta(seconds=1))
    service = Adjustments(building.transactions, building.clock, building.doorbell)
    return await service.record(
        cause=await building.cause(nonce=nonce),
        lease_id=house.lease.id,
        amount_paise=paise,
        reason=reason,
    )


async def take_back(building: Building, receipt: Receipt) -> None:
    """Reverse an adjustment by the manager."""
    await building.payments.reverse(
        cause=await building.cause(), entry_id=receipt.entry.id, reason="wrong room"
    )


async def test_a_credit_gives_the_power_back_and_the_tenant_hears_why(building: Building) -> None:
    house = await in_the_dark(building)

    receipt = await adjust(building, house, 6_000, "  meter read\nwrongly ")
    await building.reconciler.run()

    assert (receipt.before_paise, receipt.after_paise) == (4_330, 10_330)
    assert building.device(house).relay_on
    told = await building.notices(NoticeKind.ADJUSTMENT, to=house.tenant)
    assert [each.facts["power"] for each in told] == ["restoring", "on"]
    assert (told[0].facts["is_credit"], told[0].facts["reason"]) == (True, "meter read wrongly")


async def test_a_charge_may_cut_the_power(building: Building) -> None:
    house = await building.let(balance_paise=12_000)

    receipt = await adjust(building, house, -2_001)
    await building.reconciler.run()

    assert not receipt.decision.on
    assert not building.device(house).relay_on


async def test_it_is_booked_against_adjustments_and_audited(building: Building) -> None:
    house = await building.let()

    receipt = await adjust(building, house, -7_000, "broken switch")

    async with building.transactions.read() as unit:
        entry = await unit.ledger.whole(receipt.entry.id)
    assert entry is not None
    assert (entry.kind, entry.reason) == (EntryKind.ADJUSTMENT, "broken switch")
    assert {each.account: each.amount_paise for each in entry.postings} == {
        AccountKind.RECEIVABLE: -7_000,
        AccountKind.ADJUSTMENTS: 7_000,
    }
    async with building.database.reader.connect() as connection:
        (line,) = (await connection.execute(select(audit))).all()
    assert (line.action, line.actor_id) == ("adjustment", building.manager.id)
    assert line.facts["amount_paise"] == -7_000
    assert await building.flaws() == 0


async def test_one_button_books_once(building: Building) -> None:
    house = await building.let()
    await adjust(building, house, 100, nonce="once")

    with pytest.raises(ButtonSpent):
        await adjust(building, house, 100, nonce="once")

    assert await building.balance(house) == 300_100


async def test_it_is_taken_back_like_a_payment(building: Building) -> None:
    house = await building.let()
    receipt = await adjust(building, house, -5_000)

    await take_back(building, receipt)

    assert await building.balance(house) == 300_000
    (told,) = await building.notices(NoticeKind.PAYMENT_REVERSED, to=house.tenant)
    assert told.facts["undone"] == "adjustment"
    with pytest.raises(AlreadyReversed) as refused:
        await take_back(building, receipt)
    assert refused.value.kind is EntryKind.ADJUSTMENT


@pytest.mark.parametrize("reason", ["", "  \n ", "…!", "x" * 201])
async def test_it_needs_a_reason_that_says_something(building: Building, reason: str) -> None:
    house = await building.let()
    with pytest.raises(ReasonMissing):
        await adjust(building, house, 100, reason)


async def test_nothing_is_no_adjustment(building: Building) -> None:
    house = await building.let()
    for paise in (0, 10**12 + 1, -(10**12) - 1):
        with pytest.raises(NothingToAdjust):
            await adjust(building, house, paise)


async def test_a_tenant_cannot_adjust(building: Building) -> None:
    house = await building.let()
    service = Adjustments(building.transactions, building.clock, building.doorbell)
    cause = await building.cause(house.tenant)
    with pytest.raises(NotAllowed):
        await service.record(cause=cause, lease_id=house.lease.id, amount_paise=1, reason="me")
    with pytest.raises(LeaseUnknown):
        await Previews(building.transactions, building.clock).adjustment(
            actor=cause.actor, lease_id=house.lease.id, amount_paise=1
        )
    assert await building.balance(house) == 300_000


async def test_a_preview_says_what_it_would_do(building: Building) -> None:
    house = await building.let(balance_paise=12_000)
    actor = (await building.cause()).actor

    preview = await Previews(building.transactions, building.clock).adjustment(
        actor=actor, lease_id=house.lease.id, amount_paise=-3_000
    )

    assert (preview.after_paise, preview.amount_paise, preview.power) == (9_000, 3_000, "cutting")
    assert await building.balance(house) == 12_000
