"""Which tariffs leases were given, as the use cases see it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Protocol

from bot.domain.timeline import Timeline


class LeaseTariffs(Protocol):
    """The tariffs of the leases, day by day."""

    async def timelines(
        self, first: Mapping[int, int], *, lock: bool = False
    ) -> Mapping[int, Timeline]:
        """Return what leases pay, by lease id, from the ids of the tariffs that they began with.

        With `lock` nobody changes these tariffs until the unit ends: the leases must be locked
        before, for then neither are they given others.
        """
        ...

    async def give(self, *, lease_id: int, tariff_id: int, from_on: date) -> None:
        """Let a lease have a tariff from a day on, which has no other change."""
        ...

    async def take_back(self, *, lease_id: int, from_on: date) -> None:
        """Forget the changes of a lease that come on a day or later."""
        ...

    async def having(self, tariff_id: int) -> Mapping[int, int]:
        """Return the leases that have, had or will have a tariff, and what they began with."""
        ...

    async def charged_at(self, lease_ids: Collection[int]) -> Mapping[int, datetime]:
        """Return up to when leases were charged, by lease id; those never charged are missing."""
        ...
