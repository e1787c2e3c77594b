"""Questions of tenants about their money, as the use cases see them. Section 10."""

from collections.abc import Collection, Sequence
from typing import Protocol

from bot.domain.dispute import Dispute, DisputeStep, ItemKind


class Disputes(Protocol):
    """Questions, what was said about them, and what they hold of their leases' money."""

    async def next_serial(self, place_id: int) -> int:
        """Take the next number of a place; nobody else gets it before this unit is over."""
        ...

    async def add(self, new: Dispute) -> Dispute | None:
        """Store a question, whose id is ignored; None when one about the same item is open."""
        ...

    async def get(self, dispute_id: int) -> Dispute | None:
        """Return one question."""
        ...

    async def save(self, changed: Dispute, *, was: Dispute) -> bool:
        """Store how far it has come; return False when it is not as it was."""
        ...

    async def open_of(self, lease_id: int) -> Sequence[Dispute]:
        """Return the open questions of a lease, oldest first."""
        ...

    async def of_leases(self, lease_ids: Collection[int], *, limit: int) -> Sequence[Dispute]:
        """Return all questions of leases, newest first."""
        ...

    async def about(self, lease_id: int, item: ItemKind, item_id: int) -> Sequence[Dispute]:
        """Return all questions about one item of a lease, oldest first."""
        ...

    async def all_open(self, place_ids: frozenset[int] | None) -> Sequence[Dispute]:
        """Return the open questions at these places (None: everywhere), oldest first."""
        ...

    async def closed(
        self, place_ids: frozenset[int] | None, *, before_id: int | None, limit: int
    ) -> Sequence[Dispute]:
        """Return the settled questions at these places (None: everywhere), newest first."""
        ...

    async def add_step(self, new: DisputeStep) -> DisputeStep:
        """Store what was said or done, whose id is ignored; it is never changed."""
        ...

    async def steps(self, dispute_id: int) -> Sequence[DisputeStep]:
        """Return what was said and done, oldest first."""
        ...
