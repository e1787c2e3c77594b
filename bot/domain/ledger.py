"""Double entry: entries whose postings sum to zero, corrected by reversal. Section 2."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class AccountKind(Enum):
    """The accounts of a place; a receivable one exists per lease."""

    RECEIVABLE = "receivable"
    ENERGY_INCOME = "energy_income"
    FIXED_CHARGE_INCOME = "fixed_charge_income"
    TAX_PAYABLE = "tax_payable"
    CASH = "cash"
    UPI = "upi"
    BANK = "bank"
    GATEWAY = "gateway"
    DEPOSITS_HELD = "deposits_held"
    ADJUSTMENTS = "adjustments"


class EntryKind(Enum):
    """What happened."""

    OPENING = "opening"
    DEDUCTION = "deduction"
    SHARE = "share"
    PAYMENT = "payment"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"


class PaymentMethod(Enum):
    """How money came. Rule 9.1."""

    UPI = "upi"
    CASH = "cash"
    BANK = "bank"
    GATEWAY = "gateway"

    @property
    def account(self) -> AccountKind:
        """The account that holds money received this way."""
        return AccountKind(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One side of an entry, in paise: positive credits the account, negative debits it.

    On a lease's receivable account positive is in the tenant's favour, so the sum of its
    postings is what the tenant holds. Rule 2.4.
    """

    account: AccountKind
    amount_paise: int
    lease_id: int | None = None

    def __post_init__(self) -> None:
        if (self.account is AccountKind.RECEIVABLE) != (self.lease_id is not None):
            raise WrongAccount(self.account)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One event in money. Rules 2.1 to 2.5.

    Cannot be built out of balance (EntryOutOfBalance) or on another lease (WrongAccount).
    """

    key: str
    kind: EntryKind
    place_id: int
    lease_id: int
    occurred_at: datetime
    postings: tuple[Posting, ...]
    actor_id: int | None = None
    reason: str | None = None
    reference: str | None = None
    reverses_id: int | None = None
    why: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        total = sum(posting.amount_paise for posting in self.postings)
        if len(self.postings) < 2 or total != 0:
            raise EntryOutOfBalance(key=self.key, total_paise=total)
        for posting in self.postings:
            if posting.lease_id not in {None, self.lease_id}:
                raise WrongAccount(posting.account)

    @property
    def tenant_paise(self) -> int:
        """What the entry changes in the tenant's balance."""
        return sum(p.amount_paise for p in self.postings if p.account is AccountKind.RECEIVABLE)


class EntryOutOfBalance(ValueError):
    """Postings must be at least two and sum to zero. Rule 2.1."""

    def __init__(self, *, key: str, total_paise: int) -> None:
        super().__init__(key, total_paise)
        self.key = key
        self.total_paise = total_paise


class WrongAccount(ValueError):
    """Only a receivable account belongs to a lease, and in an entry to the entry's own."""


class CannotReverseReversal(ValueError):
    """A reversal is final; record the event anew instead."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(entry_id)
        self.entry_id = entry_id


def transfer(*, lease_id: int, tenant_paise: int, other: AccountKind) -> tuple[Posting, Posting]:
    """Return two postings that change the tenant's balance against one account."""
    return (
        Posting(account=AccountKind.RECEIVABLE, amount_paise=tenant_paise, lease_id=lease_id),
        Posting(account=other, amount_paise=-tenant_paise),
    )


def reversal_of(
    entry: LedgerEntry, *, entry_id: int, at: datetime, actor_id: int | None, reason: str
) -> LedgerEntry:
    """Return the entry that cancels another one. Rule 2.2. Raises CannotReverseReversal."""
    if entry.kind is EntryKind.REVERSAL:
        raise CannotReverseReversal(entry_id)
    return LedgerEntry(
        key=f"reversal:{entry_id}",
        kind=EntryKind.REVERSAL,
        place_id=entry.place_id,
        lease_id=entry.lease_id,
        occurred_at=at,
        postings=tuple(
            Posting(account=p.account, amount_paise=-p.amount_paise, lease_id=p.lease_id)
            for p in entry.postings
        ),
        actor_id=actor_id,
        reason=reason,
        reference=entry.reference,
        reverses_id=entry_id,
    )
