"""What a meter counted: consumption, rollover, swaps, jumps, anomalies. Section 3."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

THOUSANDTH = Decimal("0.001")
DEFAULT_LIMIT_KW = Decimal(15)
MINIMUM_ELAPSED = timedelta(hours=1)
ANOMALY_SAMPLE_MIN = 3
ANOMALY_SAMPLE_MAX = 6


class MeterType(Enum):
    """What is measured, in the meters API's words."""

    ELECTRICITY = "ELECTRICITY"
    GAS = "GAS"
    WATER_HOT = "WATER_HOT"
    WATER_COLD = "WATER_COLD"
    HEATING = "HEATING"
    COOLING = "COOLING"


UNITS: dict[MeterType, str] = {
    MeterType.ELECTRICITY: "kWh",
    MeterType.GAS: "m³",
    MeterType.WATER_HOT: "m³",
    MeterType.WATER_COLD: "m³",
    MeterType.HEATING: "kWh",
    MeterType.COOLING: "kWh",
}


class ReadingType(Enum):
    """How a reading was captured, in the meters API's words."""

    MANUAL = "MANUAL"
    AUTOMATIC = "AUTOMATIC"
    PHOTO = "PHOTO"
    ESTIMATED = "ESTIMATED"


class ReadingStatus(Enum):
    """Whether a reading may be charged."""

    ACCEPTED = "ACCEPTED"
    HELD = "HELD"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterTerms:
    """How to read the counter.

    `multiplier` > 0; `max_value` is the modulus of the counter (a five-digit one has 100000);
    `limit_per_hour` is the most that may plausibly be used in an hour, in the meter's unit.
    """

    multiplier: Decimal = Decimal(1)
    max_value: Decimal | None = None
    limit_per_hour: Decimal = DEFAULT_LIMIT_KW


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPoint:
    """The counter at an instant, in thousandths-exact units of the meter."""

    at: datetime
    value: Decimal

    def __post_init__(self) -> None:
        if self.value != self.value.quantize(THOUSANDTH) or self.value < 0:
            raise NotARegisterValue(self.value)


class NotARegisterValue(ValueError):
    """A counter shows a non-negative number with at most three decimals."""

    def __init__(self, value: Decimal) -> None:
        super().__init__(value)
        self.value = value


class RegisterWentBackwards(Exception):
    """The counter fell without a rollover that could explain it. Rule 3.3."""

    def __init__(self, *, previous: Decimal, value: Decimal) -> None:
        super().__init__(previous, value)
        self.previous = previous
        self.value = value


def consumption_between(
    previous: RegisterPoint, current: RegisterPoint, terms: MeterTerms
) -> Decimal:
    """Return what was used between two points of one installation, in the meter's unit.

    Rules 3.1 and 3.2. Raises RegisterWentBackwards when the counter fell and the rolled-over
    figure is not plausible either.
    """
    if current.value >= previous.value:
        return (current.value - previous.value) * terms.multiplier
    if terms.max_value is not None and previous.value < terms.max_value:
        rolled = (terms.max_value - previous.value + current.value) * terms.multiplier
        if is_plausible(rolled, current.at - previous.at, terms):
            return rolled
    raise RegisterWentBackwards(previous=previous.value, value=current.value)


def is_plausible(consumption: Decimal, elapsed: timedelta, terms: MeterTerms) -> bool:
    """Return whether so much can have been used in that time (at least one hour). Rule 3.5."""
    seconds = int(max(elapsed, MINIMUM_ELAPSED).total_seconds())
    return consumption * 3600 <= terms.limit_per_hour * seconds


def is_anomalous(per_day: Decimal, past_per_day: Sequence[Decimal]) -> bool:
    """Return whether a daily consumption deviates more than 50 % from the meter's habit.

    `past_per_day` are earlier non-estimated ones, oldest first. Rule 3.6.
    """
    sample = list(past_per_day)[-ANOMALY_SAMPLE_MAX:]
    if len(sample) < ANOMALY_SAMPLE_MIN:
        return False
    total = sum(sample, Decimal(0))
    if total == 0:
        return per_day > 0
    # |x - mean| > mean / 2, without a division
    return abs(per_day * len(sample) - total) * 2 > total


def per_day(consumption: Decimal, elapsed: timedelta) -> Decimal:
    """Return the consumption per 24 hours."""
    seconds = max(int(elapsed.total_seconds()), 1)
    return consumption * 86400 / seconds


def interpolate(before: RegisterPoint, after: RegisterPoint, at: datetime) -> RegisterPoint:
    """Return the counter at an instant between two points, as if used evenly."""
    whole = int((after.at - before.at).total_seconds())
    part = int((at - before.at).total_seconds())
    grown = (after.value - before.value) * part / whole
    return RegisterPoint(at=at, value=before.value + grown.quantize(THOUSANDTH))
