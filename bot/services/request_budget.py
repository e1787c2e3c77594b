"""How far the vendor's limit of requests is used up, for all who use one key."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBudget:
    """The instant at which an even stream would send its next request, and the end of a pause."""

    due_at: datetime = LONG_AGO
    paused_until: datetime = LONG_AGO


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSeen:
    """A budget, and the instant at which it was looked at, by the clock that it is kept by."""

    now: datetime
    budget: RequestBudget


class RequestBudgets(Protocol):
    """Keeps the budget of one key, by one clock for everybody."""

    async def look(self) -> BudgetSeen:
        """Return the budget as it is; one that was never used is due long ago."""
        ...

    async def replace(self, seen: RequestBudget, new: RequestBudget) -> bool:
        """Put a budget in the place of the one seen; return False when that is another by now."""
        ...
