"""Tenants say that they have paid; staff find out whether it is so. Rule 9.2."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.claim import PaymentClaim, RequestStatus
from bot.domain.people import Actor, Permission
from bot.services.adjustment import clean_reason
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.claim_check import (
    ClaimDraft,
    ReferenceClaimed,
    checked,
    own_book,
    require_own_photo,
)
from bot.services.claim_word import ClaimView, tell_claimant, tell_staff, thread_of, view_of
from bot.services.doorbell import Doorbell
from bot.services.payment import AmountNotPositive, Paid, Receipt, book_payment, locked_book
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit


class ClaimUnknown(LookupError):
    """There is no such claim, or it is none of this person's business."""

    def __init__(self, claim_id: int) -> None:
        super().__init__(claim_id)
        self.claim_id = claim_id


class ClaimDecided(Exception):
    """Somebody has decided about the claim before, `by` name."""

    def __init__(self, claim: PaymentClaim, *, by: str | None, zone: ZoneInfo) -> None:
        super().__init__(claim.id)
        self.claim = claim
        self.by = by
        self.zone = zone


class Claims:
    """Takes claims from tenants, and the word of staff on them."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def offer(self, *, actor: Actor, lease_id: int) -> LeaseBook:
        """This function will return what a tenant may claim to have paid for.

        Raises LeaseUnknown for anybody else.
        """
        async with self._transactions.read() as unit:
            books = await unit.books.load([lease_id], now=self._clock.now(), lock=False)
        return own_book(books.get(lease_id), actor, lease_id)

    async def require_new(self, *, actor: Actor, draft: ClaimDraft) -> ClaimDraft:
        """This function will return a claim as it would be stored.

        Raises LeaseUnknown, AmountNotPositive, BadReference, ProofMissing, ReferenceClaimed and
        TooManyClaims.
        """
        async with self._transactions.read() as unit:
            books = await unit.books.load([draft.lease_id], now=self._clock.now(), lock=False)
            own_book(books.get(draft.lease_id), actor, draft.lease_id)
            return await checked(unit, draft)

    async def file(
        self, *, cause: Cause, draft: ClaimDraft, message_id: int | None = None
    ) -> PaymentClaim:
        """This function will ask the staff whether a payment has come; it moves no money.

        `message_id` is the tenant's message that shall show that it was approved. Raises what
        `require_new` raises, PhotoUnknown, AlreadyHandled and ButtonSpent.
        """
        now, person_id = self._clock.now(), cause.actor.person_id
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            book = own_book(
                await locked_book(unit, draft.lease_id, self._clock), cause.actor, draft.lease_id
            )
            draft = await checked(unit, draft)
            await require_own_photo(unit, draft.photo_id, person_id)
            claim = await unit.claims.add(_claim(book, draft, person_id, now))
            if claim is None:
                raise ReferenceClaimed(draft.reference or "")
            if message_id is not None:
                thread = thread_of(claim)
                await unit.outbox.bind_message(thread, person_id=person_id, message_id=message_id)
            view = await view_of(unit, book, claim)
            await tell_staff(unit, view, now)
        self._doorbell.ring()
        return claim

    async def view(self, *, actor: Actor, claim_id: int) -> ClaimView:
        """This function will return a claim to staff who may see money. Raises ClaimUnknown."""
        async with self._transactions.read() as unit:
            claim = await unit.claims.get(claim_id)
            if claim is None or not actor.may(Permission.SEE_MONEY, claim.place_id):
                raise ClaimUnknown(claim_id)
            books = await unit.books.load([claim.lease_id], now=self._clock.now(), lock=False)
            return await view_of(unit, books[claim.lease_id], claim)

    async def approve(
        self,
        *,
        cause: Cause,
        claim_id: int,
        amount_paise: int,
        message_id: int | None = None,
    ) -> Receipt:
        """This function will record the payment, of what really came; power follows.

        `message_id` is the manager's message that shall show how it goes on. Raises ClaimUnknown,
        ClaimDecided, NotAllowed, AmountNotPositive, DuplicateReference, AlreadyHandled and
        ButtonSpent.
        """
        if amount_paise <= 0:
            raise AmountNotPositive(amount_paise)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            book, claim = await self._waiting(unit, cause, claim_id)
            paid = Paid(
                at=now, amount_paise=amount_paise, method=claim.method, reference=claim.reference
            )
            receipt = await book_payment(
                unit, book, paid, cause, key=f"payment:claim:{claim.id}", message_id=message_id
            )
            decided = replace(
                claim,
                status=RequestStatus.ACCEPTED,
                decided_by=cause.actor.person_id,
                decided_at=now,
                entry_id=receipt.entry.id,
            )
            await _decide(unit, book, decided, cause, now, recorded_paise=amount_paise)
        self._doorbell.ring()
        return receipt

    async def reject(self, *, cause: Cause, claim_id: int, reason: str) -> ClaimView:
        """This function will tell the tenant why the payment is not recorded.

        Raises ReasonMissing, ClaimUnknown, ClaimDecided, NotAllowed, AlreadyHandled and
        ButtonSpent.
        """
        why, now = clean_reason(reason), self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            book, claim = await self._waiting(unit, cause, claim_id)
            decided = replace(
                claim,
                status=RequestStatus.REFUSED,
                decided_by=cause.actor.person_id,
                decided_at=now,
                reason=why,
            )
            view = await _decide(unit, book, decided, cause, now)
        self._doorbell.ring()
        return view

    async def _waiting(
        self, unit: Unit, cause: Cause, claim_id: int
    ) -> tuple[LeaseBook, PaymentClaim]:
        """Return a claim that nobody else decides meanwhile, and its lease."""
        asked = await unit.claims.get(claim_id)
        if asked is None or not cause.actor.may(Permission.SEE_MONEY, asked.place_id):
            raise ClaimUnknown(claim_id)
        book = await locked_book(unit, asked.lease_id, self._clock)
        cause.actor.require(Permission.TAKE_PAYMENT, book.place.id)
        claim = await unit.claims.get(claim_id) or asked
        if claim.status is not RequestStatus.WAITING:
            view = await view_of(unit, book, claim)
            raise ClaimDecided(claim, by=view.by, zone=book.place.zone)
        return book, claim


async def _decide(
    unit: Unit,
    book: LeaseBook,
    decided: PaymentClaim,
    cause: Cause,
    now: datetime,
    *,
    recorded_paise: int | None = None,
) -> ClaimView:
    """Store what was decided and tell everybody."""
    await unit.claims.decide(decided)
    view = await view_of(unit, book, decided)
    await tell_staff(unit, view, now, recorded_paise=recorded_paise)
    await tell_claimant(unit, view, now, recorded_paise=recorded_paise)
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=book.place.id,
        action=f"claim.{decided.status.value}",
        facts={
            "claim_id": decided.id,
            "lease_id": decided.lease_id,
            "room": book.room.name,
            "amount_paise": decided.amount_paise,
            "recorded_paise": recorded_paise,
            "entry_id": decided.entry_id,
            "reason": decided.reason,
        },
    )
    return view


def _claim(book: LeaseBook, draft: ClaimDraft, person_id: int, now: datetime) -> PaymentClaim:
    return PaymentClaim(
        id=0,
        place_id=book.place.id,
        lease_id=book.lease.id,
        claimed_by=person_id,
        claimed_at=now,
        amount_paise=draft.amount_paise,
        method=draft.method,
        reference=draft.reference,
        photo_id=draft.photo_id,
    )
