"""A bill or a credit note as it is kept, once it has been issued. Rule 7.2."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.invoice import BillingPeriod, DocumentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A document over entries of a lease; money in paise, `id` is 0 until it is stored.

    What a credit note takes back is negative. `balance_after_paise` is what the tenant held once
    all of it was booked (negative = owed). `facts` are what is printed, see `invoice_document`.
    """

    key: str
    kind: DocumentKind
    place_id: int
    lease_id: int
    year: int
    serial: int
    number: str
    period: BillingPeriod
    issued_at: datetime
    issued_on: date
    due_on: date
    net_paise: int
    tax_paise: int
    balance_after_paise: int
    facts: Mapping[str, object]
    corrects_id: int | None = None
    actor_id: int | None = None
    id: int = 0

    @property
    def total_paise(self) -> int:
        """What it comes to, with taxes."""
        return self.net_paise + self.tax_paise

    @property
    def before_paise(self) -> int:
        """What the tenant held before it (negative = owed)."""
        return self.balance_after_paise + self.total_paise

    @property
    def owed_paise(self) -> int:
        """What was owed for it and all before it, less what was paid; negative = in credit.

        What was charged meanwhile, and is for the next bill, does not count.
        """
        later: Any = self.facts.get("later_paise", 0)
        return -self.balance_after_paise - int(later)

    @property
    def to_pay_paise(self) -> int:
        """What was to be paid when it was issued."""
        return max(self.owed_paise, 0)
