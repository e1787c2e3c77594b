"""What waits for somebody's hands, as the use cases see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class DarkRoom:
    """A room that should have power for some time, and has none yet. Rule 6.5."""

    lease_id: int
    place: str
    room: str
    since_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineMeter:
    """A meter whose device does not answer; of no room if several share it."""

    meter_id: int
    lease_id: int | None
    place: str
    room: str | None
    meter: str
    since_at: datetime | None


class Inboxes(Protocol):
    """Troubles of meters and relays."""

    async def dark(
        self, place_ids: frozenset[int] | None, *, ordered_before: datetime, limit: int
    ) -> Sequence[DarkRoom]:
        """Return rooms of these places (None: of all) that wait for power since an instant."""
        ...

    async def offline(
        self, place_ids: frozenset[int] | None, *, limit: int
    ) -> Sequence[OfflineMeter]:
        """Return meters in use whose devices are offline, the longest first."""
        ...
