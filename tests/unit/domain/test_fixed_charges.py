"""Rule 4.2: standing charges and taxes, a line each."""

from datetime import date
from decimal import Decimal

from bot.domain.billing import LineKind, MonthToDate
from bot.domain.lease import Occupancy
from bot.domain.tariff import StandingCharge, StandingPer, Tariff, TariffVersion, Tax
from tests.unit.domain.test_billing import APRIL, OCTOBER, amounts, charge, flat, priced

GST = Tax(name="GST", percent=Decimal(18))


def with_standing(amount_paise: int, per: StandingPer) -> Tariff:
    standing = StandingCharge(amount_paise=amount_paise, per=per)
    return priced(TariffVersion(id=1, from_on=APRIL, slabs=flat(), standing=standing))


class TestStandingCharge:
    """Rule 4.2: a line of its own, per day or month of the lease."""

    KEY = (LineKind.STANDING, "")

    def test_a_daily_one_runs_through_the_day_of_the_span(self) -> None:
        tariff = with_standing(500, StandingPer.DAY)
        first = charge("0", tariff=tariff, on=date(2024, 10, 3))
        again = charge("1", tariff=tariff, on=date(2024, 10, 3), month=first.month)
        later = charge("0", tariff=tariff, on=date(2024, 10, 10), month=again.month)
        assert amounts(first) == {self.KEY: 1500}
        assert self.KEY not in amounts(again)
        assert amounts(later) == {self.KEY: 3500}

    def test_a_monthly_one_is_whole_after_a_whole_month(self) -> None:
        tariff = with_standing(10_000, StandingPer.MONTH)
        month, total = MonthToDate(month_on=OCTOBER), 0
        for day in range(1, 32):
            charged = charge("0", tariff=tariff, on=OCTOBER.replace(day=day), month=month)
            month, total = charged.month, total + charged.total_paise
        assert total == 10_000

    def test_it_counts_only_the_days_of_the_lease(self) -> None:
        stay = Occupancy(start_on=date(2024, 10, 25), end_on=date(2024, 10, 28))
        charged = charge(
            "0", tariff=with_standing(500, StandingPer.DAY), occupancy=stay, on=date(2024, 10, 31)
        )
        assert charged.total_paise == 1500

    def test_a_second_meter_read_up_to_an_earlier_day_gives_nothing_back(self) -> None:
        tariff = with_standing(500, StandingPer.DAY)
        first = charge("1", tariff=tariff, on=date(2024, 10, 31))
        second = charge("1", tariff=tariff, on=date(2024, 10, 28), month=first.month)
        assert amounts(second) == {(LineKind.ENERGY, ""): 650}

    def test_a_change_of_version_changes_it_from_that_day(self) -> None:
        tariff = priced(
            with_standing(500, StandingPer.DAY).versions[0],
            TariffVersion(id=2, from_on=date(2024, 10, 16), slabs=flat()),
        )
        assert charge("0", tariff=tariff, on=date(2024, 10, 31)).total_paise == 15 * 500


class TestTaxes:
    """Rule 4.2: percent of the energy charge, a line each."""

    def test_taxes_are_on_energy_alone(self) -> None:
        duty = Tax(name="Duty", percent=Decimal("4.5"))
        tariff = priced(
            TariffVersion(
                id=1,
                from_on=APRIL,
                slabs=flat(),
                standing=StandingCharge(amount_paise=500, per=StandingPer.DAY),
                taxes=(GST, duty),
            )
        )
        charged = charge("11.8", tariff=tariff, on=OCTOBER)
        assert amounts(charged) == {
            (LineKind.ENERGY, ""): 7670,
            (LineKind.STANDING, ""): 500,
            (LineKind.TAX, "GST"): 1381,
            (LineKind.TAX, "Duty"): 345,
        }

    def test_each_version_has_its_own_taxes(self) -> None:
        tariff = priced(
            TariffVersion(id=1, from_on=APRIL, slabs=flat(), taxes=(GST,)),
            TariffVersion(id=2, from_on=date(2024, 10, 16), slabs=flat()),
        )
        old = charge("10", tariff=tariff, on=date(2024, 10, 15))
        new = charge("10", tariff=tariff, on=date(2024, 10, 16), month=old.month)
        assert amounts(old)[LineKind.TAX, "GST"] == 1170
        assert amounts(new) == {(LineKind.ENERGY, ""): 6500}

    def test_what_is_no_longer_due_in_the_month_is_given_back(self) -> None:
        old = (LineKind.TAX, "Old")
        month = MonthToDate(month_on=OCTOBER, charged_paise={old: 100})
        assert amounts(charge("1", month=month)) == {old: -100, (LineKind.ENERGY, ""): 650}
