"""Readings in their order, and what was charged on them, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from bot.domain.billing import MonthToDate
from bot.domain.metering import Installation, Reading, ReadingStatus
from bot.domain.service_kind import ServiceKind
from bot.services.store import BookedEntry, MonthLine
from bot.services.stores.meter_sheet import MeterLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Relinked:
    """What a stored reading tells of the use before it, counted anew."""

    reading_id: int
    previous_value: Decimal | None
    consumption: Decimal | None


class ReadingChains(Protocol):
    """The accepted readings of an installation, and the charges that rest on them.

    Points that were only interpolated where prices change are no members of a chain.
    """

    async def lock(self, meter_id: int) -> None:
        """Let nobody else put readings into the chains of a meter before this unit is over."""
        ...

    async def installations(self, meter_id: int) -> Sequence[Installation]:
        """Return what a meter had, and has, oldest first."""
        ...

    async def open_earlier(self, installation_id: int, *, at: datetime) -> None:
        """Let an installation have begun earlier."""
        ...

    async def before(
        self,
        installation_id: int,
        at: datetime,
        *,
        lease_id: int | None = None,
        but: Collection[int] = (),
    ) -> Reading | None:
        """Return the last member before an instant, with `lease_id` of that lease,
        leaving some out."""
        ...

    async def after(
        self,
        installation_id: int,
        at: datetime,
        *,
        lease_id: int | None = None,
        but: Collection[int] = (),
    ) -> Reading | None:
        """Return the first member after an instant, with `lease_id` of that lease,
        leaving some out."""
        ...

    async def at(
        self, installation_id: int, at: datetime, *, but: Collection[int] = ()
    ) -> Reading | None:
        """Return the member at an instant, leaving some out."""
        ...

    async def members(
        self, installation_id: int, *, lease_id: int, from_at: datetime, to_at: datetime | None
    ) -> Sequence[Reading]:
        """Return the members of a lease in [from_at, to_at], oldest first; None: to the end."""
        ...

    async def between(
        self, installation_id: int, *, from_at: datetime, to_at: datetime
    ) -> Sequence[Reading]:
        """Return every reading in (from_at, to_at], whatever became of it, oldest first."""
        ...

    async def taken_before(self, meter_id: int, at: datetime, *, limit: int) -> Sequence[Reading]:
        """Return the last members of all installations that were really read, oldest first."""
        ...

    async def same(
        self, meter_id: int, value: Decimal, *, from_at: datetime, to_at: datetime
    ) -> Reading | None:
        """Return a member, or a held reading, of that value in [from_at, to_at)."""
        ...

    async def next_revision(self, installation_id: int, at: datetime) -> int:
        """Return the number for one more reading of an instant."""
        ...

    async def has_held(self, meter_id: int) -> bool:
        """Return whether a reading of the meter waits to be judged."""
        ...

    async def add(self, new: Reading) -> int:
        """Store a reading, whose id is ignored, and return its id."""
        ...

    async def read_by_devices(self, place_id: int) -> Sequence[MeterLine]:
        """Return the meters in use of a place that a device reads, by room."""
        ...

    async def flag(self, reading_ids: Collection[int]) -> None:
        """Note that the use up to readings is off the habit of their meters."""
        ...

    async def set_status(self, reading_ids: Collection[int], status: ReadingStatus) -> None:
        """Say what became of readings."""
        ...

    async def relink(self, changed: Sequence[Relinked]) -> None:
        """Store what readings tell of the use before them."""
        ...

    async def leases_on(self, meter_id: int, on: date) -> Sequence[int]:
        """Return the leases that a meter counts for on a local day."""
        ...

    async def charges(
        self, lease_id: int, *, from_at: datetime, to_at: datetime
    ) -> Sequence[BookedEntry]:
        """Return what was deducted for use that ends in (from_at, to_at] and not taken back."""
        ...

    async def given_away(
        self, lease_id: int, *, from_at: datetime, to_at: datetime
    ) -> Sequence[BookedEntry]:
        """Return what was taken back though the use, which ends in (from_at, to_at], counts in its
        month still."""
        ...

    async def lines_of(self, entry_ids: Collection[int]) -> Sequence[tuple[int, MonthLine]]:
        """Return what entries charged for, by (entry id, line)."""
        ...

    async def charged_until(
        self, lease_id: int, *, service: ServiceKind, to_at: datetime, but: Collection[int]
    ) -> datetime | None:
        """Return up to when use of a service was deducted, of what ends by an instant and counts
        in its month, leaving entries out."""
        ...

    async def months(
        self, lease_id: int, *, service: ServiceKind, since_on: date
    ) -> Mapping[date, MonthToDate]:
        """Return what a lease used of a service and was charged for it in each month since one."""
        ...

    async def used_before(
        self,
        lease_id: int,
        month_on: date,
        *,
        service: ServiceKind,
        at: datetime,
        but: Collection[int],
    ) -> Decimal:
        """Return what of a service a lease was charged for in a month up to an instant, leaving
        entries and generators out, in the unit of its meters."""
        ...
