"""When jobs are due, on a clock that also jumps."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.slots import checks, daily, daily_everywhere, every

INDIA = ZoneInfo("Asia/Kolkata")
NEPAL = ZoneInfo("Asia/Kathmandu")
BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: ZoneInfo = INDIA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-12T10:00:00", "2026-11-12T10:00:00"),
        ("2026-11-12T10:29:59", "2026-11-12T10:00:00"),
        ("2026-11-13T10:31:00", "2026-11-13T10:30:00"),
    ],
)
def test_an_even_slot_is_the_newest_that_has_begun(now: str, slot: str) -> None:
    assert every(timedelta(minutes=30))(utc(now), ()) == utc(slot)


def test_a_daily_slot_is_at_the_wall_clocks_time() -> None:
    slots = daily(time(3), INDIA)

    assert slots(local("2026-11-12 02:59:59"), ()) == local("2026-11-11 03:00")
    assert slots(local("2026-11-12 03:00"), ()) == local("2026-11-12 03:00")


def test_a_daily_slot_follows_the_zone_through_the_change_of_summer_time() -> None:
    slots = daily(time(3), BERLIN)
    days = [slots(local(f"2026-10-{day} 12:00", BERLIN), ()) for day in (24, 25, 26)]

    assert [each.astimezone(BERLIN).time() for each in days] == [time(3)] * 3
    assert [each.astimezone(UTC).hour for each in days] == [1, 2, 2]


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-12 23:58:59", "2026-11-12 23:00"),
        ("2026-11-12 23:59:00", "2026-11-12 23:59"),
        ("2026-11-12 23:59:59", "2026-11-12 23:59"),
        ("2026-11-13 00:00:00", "2026-11-13 00:00"),
        ("2026-11-13 00:30:00", "2026-11-13 00:00"),
    ],
)
def test_leases_are_checked_on_the_hour_and_at_the_end_of_the_day(now: str, slot: str) -> None:
    assert checks(time(23, 59), INDIA)(local(now), ()) == local(slot)


def test_each_zone_in_which_there_are_places_has_its_own_checks() -> None:
    slots = checks(time(23, 59), INDIA)

    assert slots(local("2026-11-12 23:59", NEPAL), (INDIA, NEPAL)) == local(
        "2026-11-12 23:59", NEPAL
    )
    assert slots(local("2026-11-13 00:13", NEPAL), (INDIA, NEPAL)) == local(
        "2026-11-13 00:00", NEPAL
    )
    assert slots(local("2026-11-12 23:59"), (INDIA, NEPAL)) == local("2026-11-12 23:59")


def test_each_zone_in_which_there_are_places_has_its_own_hour_of_the_day() -> None:
    slots = daily_everywhere(time(9), INDIA)

    assert slots(local("2026-11-12 08:59", NEPAL), (NEPAL,)) == local("2026-11-11 09:00")
    assert slots(local("2026-11-12 09:00", NEPAL), (NEPAL,)) == local("2026-11-12 09:00", NEPAL)
    assert slots(local("2026-11-12 09:00"), (NEPAL,)) == local("2026-11-12 09:00")


def test_a_clock_that_jumps_over_days_finds_only_the_newest_slot() -> None:
    slots = checks(time(23, 59), INDIA)

    assert slots(local("2026-11-15 23:59:30"), ()) == local("2026-11-15 23:59")
