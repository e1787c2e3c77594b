"""What may be claimed to have been paid, and by whom. Rule 9.2."""

from dataclasses import dataclass, replace

from bot.domain.claim import CLAIMABLE
from bot.domain.ledger import PaymentMethod
from bot.domain.people import Actor
from bot.services.book import LeaseBook
from bot.services.payment import AmountNotPositive, LeaseUnknown
from bot.services.photo import PhotoUnknown
from bot.services.reference import clean_reference
from bot.services.store import BookedEntry
from bot.services.stores import Unit

MOST_WAITING = 5
"""So many claims of a lease may wait for somebody to look at them."""


class ReferenceClaimed(Exception):
    """The reference is known already: a claim with it waits, or it is in the books.

    `entry` is the payment, where it is one of the same lease.
    """

    def __init__(self, reference: str, *, entry: BookedEntry | None = None) -> None:
        super().__init__(reference)
        self.reference = reference
        self.entry = entry


class ProofMissing(ValueError):
    """A payment that left a trace is claimed with its reference, or a picture of it."""


class TooManyClaims(Exception):
    """As many claims of the lease wait already as may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    """What a tenant says to have paid; money in paise."""

    lease_id: int
    amount_paise: int
    method: PaymentMethod
    reference: str | None = None
    photo_id: int | None = None


def own_book(book: LeaseBook | None, actor: Actor, lease_id: int) -> LeaseBook:
    """Return the book of a tenant of the lease.

    A stranger learns nothing of it, not even that there is one. Raises LeaseUnknown.
    """
    if book is None or lease_id not in actor.lease_ids:
        raise LeaseUnknown(lease_id)
    if actor.person_id not in book.tenant_ids:
        raise LeaseUnknown(lease_id)
    return book


async def checked(unit: Unit, draft: ClaimDraft) -> ClaimDraft:
    """Return a claim as it would be stored.

    Raises AmountNotPositive, BadReference, ProofMissing, ReferenceClaimed and TooManyClaims.
    """
    if draft.amount_paise <= 0:
        raise AmountNotPositive(draft.amount_paise)
    has_proof = draft.reference is not None or draft.photo_id is not None
    if draft.method not in CLAIMABLE or not (has_proof or draft.method is PaymentMethod.CASH):
        raise ProofMissing
    if len(await unit.claims.waiting_of(draft.lease_id)) >= MOST_WAITING:
        raise TooManyClaims
    if draft.reference is None:
        return draft
    reference = clean_reference(draft.reference)
    known = await unit.ledger.find_reference(draft.method, reference)
    if known is not None:
        is_own = known.lease_id == draft.lease_id
        raise ReferenceClaimed(reference, entry=known if is_own else None)
    if await unit.claims.by_reference(draft.method, reference) is not None:
        raise ReferenceClaimed(reference)
    return replace(draft, reference=reference)


async def require_own_photo(unit: Unit, photo_id: int | None, person_id: int) -> None:
    """Raises PhotoUnknown for a picture that is gone, or that somebody else took."""
    if photo_id is None:
        return
    photo = await unit.photos.get(photo_id)
    if photo is None or photo.deleted_at is not None or photo.taken_by != person_id:
        raise PhotoUnknown(photo_id)
