from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.sandbox.clock import ClockWouldGoBackwards, ImpossibleSpeed, SandboxClock

START = datetime(2026, 10, 25, 4, 30, tzinfo=UTC)


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_time_stands_still_until_a_speed_is_set() -> None:
    stopwatch = Stopwatch()
    clock = SandboxClock(START, real=stopwatch)
    stopwatch.seconds = 100
    assert (clock.now(), clock.speed) == (START, 0)


def test_time_runs_as_many_times_faster_as_the_speed_says() -> None:
    stopwatch = Stopwatch()
    clock = SandboxClock(START, real=stopwatch)
    clock.set_speed(3600)
    stopwatch.seconds = 2
    clock.set_speed(60)
    stopwatch.seconds = 3
    clock.pause()
    stopwatch.seconds = 50
    assert clock.now() == START + timedelta(hours=2, minutes=1)


def test_time_can_be_moved_while_paused_and_while_running() -> None:
    stopwatch = Stopwatch()
    clock = SandboxClock(START, real=stopwatch)
    clock.step(timedelta(days=1))
    clock.set_speed(1)
    stopwatch.seconds = 5
    clock.move_to(START + timedelta(days=2))
    stopwatch.seconds = 6
    assert clock.now() == START + timedelta(days=2, seconds=1)


def test_the_clock_answers_in_utc_whatever_zone_it_was_given() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    clock = SandboxClock(START.astimezone(india))
    assert clock.now().tzinfo is UTC
    clock.move_to(START.astimezone(india) + timedelta(hours=1))
    assert clock.now().tzinfo is UTC


def test_time_never_goes_backwards() -> None:
    clock = SandboxClock(START)
    with pytest.raises(ClockWouldGoBackwards):
        clock.step(timedelta(seconds=-1))
    with pytest.raises(ClockWouldGoBackwards):
        clock.move_to(START - timedelta(days=1))
    assert clock.now() == START


@pytest.mark.parametrize("speed", [-1.0, float("inf"), float("nan")])
def test_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(ImpossibleSpeed):
        SandboxClock(START).set_speed(speed)
