"""A tenant says that they have paid; only staff turn it into money. Rules 9.1 and 9.2."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.claim import PaymentClaim, RequestStatus
from bot.domain.ledger import EntryKind, PaymentMethod
from bot.domain.people import NotAllowed, Role
from bot.services.adjustment import ReasonMissing
from bot.services.cause import ButtonSpent
from bot.services.claim import ClaimDecided, ClaimUnknown
from bot.services.claim_check import (
    MOST_WAITING,
    ClaimDraft,
    ProofMissing,
    ReferenceClaimed,
    TooManyClaims,
)
from bot.services.payment import LeaseUnknown
from bot.services.photo import PhotoUnknown
from bot.services.reference import DuplicateReference
from bot.services.store import NoticeKind
from bot.services.stores.photo import Photo
from tests.building import OPENED_AT, Building, House

UTR = "423188908890"


@pytest.fixture
async def house(building: Building) -> House:
    """Return a room that was cut: ₹85.50 with a cut-off of ₹100."""
    return await building.let(balance_paise=8_550)


def draft(house: House, *, amount_paise: int = 150_000, utr: str | None = UTR) -> ClaimDraft:
    return ClaimDraft(
        lease_id=house.lease.id,
        amount_paise=amount_paise,
        method=PaymentMethod.UPI,
        reference=utr,
    )


async def claimed(building: Building, house: House, **changes: object) -> PaymentClaim:
    said = draft(house, **changes)  # type: ignore[arg-type]
    return await building.claims.file(cause=await building.cause(house.tenant), draft=said)


async def stored(building: Building, claim: PaymentClaim) -> PaymentClaim:
    async with building.transactions.read() as unit:
        found = await unit.claims.get(claim.id)
    assert found is not None
    return found


async def test_a_claim_moves_no_money_and_asks_the_staff(building: Building, house: House) -> None:
    claim = await claimed(building, house, utr="4231 8890 8890")
    assert (claim.reference, claim.status) == (UTR, RequestStatus.WAITING)
    assert await building.balance(house) == 8_550
    told = await building.notices(NoticeKind.PAYMENT_CLAIM)
    assert {each.person_id for each in told} == {building.owner.id, building.manager.id}
    assert told[0].facts["amount_paise"] == 150_000


async def test_an_approved_claim_is_a_payment_and_brings_the_power_back(
    building: Building, house: House
) -> None:
    await building.reconciler.run()
    claim = await claimed(building, house)
    receipt = await building.claims.approve(
        cause=await building.cause(), claim_id=claim.id, amount_paise=150_000
    )
    assert await building.balance(house) == 158_550
    (payment,) = await building.entries(house, EntryKind.PAYMENT)
    assert (payment.id, payment.reference) == (receipt.entry.id, UTR)
    decided = await stored(building, claim)
    assert (decided.status, decided.entry_id) == (RequestStatus.ACCEPTED, payment.id)
    assert await building.notices(NoticeKind.PAYMENT, to=house.tenant)
    (outcome,) = await building.notices(NoticeKind.CLAIM_OUTCOME)
    assert (outcome.person_id, outcome.thread) == (house.tenant.id, f"claim:{claim.id}")
    assert (await building.trail())[-1][0] == "claim.accepted"
    assert await building.flaws() == 0


async def test_the_amount_that_came_is_recorded_and_told_aside(
    building: Building, house: House
) -> None:
    claim = await claimed(building, house)
    await building.claims.approve(
        cause=await building.cause(), claim_id=claim.id, amount_paise=140_000
    )
    assert await building.balance(house) == 148_550
    (outcome,) = await building.notices(NoticeKind.CLAIM_OUTCOME)
    assert (outcome.facts["amount_paise"], outcome.facts["recorded_paise"]) == (150_000, 140_000)
    assert outcome.thread is None


async def test_a_rejected_claim_says_why_and_its_reference_is_free(
    building: Building, house: House
) -> None:
    claim = await claimed(building, house)
    await building.claims.reject(
        cause=await building.cause(), claim_id=claim.id, reason="not on our account"
    )
    assert await building.balance(house) == 8_550
    (outcome,) = await building.notices(NoticeKind.CLAIM_OUTCOME)
    assert outcome.facts["reason"] == "not on our account"
    assert (await claimed(building, house)).id != claim.id


async def test_a_rejection_needs_a_reason(building: Building, house: House) -> None:
    claim = await claimed(building, house)
    with pytest.raises(ReasonMissing):
        await building.claims.reject(cause=await building.cause(), claim_id=claim.id, reason=" ")


async def test_two_managers_at_once_credit_once(building: Building, house: House) -> None:
    claim = await claimed(building, house)

    async def approve(nonce: str) -> bool:
        who = building.manager if nonce == "a" else building.owner
        try:
            await building.claims.approve(
                cause=await building.cause(who, nonce=nonce),
                claim_id=claim.id,
                amount_paise=150_000,
            )
        except ClaimDecided as error:
            return error.by not in {"Mani", "Olga"}
        return True

    done = await asyncio.gather(approve("a"), approve("b"))
    assert sorted(done) == [False, True]
    assert len(await building.entries(house, EntryKind.PAYMENT)) == 1


async def test_the_same_button_credits_once(building: Building, house: House) -> None:
    claim = await claimed(building, house)
    for times in range(2):
        cause = await building.cause(nonce="once")
        try:
            await building.claims.approve(cause=cause, claim_id=claim.id, amount_paise=150_000)
        except ButtonSpent:
            assert times == 1
    assert len(await building.entries(house, EntryKind.PAYMENT)) == 1


async def test_a_reference_is_claimed_once_by_whomever(building: Building, house: House) -> None:
    other = await building.let("Room 303")
    await claimed(building, house)
    with pytest.raises(ReferenceClaimed) as refused:
        await claimed(building, other)
    assert refused.value.entry is None
    with pytest.raises(ReferenceClaimed):
        await claimed(building, house)


async def test_a_reference_in_the_books_is_refused_and_named_to_its_own_tenant_only(
    building: Building, house: House
) -> None:
    other = await building.let("Room 303")
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=100,
        method=PaymentMethod.UPI,
        reference=UTR,
    )
    with pytest.raises(ReferenceClaimed) as own:
        await claimed(building, house)
    assert own.value.entry is not None
    with pytest.raises(ReferenceClaimed) as strange:
        await claimed(building, other)
    assert strange.value.entry is None


async def test_a_reference_recorded_meanwhile_stops_the_approval(
    building: Building, house: House
) -> None:
    claim = await claimed(building, house)
    await building.payments.record(
        cause=await building.cause(),
        lease_id=house.lease.id,
        amount_paise=150_000,
        method=PaymentMethod.UPI,
        reference=UTR,
    )
    with pytest.raises(DuplicateReference) as refused:
        await building.claims.approve(
            cause=await building.cause(), claim_id=claim.id, amount_paise=150_000
        )
    assert refused.value.room == "Room 302"
    assert (await stored(building, claim)).status is RequestStatus.WAITING
    assert len(await building.entries(house, EntryKind.PAYMENT)) == 1


async def test_nobody_claims_for_another_lease(building: Building, house: House) -> None:
    other = await building.let("Room 303")
    for person in (other.tenant, building.manager):
        with pytest.raises(LeaseUnknown):
            await building.claims.file(cause=await building.cause(person), draft=draft(house))
        actor = (await building.cause(person)).actor
        with pytest.raises(LeaseUnknown):
            await building.claims.offer(actor=actor, lease_id=house.lease.id)


async def test_what_leaves_a_trace_is_claimed_with_a_proof(
    building: Building, house: House
) -> None:
    with pytest.raises(ProofMissing):
        await claimed(building, house, utr=None)
    cash = ClaimDraft(lease_id=house.lease.id, amount_paise=100, method=PaymentMethod.CASH)
    await building.claims.file(cause=await building.cause(house.tenant), draft=cash)


async def with_picture(building: Building, house: House, *, taken_by: int) -> ClaimDraft:
    async with building.transactions.begin() as unit:
        photo = await unit.photos.add(
            Photo(id=0, file_name="a.jpg", size_bytes=9, taken_by=taken_by, received_at=OPENED_AT)
        )
    return ClaimDraft(
        lease_id=house.lease.id, amount_paise=100, method=PaymentMethod.UPI, photo_id=photo.id
    )


async def test_a_picture_proves_only_what_its_owner_claims(
    building: Building, house: House
) -> None:
    other = await building.let("Room 303")
    said = await with_picture(building, house, taken_by=other.tenant.id)
    with pytest.raises(PhotoUnknown):
        await building.claims.file(cause=await building.cause(house.tenant), draft=said)


async def test_a_picture_is_kept_as_long_as_its_claim_needs_it(
    building: Building, house: House
) -> None:
    said = await with_picture(building, house, taken_by=house.tenant.id)
    await building.claims.file(cause=await building.cause(house.tenant), draft=said)
    later = OPENED_AT + timedelta(days=3)
    async with building.transactions.read() as unit:
        kept = {OPENED_AT - timedelta(days=1): [building.place.id]}
        assert not await unit.photos.outdated(kept_since=kept, unused_before=later, limit=9)
        assert await unit.photos.outdated(kept_since={}, unused_before=later, limit=9)
        assert said.photo_id is not None
        assert await unit.photos.claimed_at(said.photo_id) == {building.place.id}


async def test_as_many_claims_wait_as_somebody_may_look_at(
    building: Building, house: House
) -> None:
    for number in range(MOST_WAITING):
        await claimed(building, house, utr=f"{UTR}{number}")
    with pytest.raises(TooManyClaims):
        await claimed(building, house)


async def test_staff_without_money_neither_see_nor_decide(building: Building, house: House) -> None:
    claim = await claimed(building, house)
    async with building.transactions.begin() as unit:
        keeper = await unit.people.add(
            telegram_id=77, chat_id=77, name="Kishan", language="en", at=OPENED_AT
        )
        await unit.people.grant(
            person_id=keeper.id, place_id=building.place.id, role=Role.CARETAKER
        )
    cause = await building.cause(keeper)
    with pytest.raises(ClaimUnknown):
        await building.claims.view(actor=cause.actor, claim_id=claim.id)
    with pytest.raises((ClaimUnknown, NotAllowed)):
        await building.claims.approve(cause=cause, claim_id=claim.id, amount_paise=1)
