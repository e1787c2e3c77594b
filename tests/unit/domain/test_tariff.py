"""Section 4: dated versions, slabs, prices."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tariff import (
    NoTariffOn,
    PriceBelowZero,
    Slab,
    SlabsOutOfOrder,
    StandingCharge,
    StandingPer,
    Tariff,
    TariffVersion,
    Tax,
    VersionsOutOfOrder,
    slab_portions,
)

WHOLE = Fraction(1)


def slabs(*steps: tuple[str | None, str]) -> tuple[Slab, ...]:
    return tuple(
        Slab(up_to=None if up_to is None else Decimal(up_to), rate_paise=Decimal(rate))
        for up_to, rate in steps
    )


THREE = slabs(("100", "300"), ("200", "500.5"), (None, "700"))


def version(*, number: int = 1, from_on: date = date(2024, 4, 1)) -> TariffVersion:
    return TariffVersion(id=number, from_on=from_on, slabs=slabs((None, "650")))


def tariff(*versions: TariffVersion) -> Tariff:
    return Tariff(id=7, name="Lakeside", versions=versions)


class TestVersions:
    """Rule 4.1."""

    def test_a_version_holds_from_its_day_to_the_day_before_the_next(self) -> None:
        old, new = version(), version(number=2, from_on=date(2024, 11, 1))
        both = tariff(old, new)
        assert both.version_on(date(2024, 4, 1)) is old
        assert both.version_on(date(2024, 10, 31)) is old
        assert both.version_on(date(2024, 11, 1)) is new
        assert both.version_on(date(2031, 1, 1)) is new

    def test_there_is_no_price_before_the_first_version(self) -> None:
        with pytest.raises(NoTariffOn) as refusal:
            tariff(version()).version_on(date(2024, 3, 31))
        assert (refusal.value.tariff_id, refusal.value.on) == (7, date(2024, 3, 31))

    @given(st.lists(st.integers(0, 400), min_size=1, max_size=8, unique=True), st.integers(0, 500))
    def test_the_version_of_a_day_is_the_latest_that_has_begun(
        self, offsets: list[int], offset: int
    ) -> None:
        epoch = date(2024, 1, 1)
        days = [epoch + timedelta(days=n) for n in sorted(offsets)]
        priced = tariff(*(version(number=n, from_on=on) for n, on in enumerate(days)))
        on = epoch + timedelta(days=offset)
        begun = [n for n, start in enumerate(days) if start <= on]
        if begun:
            assert priced.version_on(on).id == begun[-1]
        else:
            with pytest.raises(NoTariffOn):
                priced.version_on(on)

    def test_versions_cannot_overlap(self) -> None:
        later = version(number=2, from_on=date(2024, 11, 1))
        with pytest.raises(VersionsOutOfOrder):
            tariff(later, version())
        with pytest.raises(VersionsOutOfOrder):
            tariff(version(), version(number=2))

    def test_versions_cannot_share_an_id_because_use_is_counted_by_it(self) -> None:
        with pytest.raises(VersionsOutOfOrder):
            tariff(version(), version(from_on=date(2024, 11, 1)))

    def test_a_tariff_has_a_version(self) -> None:
        with pytest.raises(VersionsOutOfOrder):
            tariff()


class TestSlabs:
    """Rule 4.2."""

    @pytest.mark.parametrize(
        "steps",
        [
            (),
            (("100", "300"),),
            ((None, "300"), (None, "500")),
            ((None, "300"), ("100", "500")),
            (("200", "300"), ("100", "500"), (None, "700")),
            (("100", "300"), ("100", "500"), (None, "700")),
            (("0", "300"), (None, "700")),
            (("-5", "300"), (None, "700")),
        ],
    )
    def test_slabs_rise_from_zero_and_the_last_is_without_end(
        self, steps: tuple[tuple[str | None, str], ...]
    ) -> None:
        with pytest.raises(SlabsOutOfOrder):
            TariffVersion(id=1, from_on=date(2024, 4, 1), slabs=slabs(*steps))

    def test_each_slab_has_its_rate(self) -> None:
        parts = list(
            slab_portions(THREE, start=Decimal(0), quantity=Decimal(250), width_share=WHOLE)
        )
        assert parts == [
            (Fraction(100), Decimal(300)),
            (Fraction(100), Decimal("500.5")),
            (Fraction(50), Decimal(700)),
        ]

    def test_a_span_goes_on_where_the_month_stands(self) -> None:
        parts = list(
            slab_portions(THREE, start=Decimal(90), quantity=Decimal(20), width_share=WHOLE)
        )
        assert parts == [(Fraction(10), Decimal(300)), (Fraction(10), Decimal("500.5"))]

    def test_a_slab_that_is_full_to_the_limit_is_left(self) -> None:
        parts = list(
            slab_portions(THREE, start=Decimal(100), quantity=Decimal(1), width_share=WHOLE)
        )
        assert parts == [(Fraction(1), Decimal("500.5"))]

    def test_half_a_month_has_slabs_of_half_the_width(self) -> None:
        parts = list(
            slab_portions(
                THREE, start=Decimal(0), quantity=Decimal(250), width_share=Fraction(15, 30)
            )
        )
        assert parts == [
            (Fraction(50), Decimal(300)),
            (Fraction(50), Decimal("500.5")),
            (Fraction(150), Decimal(700)),
        ]

    def test_nothing_has_no_portion(self) -> None:
        assert not list(
            slab_portions(THREE, start=Decimal(0), quantity=Decimal(0), width_share=WHOLE)
        )

    @given(
        st.lists(st.integers(0, 90_000), min_size=1, max_size=8),
        st.fractions(Fraction(1, 31), WHOLE, max_denominator=31),
    )
    def test_any_split_has_the_same_quantity_and_cost(
        self, steps_wh: list[int], share: Fraction
    ) -> None:
        def cost(start: Decimal, quantity: Decimal) -> Fraction:
            parts = list(slab_portions(THREE, start=start, quantity=quantity, width_share=share))
            assert sum((taken for taken, _ in parts), Fraction(0)) == Fraction(quantity)
            return sum((taken * Fraction(rate) for taken, rate in parts), Fraction(0))

        position, total = Decimal(0), Fraction(0)
        for step in steps_wh:
            quantity = Decimal(step).scaleb(-3)
            total += cost(position, quantity)
            position += quantity
        assert total == cost(Decimal(0), position)


class TestPrices:
    """Rules 1.2 and 4.2."""

    def test_a_rate_may_have_a_fraction_of_a_paisa(self) -> None:
        ((taken, rate_paise),) = slab_portions(
            slabs((None, "650.55")),
            start=Decimal(0),
            quantity=Decimal("0.1"),
            width_share=Fraction(1),
        )
        assert taken * Fraction(rate_paise) == Fraction(65055, 1000)

    def test_no_price_pays_the_tenant(self) -> None:
        first = date(2024, 4, 1)
        with pytest.raises(PriceBelowZero):
            TariffVersion(id=1, from_on=first, slabs=slabs((None, "-1")))
        with pytest.raises(PriceBelowZero):
            TariffVersion(
                id=1,
                from_on=first,
                slabs=slabs((None, "1")),
                taxes=(Tax(name="GST", percent=Decimal(-18)),),
            )
        with pytest.raises(PriceBelowZero):
            TariffVersion(
                id=1,
                from_on=first,
                slabs=slabs((None, "1")),
                generator_rate_paise=Decimal(-1),
            )
        with pytest.raises(PriceBelowZero):
            TariffVersion(
                id=1,
                from_on=first,
                slabs=slabs((None, "1")),
                standing=StandingCharge(amount_paise=-1, per=StandingPer.DAY),
            )
