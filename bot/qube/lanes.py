"""Who is next: waiting requests by lane, first come first served within a lane."""

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass

from bot.services.ports import Lane

PATIENCE_SECONDS = 30.0
"""After this long a waiter has aged, whatever its lane."""

OVERTAKINGS = 3
"""How often in a row others may pass an aged waiter before its turn comes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waiter:
    """A request that waits for its turn since a monotonic second."""

    lane: Lane
    since: float
    turn: asyncio.Future[None]


class Lanes:
    """Lower lanes go first, but only so often past one that has waited long.

    An aged waiter takes at most one turn in `OVERTAKINGS + 1`, so a lone request of the first
    lane never waits behind more than one other, and nobody starves.
    """

    def __init__(self) -> None:
        self._queues: dict[Lane, deque[Waiter]] = {lane: deque() for lane in sorted(Lane)}
        self._overtaken = 0

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    @property
    def first(self) -> Lane:
        """The most urgent lane in which somebody waits. Raises ValueError when nobody does."""
        return min(lane for lane, queue in self._queues.items() if queue)

    def add(self, waiter: Waiter) -> None:
        """This function will put the waiter at the end of its lane."""
        self._queues[waiter.lane].append(waiter)

    def discard(self, waiter: Waiter) -> None:
        """This function will forget the waiter, if it still waits."""
        with contextlib.suppress(ValueError):
            self._queues[waiter.lane].remove(waiter)

    def pop(self, now: float) -> Waiter:
        """This function will take out whose turn it is. Raises IndexError when nobody waits."""
        heads = [queue[0] for queue in self._queues.values() if queue]
        if not heads:
            raise IndexError("nobody waits")
        chosen, oldest = heads[0], min(heads, key=lambda waiter: (waiter.since, -waiter.lane))
        if now - oldest.since < PATIENCE_SECONDS:
            self._overtaken = 0
        elif chosen is oldest or self._overtaken >= OVERTAKINGS:
            chosen, self._overtaken = oldest, 0
        else:
            self._overtaken += 1
        self._queues[chosen.lane].popleft()
        return chosen

    def drain(self) -> list[Waiter]:
        """This function will take out everybody."""
        everybody = [waiter for queue in self._queues.values() for waiter in queue]
        for queue in self._queues.values():
            queue.clear()
        return everybody
