"""Days around a due day, as people type them."""

import pytest

from bot.domain.reminder_days import NotReminderDays
from bot.telegram.staff.typed_reminders import parse_reminders


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("-3 0 3 7", (-3, 0, 3, 7)),
        ("−3, 0, +3, +7", (-3, 0, 3, 7)),
        ("7;0", (0, 7)),
        ("5", (5,)),
        (" 1 1 ", (1,)),
    ],
)
def test_days_are_read_in_any_order(text: str, days: tuple[int, ...]) -> None:
    assert parse_reminders(text).days == days


@pytest.mark.parametrize("text", ["", "soon", "3 days", "1.5", "999", "3-7-", "-40"])
def test_what_names_no_days_is_refused(text: str) -> None:
    with pytest.raises(NotReminderDays):
        parse_reminders(text)
