"""What a counter would show if a meter went on as it used to, until it is read. Rule 3.7."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from bot.domain.metering import (
    ANOMALY_SAMPLE_MAX,
    THOUSANDTH,
    MeterTerms,
    Reading,
    RegisterPoint,
    interpolate,
)
from bot.domain.reading_chain import trusting

SECOND = timedelta(seconds=1)
DAY_SECONDS = 86_400


class NoHabit(LookupError):
    """A meter without a single consumption cannot be estimated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TruedUp:
    """An estimate that an actual reading showed to be too high, and what takes its place."""

    estimate: Reading
    point: RegisterPoint


def estimated(
    last: RegisterPoint, at: datetime, *, past_per_day: Sequence[Decimal], terms: MeterTerms
) -> RegisterPoint:
    """Return the counter at an instant after its last reading, by the mean of the last six uses.

    To the thousandth, never more than the mean comes to. A counter that ends begins anew.
    Raises NoHabit.
    """
    sample = list(past_per_day)[-ANOMALY_SAMPLE_MAX:]
    if not sample:
        raise NoHabit
    seconds = max((at - last.at) // SECOND, 0)
    used = sum(sample, Decimal(0)) * seconds / (DAY_SECONDS * len(sample) * terms.multiplier)
    value = last.value + used.quantize(THOUSANDTH, ROUND_DOWN)
    if terms.max_value is not None:
        value %= terms.max_value
    return RegisterPoint(at=at, value=value)


def trued_up(
    last: RegisterPoint, estimates: Iterable[Reading], actual: RegisterPoint, terms: MeterTerms
) -> tuple[TruedUp, ...]:
    """Return what takes the place of estimates that the next actual reading showed too high.

    All of them since the last actual reading come down to where the counter was if it ran evenly,
    so that nothing is ever negative and the periods together come to what was really used. None
    when no estimate was too high. Raises RegisterWentBackwards when the actual readings contradict
    one another.
    """
    between = [each for each in estimates if last.at < each.point.at < actual.at]
    if not any(_is_beyond(each.point, last, actual, terms) for each in between):
        return ()
    return tuple(
        TruedUp(estimate=each, point=interpolate(last, actual, each.point.at, trusting(terms)))
        for each in between
    )


def _is_beyond(
    point: RegisterPoint, last: RegisterPoint, actual: RegisterPoint, terms: MeterTerms
) -> bool:
    """Return whether a counter would have to run back from a point to get to the actual one."""
    if terms.max_value is None:
        return point.value > actual.value
    turn = terms.max_value
    ran, has_run = ((each.value - last.value + turn) % turn for each in (point, actual))
    return ran > has_run
