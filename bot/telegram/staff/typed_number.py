"""A number as somebody types what a meter shows. Pure."""

import re
from decimal import Decimal

from bot.domain.money import NotAnAmount, decimal_from_text

_UNITS = re.compile(r"\s*(?:kwh|units?|m³|m3|kw|×|x|\*)\s*", re.IGNORECASE)
_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,3})?")


class NotANumber(ValueError):
    """The text is no number that is positive or nil."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def parse_number(text: str) -> Decimal:
    """Return what was typed, e.g. "1,450.5 kWh", "× 20" or "१४५०". Raises NotANumber."""
    try:
        value = decimal_from_text(_UNITS.sub("", text))
    except NotAnAmount:
        raise NotANumber(text) from None
    if not value.is_finite() or value < 0:
        raise NotANumber(text)
    return value


def number_word(value: Decimal) -> str:
    """Return a number as a button carries it."""
    return format(value.normalize(), "f")


def carried_number(word: str) -> Decimal | None:
    """Return the number that a button carries, None when it carries none of ours."""
    return Decimal(word) if _PLAIN.fullmatch(word) else None
