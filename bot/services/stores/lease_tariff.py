"""Which tariffs leases were given, as the use cases see it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Protocol

from bot.domain.service_kind import Medium, ServiceKind
from bot.domain.timeline import Timelines


class LeaseTariffs(Protocol):
    """The tariffs of the leases, day by day."""

    async def timelines(
        self, first: Mapping[int, int], *, lock: bool = False
    ) -> Mapping[int, Timelines]:
        """Return what leases pay, by lease id, from the ids of the tariffs that they began with.

        With `lock` nobody changes these tariffs until the unit ends: the leases must be locked
        before, for then neither are they given others.
        """
        ...

    async def media(self, lease_ids: Collection[int]) -> Mapping[int, frozenset[Medium]]:
        """Return what the leases' own meters count, by lease id; those without are missing."""
        ...

    async def give(
        self,
        *,
        lease_id: int,
        tariff_id: int,
        from_on: date,
        service: ServiceKind = ServiceKind.ELECTRICITY,
    ) -> None:
        """Let a lease have a tariff of a service from a day on, which has no other change of it."""
        ...

    async def take_back(
        self, *, lease_id: int, from_on: date, service: ServiceKind = ServiceKind.ELECTRICITY
    ) -> None:
        """Forget the changes of a lease's service that come on a day or later."""
        ...

    async def having(self, tariff_id: int) -> Mapping[int, int]:
        """Return the leases that have, had or will have a tariff, and what they began with."""
        ...

    async def charged_at(
        self, lease_ids: Collection[int], *, service: ServiceKind = ServiceKind.ELECTRICITY
    ) -> Mapping[int, datetime]:
        """Return up to when leases were charged for a service, by lease id.

        Those that never were are missing."""
        ...
