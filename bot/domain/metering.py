"""What a meter counted: consumption, rollover, swaps, jumps, anomalies. Section 3."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import Enum

from bot.domain.service_kind import BillingType, Medium, ServiceKind

THOUSANDTH = Decimal("0.001")
TOO_LARGE = Decimal(10) ** 12
DEFAULT_LIMIT_KW = Decimal(15)
MINIMUM_ELAPSED = timedelta(hours=1)
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)
ANOMALY_SAMPLE_MIN = 3
ANOMALY_SAMPLE_MAX = 6
ANOMALY_TOLERANCE = Decimal("0.000001")


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
    CORRECTED = "CORRECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterTerms:
    """How to read the counter.

    `multiplier` > 0, at most three decimals; `max_value` is the modulus of the counter (a
    five-digit one has 100000); `limit_per_hour` is the most that may plausibly be used in an
    hour, in the meter's unit. Raises ImpossibleTerms.
    """

    multiplier: Decimal = Decimal(1)
    max_value: Decimal | None = None
    limit_per_hour: Decimal = DEFAULT_LIMIT_KW

    def __post_init__(self) -> None:
        modulus = self.max_value if self.max_value is not None else Decimal(1)
        positive = min(self.multiplier, modulus, self.limit_per_hour) > 0
        if not positive or not is_in_thousandths(self.multiplier):
            raise ImpossibleTerms(self)


class ImpossibleTerms(ValueError):
    """A multiplier, modulus or limit must be above zero, or nothing could be counted by it."""


def is_in_thousandths(value: Decimal) -> bool:
    """Return whether a value is a finite number of thousandths that the store can hold."""
    if not value.is_finite() or value.copy_abs() >= TOO_LARGE:
        return False
    return value == value.quantize(THOUSANDTH)


def in_thousandths(value: Decimal) -> Decimal:
    """Return a measured value as finely as it is kept, never more than was shown."""
    return value.quantize(THOUSANDTH, ROUND_DOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPoint:
    """The counter at an instant, in thousandths-exact units of the meter."""

    at: datetime
    value: Decimal

    def __post_init__(self) -> None:
        if not is_in_thousandths(self.value) or self.value < 0:
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
    modulus = terms.max_value
    if modulus is not None and previous.value < modulus and current.at > previous.at:
        rolled = (modulus - previous.value + current.value) * terms.multiplier
        if is_plausible(rolled, current.at - previous.at, terms):
            return rolled
    raise RegisterWentBackwards(previous=previous.value, value=current.value)


def is_plausible(consumption: Decimal, elapsed: timedelta, terms: MeterTerms) -> bool:
    """Return whether so much can have been used in that time (at least one hour). Rule 3.5."""
    seconds = max(elapsed, MINIMUM_ELAPSED) // SECOND
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
    # |x - mean| > mean / 2, without a division; the daily figures are rounded quotients
    excess = abs(per_day * len(sample) - total) * 2 - total
    return excess.quantize(ANOMALY_TOLERANCE) > 0


def per_day(consumption: Decimal, elapsed: timedelta) -> Decimal:
    """Return the consumption per 24 hours."""
    seconds = max(elapsed // SECOND, 1)
    return consumption * 86400 / seconds


def interpolate(
    before: RegisterPoint,
    after: RegisterPoint,
    at: datetime,
    terms: MeterTerms | None = None,
    *,
    step: Decimal = THOUSANDTH,
) -> RegisterPoint:
    """Return the counter at an instant between two points, as if used evenly, to a step of it.

    With `terms` a fall is taken for the rollover that explains it (rule 3.2). Raises
    InstantOutside, and RegisterWentBackwards when nothing explains a fall.
    """
    if not before.at <= at <= after.at:
        raise InstantOutside(at)
    if before.at == after.at:
        return before
    terms = terms or MeterTerms()
    used = consumption_between(before, after, terms) / terms.multiplier
    part, whole = (at - before.at) // MICROSECOND, (after.at - before.at) // MICROSECOND
    value = before.value + (used * part / whole).quantize(step).quantize(THOUSANDTH)
    has_rolled = terms.max_value is not None and value >= terms.max_value > before.value
    return RegisterPoint(at=at, value=value - (terms.max_value or 0) if has_rolled else value)


class InstantOutside(ValueError):
    """A counter is known only between its two points."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A stable measuring point; `udf1` finds its device at the vendor.

    `decimals` are those that its counter shows.
    """

    id: int
    place_id: int
    room_id: int | None
    udf1: str | None
    type: MeterType
    unit: str
    terms: MeterTerms
    name: str | None = None
    service: ServiceKind = ServiceKind.ELECTRICITY
    billing_type: BillingType = BillingType.INDIVIDUAL
    decimals: int = 1

    @property
    def label(self) -> str:
        """How people know it."""
        return self.name or self.udf1 or f"#{self.id}"

    @property
    def medium(self) -> Medium:
        """What it counts, and in what."""
        return Medium(service=self.service, unit=self.unit)

    @property
    def is_charged(self) -> bool:
        """Whether one lease pays for all that it counts. Rule 8.1."""
        return self.billing_type is BillingType.INDIVIDUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A device in a meter over a period; `device_id` is None until it was found.

    `multiplier` is by what a closed one counted, None where that is still the meter's own.
    """

    id: int
    meter_id: int
    device_id: str | None
    opened_at: datetime
    closed_at: datetime | None = None
    multiplier: Decimal | None = None

    def terms(self, of_meter: MeterTerms) -> MeterTerms:
        """Return how its counter was read, by the terms that the meter has now."""
        if self.multiplier is None:
            return of_meter
        return replace(of_meter, multiplier=self.multiplier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A counter value with its origin; `id` is 0 until it is stored.

    A correction is a reading of its own: the next revision, which names the one it corrects.
    `proposed_value` is what was read from a photo before a person said what it shows.
    """

    meter_id: int
    installation_id: int
    point: RegisterPoint
    type: ReadingType
    status: ReadingStatus = ReadingStatus.ACCEPTED
    previous_value: Decimal | None = None
    consumption: Decimal | None = None
    is_anomalous: bool = False
    lease_id: int | None = None
    revision: int = 0
    corrects_id: int | None = None
    is_billing: bool = False
    reader_name: str | None = None
    reader_id: int | None = None
    notes: str | None = None
    photo_id: int | None = None
    proposed_value: Decimal | None = None
    id: int = 0
