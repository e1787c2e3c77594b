"""Price lists, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.service_kind import ELECTRIC, Medium
from bot.domain.tariff import Tariff, TariffVersion


class Tariffs(Protocol):
    """The price lists of the places."""

    async def get(self, tariff_ids: Collection[int]) -> Mapping[int, Tariff]:
        """Return tariffs with all their versions, by id."""
        ...

    async def share(self, tariff_ids: Collection[int]) -> None:
        """Keep tariffs as they are until the unit ends; others may share them too.

        A statement of its own: what is read after it is what the lock holds still.
        """
        ...

    async def lock(self, tariff_id: int) -> int | None:
        """Return a tariff's place, None when there is no such tariff.

        Until the unit ends nobody else changes it or charges by it.
        """
        ...

    async def place_id(self, tariff_id: int) -> int | None:
        """Return a tariff's place, None when there is no such tariff."""
        ...

    async def of_place(self, place_id: int) -> Sequence[Tariff]:
        """Return the tariffs of a place, oldest first."""
        ...

    async def media(self, place_id: int) -> frozenset[Medium]:
        """Return what the meters of a place count, but what is included in the rent."""
        ...

    async def add(
        self,
        *,
        place_id: int,
        name: str,
        versions: Sequence[TariffVersion],
        medium: Medium = ELECTRIC,
    ) -> int:
        """Store a new tariff; the ids of its versions are ignored. Return its id."""
        ...

    async def add_version(self, tariff_id: int, version: TariffVersion) -> int:
        """Store a further version, whose id is ignored. Return its id."""
        ...

    async def remove_version(self, version_id: int) -> None:
        """Forget a version that nothing was charged with."""
        ...

    async def rename(self, *, tariff_id: int, name: str) -> None:
        """Give a tariff another name, which no other one of its place has."""
        ...
