"""A number as the counter itself shows it: all its digits, in threes, and a point."""

from decimal import Decimal

from bot.domain.meter import MeterSheet

USUAL_DIGITS = 5
_NARROW = "\N{NARROW NO-BREAK SPACE}"


def counter_text(value: Decimal, sheet: MeterSheet) -> str:
    """Return a value for comparing with a counter: 01 462.3; digits that it has not are shown."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    decimals = max(sheet.decimals, -exponent)
    whole, _, fraction = format(value, f".{decimals}f").partition(".")
    shown = _in_threes(whole.zfill(_digits(sheet)))
    return f"{shown}.{fraction}" if fraction else shown


def _digits(sheet: MeterSheet) -> int:
    modulus = sheet.terms.max_value
    return USUAL_DIGITS if modulus is None else len(str(int(modulus) - 1))


def _in_threes(digits: str) -> str:
    head = len(digits) % 3
    threes = [digits[at : at + 3] for at in range(head, len(digits), 3)]
    return _NARROW.join([digits[:head], *threes] if head else threes)
