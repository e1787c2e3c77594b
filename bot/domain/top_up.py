"""How much is worth paying ahead, and how long that lasts. Rule 5.7."""

from decimal import Decimal

from bot.domain.money import PAISE_PER_RUPEE

WORTH_DAYS = 5
MONTH_DAYS = 30
_HUNDRED_PAISE = 100 * PAISE_PER_RUPEE
_STEPS = (2, 5, 10)
_UNUSED_PAISE = (50_000, 100_000, 200_000)
_TRIFLE = 10


def sums(*, daily_cost_paise: int, missing_paise: int = 0) -> tuple[int, ...]:
    """Return amounts, in paise, that one may well pay ahead: for days, for longer, for a month.

    Each of them fills up what is missing to the cut-off besides.
    """
    if daily_cost_paise <= 0:
        return tuple(_with(missing_paise, each) for each in _UNUSED_PAISE)
    small = _round_sum(WORTH_DAYS * daily_cost_paise)
    found = {_with(missing_paise, each) for each in (small, _round_sum(small + 1))}
    month = _whole_hundreds(MONTH_DAYS * daily_cost_paise + missing_paise)
    return tuple(sorted(found | {month}))


def days_of(amount_paise: int, *, daily_cost_paise: int, missing_paise: int = 0) -> Decimal | None:
    """Return for how many days an amount lasts beyond what is missing; None: nobody can tell."""
    left_paise = amount_paise - missing_paise
    if daily_cost_paise <= 0 or left_paise <= 0:
        return None
    return Decimal(left_paise) / daily_cost_paise


def _round_sum(least_paise: int) -> int:
    """Return the least of 200, 500, 1,000, 2,000 … rupees that is enough."""
    scale = _HUNDRED_PAISE
    while scale * _STEPS[-1] < least_paise:
        scale *= 10
    return next(each * scale for each in _STEPS if each * scale >= least_paise)


def _with(missing_paise: int, amount_paise: int) -> int:
    """Return an amount that also fills up what is missing, unless that is a trifle of it."""
    if missing_paise * _TRIFLE <= amount_paise:
        return amount_paise
    return _whole_hundreds(amount_paise + missing_paise)


def _whole_hundreds(paise: int) -> int:
    return -(-paise // _HUNDRED_PAISE) * _HUNDRED_PAISE
