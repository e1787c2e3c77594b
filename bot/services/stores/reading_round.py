"""Rounds in which the meters of a place are read, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from bot.domain.meter import MeterSheet
from bot.domain.metering import Reading


class SkipReason(Enum):
    """Why a meter was not read in a round."""

    NO_ACCESS = "no_access"
    BROKEN = "broken"
    NOT_FOUND = "not_found"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRound:
    """A round through a place, for the meters that nobody has read since a local day.

    All who go it share it, and it waits for them; `finished_at` None while it is under way.
    """

    id: int
    place_id: int
    since_on: date
    begun_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Why somebody has left a meter out, with a note if none of the reasons says it."""

    reason: SkipReason
    at: datetime
    person_id: int
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStop:
    """A meter of a round that somebody was sent to, or has left out."""

    meter_id: int
    claimed_by: int | None = None
    claimed_at: datetime | None = None
    skip: Skip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandMeter:
    """A meter in use that no device tells; `room` is None for one of the whole place."""

    sheet: MeterSheet
    room: str | None


class ReadingRounds(Protocol):
    """The rounds, and the meters that are read in them."""

    async def meters(self, place_id: int) -> Sequence[HandMeter]:
        """Return the meters in use of a place that people read, oldest first."""
        ...

    async def read_since(self, meter_ids: Collection[int], at: datetime) -> Mapping[int, Reading]:
        """Return the latest reading that a person took of each meter since an instant.

        One that is held counts; one that was rejected or corrected does not.
        """
        ...

    async def under_way(self, place_id: int | None = None) -> Sequence[ReadingRound]:
        """Return the rounds that are not finished, of a place or of all; at most one of each."""
        ...

    async def begin(
        self, *, place_id: int, since_on: date, person_id: int | None, at: datetime
    ) -> ReadingRound:
        """Store a round, or return the one that is under way in the place."""
        ...

    async def lock(self, round_id: int) -> bool:
        """Let nobody else change a round before this unit is over; False when it is finished."""
        ...

    async def stops(self, round_id: int) -> Mapping[int, RoundStop]:
        """Return the stops of a round by meter."""
        ...

    async def save_stop(self, round_id: int, stop: RoundStop) -> None:
        """Store a stop, in place of what was known of it."""
        ...

    async def release(self, round_id: int, *, person_id: int) -> None:
        """Forget to which meter a person was sent."""
        ...

    async def finish(self, round_id: int, *, at: datetime) -> None:
        """Say that a round is over."""
        ...
