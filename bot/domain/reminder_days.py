"""On which days around the due day of a bill its tenants are reminded. Rule 7.3."""

from collections.abc import Iterable
from dataclasses import dataclass

EARLIEST = -30
LATEST = 60
MOST_REMINDERS = 8


class NotReminderDays(ValueError):
    """Too many, or too far from the due day."""

    def __init__(self, days: Iterable[int]) -> None:
        super().__init__(tuple(days))
        self.days = tuple(days)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDays:
    """Days counted from the due day, ascending: −3 is three days before it. At least one.

    Raises NotReminderDays.
    """

    days: tuple[int, ...]

    def __post_init__(self) -> None:
        is_near = all(EARLIEST <= each <= LATEST for each in self.days)
        is_in_order = list(self.days) == sorted(set(self.days))
        if not is_near or not is_in_order or not 0 < len(self.days) <= MOST_REMINDERS:
            raise NotReminderDays(self.days)
