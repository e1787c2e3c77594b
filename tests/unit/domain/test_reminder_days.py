"""Tenants are reminded on a few days around the due day. Rule 7.3."""

import pytest

from bot.domain.reminder_days import NotReminderDays, ReminderDays


def test_days_before_and_after_are_taken() -> None:
    assert ReminderDays(days=(-3, 0, 3, 7)).days == (-3, 0, 3, 7)


@pytest.mark.parametrize("days", [(), (0, -3), (1, 1), (-31,), (61,), tuple(range(9))], ids=repr)
def test_too_many_too_far_or_unordered_days_are_refused(days: tuple[int, ...]) -> None:
    with pytest.raises(NotReminderDays):
        ReminderDays(days=days)
