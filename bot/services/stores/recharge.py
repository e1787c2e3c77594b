"""Which charges took the place of which, as the use cases see it. Rule 3.8."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.services.store import BookedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Recharge:
    """Charges that were taken back together, and what was charged for the same use instead.

    `id` is the first entry that took one of them back. `heirs` is what each new charge came to, by
    its id, in paise; `change_paise` by how much all of it came down, negative where it rose.
    """

    id: int
    undone_ids: frozenset[int]
    heirs: Mapping[int, int]
    change_paise: int


class Recharges(Protocol):
    """The ways of charges through corrections."""

    async def link(self, pairs: Collection[tuple[int, int]]) -> None:
        """Store which charges were taken back for which, by (entry id, id of the new one)."""
        ...

    async def of(self, entry_ids: Collection[int]) -> Sequence[Recharge]:
        """Return what became of those of these charges that were taken back."""
        ...

    async def adjustments(self, lease_id: int) -> Sequence[BookedEntry]:
        """Return the adjustments of a lease that nobody has taken back, oldest first."""
        ...
