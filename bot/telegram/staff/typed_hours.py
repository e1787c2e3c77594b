"""Hours of the day, and days of the week, as somebody types them. Pure."""

import re
from dataclasses import dataclass
from datetime import time

from bot.domain.protection import EVERY_DAY

_CLOCK = r"(\d{1,2})(?:[:.](\d{1,2}))?\s*([ap]\.?m\.?)?"
_WINDOW = re.compile(
    rf"\s*(?:from\s+)?{_CLOCK}\s*(?:-|–|—|\bto\b|\btill\b|\buntil\b|से)\s*{_CLOCK}(?:\s*(?:तक|बजे))*",
    re.IGNORECASE,
)
_SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HINDI = ("सोम", "मंगल", "बुध", "गुरु", "शुक्र", "शनि", "रवि")
_GROUPS = {
    "weekdays": frozenset(range(5)),
    "weekend": frozenset({5, 6}),
    "weekends": frozenset({5, 6}),
    "daily": EVERY_DAY,
    "all": EVERY_DAY,
    "everyday": EVERY_DAY,
    "रोज": EVERY_DAY,
    "रोज़": EVERY_DAY,
    "सभी": EVERY_DAY,
}
_FILLERS = frozenset({"every", "day", "days", "on", "and", "हर", "दिन", "को", "और"})
_NOON = 12


class NotHours(ValueError):
    """The text is no window of hours."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NoSuchTime(ValueError):
    """No clock shows this time."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NoLength(ValueError):
    """The window ends when it begins."""

    def __init__(self, clock: time) -> None:
        super().__init__(clock)
        self.clock = clock


class NotWeekdays(ValueError):
    """The text names no days of the week."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedHours:
    """A window, on the weekdays that were named with it; Monday is 0."""

    start: time
    end: time
    weekdays: frozenset[int] | None = None


def parse_hours(text: str) -> TypedHours:
    """Return the window, e.g. of "18:00-08:00", "6pm to 8am mon-fri" or "0:00-24:00".

    Raises NotHours, NoSuchTime, NoLength and NotWeekdays.
    """
    found = _WINDOW.match(text)
    if found is None:
        raise NotHours(text)
    start, end = _clock(found[1], found[2], found[3]), _clock(found[4], found[5], found[6])
    is_whole_day = start == time(0) and int(found[4]) == 24
    if start == end and not is_whole_day:
        raise NoLength(start)
    rest = text[found.end() :].strip(" ,.;")
    return TypedHours(start=start, end=end, weekdays=parse_weekdays(rest) if rest else None)


def parse_weekdays(text: str) -> frozenset[int]:
    """Return the days of the week, e.g. of "mon-fri", "sat, sun" or "every day".

    Raises NotWeekdays.
    """
    joined = re.sub(r"\s*[-–—]\s*", "-", text.casefold())
    words = [word for word in re.split(r"[\s,;/+&.]+", joined) if word]
    named = [_named(word) for word in words if word not in _FILLERS]
    if not words or None in named:
        raise NotWeekdays(text)
    found = frozenset[int]().union(*(days for days in named if days))
    return found or EVERY_DAY


def _named(word: str) -> frozenset[int] | None:
    if word in _GROUPS:
        return _GROUPS[word]
    ends = [_weekday(each) for each in word.split("-")]
    first, last = ends[0], ends[-1]
    if first is None or last is None or len(ends) > 2:
        return None
    return frozenset((first + number) % 7 for number in range((last - first) % 7 + 1))


def _weekday(word: str) -> int | None:
    for names in (_SHORT, _HINDI):
        for number, name in enumerate(names):
            if word.startswith(name):
                return number
    return None


def _clock(hour_text: str, minute_text: str | None, half: str | None) -> time:
    hour, minute = int(hour_text), int(minute_text or 0)
    said = f"{hour_text}:{minute_text}" if minute_text else hour_text
    if half is not None:
        if not 1 <= hour <= _NOON:
            raise NoSuchTime(f"{said} {half}")
        hour = hour % _NOON + (_NOON if half[0].casefold() == "p" else 0)
    if (hour, minute) == (24, 0):
        return time(0)
    if hour > 23 or minute > 59:
        raise NoSuchTime(said)
    return time(hour, minute)
