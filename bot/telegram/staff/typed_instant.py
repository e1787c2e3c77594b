"""When somebody read a meter, as they type it. Pure."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.period import at_local, local_date
from bot.telegram.staff.typed_day import NotADay, parse_day

NOON = time(12)
_YESTERDAY = frozenset({"yesterday", "कल"})
_TIME = re.compile(r"(?:^|[\s,])(?:at\s+)?(\d{1,2}):(\d{2})$|[\s,](?:at\s+)?(\d{1,2})\.(\d{2})$")


def parse_instant(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when something was read: `12 Nov 18:30`, `yesterday`, `9:15`, `1.11.`, `कल 18:30`.

    Of a day without a time it is noon, of today this moment; a day without a year has gone by.
    Raises NotADay.
    """
    typed = " ".join(_european(text).split())
    today_on = local_date(now, zone)
    found = _TIME.search(typed)
    clock = None if found is None else _clock(found, text)
    said = typed if found is None else typed[: found.start()].strip(" ,")
    on = _day(said, text, today_on)
    if clock is None and on == today_on:
        return now.astimezone(UTC)
    return at_local(on, clock or NOON, zone)


def _european(text: str) -> str:
    digits = (unicodedata.decimal(each, None) for each in text)
    return "".join(
        each if digit is None else str(digit) for each, digit in zip(text, digits, strict=True)
    )


def _clock(found: re.Match[str], text: str) -> time:
    try:
        return time(int(found[1] or found[3]), int(found[2] or found[4]))
    except ValueError:
        raise NotADay(text) from None


def _day(said: str, text: str, today_on: date) -> date:
    if not said:
        return today_on
    if said.casefold() in _YESTERDAY:
        return today_on - timedelta(days=1)
    try:
        on = parse_day(said, today_on=today_on)
    except NotADay:
        raise NotADay(text) from None
    has_year = re.search(r"\d{4}", said) is not None
    if on > today_on and not has_year:
        return _year_before(on)
    return on


def _year_before(on: date) -> date:
    try:
        return on.replace(year=on.year - 1)
    except ValueError:  # 29 February
        return on.replace(year=on.year - 1, day=28)
