"""When a tenant is warned, once per crossing. Rule 5.7."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction

from bot.domain.money import round_half_up

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
LONGEST = timedelta(days=3650)


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    """Which warnings were already given and wait for the balance to recover.

    `last_given_paise` is the balance at which the last warning was given.
    """

    low_given: bool = False
    last_given_paise: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How long the balance lasts until the cut-off, at most ten years; None without use."""

    lasts: timedelta | None
    daily_cost_paise: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Warnings:
    """What to say now, and what has been said."""

    low: bool
    last: bool
    armed: Armed


def cost_before(cost_paise: int, *, from_at: datetime, to_at: datetime, since_at: datetime) -> int:
    """Return what of a cost was for use before an instant, as if used evenly.

    A month of gas that is read today is no cost of this week alone.
    """
    if from_at >= since_at or to_at <= from_at:
        return 0
    before = Fraction((since_at - from_at) // SECOND, max((to_at - from_at) // SECOND, 1))
    return round_half_up(cost_paise * min(before, Fraction(1)))


def forecast(
    *, balance_paise: int, cut_off_paise: int, week_cost_paise: int, days: int
) -> Forecast:
    """Return the balance above the cut-off divided by the mean daily cost of up to 7 days."""
    if week_cost_paise <= 0:
        return Forecast(lasts=None, daily_cost_paise=0)
    days = max(days, 1)
    above = max(balance_paise - cut_off_paise, 0)
    seconds = above * days * (DAY // SECOND) // week_cost_paise
    return Forecast(
        lasts=min(seconds, LONGEST // SECOND) * SECOND,
        daily_cost_paise=round_half_up(Fraction(week_cost_paise, days)),
    )


def is_cut_near(forecast: Forecast, check_every: timedelta) -> bool:
    """Return whether the cut is expected within 24 h, or one check interval if longer."""
    return forecast.lasts is not None and forecast.lasts <= max(DAY, check_every)


def rearmed(armed: Armed, *, is_near: bool) -> Armed:
    """Return what counts as said once other terms hold: a cut that they have put far off will be
    warned of again, though the balance has not risen."""
    return armed if is_near else replace(armed, last_given_paise=None)


def warnings(
    *,
    balance_paise: int,
    cut_off_paise: int,
    low_balance_paise: int,
    forecast: Forecast,
    check_every: timedelta,
    armed: Armed,
) -> Warnings:
    """Return which warnings are due; the last warning stands above the low one.

    The last warning comes when the cut is expected within 24 h, or within one check interval
    if that is longer. It is armed again once the balance has risen out of that reach, or has
    been below the cut-off; a forecast that merely wavers does not repeat it.
    """
    is_low = balance_paise < low_balance_paise
    is_last = is_cut_near(forecast, check_every) and balance_paise >= cut_off_paise
    given_at = armed.last_given_paise
    say_last = is_last and given_at is None
    say_low = is_low and not armed.low_given and not say_last
    has_risen = given_at is not None and balance_paise > given_at and not is_last
    is_armed = has_risen or balance_paise < cut_off_paise
    return Warnings(
        low=say_low,
        last=say_last,
        armed=Armed(
            low_given=is_low,
            last_given_paise=None if is_armed else balance_paise if say_last else given_at,
        ),
    )
