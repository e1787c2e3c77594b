"""Photos of meters, as the use cases see them; the pictures themselves are files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from bot.services.stores.meter_sheet import MeterLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The values that were read from a photo as one of a meter, best first; perhaps none."""

    meter_id: int
    values: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo that somebody sent; `proposed` is None before it was looked at."""

    id: int
    file_name: str
    size_bytes: int
    taken_by: int | None
    received_at: datetime
    deleted_at: datetime | None = None
    proposed: Proposed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableQuery:
    """Which meters in use are wanted: of these leases on a day, and of these places (None: all),
    called so."""

    lease_ids: frozenset[int]
    place_ids: frozenset[int] | None
    on: date
    words: tuple[str, ...] = ()


class Photos(Protocol):
    """Photos, and the meters of which they may be."""

    async def add(self, new: Photo) -> Photo:
        """Store a new photo, whose id is ignored, and return it with its id."""
        ...

    async def get(self, photo_id: int) -> Photo | None:
        """Return one photo."""
        ...

    async def propose(self, photo_id: int, proposed: Proposed) -> None:
        """Store what was read from a photo."""
        ...

    async def place_ids(self, photo_id: int) -> Collection[int]:
        """Return the places whose meters were read with a photo."""
        ...

    async def claimed_at(self, photo_id: int) -> Collection[int]:
        """Return the places to which a photo was sent to prove a payment."""
        ...

    async def disputed_at(self, photo_id: int) -> Collection[int]:
        """Return the places where a photo is part of a question."""
        ...

    async def disputed_by(self, photo_id: int) -> Collection[int]:
        """Return the leases that question something with a photo, or are answered with it."""
        ...

    async def outdated(
        self,
        *,
        kept_since: Mapping[datetime, Collection[int]],
        unused_before: datetime,
        limit: int,
    ) -> Sequence[Photo]:
        """Return photos from before an instant that nobody needs any more, oldest first.

        `kept_since` says of which instant on the photos of places are kept; a place that it leaves
        out keeps none.
        """
        ...

    async def mark_deleted(self, photo_ids: Collection[int], *, at: datetime) -> None:
        """Note that the files of photos are gone."""
        ...

    async def readable(self, wanted: ReadableQuery, *, limit: int) -> Sequence[MeterLine]:
        """Return meters, those that no device reads first, then by place and room."""
        ...
