import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.load import KOLKATA
from bot.sandbox.travel import MAX_JOURNEY, ImpossibleJourney, TimeTraveller, next_mark

START = datetime(2026, 10, 25, 18, 0, tzinfo=KOLKATA)


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(START)


@pytest.fixture
def traveller(clock: SandboxClock) -> TimeTraveller:
    return TimeTraveller(clock, KOLKATA, hop_pause_s=0)


@pytest.fixture
def seen(clock: SandboxClock, traveller: TimeTraveller) -> list[str]:
    """The local times at which the traveller let others work."""
    times: list[str] = []

    async def note() -> None:
        times.append(f"{clock.now().astimezone(KOLKATA):%d %H:%M}")

    traveller.settle = note
    return times


async def test_every_hour_is_seen_a_minute_before_it_ends_and_when_it_ends(
    traveller: TimeTraveller, seen: list[str]
) -> None:
    await traveller.travel(timedelta(hours=2))
    assert seen == ["25 18:59", "25 19:00", "25 19:59", "25 20:00"]


async def test_a_day_passes_the_minute_before_midnight(
    traveller: TimeTraveller, seen: list[str]
) -> None:
    await traveller.travel(timedelta(days=1))
    assert len(seen) == 48
    assert seen[11:13] == ["26 00:00", "26 00:59"]
    assert seen[10] == "25 23:59"


async def test_a_journey_ends_exactly_where_it_was_to(
    clock: SandboxClock, traveller: TimeTraveller
) -> None:
    await traveller.travel(timedelta(minutes=90, microseconds=7))
    assert clock.now() == START + timedelta(minutes=90, microseconds=7)
    assert traveller.destination is None


async def test_setting_out_again_on_the_way_adds_to_the_journey(
    clock: SandboxClock, traveller: TimeTraveller
) -> None:
    assert traveller.depart(timedelta(hours=1)) == START + timedelta(hours=1)
    assert traveller.depart(timedelta(days=1)) == START + timedelta(days=1, hours=1)
    await traveller.arrival()
    assert clock.now() == START + timedelta(days=1, hours=1)


async def test_a_stopped_journey_keeps_the_hours_it_has_made(
    clock: SandboxClock, traveller: TimeTraveller
) -> None:
    is_night = asyncio.Event()

    async def wait_at_night() -> None:
        if clock.now() == START + timedelta(hours=3):
            is_night.set()
            await asyncio.Event().wait()

    traveller.settle = wait_at_night
    traveller.depart(timedelta(days=1))
    await is_night.wait()
    await traveller.stop()
    assert traveller.destination is None
    assert clock.now() == START + timedelta(hours=3)


async def test_stopping_at_rest_changes_nothing(
    clock: SandboxClock, traveller: TimeTraveller
) -> None:
    await traveller.stop()
    await traveller.arrival()
    assert clock.now() == START


@pytest.mark.parametrize(
    "by", [timedelta(), timedelta(hours=-1), MAX_JOURNEY + timedelta(seconds=1)]
)
async def test_time_does_not_go_back_nor_too_far(traveller: TimeTraveller, by: timedelta) -> None:
    with pytest.raises(ImpossibleJourney):
        traveller.depart(by)
    assert traveller.destination is None


@pytest.mark.parametrize(
    ("at", "mark"),
    [
        ("18:00:00", "18:59"),
        ("18:58:59.999999", "18:59"),
        ("18:59:00", "19:00"),
        ("18:59:30", "19:00"),
        ("23:59:00", "00:00"),
    ],
)
def test_the_next_mark_is_reckoned_in_local_hours(at: str, mark: str) -> None:
    instant = datetime.fromisoformat(f"2026-10-25T{at}+05:30").astimezone(UTC)
    found = next_mark(instant, KOLKATA)
    assert f"{found.astimezone(KOLKATA):%H:%M}" == mark
    assert found > instant
