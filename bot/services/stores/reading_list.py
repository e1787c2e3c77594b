"""Readings as people look through them, as the use cases see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.metering import Reading, ReadingStatus, ReadingType
from bot.services.stores.meter_sheet import MeterLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingQuery:
    """Which readings of a meter are wanted, of [from_at, to_at); None leaves a question open."""

    meter_id: int
    type: ReadingType | None = None
    is_billing: bool | None = None
    statuses: frozenset[ReadingStatus] | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """A reading that waits to be judged, in a list."""

    reading: Reading
    meter: MeterLine


class ReadingLists(Protocol):
    """Readings, page by page."""

    async def page(
        self, wanted: ReadingQuery, *, limit: int, before: Reading | None = None
    ) -> Sequence[Reading]:
        """Return readings, newest first, those that come before one if it is given."""
        ...

    async def correction_of(self, was: Reading) -> Reading | None:
        """Return the reading that took the place of another."""
        ...

    async def held(
        self, place_ids: frozenset[int] | None, *, limit: int, offset: int = 0
    ) -> Sequence[HeldLine]:
        """Return the readings of these places (None: of all) that wait, oldest first."""
        ...

    async def find_meters(
        self, words: Sequence[str], place_ids: frozenset[int] | None, *, limit: int, offset: int
    ) -> Sequence[MeterLine]:
        """Return the meters in use that have every word in a name: their own, their room's, their
        place's, or a number; those with the shortest names first."""
        ...
