"""What is said of a claim: to the staff who decide it, and to who made it. Rule 9.2."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.claim import PaymentClaim
from bot.services.book import LeaseBook
from bot.services.notice import common_facts, tell
from bot.services.store import NoticeKind
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim with the lease it is of, and the names of who made it and who decided it."""

    claim: PaymentClaim
    book: LeaseBook
    claimant: str
    by: str | None


def thread_of(claim: PaymentClaim) -> str:
    """Return the thread in which everybody sees what became of a claim."""
    return f"claim:{claim.id}"


async def view_of(unit: Unit, book: LeaseBook, claim: PaymentClaim) -> ClaimView:
    """Return a claim with the names of who made it and who decided it."""
    people = await unit.people.get(
        {each for each in (claim.claimed_by, claim.decided_by) if each is not None}
    )
    by = None if claim.decided_by is None else people[claim.decided_by].name
    return ClaimView(claim=claim, book=book, claimant=people[claim.claimed_by].name, by=by)


def _facts(view: ClaimView) -> dict[str, object]:
    claim = view.claim
    return common_facts(view.book) | {
        "claim_id": claim.id,
        "amount_paise": claim.amount_paise,
        "method": claim.method.value,
        "reference": claim.reference,
        "photo_id": claim.photo_id,
        "claimant": view.claimant,
        "status": claim.status.value,
        "by": view.by,
        "reason": claim.reason,
        "recorded_paise": None,
    }


async def tell_staff(
    unit: Unit, view: ClaimView, now: datetime, *, recorded_paise: int | None = None
) -> None:
    """Ask the staff about a claim, or let their question say how it was decided."""
    claim, facts = view.claim, _facts(view) | {"recorded_paise": recorded_paise}
    key = f"claim:{claim.id}:{claim.status.value}"
    people = view.book.staff_ids
    await unit.outbox.add(
        tell(people, NoticeKind.PAYMENT_CLAIM, facts, key=key, now=now, thread=thread_of(claim))
    )


async def tell_claimant(
    unit: Unit, view: ClaimView, now: datetime, *, recorded_paise: int | None
) -> None:
    """Tell who made a claim how it was decided; who is believed less than said reads it anew."""
    claim = view.claim
    is_as_said = recorded_paise == claim.amount_paise
    facts = _facts(view) | {"recorded_paise": recorded_paise}
    await unit.outbox.add(
        tell(
            [claim.claimed_by],
            NoticeKind.CLAIM_OUTCOME,
            facts,
            key=f"claim-outcome:{claim.id}",
            now=now,
            thread=thread_of(claim) if is_as_said else None,
        )
    )
