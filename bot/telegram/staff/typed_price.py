"""What somebody means who types a price, slabs, a standing charge or taxes. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.domain.money import NotAnAmount, decimal_from_text, paise_from_rupees
from bot.domain.tariff import (
    Slab,
    SlabsOutOfOrder,
    StandingCharge,
    StandingPer,
    TariffVersion,
    Tax,
)

MOST_RATE_RUPEES = Decimal(1_000)
MOST_RATE_DECIMALS = 4
MOST_UNITS = Decimal(1_000_000)
MOST_UNIT_DECIMALS = 3
MOST_SLABS = 8
MOST_STANDING_PAISE = 10_000_000
MOST_TAXES = 4
MOST_TAX_NAME = 20
MOST_PERCENT_DECIMALS = 3

NONE_WORDS = frozenset(
    {"none", "no", "nil", "0", "-", "nothing", "नहीं", "कोई नहीं", "शून्य", "कुछ नहीं"}
)
_REST = re.compile(
    r"\b(?:rest|above|over|more|beyond|then|else|from)\b|बाकी|बाक़ी|शेष|ऊपर|ज़्यादा|ज्यादा|अधिक|[>+∞]",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PER_UNIT = re.compile(
    r"(?:\s*(?:/|per|an?|प्रति)\s*(?:units?|kwh|यूनिट)|\s*(?:units?|यूनिट))\s*$", re.IGNORECASE
)
_UNITS = re.compile(
    r"\b(?:units?|kwh|up\s*to|till|first|next|to)\b|यूनिट|तक|पहले|पहली", re.IGNORECASE
)
_RUPEES = re.compile(r"\brupees?\b|रुपये|रुपए", re.IGNORECASE)
_PER = {
    StandingPer.MONTH: re.compile(
        r"(?:[/,]|\bper\b|\ban?\b|\bevery\b|\beach\b|प्रति|हर)?\s*"
        r"(?:months?|monthly|mo|महीना|महीने|माह|मासिक)\s*$",
        re.IGNORECASE,
    ),
    StandingPer.DAY: re.compile(
        r"(?:[/,]|\bper\b|\ban?\b|\bevery\b|\beach\b|प्रति|हर)?\s*"
        r"(?:days?|daily|दिन|रोज़|रोज|दैनिक)\s*$",
        re.IGNORECASE,
    ),
}
_TAX = re.compile(
    r"(?P<name>[^\d%]+?)\s*[:=]?\s*(?P<percent>\d+(?:\.\d+)?)\s*(?:%|percent|प्रतिशत)?"
    r"|(?P<first>\d+(?:\.\d+)?)\s*(?:%|percent|प्रतिशत)?\s*(?P<after>[^\d%]+)",
    re.IGNORECASE,
)


class NotAPrice(ValueError):
    """The text is neither a price of a unit nor slabs that go on to the end."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NotAStandingCharge(ValueError):
    """The text is not an amount per day or month, nor "none"."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NotTaxes(ValueError):
    """The text is not names with percentages, nor "none"."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def parse_price(text: str) -> tuple[Slab, ...]:
    """Return what a unit costs, in paise.

    `6.50` is one price, `100: 5.00, 300: 7.25, rest: 9.00` are slabs of a month; ranges such as
    `101-300: 7.25` and `above 300: 9` are understood too, and digits of any script.
    Raises NotAPrice.
    """
    plain = _plain(text)
    parts = [part.strip() for part in re.split(r"[,;\n]+", plain) if part.strip()]
    if len(parts) == 1 and not re.search(r"[:=]", parts[0]):
        return (Slab(up_to=None, rate_paise=_rate(parts[0], text)),)
    slabs: list[Slab] = []
    for part in parts:
        slabs.append(_slab(part, slabs, text))
    if len(slabs) > MOST_SLABS:
        raise NotAPrice(text)
    return _in_order(tuple(slabs), text)


def parse_standing(text: str) -> StandingCharge | None:
    """Return what is charged whatever the use, e.g. `150 a month`, `5/day` or `none`.

    Raises NotAStandingCharge.
    """
    plain = _plain(text)
    if plain.casefold() in NONE_WORDS:
        return None
    for per, ending in _PER.items():
        found = ending.search(plain)
        if found is not None:
            amount_paise = _amount(plain[: found.start()], text)
            return StandingCharge(amount_paise=amount_paise, per=per) if amount_paise else None
    raise NotAStandingCharge(text)


def parse_taxes(text: str) -> tuple[Tax, ...]:
    """Return taxes in percent of the energy charge, e.g. `GST 18`, `Duty 9, Cess 0.5`, `none`.

    Raises NotTaxes.
    """
    plain = _plain(text)
    if plain.casefold() in NONE_WORDS:
        return ()
    taxes = [_tax(part.strip(), text) for part in re.split(r"[,;\n]+", plain) if part.strip()]
    names = {tax.name.casefold() for tax in taxes}
    if not taxes or len(taxes) > MOST_TAXES or len(names) < len(taxes):
        raise NotTaxes(text)
    return tuple(taxes)


def _plain(text: str) -> str:
    """Return the text with European digits and without spaces around it."""
    return "".join(_digit(character) for character in text).strip()


def _digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _rate(typed: str, text: str) -> Decimal:
    try:
        rupees = decimal_from_text(_RUPEES.sub("", _PER_UNIT.sub("", typed)))
    except NotAnAmount:
        raise NotAPrice(text) from None
    if not 0 <= rupees <= MOST_RATE_RUPEES or _decimals(rupees) > MOST_RATE_DECIMALS:
        raise NotAPrice(text)
    return rupees * 100


def _slab(part: str, before: Sequence[Slab], text: str) -> Slab:
    limit, mark, rate = re.sub("=", ":", part, count=1).partition(":")
    numbers = [Decimal(number) for number in _NUMBER.findall(limit)]
    is_rest = _REST.search(limit) is not None
    if not mark or (not is_rest and not numbers):
        raise NotAPrice(text)
    low = numbers[:1] if is_rest else numbers[:-1]
    _require_no_gap(low, before, text)
    up_to = None if is_rest else numbers[-1]
    if up_to is not None:
        left = _NUMBER.sub("", _UNITS.sub("", limit)).strip(" -–—")
        if left or up_to > MOST_UNITS or _decimals(up_to) > MOST_UNIT_DECIMALS:
            raise NotAPrice(text)
    return Slab(up_to=up_to, rate_paise=_rate(rate, text))


def _require_no_gap(low: Sequence[Decimal], before: Sequence[Slab], text: str) -> None:
    """A slab that says where it begins has to begin where the one before it ends."""
    reached = (before[-1].up_to or Decimal(0)) if before else Decimal(0)
    if any(number not in {reached, reached + 1} for number in low):
        raise NotAPrice(text)


def _in_order(slabs: tuple[Slab, ...], text: str) -> tuple[Slab, ...]:
    try:
        return TariffVersion(id=0, from_on=date.min, slabs=slabs).slabs
    except SlabsOutOfOrder:
        raise NotAPrice(text) from None


def _amount(typed: str, text: str) -> int:
    try:
        amount_paise = paise_from_rupees(decimal_from_text(_RUPEES.sub("", typed)))
    except NotAnAmount:
        raise NotAStandingCharge(text) from None
    if not 0 <= amount_paise <= MOST_STANDING_PAISE:
        raise NotAStandingCharge(text)
    return amount_paise


def _tax(part: str, text: str) -> Tax:
    found = _TAX.fullmatch(part)
    if found is None:
        raise NotTaxes(text)
    name = " ".join((found["name"] or found["after"]).strip(" :=-").split())
    percent = Decimal(found["percent"] or found["first"])
    if not name or len(name) > MOST_TAX_NAME or _is_of_money(name):
        raise NotTaxes(text)
    if not 0 < percent <= 100 or _decimals(percent) > MOST_PERCENT_DECIMALS:
        raise NotTaxes(text)
    return Tax(name=name, percent=percent)


def _is_of_money(name: str) -> bool:
    """Return whether a standing charge or a price was typed: `10 a day`, `₹10`, `5 per unit`."""
    left = _RUPEES.sub("", name).strip(" .₹/")
    words = (*_PER.values(), _PER_UNIT, re.compile(r"rs", re.IGNORECASE))
    return not left or any(each.fullmatch(left) for each in words)


def _decimals(value: Decimal) -> int:
    return max(-int(value.normalize().as_tuple().exponent), 0)
