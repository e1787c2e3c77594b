"""Shared use that was split, as the use cases see it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from bot.domain.allocation import Span
from bot.domain.lease import Lease
from bot.services.allocation_record import Allocation


class Allocations(Protocol):
    """Shared use that was split, and what it is split by."""

    async def add(self, new: Allocation) -> Allocation:
        """Store a split with its parts, whose id is ignored, and return it with its id.

        The database has one that stands for a meter and its days, not two."""
        ...

    async def bind(self, allocation_id: int, entries: Mapping[int, int]) -> None:
        """Store which entry each lease's part was booked as, by lease id."""
        ...

    async def get(self, allocation_id: int) -> Allocation | None:
        """Return a split with its parts."""
        ...

    async def of_place(
        self, place_id: int, *, before_id: int | None = None, limit: int = 10
    ) -> Sequence[Allocation]:
        """Return splits of a place, newest first, without their parts."""
        ...

    async def standing(self, meter_id: int, span: Span) -> Allocation | None:
        """Return the split of a meter that stands and has a day of a span, with its parts."""
        ...

    async def charged_through(self, tariff_id: int) -> date | None:
        """Return the last day that was ever split at a tariff's prices, also if it was taken back;
        None where none was."""
        ...

    async def until(self, meter_id: int, last_on: date) -> Allocation | None:
        """Return the split of a meter that stands and ends with a day."""
        ...

    async def take_back(
        self, allocation_id: int, *, at: datetime, actor_id: int | None, reason: str
    ) -> None:
        """Store that a split stands no more, since when, by whom and why."""
        ...

    async def leases(self, place_id: int, span: Span) -> Sequence[Lease]:
        """Return the leases of a place that had a day of a span, by the day on which they began."""
        ...

    async def ratios(self, meter_id: int) -> Mapping[int, Decimal]:
        """Return the ratios of the leases that share a meter, ended ones too, by lease id."""
        ...

    async def own_meters(self, lease_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        """Return the meters that leases have for themselves, by lease id."""
        ...
