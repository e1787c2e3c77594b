"""Which day somebody means who types one. Pure."""

import re
import unicodedata
from datetime import date, timedelta

EARLIEST = timedelta(days=366)
LATEST = timedelta(days=2 * 366)
_PASSED = timedelta(days=62)
LAST_SUCH = timedelta(days=365) - _PASSED
"""Seen from so long ago, a day without a year is one of the year up to today."""
_TODAY = frozenset({"today", "now", "आज", "अभी"})
_TOMORROW = frozenset({"tomorrow", "कल"})
_MONTHS = (
    ("jan", "january", "जन", "जनवरी"),
    ("feb", "february", "फ़र", "फ़रवरी", "फरवरी"),
    ("mar", "march", "मार्च"),
    ("apr", "april", "अप्रैल"),
    ("may", "मई"),
    ("jun", "june", "जून"),
    ("jul", "july", "जुल", "जुलाई"),
    ("aug", "august", "अग", "अगस्त"),
    ("sep", "sept", "september", "सित", "सितंबर", "सितम्बर"),
    ("oct", "october", "अक्टू", "अक्टूबर", "अक्तूबर"),
    ("nov", "november", "नव", "नवंबर", "नवम्बर"),
    ("dec", "december", "दिस", "दिसंबर", "दिसम्बर"),
)
_MONTH_OF = {
    unicodedata.normalize("NFC", name): number
    for number, names in enumerate(_MONTHS, start=1)
    for name in names
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})\.?(?:[./-]?(\d{4}|\d{2}))?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s.,-]*([^\W\d_][^\d\s.,]*)[\s.,-]*(\d{4})?")
_NAMED_FIRST = re.compile(r"([^\W\d_][^\d\s.,]*)[\s.,-]*(\d{1,2})(?:st|nd|rd|th)?[\s,]*(\d{4})?")


class NotADay(ValueError):
    """The text is no day, or one that is too far away."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def parse_day(
    text: str,
    *,
    today_on: date,
    earliest_on: date | None = None,
    latest_on: date | None = None,
) -> date:
    """Return a day: `1.12.`, `1/12/2026`, `2026-12-01`, `1 Dec`, `1 दिसंबर`, `tomorrow`.

    Without a year it is the next such day, or one that has only just gone by. Raises NotADay.
    """
    typed = unicodedata.normalize("NFC", _plain(text)).casefold().replace("॰", "")
    if typed in _TODAY:
        return today_on
    if typed in _TOMORROW:
        return today_on + timedelta(days=1)
    try:
        on = _day(typed, today_on)
    except (ValueError, OverflowError):
        raise NotADay(text) from None
    earliest_on = earliest_on or today_on - EARLIEST
    if not earliest_on <= on <= (latest_on or today_on + LATEST):
        raise NotADay(text)
    return on


def parse_past_day(text: str, *, today_on: date, earliest_on: date) -> date:
    """Return a day as `parse_day` does, but without a year it is the last such day. One that is
    to come is returned too. Raises NotADay."""
    latest_on = today_on + LATEST
    on = parse_day(text, today_on=today_on, earliest_on=earliest_on, latest_on=latest_on)
    if on <= today_on:
        return on
    before = parse_day(
        text, today_on=today_on - LAST_SUCH, earliest_on=earliest_on, latest_on=latest_on
    )
    return before if (before.month, before.day) == (on.month, on.day) else on


def _plain(text: str) -> str:
    digits = (unicodedata.decimal(each, None) for each in text)
    found = (
        each if digit is None else str(digit) for each, digit in zip(text, digits, strict=True)
    )
    return " ".join("".join(found).split())


def _day(typed: str, today_on: date) -> date:
    """Raises ValueError for what is no day."""
    if iso := _ISO.fullmatch(typed):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    if numbers := _NUMBERS.fullmatch(typed):
        return _dated(int(numbers[1]), int(numbers[2]), numbers[3], today_on)
    if named := _NAMED.fullmatch(typed):
        return _dated(int(named[1]), _month(named[2]), named[3], today_on)
    if named := _NAMED_FIRST.fullmatch(typed):
        return _dated(int(named[2]), _month(named[1]), named[3], today_on)
    raise ValueError(typed)


def _month(name: str) -> int:
    if name not in _MONTH_OF:
        raise ValueError(name)
    return _MONTH_OF[name]


def _dated(day: int, month: int, year: str | None, today_on: date) -> date:
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    on = date(today_on.year, month, day)
    if on < today_on - _PASSED:
        return date(today_on.year + 1, month, day)
    return on
