"""Which part of the store a file is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.account import month_ends_on
from bot.domain.place import Place
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Of which place (None: of all), and of which month (None: of any)."""

    place_id: int | None = None
    month_on: date | None = None

    def has_place(self, place_id: int) -> bool:
        """Return whether a place belongs to it."""
        return self.place_id is None or self.place_id == place_id

    def has_day(self, on: date) -> bool:
        """Return whether a day belongs to it."""
        month_on = self.month_on
        return month_on is None or month_on <= on <= month_ends_on(month_on)

    async def places(self, unit: Unit) -> Sequence[Place]:
        """Return its places, by name."""
        return [place for place in await unit.places.all() if self.has_place(place.id)]


ALL = Selection()
