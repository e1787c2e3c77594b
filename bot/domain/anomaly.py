"""How far a consumption is off a meter's habit, with the numbers that say so. Rule 3.6."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.metering import ANOMALY_SAMPLE_MAX, ANOMALY_SAMPLE_MIN, is_anomalous


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Use per day held against the mean of the last `sample` ones, in the meter's unit.

    `percent` is signed and whole; None where the mean is nil, of which nothing is a share.
    """

    per_day: Decimal
    mean_per_day: Decimal
    sample: int
    percent: int | None
    is_anomalous: bool


def deviation(per_day: Decimal, past_per_day: Sequence[Decimal]) -> Deviation | None:
    """Return how far a daily use is off the meter's habit, oldest figures first.

    None where there are too few earlier ones to speak of a habit.
    """
    sample = list(past_per_day)[-ANOMALY_SAMPLE_MAX:]
    if len(sample) < ANOMALY_SAMPLE_MIN:
        return None
    total = sum(sample, Decimal(0))
    percent = None
    if total:
        share = (per_day * len(sample) - total) * 100 / total
        percent = int(share.to_integral_value(ROUND_HALF_UP))
    return Deviation(
        per_day=per_day,
        mean_per_day=total / len(sample),
        sample=len(sample),
        percent=percent,
        is_anomalous=is_anomalous(per_day, sample),
    )
