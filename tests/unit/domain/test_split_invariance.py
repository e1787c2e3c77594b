"""Rule 1.4: however the same use is split, each month costs the same, to the paisa, per line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.billing import LineKey, LineKind, MonthToDate, charge_span
from bot.domain.lease import Occupancy
from bot.domain.money import round_half_up
from bot.domain.period import days_in_month, first_of_month
from bot.domain.tariff import Slab, StandingCharge, StandingPer, Tariff, TariffVersion, Tax
from bot.domain.timeline import Given, Timeline

START_ON = date(2024, 10, 20)
DAYS = 45
HOURS = DAYS * 24

Bill = dict[date, dict[LineKey, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A lease, the tariffs it was given, and what it used in each hour, in Wh."""

    timeline: Timeline
    occupancy: Occupancy
    hourly_wh: tuple[int, ...]

    def day(self, hour: int) -> date:
        """Return the local day that the hour belongs to."""
        return START_ON + timedelta(days=hour // 24)

    def version_on(self, on: date) -> TariffVersion:
        """Return what a day is charged by: first which tariff, then which of its versions."""
        *_, tariff = (each.tariff for each in self.timeline.given if each.from_on <= on)
        return tariff.version_on(on)

    def forced_cuts(self) -> set[int]:
        """Return the hours where a span must end: of a month, a version, a tariff (rule 4.1)."""
        given = self.timeline.given
        ends = {version.from_on for each in given for version in each.tariff.versions}
        ends |= {each.from_on for each in given}
        return {
            hour
            for hour in range(24, HOURS, 24)
            if self.day(hour).day == 1 or self.day(hour) in ends
        } | {0, HOURS}


def bill(stay: Stay, cuts: Iterable[int]) -> Bill:
    """Return what every month was charged, per line, when spans end at these hours."""
    months: dict[date, MonthToDate] = {}
    charged: Bill = {}
    ends = sorted(stay.forced_cuts() | set(cuts))
    for start, end in pairwise(ends):
        on = stay.day(end - 1)
        month_on = first_of_month(on)
        result = charge_span(
            timeline=stay.timeline,
            occupancy=stay.occupancy,
            month=months.get(month_on, MonthToDate(month_on=month_on)),
            quantity=Decimal(sum(stay.hourly_wh[start:end])).scaleb(-3),
            on=on,
        )
        months[month_on] = result.month
        sums = charged.setdefault(month_on, {})
        for line in result.lines:
            key = (line.kind, line.name)
            sums[key] = sums.get(key, 0) + line.amount_paise
    return {
        month: {k: paise for k, paise in sums.items() if paise} for month, sums in charged.items()
    }


taxes = st.lists(
    st.sampled_from(
        [
            Tax(name="GST", percent=Decimal(18)),
            Tax(name="Duty", percent=Decimal("4.5")),
            Tax(name="Cess", percent=Decimal("0.333")),
        ]
    ),
    max_size=2,
    unique=True,
)
standings = st.none() | st.builds(
    StandingCharge, amount_paise=st.integers(0, 20_000), per=st.sampled_from(StandingPer)
)
rates = st.decimals(0, 2000, places=2)


@st.composite
def versions(draw: st.DrawFn, number: int, from_on: date) -> TariffVersion:
    widths = draw(st.lists(st.integers(1, 150), max_size=3))
    limits = [Decimal(sum(widths[: n + 1])) for n in range(len(widths))]
    return TariffVersion(
        id=number,
        from_on=from_on,
        slabs=tuple(Slab(up_to=limit, rate_paise=draw(rates)) for limit in [*limits, None]),
        standing=draw(standings),
        taxes=tuple(draw(taxes)),
    )


def some_days(draw: st.DrawFn) -> list[date]:
    """Return up to two days inside the stay, in order."""
    numbers = draw(st.sets(st.integers(1, DAYS - 1), max_size=2))
    return [START_ON + timedelta(days=number) for number in sorted(numbers)]


@st.composite
def tariffs(draw: st.DrawFn, number: int) -> Tariff:
    begins = enumerate([date(2024, 1, 1), *some_days(draw)], start=10 * number)
    found = tuple(draw(versions(version_id, on)) for version_id, on in begins)
    return Tariff(id=number, name="Lakeside", versions=found)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Return a tariff, or two that a lease goes back and forth between."""
    both = draw(tariffs(1)), draw(tariffs(2))
    given_on = [date.min, *some_days(draw)]
    return Timeline(
        given=tuple(
            Given(tariff=both[number % 2], from_on=on) for number, on in enumerate(given_on)
        )
    )


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    pattern = draw(st.lists(st.integers(0, 400), min_size=1, max_size=7))
    return Stay(
        timeline=draw(timelines()),
        occupancy=Occupancy(
            start_on=START_ON,
            end_on=draw(st.none() | st.just(START_ON + timedelta(days=DAYS))),
        ),
        hourly_wh=tuple(pattern[n % len(pattern)] * (n * n % 11) for n in range(HOURS)),
    )


@given(stays())
@settings(max_examples=settings().max_examples // 6)
def test_hourly_checks_do_not_change_the_bill(stay: Stay) -> None:
    assert bill(stay, range(HOURS)) == bill(stay, ())


@pytest.mark.parametrize("every", [24, 7 * 24], ids=["daily", "weekly"])
@given(stay=stays())
def test_the_check_interval_does_not_change_the_bill(every: int, stay: Stay) -> None:
    assert bill(stay, range(0, HOURS, every)) == bill(stay, ())


@given(stays(), st.sets(st.integers(1, HOURS - 1), max_size=60))
def test_no_split_at_all_changes_the_bill(stay: Stay, cuts: set[int]) -> None:
    assert bill(stay, cuts) == bill(stay, ())


@given(stays(), st.sets(st.integers(1, HOURS - 1), max_size=60))
def test_the_bill_is_the_cost_of_every_day_rounded_once(stay: Stay, cuts: set[int]) -> None:
    exact = cost_by_day(stay)
    rounded = {
        month: {key: paise for key, cost in lines.items() if (paise := round_half_up(cost))}
        for month, lines in exact.items()
    }
    assert bill(stay, cuts) == rounded


def cost_by_day(stay: Stay) -> dict[date, dict[LineKey, Fraction]]:
    """Return the exact cost per month and line, reckoned day by day and slab by slab."""
    cost: dict[date, dict[LineKey, Fraction]] = {}
    used: dict[date, Fraction] = {}
    for hour in range(0, HOURS, 24):
        on = stay.day(hour)
        month = first_of_month(on)
        lines, version = cost.setdefault(month, {}), stay.version_on(on)
        low = used.get(month, Fraction(0))
        high = used[month] = low + Fraction(sum(stay.hourly_wh[hour : hour + 24]), 1000)
        energy = _between(version, low, high, stay.occupancy.share_of_month(month))
        _add(lines, (LineKind.ENERGY, ""), energy)
        for tax in version.taxes:
            _add(lines, (LineKind.TAX, tax.name), energy * Fraction(tax.percent) / 100)
        if version.standing:
            per_month = version.standing.per is StandingPer.MONTH
            share = Fraction(version.standing.amount_paise, days_in_month(on) if per_month else 1)
            _add(lines, (LineKind.STANDING, ""), share)
    return cost


def _add(lines: dict[LineKey, Fraction], key: LineKey, cost: Fraction) -> None:
    lines[key] = lines.get(key, Fraction(0)) + cost


def _between(version: TariffVersion, low: Fraction, high: Fraction, share: Fraction) -> Fraction:
    """Return the cost of the month's consumption from `low` up to `high`."""
    floor, cost = Fraction(0), Fraction(0)
    for slab in version.slabs:
        ceiling = high if slab.up_to is None else Fraction(slab.up_to) * share
        inside = min(high, ceiling) - max(low, floor)
        cost += max(inside, Fraction(0)) * Fraction(slab.rate_paise)
        floor = ceiling
    return cost
