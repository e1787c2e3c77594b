"""What people look at about their use, as the use cases see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """An instant at which the meter confirmed that power went on or off."""

    at: datetime
    on: bool


class Usage(Protocol):
    """Costs and cuts of a lease over time."""

    async def cost_paise(self, lease_id: int, *, from_at: datetime, to_at: datetime) -> int:
        """Return what use in [from_at, to_at) was charged with, less what was reversed."""
        ...

    async def switched(self, lease_id: int, *, to_at: datetime) -> Sequence[Switch]:
        """Return when a lease's power went on or off before an instant, oldest first.

        Of very many only the latest ones."""
        ...
