"""Days around a due day, as somebody types them. Pure."""

import re

from bot.domain.reminder_days import NotReminderDays, ReminderDays

_DAYS = re.compile(r"[+−–-]?\s*\d{1,3}(?:[\s,;]+[+−–-]?\s*\d{1,3})*")
_DAY = re.compile(r"([+−–-]?)\s*(\d{1,3})")


def parse_reminders(text: str) -> ReminderDays:
    """Return the days that were typed: `-3 0 3 7`, `−3, 0, +3, +7`. Raises NotReminderDays."""
    if _DAYS.fullmatch(text.strip().casefold()) is None:
        raise NotReminderDays(())
    days = {
        -int(digits) if sign in {"−", "–", "-"} else int(digits)
        for sign, digits in _DAY.findall(text)
    }
    return ReminderDays(days=tuple(sorted(days)))
