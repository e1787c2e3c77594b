"""A shared use that was split and charged, as it is kept. Rule 8.3."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.allocation import Span, Stretch
from bot.domain.meter import SplitKey


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPart:
    """What one lease, or the owner (`lease_id` None), has of the whole; money in paise.

    `room_id` is None where the owner's part is of no room. `entry_id` is what was booked.
    """

    room_id: int | None
    lease_id: int | None
    room: str
    tenant: str | None
    stretches: tuple[Stretch, ...]
    weight: Decimal
    quantity: Decimal
    net_paise: int
    tax_paise: int
    entry_id: int | None = None

    @property
    def days(self) -> int:
        """How many days count."""
        return sum(each.days for each in self.stretches)

    @property
    def total_paise(self) -> int:
        """Its part, with taxes."""
        return self.net_paise + self.tax_paise


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """One shared use of a span, split once; `id` is 0 until it is stored.

    `is_residual`: what no sub-meter counted. `facts` tell of tariff, readings and taxes. What was
    taken back does not stand any more, and may be split anew.
    """

    place_id: int
    meter_id: int
    meter: str
    unit: str
    span: Span
    is_residual: bool
    key: SplitKey
    tariff_id: int
    quantity: Decimal
    net_paise: int
    tax_paise: int
    facts: Mapping[str, object]
    created_at: datetime
    actor_id: int | None
    parts: tuple[AllocationPart, ...] = ()
    reversed_at: datetime | None = None
    reversed_by: int | None = None
    reason: str | None = None
    id: int = 0

    @property
    def total_paise(self) -> int:
        """The whole, with taxes."""
        return self.net_paise + self.tax_paise

    @property
    def owner_paise(self) -> int:
        """What nobody who rents pays."""
        return sum(each.total_paise for each in self.parts if each.lease_id is None)
