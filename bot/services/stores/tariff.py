"""Price lists, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.tariff import Tariff, TariffVersion


class Tariffs(Protocol):
    """The price lists of the places."""

    async def get(self, tariff_ids: Collection[int]) -> Mapping[int, Tariff]:
        """Return tariffs with all their versions, by id."""
        ...

    async def of_place(self, place_id: int) -> Sequence[Tariff]:
        """Return the tariffs of a place, oldest first."""
        ...

    async def add(self, *, place_id: int, name: str, versions: Sequence[TariffVersion]) -> int:
        """Store a new tariff; the ids of its versions are ignored. Return its id."""
        ...

    async def add_version(self, tariff_id: int, version: TariffVersion) -> int:
        """Store a further version, whose id is ignored. Return its id."""
        ...
