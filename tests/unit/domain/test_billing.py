"""Rules 1.4, 4.1 and 4.2: what a span of use costs, line by line."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from bot.domain.billing import (
    Charge,
    ChargeLine,
    LineKind,
    MonthToDate,
    UsageKey,
    UsageWithoutVersion,
    WrongMonth,
    charge_span,
)
from bot.domain.lease import Occupancy
from bot.domain.ledger import AccountKind, EntryKind, EntryOutOfBalance, LedgerEntry
from bot.domain.period import start_of
from bot.domain.tariff import (
    NoTariffOn,
    Slab,
    Supply,
    Tariff,
    TariffVersion,
)
from bot.domain.timeline import Timeline
from tests.unit.domain.test_period import KOLKATA

OCTOBER, NOVEMBER = date(2024, 10, 1), date(2024, 11, 1)
LONG_AGO = Occupancy(start_on=date(2023, 1, 1))
APRIL = date(2024, 4, 1)
SLABS = (
    Slab(up_to=Decimal(100), rate_paise=Decimal(300)),
    Slab(up_to=Decimal(200), rate_paise=Decimal(500)),
    Slab(up_to=None, rate_paise=Decimal(700)),
)


def flat(rate: str = "650") -> tuple[Slab, ...]:
    return (Slab(up_to=None, rate_paise=Decimal(rate)),)


def priced(*versions: TariffVersion) -> Tariff:
    return Tariff(id=1, name="Lakeside", versions=versions)


ROOM_302 = priced(TariffVersion(id=1, from_on=APRIL, slabs=flat()))


def charge(
    quantity: str,
    *,
    on: date = date(2024, 10, 26),
    tariff: Tariff = ROOM_302,
    month: MonthToDate | None = None,
    occupancy: Occupancy = LONG_AGO,
    supply: Supply = Supply.GRID,
) -> Charge:
    return charge_span(
        timeline=Timeline.of(tariff),
        occupancy=occupancy,
        month=month or MonthToDate(month_on=on.replace(day=1)),
        quantity=Decimal(quantity),
        on=on,
        supply=supply,
    )


def amounts(charged: Charge) -> dict[tuple[LineKind, str], int]:
    return {(line.kind, line.name): line.amount_paise for line in charged.lines}


class TestEnergy:
    """A flat rate and slabs."""

    def test_room_302_goes_from_3000_to_2923_30_on_its_first_day(self) -> None:
        charged = charge("11.8")
        assert charged.total_paise == 7670
        assert 300_000 + charged.postings(302)[0].amount_paise == 292_330
        assert charged.lines == (
            ChargeLine(
                kind=LineKind.ENERGY,
                name="",
                amount_paise=7670,
                portions=((Decimal("11.8"), Decimal(650)),),
            ),
        )

    def test_the_month_of_the_specification_costs_2206_75(self) -> None:
        assert charge("339.5").total_paise == 220_675

    def test_slabs_count_what_the_month_used_so_far(self) -> None:
        tariff = priced(TariffVersion(id=1, from_on=APRIL, slabs=SLABS))
        first = charge("150", tariff=tariff)
        second = charge("100", tariff=tariff, month=first.month)
        assert first.total_paise == 100 * 300 + 50 * 500
        assert second.total_paise == 50 * 500 + 50 * 700
        assert second.lines[0].portions == (
            (Decimal(50), Decimal(500)),
            (Decimal(50), Decimal(700)),
        )

    def test_slabs_begin_anew_in_the_next_month(self) -> None:
        tariff = priced(TariffVersion(id=1, from_on=APRIL, slabs=SLABS))
        assert charge("100", tariff=tariff, on=NOVEMBER).total_paise == 30_000

    def test_slabs_are_as_wide_as_the_days_of_the_lease_in_its_first_month(self) -> None:
        tariff = priced(TariffVersion(id=1, from_on=APRIL, slabs=SLABS))
        half = Occupancy(start_on=date(2024, 11, 16))
        charged = charge("250", tariff=tariff, occupancy=half, on=date(2024, 11, 30))
        assert charged.total_paise == 50 * 300 + 50 * 500 + 150 * 700

    def test_portions_are_thousandths_that_add_up_to_the_span(self) -> None:
        tariff = priced(TariffVersion(id=1, from_on=APRIL, slabs=SLABS))
        sixth = Occupancy(start_on=date(2024, 10, 25))
        charged = charge("90.001", tariff=tariff, occupancy=sixth)
        portions = charged.lines[0].portions
        assert portions == (
            (Decimal("22.581"), Decimal(300)),
            (Decimal("22.580"), Decimal(500)),
            (Decimal("44.840"), Decimal(700)),
        )
        assert charged.quantity == sum(part for part, _ in portions)

    def test_rounding_never_accumulates_rule_1_4(self) -> None:
        month, total = MonthToDate(month_on=OCTOBER), 0
        for _ in range(1000):
            charged = charge("0.001", month=month)
            month, total = charged.month, total + charged.total_paise
        assert total == charge("1").total_paise == 650

    def test_a_correction_gives_back_what_the_less_use_costs(self) -> None:
        first = charge("11.8")
        assert charge("-1.8", month=first.month).total_paise == -1170

    @pytest.mark.parametrize("quantity", ["0.0001", "-0.0001"])
    def test_use_too_small_for_a_paisa_keeps_its_line_because_use_is_counted_by_it(
        self, quantity: str
    ) -> None:
        charged = charge(quantity, month=charge("1").month)
        assert amounts(charged) == {(LineKind.ENERGY, ""): 0}

    def test_use_by_generator_has_its_own_rate_and_fills_no_slab(self) -> None:
        both = priced(
            TariffVersion(id=1, from_on=APRIL, slabs=SLABS, generator_rate_paise=Decimal(1800))
        )
        dg = charge("10", tariff=both, supply=Supply.GENERATOR)
        assert dg.total_paise == 18_000
        assert dg.usage == UsageKey(version_id=1, generator=True)
        assert charge("100", tariff=both, month=dg.month).total_paise == 30_000
        assert charge("100", tariff=both).total_paise == 30_000

    def test_without_a_generator_rate_the_grid_rate_holds(self) -> None:
        charged = charge("10", supply=Supply.GENERATOR)
        assert charged.total_paise == 6500
        assert charged.usage == UsageKey(version_id=1)


class TestVersions:
    """Rule 4.1: each part is charged at its own rate."""

    CHANGED = priced(
        TariffVersion(id=1, from_on=APRIL, slabs=flat("650")),
        TariffVersion(id=2, from_on=date(2024, 10, 16), slabs=flat("700.5")),
    )

    def test_each_day_has_the_rate_of_its_version(self) -> None:
        old = charge("10", tariff=self.CHANGED, on=date(2024, 10, 15))
        new = charge("10", tariff=self.CHANGED, on=date(2024, 10, 16), month=old.month)
        assert (old.total_paise, new.total_paise) == (6500, 7005)
        assert new.lines[0].portions == ((Decimal(10), Decimal("700.5")),)

    def test_slabs_go_on_across_a_change_of_version(self) -> None:
        dearer = tuple(Slab(up_to=slab.up_to, rate_paise=slab.rate_paise * 2) for slab in SLABS)
        tariff = priced(
            TariffVersion(id=1, from_on=APRIL, slabs=SLABS),
            TariffVersion(id=2, from_on=date(2024, 10, 16), slabs=dearer),
        )
        old = charge("150", tariff=tariff, on=date(2024, 10, 15))
        new = charge("100", tariff=tariff, on=date(2024, 10, 31), month=old.month)
        assert new.total_paise == 50 * 1000 + 50 * 1400

    def test_a_tariff_without_the_versions_already_charged_gives_nothing_back(self) -> None:
        other = priced(TariffVersion(id=9, from_on=APRIL, slabs=flat()))
        with pytest.raises(UsageWithoutVersion) as refusal:
            charge("1", tariff=other, month=charge("500").month)
        assert refusal.value.version_ids == {1}

    def test_nothing_is_charged_before_the_first_version(self) -> None:
        with pytest.raises(NoTariffOn):
            charge("1", on=date(2024, 3, 31))

    def test_use_is_charged_in_its_own_month(self) -> None:
        with pytest.raises(WrongMonth) as refusal:
            charge("1", on=NOVEMBER, month=MonthToDate(month_on=OCTOBER))
        assert (refusal.value.month_on, refusal.value.on) == (OCTOBER, NOVEMBER)


class TestPostings:
    """Rule 2.1: a charge is an entry that balances."""

    def test_every_kind_of_line_has_its_account(self) -> None:
        assert {kind: kind.account for kind in LineKind} == {
            LineKind.ENERGY: AccountKind.ENERGY_INCOME,
            LineKind.STANDING: AccountKind.FIXED_CHARGE_INCOME,
            LineKind.TAX: AccountKind.TAX_PAYABLE,
        }

    def test_use_too_small_for_a_paisa_is_still_an_entry(self) -> None:
        charged = charge("0.0001")
        assert [posting.amount_paise for posting in charged.postings(302)] == [0, 0]

    def test_no_use_and_no_fixed_charge_is_no_entry(self) -> None:
        charged = charge("0")
        assert charged.lines == ()
        with pytest.raises(EntryOutOfBalance):
            LedgerEntry(
                key="deduction:1",
                kind=EntryKind.DEDUCTION,
                place_id=1,
                lease_id=302,
                occurred_at=start_of(OCTOBER, KOLKATA),
                postings=charged.postings(302),
            )


def test_a_month_is_shared_out_by_the_days_of_the_lease() -> None:
    stay = Occupancy(start_on=date(2024, 10, 25), end_on=date(2024, 11, 16))
    assert stay.share_of_month(OCTOBER) == Fraction(7, 31)
    assert stay.share_of_month(NOVEMBER) == Fraction(15, 30)
