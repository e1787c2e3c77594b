"""What people look at about their use, as the use cases see it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
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
    """What was charged for electricity today, and for all in a span to hold the month against.

    `included` is what is used of meters that are included in the rent, by meter id.
    """

    today_paise: int = 0
    today_quantity: Decimal = Decimal(0)
    usual_paise: int = 0
    included: Mapping[int, Decimal] = field(default_factory=dict)


class Usage(Protocol):
    """Costs and cuts of a lease over time."""

    async def charged(
        self,
        lease_id: int,
        *,
        today_at: datetime,
        month_at: datetime,
        usual_from_at: datetime,
        usual_to_at: datetime,
        included_ids: Collection[int] = (),
    ) -> Charged:
        """Return what electricity since `today_at`, and all use in [from, to), was charged with.

        What was reversed does not count. `included_ids` are the lease's meters whose use is
        included in the rent: that is told since `month_at`."""
        ...

    async def switched(self, lease_id: int, *, to_at: datetime) -> Sequence[Switch]:
        """Return when a lease's power went on or off before an instant, oldest first.

        Of very many only the latest ones."""
        ...
