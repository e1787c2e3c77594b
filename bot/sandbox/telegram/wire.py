"""A record of what went over the wire, without the bot's token."""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class WireEntry:
    """One request and when it ended; a `status` of None means that it never got an answer."""

    number: int
    real_seconds: float
    at: datetime
    method: str
    params: Mapping[str, Any]
    status: int | None
    answer: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A request that the validator refused, and its reason."""

    method: str
    params: Mapping[str, Any]
    reason: str


class Wire:
    """The last requests, oldest first."""

    def __init__(self, capacity: int) -> None:
        self._entries: deque[WireEntry] = deque(maxlen=capacity)
        self._count = 0

    def __iter__(self) -> Iterator[WireEntry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def add(
        self,
        *,
        at: datetime,
        method: str,
        params: Mapping[str, Any],
        status: int | None,
        answer: Mapping[str, Any] | None,
    ) -> None:
        """This function will note a request and what it was answered."""
        self._count += 1
        self._entries.append(
            WireEntry(
                number=self._count,
                real_seconds=time.monotonic(),
                at=at,
                method=method,
                params=params,
                status=status,
                answer=answer,
            )
        )

    def of(self, method: str) -> tuple[WireEntry, ...]:
        """This function will return the remembered calls of one method."""
        return tuple(entry for entry in self._entries if entry.method.lower() == method.lower())
