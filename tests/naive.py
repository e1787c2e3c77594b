"""The costs of a lease, reckoned a second time and as plainly as can be. Rules 1.4, 4.1, 4.2.

Nothing of the product reckons here: from all that a meter showed in the end each month is added up
from scratch, however the product came by it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.metering import RegisterPoint
from bot.domain.tariff import Slab, TariffVersion

ZONE = ZoneInfo("Asia/Kolkata")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

Costs = dict[date, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Use that ends in a day, not longer than a month and a price last."""

    from_at: datetime
    to_at: datetime
    on: date
    used: Decimal

    @property
    def month_on(self) -> date:
        """The first day of its month."""
        return self.on.replace(day=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """What a meter showed while a lease ran, from its opening on, with the prices of its service.

    The lease runs in [start_on, end_on), without end while there is none; prices that it was given
    only later hold since `priced_on`.
    """

    versions: Sequence[TariffVersion]
    points: Sequence[RegisterPoint]
    start_on: date
    end_on: date | None = None
    priced_on: date = date.min

    def costs(self) -> Costs:
        """Return what each month costs, in paise."""
        months: dict[date, list[Piece]] = defaultdict(list)
        for piece in self.pieces():
            months[piece.month_on].append(piece)
        return {month_on: self.month(month_on, found) for month_on, found in months.items()}

    def total_paise(self) -> int:
        """Return what all of it costs."""
        return sum(self.costs().values())

    def _version_on(self, on: date) -> TariffVersion:
        *_, found = (each for each in self.versions if each.from_on <= on)
        return found

    def pieces(self) -> Iterator[Piece]:
        """Yield what was used, cut wherever a month or a price ends."""
        for before, after in pairwise(self.points):
            last = before
            for end in [*self._cuts(before, after), after]:
                yield Piece(
                    from_at=last.at,
                    to_at=end.at,
                    on=_day_before(end.at),
                    used=end.value - last.value,
                )
                last = end

    def _cuts(self, before: RegisterPoint, after: RegisterPoint) -> Iterator[RegisterPoint]:
        on = before.at.astimezone(ZONE).date()
        while _close(on) < after.at:
            tomorrow = on + DAY
            is_cut = tomorrow.day == 1 or self._version_on(on) != self._version_on(tomorrow)
            if is_cut and _close(on) > before.at:
                yield RegisterPoint(at=_close(on), value=_evenly(before, after, _close(on)))
            on = tomorrow

    def month(self, month_on: date, found: Sequence[Piece]) -> int:
        """Return what a month costs that these are the pieces of, oldest first, in paise."""
        position, energy, share = Fraction(0), Fraction(0), self._share(month_on)
        taxes: dict[str, Fraction] = defaultdict(Fraction)
        for piece in found:
            version, used = self._version_on(piece.on), Fraction(piece.used)
            cost = _by_slabs(version.slabs, share, position, position + used)
            position += used
            energy += cost
            for tax in version.taxes:
                taxes[tax.name] += cost * Fraction(tax.percent) / 100
        standing = Fraction(0)
        for on in filter(self._runs_on, _days(max(month_on, self.priced_on), found[-1].on)):
            charge = self._version_on(on).standing
            standing += 0 if charge is None else charge.amount_paise
        return sum(map(_half_up, (energy, standing, *taxes.values())))

    def _runs_on(self, on: date) -> bool:
        return self.start_on <= on and (self.end_on is None or on < self.end_on)

    def _share(self, month_on: date) -> Fraction:
        """Return the share of a month in which the lease runs, of which there is one day at least:
        that on which it is left."""
        days = list(_days(month_on, (month_on + 31 * DAY).replace(day=1) - DAY))
        return Fraction(max(sum(map(self._runs_on, days)), 1), len(days))


def _close(on: date) -> datetime:
    return datetime.combine(on + DAY, datetime.min.time(), ZONE)


def _day_before(at: datetime) -> date:
    return (at - MINUTE / 2).astimezone(ZONE).date()


def _evenly(before: RegisterPoint, after: RegisterPoint, at: datetime) -> Decimal:
    """Return the counter between two points, no finer than both are known: closes to a tenth."""
    is_coarse = all(
        each.at.astimezone(ZONE).time() == datetime.min.time() and each.value % Decimal("0.1") == 0
        for each in (before, after)
    )
    step = Decimal("0.1") if is_coarse else Decimal("0.001")
    micro = timedelta(microseconds=1)
    part, whole = (at - before.at) // micro, (after.at - before.at) // micro
    return before.value + ((after.value - before.value) * part / whole).quantize(step)


def _days(from_on: date, through_on: date) -> Iterator[date]:
    for number in range((through_on - from_on).days + 1):
        yield from_on + DAY * number


def _by_slabs(slabs: Sequence[Slab], share: Fraction, start: Fraction, end: Fraction) -> Fraction:
    low, cost = Fraction(0), Fraction(0)
    for slab in slabs:
        high = max(end, low) if slab.up_to is None else Fraction(slab.up_to) * share
        cost += max(min(end, high) - max(start, low), Fraction(0)) * Fraction(slab.rate_paise)
        low = high
    return cost


def _half_up(exact: Fraction) -> int:
    return int((abs(exact) * 2 + 1) // 2) * (1 if exact >= 0 else -1)
