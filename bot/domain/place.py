"""Buildings and the rooms in them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.protection import ProtectedHours
from bot.domain.reading_window import ReadingWindow

PHOTOS_KEPT = timedelta(days=400)
"""A year to ask about a bill, and a month to answer."""


LOSS_PERCENT = 15
"""Lifts, pumps and lamps of a building use less than that of all it uses, mostly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A building, with the rules of all leases that have none of their own; money in paise.

    `due_days` is how long after its issue a bill is to be paid, `reminder_days` are the days before
    (negative) and after its due date on which tenants are reminded of it, `grace` is how long after
    its due date power stays (rule 7.3). `reading_window` are the days on which people read meters,
    None where nobody is reminded. `photos_kept` is for how long photos of its meters are kept.
    Where more than `loss_percent` of what a main meter counted was counted by no sub-meter, staff
    are told (rule 8.4); None where they are not.
    """

    id: int
    name: str
    zone: ZoneInfo
    currency: str
    space_id: int | None = None
    cut_off_paise: int = 10_000
    low_balance_paise: int = 50_000
    emergency_credit_paise: int = 0
    grace: timedelta = timedelta(0)
    protected_hours: ProtectedHours | None = None
    holidays: frozenset[date] = field(default_factory=frozenset)
    reading_window: ReadingWindow | None = None
    photos_kept: timedelta = PHOTOS_KEPT
    due_days: int = 10
    loss_percent: int | None = LOSS_PERCENT
    reminder_days: tuple[int, ...] = (-3, 0, 3, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A flat, room or shop."""

    id: int
    place_id: int
    name: str
