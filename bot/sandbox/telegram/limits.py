"""How fast a bot may send: over all chats and into one, answered with 429 beyond that."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Messages a second; a chat bears a short burst before its own rate holds."""

    total_per_s: float = 30
    chat_per_s: float = 1
    chat_burst: int = 3


class Pacer:
    """Buckets that fill with real time. Without limits it lets everything pass."""

    def __init__(
        self, limits: RateLimits | None, *, real: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = limits
        self._real = real
        self._total: _Bucket | None = None
        self._chats: dict[int, _Bucket] = {}

    def wait_s(self, chat_id: int, messages: int = 1) -> int | None:
        """This function will spend room for messages, or return the seconds to wait for it."""
        if self.limits is None:
            return None
        now = self._real()
        buckets = (self._overall(self.limits, now), self._of_chat(self.limits, chat_id, now))
        missing = max(bucket.missing_s(messages, now) for bucket in buckets)
        if missing > 0:
            return max(1, math.ceil(missing))
        for bucket in buckets:
            bucket.level -= messages
        return None

    def _overall(self, limits: RateLimits, now: float) -> "_Bucket":
        if self._total is None:
            self._total = _Bucket(limits.total_per_s, limits.total_per_s, now)
        return self._total

    def _of_chat(self, limits: RateLimits, chat_id: int, now: float) -> "_Bucket":
        if chat_id not in self._chats:
            self._chats[chat_id] = _Bucket(limits.chat_per_s, limits.chat_burst, now)
        return self._chats[chat_id]


class _Bucket:
    def __init__(self, per_s: float, size: float, now: float) -> None:
        self.per_s = per_s
        self.size = size
        self.level = size
        self.filled_at = now

    def missing_s(self, wanted: int, now: float) -> float:
        """An album larger than the bucket passes when the bucket is full, as it does there."""
        self.level = min(self.size, self.level + (now - self.filled_at) * self.per_s)
        self.filled_at = now
        return (min(wanted, self.size) - self.level) / self.per_s
