"""Money is a whole number of paise; rounding happens here and nowhere else."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

PAISE_PER_RUPEE = 100
MAX_AMOUNT_PAISE = 10**12


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
    if not rupees.is_finite():
        raise NotAnAmount(str(rupees))
    paise = rupees * PAISE_PER_RUPEE
    if paise != paise.to_integral_value() or abs(paise) > MAX_AMOUNT_PAISE:
        raise NotAnAmount(str(rupees))
    return int(paise)


def rupees_from_paise(paise: int) -> Decimal:
    """Return rupees with two decimals."""
    return (Decimal(paise) / PAISE_PER_RUPEE).quantize(Decimal("0.01"), ROUND_HALF_UP)


def decimal_from_text(text: str) -> Decimal:
    """Return the number that a person typed, e.g. "1,250.50" or "₹ 500".

    Raises NotAnAmount.
    """
    bare = text.strip().removeprefix("₹").removeprefix("Rs.").removeprefix("Rs")
    bare = bare.strip().replace(",", "").replace(" ", "").removesuffix("/-")
    if not bare or any(letter in bare for letter in "eEnN_"):
        raise NotAnAmount(text)
    try:
        return Decimal(bare)
    except InvalidOperation:
        raise NotAnAmount(text) from None


def amount_from_text(text: str) -> int:
    """Return the positive amount, in paise, that a person typed. Raises NotAnAmount."""
    paise = paise_from_rupees(decimal_from_text(text))
    if paise <= 0:
        raise NotAnAmount(text)
    return paise
