"""What the meters of a place counted in a month, and whose it was. Rules 8.2 and 8.4."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.meter import MeterSheet
from bot.domain.meter_tree import Residual
from bot.domain.place import Place
from bot.domain.service_kind import Medium

NONE = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterUse:
    """What a meter counted; `before` is the same of the month before.

    `empty` is what it counted while its room was nobody's. Of a main meter `residual` tells what
    its sub-meters did not count; it is None where one of them is unknown.
    """

    sheet: MeterSheet
    room: str | None
    counted: Decimal
    before: Decimal
    empty: Decimal = NONE
    is_main: bool = False
    residual: Residual | None = None

    def lost_percent(self) -> Decimal | None:
        """Return how much of what a main meter counted was counted below it by none."""
        left = self.residual
        return None if left is None or not left.main else left.left * 100 / left.main

    def is_above(self, limit_percent: int | None) -> bool:
        """Return whether that is more than the place expects."""
        return self.residual is not None and self.residual.is_above(limit_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumUse:
    """What a place used of a service: all that was counted, and what of it tenants are charged.

    `empty` was used while rooms were nobody's, `included` is in the rent.
    """

    medium: Medium
    counted: Decimal
    before: Decimal
    charged: Decimal
    empty: Decimal
    included: Decimal

    @property
    def open(self) -> Decimal:
        """What nobody is charged for, though it is neither in the rent nor of empty rooms."""
        return max(self.counted - self.charged - self.empty - self.included, NONE)

    @property
    def change_percent(self) -> Decimal | None:
        """By how much more was used than before; None without anything to hold it against."""
        return self.counted * 100 / self.before - 100 if self.before else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownMeter:
    """A meter of which readings are missing, by its room or its own name."""

    name: str
    is_main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReport:
    """The use of a place from the first of a month through `to_on`, and as many days before it.

    `unknown` are the meters of which readings are missing; they are in no sum. In a month that
    begins today nothing was counted yet: `to_on` is before it.
    """

    place: Place
    month_on: date
    to_on: date
    is_over: bool
    meters: tuple[MeterUse, ...]
    media: tuple[MediumUse, ...]
    unknown: tuple[UnknownMeter, ...]

    @property
    def mains(self) -> tuple[MeterUse, ...]:
        """The meters that have sub-meters, the greatest loss first."""
        found = [each for each in self.meters if each.is_main]
        return tuple(sorted(found, key=lambda each: -(each.lost_percent() or NONE)))
