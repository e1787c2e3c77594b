"""Where the present time comes from: the only calls of the system clock."""

from dataclasses import dataclass
from datetime import UTC, datetime


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """This function will return the present instant, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """One instant that does not pass: what `--now` sets for a run."""

    at: datetime

    def now(self) -> datetime:
        """This function will return the fixed instant in UTC."""
        return self.at.astimezone(UTC)
