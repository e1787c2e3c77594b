"""What a tenant says: that money was paid, or when it will be. Rule 9.2."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from bot.domain.ledger import PaymentMethod

CLAIMABLE = (PaymentMethod.UPI, PaymentMethod.BANK, PaymentMethod.CASH)
"""How tenants pay without the bot; a gateway tells by itself."""
LONGEST_PROMISE = timedelta(days=14)


class RequestStatus(Enum):
    """Life of what a tenant asks for; KEPT and BROKEN end an accepted promise."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentClaim:
    """A tenant says that they have paid; money in paise.

    It is a request: only `entry_id`, the payment that somebody approved, moved money.
    """

    id: int
    place_id: int
    lease_id: int
    claimed_by: int
    claimed_at: datetime
    amount_paise: int
    method: PaymentMethod
    reference: str | None = None
    photo_id: int | None = None
    status: RequestStatus = RequestStatus.WAITING
    decided_by: int | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    entry_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPromise:
    """A tenant says on which day they will pay; accepted it keeps the power until its close."""

    id: int
    place_id: int
    lease_id: int
    asked_by: int
    asked_at: datetime
    pay_on: date
    status: RequestStatus = RequestStatus.WAITING
    decided_by: int | None = None
    decided_at: datetime | None = None
    reason: str | None = None


def promise_days(today_on: date) -> tuple[date, ...]:
    """Return the days on which a tenant may promise to pay."""
    return tuple(today_on + timedelta(days=ahead) for ahead in range(1, LONGEST_PROMISE.days + 1))
