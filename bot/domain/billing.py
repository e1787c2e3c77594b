"""From consumption to a charge, so that rounding never accumulates. Rules 1.4, 4.1, 4.2."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from bot.domain.lease import Occupancy
from bot.domain.ledger import AccountKind, Posting
from bot.domain.money import round_half_up
from bot.domain.period import days, days_in_month, first_of_month, next_month
from bot.domain.tariff import StandingPer, Supply, Tariff, TariffVersion, slab_portions
from bot.domain.timeline import Run, Timeline


class LineKind(Enum):
    """What a line of a charge is for."""

    ENERGY = "energy"
    STANDING = "standing"
    TAX = "tax"

    @property
    def account(self) -> AccountKind:
        """The account that the line is income of."""
        return {
            LineKind.ENERGY: AccountKind.ENERGY_INCOME,
            LineKind.STANDING: AccountKind.FIXED_CHARGE_INCOME,
            LineKind.TAX: AccountKind.TAX_PAYABLE,
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageKey:
    """Consumption is added up per tariff version and supply, anew in each run of the version."""

    version_id: int
    generator: bool = False
    since_on: date | None = None


LineKey = tuple[LineKind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthToDate:
    """What a lease used of a service, and was charged for it, in a calendar month so far."""

    month_on: date
    used: Mapping[UsageKey, Decimal] = field(default_factory=dict)
    charged_paise: Mapping[LineKey, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeLine:
    """One line of a charge, in paise.

    `portions` are the (quantity, paise per unit) pairs that explain an energy line.
    """

    kind: LineKind
    name: str
    amount_paise: int
    portions: tuple[tuple[Decimal, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one span of use costs: its lines, and the month as it stands afterwards."""

    usage: UsageKey
    quantity: Decimal
    lines: tuple[ChargeLine, ...]
    month: MonthToDate

    @property
    def total_paise(self) -> int:
        """The sum of the lines."""
        return sum(line.amount_paise for line in self.lines)

    def postings(self, lease_id: int) -> tuple[Posting, ...]:
        """Return balanced postings that take the total from the tenant.

        A charge without lines has no entry to post.
        """
        income = [
            Posting(account=line.kind.account, amount_paise=line.amount_paise)
            for line in self.lines
        ]
        owed = Posting(
            account=AccountKind.RECEIVABLE, amount_paise=-self.total_paise, lease_id=lease_id
        )
        return (owed, *income)


class WrongMonth(ValueError):
    """A span was charged in a month in which it does not end: use is added up per month."""

    def __init__(self, *, month_on: date, on: date) -> None:
        super().__init__(month_on, on)
        self.month_on = month_on
        self.on = on


class UsageWithoutVersion(ValueError):
    """Use of this month was charged by a version that the lease's timeline does not have.

    Its cost would silently be given back.
    """

    def __init__(self, version_ids: frozenset[int]) -> None:
        super().__init__(version_ids)
        self.version_ids = version_ids


def charge_span(
    *,
    timeline: Timeline,
    occupancy: Occupancy,
    month: MonthToDate,
    quantity: Decimal,
    on: date,
    supply: Supply = Supply.GRID,
    standing_through_on: date | None = None,
) -> Charge:
    """Return the charge for a consumption that lies in one month and one run of a version.

    `on` is the local day in which the span ends (a span up to the close of a day ends in that
    day); standing charges run through it, or through a later day of the month up to which they
    were charged before (`standing_through_on`, where a span is charged anew). Each line is the
    rounded cost of the month so far less what was already charged (rule 1.4). There is no line
    when there is nothing to charge. Raises WrongMonth, UsageWithoutVersion, NoTariffOn.
    """
    _require_same_month(timeline, month, on)
    run = timeline.run_on(on)
    by_generator = supply is Supply.GENERATOR and run.version.generator_rate_paise is not None
    key = _key(run, generator=by_generator)
    used = {**month.used, key: month.used.get(key, Decimal(0)) + quantity}
    so_far = MonthToDate(month_on=month.month_on, used=used, charged_paise=month.charged_paise)
    through_on = max(on, standing_through_on or on)
    due_paise = _due_so_far(timeline, occupancy, so_far, through_on=through_on)
    portions = _portions(run.version, occupancy, month, quantity, key)
    lines = [
        ChargeLine(
            kind=kind,
            name=name,
            amount_paise=paise - month.charged_paise.get((kind, name), 0),
            portions=portions if kind is LineKind.ENERGY else (),
        )
        for (kind, name), paise in due_paise.items()
    ]
    return Charge(
        usage=key,
        quantity=quantity,
        lines=tuple(
            line
            for line in lines
            if line.amount_paise or (quantity and line.kind is LineKind.ENERGY)
        ),
        month=MonthToDate(month_on=month.month_on, used=used, charged_paise=due_paise),
    )


def month_cost(version: TariffVersion, quantity: Decimal, *, month_on: date) -> int:
    """Return what a whole month with this consumption costs by a version alone, in paise."""
    alone = replace(version, from_on=first_of_month(month_on))
    charged = charge_span(
        timeline=Timeline.of(Tariff(id=0, name="", versions=(alone,))),
        occupancy=Occupancy(start_on=alone.from_on),
        month=MonthToDate(month_on=alone.from_on),
        quantity=quantity,
        on=next_month(month_on) - timedelta(days=1),
    )
    return charged.total_paise


def _key(run: Run, *, generator: bool) -> UsageKey:
    return UsageKey(version_id=run.version.id, generator=generator, since_on=run.since_on)


def _require_same_month(timeline: Timeline, month: MonthToDate, on: date) -> None:
    if first_of_month(on) != first_of_month(month.month_on):
        raise WrongMonth(month_on=month.month_on, on=on)
    known = {(run.version.id, run.since_on) for run in timeline.runs}
    used = {key for key, quantity in month.used.items() if quantity}
    strange = {key.version_id for key in used if (key.version_id, key.since_on) not in known}
    if strange:
        raise UsageWithoutVersion(frozenset(strange))


def _due_so_far(
    timeline: Timeline, occupancy: Occupancy, month: MonthToDate, *, through_on: date
) -> dict[LineKey, int]:
    """Return the rounded cost of the month so far, in paise, per line."""
    exact = _cost_so_far(timeline, occupancy, month, through_on=through_on)
    due = dict.fromkeys(month.charged_paise, 0)
    due |= {key: round_half_up(cost) for key, cost in exact.items()}
    standing = (LineKind.STANDING, "")
    if standing in due and not occupancy.has_ended_by(through_on):
        # A span that ends earlier than one already charged (a second meter) gives no day back.
        due[standing] = max(due[standing], month.charged_paise.get(standing, 0))
    return due


def _cost_so_far(
    timeline: Timeline, occupancy: Occupancy, month: MonthToDate, *, through_on: date
) -> dict[LineKey, Fraction]:
    """Return the exact cost of the month so far, in paise, per line."""
    energy, standing = Fraction(0), _standing_so_far(timeline, occupancy, month, through_on)
    taxes: dict[LineKey, Fraction] = {}
    for version, cost in _energy_by_version(timeline, occupancy, month):
        energy += cost
        for tax in version.taxes:
            tax_key = (LineKind.TAX, tax.name)
            share = cost * Fraction(tax.percent) / 100
            taxes[tax_key] = taxes.get(tax_key, Fraction(0)) + share
    due: dict[LineKey, Fraction] = {(LineKind.ENERGY, ""): energy}
    if standing:
        due[LineKind.STANDING, ""] = standing
    return due | taxes


def _energy_by_version(
    timeline: Timeline, occupancy: Occupancy, month: MonthToDate
) -> Iterable[tuple[TariffVersion, Fraction]]:
    share = occupancy.slab_share(month.month_on)
    start = Decimal(0)
    for run in timeline.runs:
        version = run.version
        grid = month.used.get(_key(run, generator=False), Decimal(0))
        other = month.used.get(_key(run, generator=True), Decimal(0))
        parts = slab_portions(version.slabs, start=start, quantity=grid, width_share=share)
        cost = sum((taken * Fraction(rate) for taken, rate in parts), Fraction(0))
        cost += Fraction(other) * Fraction(version.generator_rate_paise or 0)
        start += grid
        yield version, cost


def _standing_so_far(
    timeline: Timeline, occupancy: Occupancy, month: MonthToDate, through_on: date
) -> Fraction:
    from_on, to_on = occupancy.days_of_month(month.month_on)
    from_on, total = max(from_on, timeline.begins_on), Fraction(0)
    for on in days(from_on, min(to_on, through_on + timedelta(days=1))):
        standing = timeline.run_on(on).version.standing
        if standing is not None:
            by_month = standing.per is StandingPer.MONTH
            total += Fraction(standing.amount_paise, days_in_month(on) if by_month else 1)
    return total


def _portions(
    version: TariffVersion,
    occupancy: Occupancy,
    month: MonthToDate,
    quantity: Decimal,
    key: UsageKey,
) -> tuple[tuple[Decimal, Decimal], ...]:
    """Return (quantity, rate) pairs that explain this span, quantities to the thousandth."""
    if quantity == 0:
        return ()
    if key.generator and version.generator_rate_paise is not None:
        return ((quantity, version.generator_rate_paise),)
    start = sum((used for k, used in month.used.items() if not k.generator), Decimal(0))
    share = occupancy.slab_share(month.month_on)
    parts = list(slab_portions(version.slabs, start=start, quantity=quantity, width_share=share))
    return _in_thousandths(parts, quantity)


def _in_thousandths(
    parts: Sequence[tuple[Fraction, Decimal]], quantity: Decimal
) -> tuple[tuple[Decimal, Decimal], ...]:
    """Return the parts at thousandths; the last one takes the rest, so that they add up."""
    shown, reached, given = [], Fraction(0), Decimal(0)
    for taken, rate in parts:
        reached += taken
        upto = min(Decimal(round_half_up(reached * 1000)).scaleb(-3), quantity)
        part = (quantity if reached == quantity else upto) - given
        shown.append((part, rate))
        given += part
    return tuple((part, rate) for part, rate in shown if part)
