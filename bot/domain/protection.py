"""Hours in which nobody's power is cut. Rule 6.3."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.period import at_local

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedHours:
    """A daily window, perhaps over midnight, in which no new cut starts.

    `weekdays` are those on which the window begins, Monday = 0. A window that ends at the time
    it starts lasts 24 hours.
    """

    start: time
    end: time
    weekdays: frozenset[int] = EVERY_DAY

    def covers(self, local: datetime) -> bool:
        """Return whether a local time lies in the window."""
        clock, weekday = local.time(), local.weekday()
        if self.start < self.end:
            return self.start <= clock < self.end and weekday in self.weekdays
        if clock >= self.start:
            return weekday in self.weekdays
        return clock < self.end and (weekday - 1) % 7 in self.weekdays

    def next_end_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return when a window that covers this instant ends."""
        local = now.astimezone(zone)
        is_tomorrow = local.time() >= self.end
        return at_local(local.date() + timedelta(days=is_tomorrow), self.end, zone)
