"""Meters with all that is known of them, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from bot.domain.meter import BillingType, MeterSheet, MeterStatus, ServiceKind
from bot.domain.meter_share import LeaseShare
from bot.domain.metering import MeterType


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterQuery:
    """Which meters are wanted: of these places (None: of all); None leaves a question open."""

    place_ids: frozenset[int] | None = None
    room_id: int | None = None
    service: ServiceKind | None = None
    type: MeterType | None = None
    status: MeterStatus | None = None
    billing_type: BillingType | None = None
    is_main: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterLine:
    """A meter in a list."""

    sheet: MeterSheet
    place: str
    room: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterTies:
    """What of the books and the wiring hangs on a meter."""

    readings: bool = False
    leases: bool = False
    meters_below: bool = False
    orders: bool = False


class MeterSheets(Protocol):
    """Meters as people describe them."""

    async def page(
        self,
        wanted: MeterQuery,
        *,
        limit: int,
        after: MeterSheet | None = None,
        before: MeterSheet | None = None,
    ) -> Sequence[MeterLine]:
        """Return meters by place and age, those next to one if that is given."""
        ...

    async def get(self, meter_id: int) -> MeterSheet | None:
        """Return one meter."""
        ...

    async def of_place(self, place_id: int) -> Sequence[MeterSheet]:
        """Return all meters of a place, oldest first."""
        ...

    async def below(self, parent_id: int) -> Sequence[MeterSheet]:
        """Return the sub-meters that hang right below a meter."""
        ...

    async def with_subs(self, meter_ids: Collection[int]) -> Collection[int]:
        """Return which of some meters have sub-meters."""
        ...

    async def roots(self, place_id: int, *, limit: int) -> Sequence[MeterSheet]:
        """Return the meters of a place that have sub-meters, or are main, and none above them."""
        ...

    async def names(self, place_id: int) -> Mapping[int, str]:
        """Return what the meters of a place are called."""
        ...

    async def by_serial_number(self, numbers: Collection[str]) -> Mapping[str, MeterSheet]:
        """Return the meters that have these serial numbers."""
        ...

    async def starting_with(
        self, number: str, *, place_ids: frozenset[int] | None, limit: int
    ) -> Sequence[MeterLine]:
        """Return the meters whose serial number begins so."""
        ...

    async def called(
        self, text: str, *, place_ids: frozenset[int] | None, limit: int
    ) -> Sequence[MeterLine]:
        """Return the meters whose names hold a text, by place and age."""
        ...

    async def lock(self, place_id: int) -> None:
        """Let nobody else change the meters of a place, or read them in, before this unit is over.

        Leases are locked before, where both are."""
        ...

    async def add(self, new: MeterSheet, *, at: datetime) -> MeterSheet:
        """Store a new meter, whose id is ignored, and return it with its id."""
        ...

    async def save(self, changed: MeterSheet, *, at: datetime) -> None:
        """Store what has changed of a meter."""
        ...

    async def delete(self, meter_id: int) -> None:
        """Delete a meter to which nothing is tied."""
        ...

    async def ties(self, meter_id: int) -> MeterTies:
        """Return what is tied to a meter."""
        ...

    async def shares(self, meter_id: int) -> Sequence[LeaseShare]:
        """Return the running leases that a meter counts for, by room."""
        ...

    async def set_shares(self, meter_id: int, shares: Mapping[int, int | None]) -> None:
        """Let a meter count for these leases, and of the running ones for no others."""
        ...

    async def counted_from(self, meter_id: int, at: datetime) -> datetime | None:
        """Return when a meter was read last up to an instant, or else first; accepted readings."""
        ...

    async def counted(
        self, meter_ids: Collection[int], *, from_at: datetime, to_at: datetime
    ) -> Mapping[int, Decimal]:
        """Return what meters counted by their accepted readings of a time, in their units."""
        ...

    async def to_inspect(
        self, *, place_ids: frozenset[int] | None, through_on: date, limit: int
    ) -> Sequence[MeterLine]:
        """Return the meters in use whose next inspection is due by a day, the most urgent first."""
        ...
