"""When a meter was read, as people type it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.telegram.staff.typed_day import NotADay
from bot.telegram.staff.typed_instant import parse_instant

KOLKATA = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 12, 13, 12, tzinfo=UTC)  # 18:42


@pytest.mark.parametrize(
    ("typed", "local"),
    [
        ("12 Nov 18:30", "2026-11-12 18:30"),
        ("12 Nov", "2026-11-12 18:42"),
        ("today", "2026-11-12 18:42"),
        ("9:15", "2026-11-12 09:15"),
        ("yesterday", "2026-11-11 12:00"),
        ("yesterday at 7:05", "2026-11-11 07:05"),
        ("कल १८:३०", "2026-11-11 18:30"),
        ("1.11.", "2026-11-01 12:00"),
        ("1.11", "2026-11-01 12:00"),
        ("10 Nov 18.30", "2026-11-10 18:30"),
        ("1 Aug", "2026-08-01 12:00"),
        ("30 Dec", "2025-12-30 12:00"),
        ("2026-11-02 06:00", "2026-11-02 06:00"),
    ],
)
def test_a_day_with_or_without_a_time_is_understood(typed: str, local: str) -> None:
    at = parse_instant(typed, now=NOW, zone=KOLKATA)
    assert f"{at.astimezone(KOLKATA):%Y-%m-%d %H:%M}" == local


@pytest.mark.parametrize("typed", ["soon", "12 Nov 25:00", "32 Nov"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(NotADay):
        parse_instant(typed, now=NOW, zone=KOLKATA)
