"""A clock that a test sets."""

from datetime import UTC, datetime, timedelta


class SettableClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return the instant that was set, in UTC."""
        return self._at.astimezone(UTC)

    def set(self, at: datetime) -> None:
        """Make it that late."""
        self._at = at

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._at += by
