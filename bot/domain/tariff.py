"""What consumption costs: dated versions, slabs, standing charge, taxes. Section 4."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from bot.domain.service_kind import ELECTRIC, Medium


class Supply(Enum):
    """Where the energy came from: the grid (EB) or the generator (DG)."""

    GRID = "grid"
    GENERATOR = "generator"


class StandingPer(Enum):
    """What a standing charge is counted by."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slab:
    """A rate, in paise per unit, up to a cumulative monthly consumption; None = without end."""

    up_to: Decimal | None
    rate_paise: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCharge:
    """A fixed charge, in paise."""

    amount_paise: int
    per: StandingPer


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """A percentage of the energy charge."""

    name: str
    percent: Decimal


class SlabsOutOfOrder(ValueError):
    """Slabs must rise from zero and only the last one may be without end, and it must be."""


class PriceBelowZero(ValueError):
    """A rate, a standing charge or a tax cannot pay the tenant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffVersion:
    """The terms in force from a local day until the next version's.

    Raises SlabsOutOfOrder, PriceBelowZero.
    """

    id: int
    from_on: date
    slabs: tuple[Slab, ...]
    generator_rate_paise: Decimal | None = None
    standing: StandingCharge | None = None
    taxes: tuple[Tax, ...] = ()

    def costs_as(self, other: "TariffVersion") -> bool:
        """Return whether another version says the same, from whatever day."""
        return replace(self, id=other.id, from_on=other.from_on) == other

    def __post_init__(self) -> None:
        limits = [slab.up_to for slab in self.slabs]
        if not limits or limits[-1] is not None or None in limits[:-1]:
            raise SlabsOutOfOrder(limits)
        known = [Decimal(0), *(limit for limit in limits if limit is not None)]
        if any(low >= high for low, high in pairwise(known)):
            raise SlabsOutOfOrder(limits)
        if any(not price >= 0 for price in self._prices()):
            raise PriceBelowZero(self.id)

    def _prices(self) -> Iterator[Decimal]:
        yield from (slab.rate_paise for slab in self.slabs)
        yield from (tax.percent for tax in self.taxes)
        yield self.generator_rate_paise or Decimal(0)
        yield Decimal(self.standing.amount_paise if self.standing else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A named price list of a medium; versions are ordered by their first day and never overlap.

    Raises VersionsOutOfOrder.
    """

    id: int
    name: str
    versions: tuple[TariffVersion, ...]
    medium: Medium = ELECTRIC

    def __post_init__(self) -> None:
        starts = [version.from_on for version in self.versions]
        ids = {version.id for version in self.versions}
        if not ids or len(ids) < len(starts) or any(a >= b for a, b in pairwise(starts)):
            raise VersionsOutOfOrder(starts)

    def version_on(self, on: date) -> TariffVersion:
        """Return the version in force on a day. Raises NoTariffOn before the first one."""
        index = bisect_right([version.from_on for version in self.versions], on)
        if index == 0:
            raise NoTariffOn(tariff_id=self.id, on=on)
        return self.versions[index - 1]


class VersionsOutOfOrder(ValueError):
    """Versions of a tariff must start on different days, oldest first, each with its own id."""


class NoTariffOn(LookupError):
    """No version of the tariff was in force on that day."""

    def __init__(self, *, tariff_id: int, on: date) -> None:
        super().__init__(tariff_id, on)
        self.tariff_id = tariff_id
        self.on = on


def slab_portions(
    slabs: tuple[Slab, ...], *, start: Decimal, quantity: Decimal, width_share: Fraction
) -> Iterator[tuple[Fraction, Decimal]]:
    """Yield (quantity, rate) of a consumption that begins at a cumulative monthly `start`.

    `width_share` prorates the slab widths in a lease's first and last month. Rule 4.2.
    """
    position, left = Fraction(start), Fraction(quantity)
    for slab in slabs:
        limit = None if slab.up_to is None else Fraction(slab.up_to) * width_share
        if limit is not None and position >= limit:
            continue
        taken = left if limit is None else min(left, limit - position)
        if taken > 0:
            yield taken, slab.rate_paise
        position, left = position + taken, left - taken
        if left == 0:
            return
