"""Days in a row, as somebody types them. Pure."""

import re
from datetime import date, timedelta

from bot.services.rule_edit import MOST_DAYS_AT_ONCE
from bot.telegram.staff.typed_day import NotADay, parse_day

_BETWEEN = re.compile(r"\s*[–—]\s*|\s+(?:-|to|till|until|से)\s+", re.IGNORECASE)
_ONE_MONTH = re.compile(r"(\d{1,2})\s*[-–—]\s*(\d{1,2})(\s+[^\W\d].*)")


def parse_days(text: str, *, today_on: date, most: int = MOST_DAYS_AT_ONCE) -> frozenset[date]:
    """Return a day, or all from one to another: `25 Dec`, `8-12 Nov`, `8 Nov to 12 Nov`.

    Raises NotADay, also for more days than `most`.
    """
    typed = text.strip()
    spread = _ONE_MONTH.fullmatch(typed)
    if spread is not None:
        typed = f"{spread[1]}{spread[3]} – {spread[2]}{spread[3]}"
    first, *others = _BETWEEN.split(typed)
    if len(others) > 1:
        raise NotADay(text)
    first_on = parse_day(first, today_on=today_on)
    last_on = parse_day(others[0], today_on=first_on) if others else first_on
    count = (last_on - first_on).days + 1
    if not 0 < count <= most:
        raise NotADay(text)
    return frozenset(first_on + timedelta(days=number) for number in range(count))
