"""Simulated time: as fast as one likes, and never backwards."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class ClockWouldGoBackwards(Exception):
    """Simulated time was told to return to an instant before the present one."""

    def __init__(self, now: datetime, wanted: datetime) -> None:
        super().__init__(now, wanted)
        self.now = now
        self.wanted = wanted


class ImpossibleSpeed(Exception):
    """Simulated time was told to run backwards, or infinitely fast."""

    def __init__(self, speed: float) -> None:
        super().__init__(speed)
        self.speed = speed


class SandboxClock:
    """A clock whose second lasts `1 / speed` real seconds; it starts paused (speed 0)."""

    def __init__(self, start: datetime, *, real: Callable[[], float] = time.monotonic) -> None:
        self._real = real
        self._anchor_at = start.astimezone(UTC)
        self._anchor_real = real()
        self._speed = 0.0

    @property
    def speed(self) -> float:
        """Simulated seconds that pass in a real one; 0 while paused."""
        return self._speed

    def now(self) -> datetime:
        """This function will return the simulated instant, aware, in UTC."""
        if not self._speed:
            return self._anchor_at
        return self._anchor_at + timedelta(seconds=(self._real() - self._anchor_real) * self._speed)

    def set_speed(self, factor: float) -> None:
        """This function will let time run `factor` times as fast as real time; 0 pauses it.

        Raises ImpossibleSpeed.
        """
        if not 0 <= factor < math.inf:
            raise ImpossibleSpeed(factor)
        self._anchor(self.now())
        self._speed = factor

    def pause(self) -> None:
        """This function will stop time until a speed is set; `step` and `move_to` still work."""
        self.set_speed(0)

    def step(self, by: timedelta) -> None:
        """This function will move time forward by a span at once.

        Raises ClockWouldGoBackwards.
        """
        self.move_to(self.now() + by)

    def move_to(self, instant: datetime) -> None:
        """This function will move time forward to an aware instant at once.

        Raises ClockWouldGoBackwards.
        """
        now = self.now()
        if instant < now:
            raise ClockWouldGoBackwards(now, instant)
        self._anchor(instant.astimezone(UTC))

    def _anchor(self, instant: datetime) -> None:
        self._anchor_at = instant
        self._anchor_real = self._real()
