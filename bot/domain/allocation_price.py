"""What a shared use costs as a whole, before it is split. Rules 1.4, 4.1 and 4.2."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from bot.domain.allocation import Span
from bot.domain.billing import LineKind, MonthToDate, charge_span
from bot.domain.lease import Occupancy
from bot.domain.period import first_of_month
from bot.domain.tariff import Tariff
from bot.domain.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCost:
    """The lines of a cost, in paise: the energy, and each tax by its name.

    `portions` are the (quantity, paise per unit) pairs that explain the energy.
    """

    net_paise: int
    taxes: tuple[tuple[str, int], ...]
    portions: tuple[tuple[Decimal, Decimal], ...]

    @property
    def tax_paise(self) -> int:
        """All taxes."""
        return sum(paise for _, paise in self.taxes)

    @property
    def total_paise(self) -> int:
        """All of it."""
        return self.net_paise + self.tax_paise


def shared_cost(tariff: Tariff, span: Span, used: Iterable[tuple[date, Decimal]]) -> SharedCost:
    """Return what a use costs; `used` are what was counted up to the close of days, each within one
    month and one version of the tariff.

    Slabs are as wide as for one customer, by days where the span is no whole month. Every lease
    pays its own standing charge: there is none here. Raises NoTariffOn.
    """
    timeline = Timeline.of(_without_standing(tariff))
    occupancy = Occupancy(start_on=span.from_on, end_on=span.to_on + timedelta(days=1))
    months: dict[date, MonthToDate] = {}
    paise: dict[tuple[LineKind, str], int] = {}
    portions: list[tuple[Decimal, Decimal]] = []
    for on, quantity in used:
        month_on = first_of_month(on)
        month = months.get(month_on) or MonthToDate(month_on=month_on)
        charge = charge_span(
            timeline=timeline, occupancy=occupancy, month=month, quantity=quantity, on=on
        )
        months[month_on] = charge.month
        for line in charge.lines:
            key = (line.kind, line.name)
            paise[key] = paise.get(key, 0) + line.amount_paise
            portions += line.portions
    return SharedCost(
        net_paise=paise.get((LineKind.ENERGY, ""), 0),
        taxes=tuple(
            (name, amount) for (kind, name), amount in paise.items() if kind is LineKind.TAX
        ),
        portions=_by_rate(portions),
    )


def _without_standing(tariff: Tariff) -> Tariff:
    versions = tuple(replace(each, standing=None) for each in tariff.versions)
    return replace(tariff, versions=versions)


def _by_rate(portions: Sequence[tuple[Decimal, Decimal]]) -> tuple[tuple[Decimal, Decimal], ...]:
    found: dict[Decimal, Decimal] = {}
    for quantity, rate in portions:
        found[rate] = found.get(rate, Decimal(0)) + quantity
    return tuple((quantity, rate) for rate, quantity in found.items())
