"""The limit on requests: never more than so many in any sixty seconds of real time."""

import math
import time
from collections import deque
from collections.abc import Callable

WINDOW_SECONDS = 60.0


class Throttle:
    """Counts the requests that were let through in the last minute."""

    def __init__(
        self, *, requests_per_minute: int | None = 100, real: Callable[[], float] = time.monotonic
    ) -> None:
        self.requests_per_minute = requests_per_minute
        """How many a minute; None lets everything through."""
        self.tells_when_to_retry = True
        """Whether a refusal carries `Retry-After`."""
        self._real = real
        self._admitted_at: deque[float] = deque()
        self._refusals_ordered = 0

    def refuse_next(self, times: int = 1) -> None:
        """This function will have the next requests refused, whatever the limit."""
        self._refusals_ordered += times

    def refusal(self) -> int | None:
        """This function will count a request, or return the whole seconds to wait before another.

        A refused request does not count.
        """
        if self._refusals_ordered:
            self._refusals_ordered -= 1
            return 1
        if self.requests_per_minute is None:
            return None
        now = self._real()
        while self._admitted_at and self._admitted_at[0] <= now - WINDOW_SECONDS:
            self._admitted_at.popleft()
        if len(self._admitted_at) < self.requests_per_minute:
            self._admitted_at.append(now)
            return None
        oldest = self._admitted_at[0] if self._admitted_at else now
        return max(1, math.ceil(oldest + WINDOW_SECONDS - now))
