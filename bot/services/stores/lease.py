"""Leases, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.lease import Lease
from bot.services.store import LeaseProgress


class Leases(Protocol):
    """The leases."""

    async def get(self, lease_id: int) -> Lease | None:
        """Return a lease."""
        ...

    async def running_at(self, place_id: int) -> Mapping[int, Lease]:
        """Return the leases of a place that have no end, by room id."""
        ...

    async def at_place(self, place_id: int, *, on: date) -> Sequence[Lease]:
        """Return the leases of a place that are not over on a day, also those to come."""
        ...

    async def ids(self, *, after_id: int, limit: int) -> Sequence[int]:
        """Return the ids of the leases that come next, ended ones too."""
        ...

    async def add(self, new: Lease) -> Lease:
        """Store a new lease, whose id is ignored, with an empty balance."""
        ...

    async def save(self, changed: Lease) -> None:
        """Store changed terms."""
        ...

    async def save_progress(self, progress: Sequence[LeaseProgress]) -> None:
        """Store what was warned of and when it was checked."""
        ...

    async def join(self, *, lease_id: int, person_id: int, at: datetime) -> bool:
        """Make a person a tenant of a lease; return False when they were one already."""
        ...

    async def tenants(self, lease_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        """Return the person ids of the tenants, by lease."""
        ...
