"""A balance set right by hand, with a reason that the tenant reads. Rules 2.1 and 2.2."""

from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, transfer
from bot.domain.money import MAX_AMOUNT_PAISE
from bot.domain.people import Permission
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.payment import locked_book
from bot.services.ports import Clock
from bot.services.receipt import Receipt, booked_receipt
from bot.services.store import Transactions

MOST_REASON = 200


class NothingToAdjust(ValueError):
    """An adjustment changes the balance, by no more than an amount can be."""

    def __init__(self, amount_paise: int) -> None:
        super().__init__(amount_paise)
        self.amount_paise = amount_paise


class ReasonMissing(ValueError):
    """Whoever changes a balance by hand says why, in words that fit a statement."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clean_reason(reason: str) -> str:
    """Return a reason in one line. Raises ReasonMissing."""
    cleaned = " ".join("".join(c if c.isprintable() else " " for c in reason).split())
    if not any(map(str.isalnum, cleaned)) or len(cleaned) > MOST_REASON:
        raise ReasonMissing(reason)
    return cleaned


def require_adjustment(amount_paise: int) -> None:
    """Raises NothingToAdjust."""
    if amount_paise == 0 or abs(amount_paise) > MAX_AMOUNT_PAISE:
        raise NothingToAdjust(amount_paise)


class Adjustments:
    """Books what no payment and no meter explains."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def record(
        self,
        *,
        cause: Cause,
        lease_id: int,
        amount_paise: int,
        reason: str,
        message_id: int | None = None,
    ) -> Receipt:
        """This function will change a balance against `adjustments`; the power follows.

        A positive amount is the tenant's credit, a negative one a charge. It is taken back like
        a payment. `message_id` is the manager's message that shall show how it goes on.
        Raises NothingToAdjust, ReasonMissing, LeaseUnknown, NotAllowed, AlreadyHandled and
        ButtonSpent.
        """
        require_adjustment(amount_paise)
        why = clean_reason(reason)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            book = await locked_book(unit, lease_id, self._clock)
            cause.actor.require(Permission.TAKE_PAYMENT, book.place.id)
            entry = LedgerEntry(
                key=_key(cause, book, now.isoformat()),
                kind=EntryKind.ADJUSTMENT,
                place_id=book.place.id,
                lease_id=lease_id,
                occurred_at=now,
                postings=transfer(
                    lease_id=lease_id, tenant_paise=amount_paise, other=AccountKind.ADJUSTMENTS
                ),
                actor_id=cause.actor.person_id,
                reason=why,
            )
            (booked,) = await unit.ledger.append([entry], recorded_at=now)
            await unit.audit.add(
                at=now,
                actor_id=cause.actor.person_id,
                place_id=book.place.id,
                action="adjustment",
                facts={"entry_id": booked.id, "amount_paise": amount_paise, "reason": why},
            )
            receipt = await booked_receipt(unit, book, booked, cause, message_id)
        self._doorbell.ring()
        return receipt


def _key(cause: Cause, book: LeaseBook, at: str) -> str:
    """Return the idempotency key of an adjustment, from its cause. Rule 2.3."""
    if cause.nonce is not None:
        return f"adjustment:button:{cause.nonce}"
    if cause.update_id is not None:
        return f"adjustment:update:{cause.update_id}"
    return f"adjustment:{book.lease.id}:{at}"
