"""Money is a whole number of paise; rounding happens here and nowhere else."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

PAISE_PER_RUPEE = 100
MAX_AMOUNT_PAISE = 10**12
HUNDREDTH = Decimal("0.01")

_CURRENCY = r"(?:₹|rs\.?|inr|रु\.?)?"
# Groups end in three digits, so that a decimal comma ("1250,50") is not read as 125050.
_NUMBER = r"[+-]?(?:\d+|\d{1,3}(?:[,\s]\d{2,3})*[,\s]\d{3})?(?:\.\d*)?"
_TYPED = re.compile(rf"{_CURRENCY}\s*({_NUMBER})\s*{_CURRENCY}\s*(?:/-)?", re.IGNORECASE)


class NotAnAmount(ValueError):
    """The text is not a positive amount of rupees with at most two decimals."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def round_half_up(paise: Fraction | Decimal) -> int:
    """Return whole paise, halves away from zero. Rule 1.3."""
    exact = Fraction(paise)
    magnitude = (abs(exact) + Fraction(1, 2)).__floor__()
    return magnitude if exact >= 0 else -magnitude


def paise_from_rupees(rupees: Decimal) -> int:
    """Return the paise of an exact amount of rupees.

    Raises NotAnAmount when there are more than two decimals or the amount is out of range.
    """
    # Range before arithmetic: a context of 28 digits would round what it cannot hold.
    if not rupees.is_finite() or rupees.copy_abs() > MAX_AMOUNT_PAISE // PAISE_PER_RUPEE:
        raise NotAnAmount(str(rupees))
    exact = rupees.quantize(HUNDREDTH)
    if exact != rupees:
        raise NotAnAmount(str(rupees))
    return int(exact.scaleb(2))


def rupees_from_paise(paise: int) -> Decimal:
    """Return rupees with two decimals."""
    return (Decimal(paise) / PAISE_PER_RUPEE).quantize(HUNDREDTH, ROUND_HALF_UP)


def decimal_from_text(text: str) -> Decimal:
    """Return the number that a person typed, e.g. "1,25,000.50", "₹ 500" or "५००/-".

    Raises NotAnAmount.
    """
    typed = _TYPED.fullmatch(text.strip())
    if typed is None:
        raise NotAnAmount(text)
    try:
        return Decimal(re.sub(r"[,\s]", "", typed[1]))
    except InvalidOperation:
        raise NotAnAmount(text) from None


def amount_from_text(text: str) -> int:
    """Return the positive amount, in paise, that a person typed. Raises NotAnAmount.

    A third decimal is refused even when it is zero: who types "1.500" may mean 1500.
    """
    rupees = decimal_from_text(text)
    paise = paise_from_rupees(rupees)
    if paise <= 0 or rupees.as_tuple().exponent not in {0, -1, -2}:
        raise NotAnAmount(text)
    return paise
