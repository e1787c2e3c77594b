"""What somebody means who types an attribute of a meter. Pure."""

import unicodedata
from datetime import date, timedelta

from bot.services.meter_field import REQUIRED, SheetField
from bot.telegram.staff.typed_day import parse_day

EARLIEST_ON = date(1950, 1, 1)
LATEST = timedelta(days=20 * 366)
_DAYS = frozenset({SheetField.INSTALLED, SheetField.LAST_INSPECTION, SheetField.NEXT_INSPECTION})
_TEXTS = frozenset(
    {
        SheetField.NAME,
        SheetField.SERIAL,
        SheetField.UDF1,
        SheetField.MANUFACTURER,
        SheetField.MODEL,
        SheetField.NOTES,
    }
)
_NOTHING = frozenset({"-", "–", "none", "no", "unknown", "नहीं", "कोई नहीं", "पता नहीं"})


class NotAChoice(ValueError):
    """What was typed is none of the answers that there are."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def parse_attribute(field: SheetField, text: str, *, today_on: date) -> object:
    """Return the value that was typed. Raises NotAChoice and NotADay."""
    is_nothing = " ".join(text.split()).casefold() in _NOTHING
    if is_nothing and field not in REQUIRED:
        return None
    if field in _TEXTS:
        return text
    if field in _DAYS:
        return parse_day(
            text, today_on=today_on, earliest_on=EARLIEST_ON, latest_on=today_on + LATEST
        )
    if field is SheetField.DECIMALS:
        return _digit(text)
    raise NotAChoice(text)


def _digit(text: str) -> int:
    typed = text.strip()
    digit = unicodedata.digit(typed, None) if len(typed) == 1 else None
    if digit is None:
        raise NotAChoice(text)
    return digit
