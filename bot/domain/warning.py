"""When a tenant is warned, once per crossing. Rule 5.7."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    """Which warnings were already given and wait for the balance to recover.

    `last_given_paise` is the balance at which the last warning was given.
    """

    low_given: bool = False
    last_given_paise: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How long the balance lasts until the cut-off; None when nothing is being used."""

    lasts: timedelta | None
    daily_cost_paise: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Warnings:
    """What to say now, and what has been said."""

    low: bool
    last: bool
    armed: Armed


def forecast(
    *, balance_paise: int, cut_off_paise: int, week_cost_paise: int, days: int
) -> Forecast:
    """Return the balance above the cut-off divided by the mean daily cost of up to 7 days."""
    daily = Decimal(week_cost_paise) / max(days, 1)
    if daily <= 0:
        return Forecast(lasts=None, daily_cost_paise=0)
    above = max(balance_paise - cut_off_paise, 0)
    seconds = int(Decimal(above) / daily * 86400)
    return Forecast(lasts=timedelta(seconds=seconds), daily_cost_paise=int(daily))


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
    if that is longer.
    """
    is_low = balance_paise < low_balance_paise
    near = max(DAY, check_every)
    is_last = (
        forecast.lasts is not None and forecast.lasts <= near and balance_paise >= cut_off_paise
    )
    waiting = armed.last_given_paise is not None and balance_paise <= armed.last_given_paise
    say_last = is_last and not waiting
    say_low = is_low and not armed.low_given and not say_last
    last_given_paise = balance_paise if say_last else armed.last_given_paise
    return Warnings(
        low=say_low,
        last=say_last,
        armed=Armed(
            low_given=is_low and (armed.low_given or say_low or say_last),
            last_given_paise=last_given_paise if waiting or is_last else None,
        ),
    )
