"""What people look at about their use, as the use cases see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """An instant at which the meter confirmed that power went on or off."""

    at: datetime
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """What was charged today, and in an earlier span to hold the month against."""

    today_paise: int = 0
    today_quantity: Decimal = Decimal(0)
    usual_paise: int = 0


class Usage(Protocol):
    """Costs and cuts of a lease over time."""

    async def charged(
        self, lease_id: int, *, today_at: datetime, usual_from_at: datetime, usual_to_at: datetime
    ) -> Charged:
        """Return what use since `today_at`, and in [from, to), was charged with.

        What was reversed does not count."""
        ...

    async def switched(self, lease_id: int, *, to_at: datetime) -> Sequence[Switch]:
        """Return when a lease's power went on or off before an instant, oldest first.

        Of very many only the latest ones."""
        ...
