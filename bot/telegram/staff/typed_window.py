"""Days of every month, as somebody types them. Pure."""

import re

from bot.domain.reading_window import ReadingWindow

_DAYS = re.compile(r"(\d{1,2})(?:\s*(?:[-–—]|to|till|until|से)\s*(\d{1,2}))?")


class NotDaysOfMonth(ValueError):
    """The text names no days of a month."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def parse_window(text: str) -> ReadingWindow:
    """Return the days that were typed: `25–28`, `28 to 3`, `30`.

    Raises NotDaysOfMonth and NotAWindow.
    """
    found = _DAYS.fullmatch(text.strip().casefold())
    if found is None:
        raise NotDaysOfMonth(text)
    first, last = int(found[1]), int(found[2] or found[1])
    return ReadingWindow(first_day=first, last_day=last)
