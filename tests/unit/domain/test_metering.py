"""Section 3, rules 1 to 5: what a meter counted."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.metering import (
    UNITS,
    ImpossibleTerms,
    InstantOutside,
    MeterTerms,
    MeterType,
    NotARegisterValue,
    RegisterPoint,
    RegisterWentBackwards,
    consumption_between,
    interpolate,
    is_plausible,
)

START = datetime(2024, 10, 25, 18, 29, tzinfo=UTC)
DAY = timedelta(days=1)
FIVE_DIGITS = MeterTerms(max_value=Decimal(100_000))
PLAIN = MeterTerms()

wh = st.integers(0, 5_000)


def point(value: str | Decimal, *, after: timedelta = timedelta(0)) -> RegisterPoint:
    return RegisterPoint(at=START + after, value=Decimal(value))


def used(*values: str, terms: MeterTerms = PLAIN) -> Decimal:
    points = [point(value, after=number * DAY) for number, value in enumerate(values)]
    return sum((consumption_between(a, b, terms) for a, b in pairwise(points)), Decimal(0))


def chain(start: Decimal, steps_wh: list[int], modulus: Decimal) -> list[RegisterPoint]:
    """Return the hourly points of a counter that rolls over at its modulus."""
    points, value = [point(start)], start
    for hour, step in enumerate(steps_wh, start=1):
        value = (value + Decimal(step).scaleb(-3)) % modulus
        points.append(point(value, after=timedelta(hours=hour)))
    return points


class TestConsumption:
    """Rule 3.1."""

    def test_room_302_used_11_8_kwh_on_its_first_day(self) -> None:
        assert used("1450.0", "1461.8") == Decimal("11.8")

    def test_the_month_of_the_specification_used_339_5_kwh(self) -> None:
        assert used("1450.0", "1789.5") == Decimal("339.5")

    def test_the_week_of_the_specification_is_142_3_kwh_whole_or_by_day(self) -> None:
        week = ("1000.0", "1025.5", "1048.2", "1073.8", "1095.1", "1118.7", "1142.3")
        assert used(*week) == used(week[0], week[-1]) == Decimal("142.3")

    def test_the_multiplier_scales_what_the_counter_shows(self) -> None:
        assert used("10.001", "10.002", terms=MeterTerms(multiplier=Decimal("1.5"))) == Decimal(
            "0.0015"
        )
        assert used("100", "110", terms=MeterTerms(multiplier=Decimal(40))) == 400

    def test_nothing_used_is_nothing(self) -> None:
        assert used("1450.0", "1450.000") == 0

    @pytest.mark.parametrize("multiplier", ["0", "-1", "0.0001"])
    def test_a_multiplier_that_could_not_be_stored_or_pays_back_is_refused(
        self, multiplier: str
    ) -> None:
        with pytest.raises(ImpossibleTerms):
            MeterTerms(multiplier=Decimal(multiplier))

    @pytest.mark.parametrize("modulus", ["0", "-100000"])
    def test_a_modulus_is_above_zero(self, modulus: str) -> None:
        with pytest.raises(ImpossibleTerms):
            MeterTerms(max_value=Decimal(modulus))

    def test_a_limit_is_above_zero(self) -> None:
        with pytest.raises(ImpossibleTerms):
            MeterTerms(limit_per_hour=Decimal(0))


class TestRegisterValue:
    """Rule 1.1: exact thousandths."""

    @pytest.mark.parametrize(
        "value", ["-0.001", "0.0001", "1e-30", "NaN", "sNaN", "Infinity", "1e30", "1e12"]
    )
    def test_what_no_counter_shows_is_refused(self, value: str) -> None:
        with pytest.raises(NotARegisterValue):
            point(value)

    @pytest.mark.parametrize("value", ["0", "0.001", "1450.0", "1450.000000", "999999999999.999"])
    def test_a_counter_shows_thousandths(self, value: str) -> None:
        assert point(value).value == Decimal(value)

    def test_every_type_of_meter_has_a_unit(self) -> None:
        assert set(UNITS) == set(MeterType)


class TestRollover:
    """Rules 3.2 and 3.3."""

    def test_a_five_digit_counter_rolls_over_at_its_modulus(self) -> None:
        assert used("99995.5", "6.3", terms=FIVE_DIGITS) == Decimal("10.8")

    def test_the_multiplier_counts_across_the_rollover(self) -> None:
        terms = MeterTerms(max_value=Decimal(100_000), multiplier=Decimal(2))
        assert used("99999", "1", terms=terms) == 4

    def test_a_fall_without_a_modulus_is_refused_rule_3_3(self) -> None:
        with pytest.raises(RegisterWentBackwards) as refusal:
            used("1461.8", "1450.0")
        assert (refusal.value.previous, refusal.value.value) == (
            Decimal("1461.8"),
            Decimal("1450.0"),
        )

    def test_a_fall_that_no_plausible_rollover_explains_is_refused(self) -> None:
        with pytest.raises(RegisterWentBackwards):
            used("50000", "49999", terms=FIVE_DIGITS)

    def test_a_rollover_is_plausible_up_to_the_limit_and_not_beyond(self) -> None:
        assert used("99900", "260", terms=FIVE_DIGITS) == 360
        with pytest.raises(RegisterWentBackwards):
            used("99900", "260.001", terms=FIVE_DIGITS)

    def test_a_counter_above_its_modulus_did_not_roll_over(self) -> None:
        with pytest.raises(RegisterWentBackwards):
            used("100000", "1", terms=FIVE_DIGITS)

    def test_an_older_reading_is_no_rollover(self) -> None:
        small = MeterTerms(max_value=Decimal(10))
        with pytest.raises(RegisterWentBackwards):
            consumption_between(point("9"), point("8", after=-DAY), small)
        with pytest.raises(RegisterWentBackwards):
            consumption_between(point("9"), point("8"), small)

    @given(st.integers(0, 99_999_999), st.lists(wh, min_size=1, max_size=40), st.data())
    def test_any_partition_of_a_counter_that_rolls_sums_to_the_same(
        self, start_wh: int, steps: list[int], data: st.DataObject
    ) -> None:
        points = chain(Decimal(start_wh).scaleb(-3), steps, Decimal(100_000))
        inner = data.draw(st.sets(st.integers(0, len(points) - 1)))
        chosen = [points[i] for i in sorted(inner | {0, len(points) - 1})]
        parts = [consumption_between(a, b, FIVE_DIGITS) for a, b in pairwise(chosen)]
        assert min(parts) >= 0
        assert sum(parts) == Decimal(sum(steps)).scaleb(-3)

    @given(st.integers(0, 10**8), st.integers(0, 10**8), st.sampled_from([PLAIN, FIVE_DIGITS]))
    def test_consumption_is_never_negative(
        self, before_wh: int, after_wh: int, terms: MeterTerms
    ) -> None:
        before = point(Decimal(before_wh).scaleb(-3))
        after = point(Decimal(after_wh).scaleb(-3), after=DAY)
        with suppress(RegisterWentBackwards):
            assert consumption_between(before, after, terms) >= 0


class TestSwap:
    """Rule 3.4: each installation is counted by itself, so a swap is never a rollover."""

    def test_the_parts_before_and_after_a_swap_add_up(self) -> None:
        assert used("1450.0", "1455.0") + used("0", "6.8") == Decimal("11.8")

    @given(
        st.lists(wh, min_size=1, max_size=20),
        st.lists(wh, min_size=1, max_size=20),
        st.integers(0, 10**7),
        st.integers(0, 10**7),
    )
    def test_no_reading_of_either_device_changes_the_sum(
        self, old_steps: list[int], new_steps: list[int], old_start: int, new_start: int
    ) -> None:
        modulus = Decimal(10**6)
        old = chain(Decimal(old_start).scaleb(-3), old_steps, modulus)
        new = chain(Decimal(new_start).scaleb(-3), new_steps, modulus)
        whole = sum(consumption_between(d[0], d[-1], PLAIN) for d in (old, new))
        parts = [consumption_between(a, b, PLAIN) for d in (old, new) for a, b in pairwise(d)]
        assert sum(parts) == whole == Decimal(sum(old_steps) + sum(new_steps)).scaleb(-3)
        assert min(parts) >= 0


class TestPlausibility:
    """Rule 3.5."""

    @pytest.mark.parametrize(
        ("kwh", "elapsed", "verdict"),
        [
            ("15", timedelta(hours=1), True),
            ("15.001", timedelta(hours=1), False),
            ("15", timedelta(seconds=1), True),
            ("15.001", timedelta(seconds=1), False),
            ("15", timedelta(0), True),
            ("360", DAY, True),
            ("360.001", DAY, False),
            ("0", DAY, True),
        ],
    )
    def test_up_to_15_kw_over_at_least_an_hour_is_plausible(
        self, kwh: str, elapsed: timedelta, *, verdict: bool
    ) -> None:
        assert is_plausible(Decimal(kwh), elapsed, PLAIN) is verdict

    def test_the_limit_is_the_meters_own(self) -> None:
        gas = MeterTerms(limit_per_hour=Decimal("0.5"))
        assert is_plausible(Decimal(12), DAY, gas)
        assert not is_plausible(Decimal("12.001"), DAY, gas)


class TestInterpolation:
    """Rule 4.1 where history lacks a close: a split never changes the sum."""

    @given(st.lists(wh, min_size=1, max_size=48), st.integers(0, 10**8), st.floats(0, 1))
    def test_a_point_in_between_splits_what_was_used_without_rest(
        self, steps: list[int], start_wh: int, share: float
    ) -> None:
        points = chain(Decimal(start_wh % 10**8).scaleb(-3), steps, Decimal(100_000))
        first, last = points[0], points[-1]
        middle = interpolate(first, last, first.at + share * (last.at - first.at), FIVE_DIGITS)
        parts = [
            consumption_between(first, middle, FIVE_DIGITS),
            consumption_between(middle, last, FIVE_DIGITS),
        ]
        assert sum(parts) == consumption_between(first, last, FIVE_DIGITS)
        assert min(parts) >= 0

    def test_half_the_time_is_half_the_use_also_across_the_rollover(self) -> None:
        first, last = point("99999"), point("2", after=DAY)
        assert interpolate(first, last, START + DAY / 2, FIVE_DIGITS).value == Decimal("0.5")
        with pytest.raises(RegisterWentBackwards):
            interpolate(first, last, START + DAY / 2)

    def test_the_counter_shows_nought_at_its_modulus(self) -> None:
        first, last = point("99999"), point("1", after=DAY)
        assert interpolate(first, last, START + DAY / 2, FIVE_DIGITS).value == 0

    def test_the_multiplier_is_not_on_the_counter(self) -> None:
        first, last = point("100"), point("110", after=DAY)
        terms = MeterTerms(multiplier=Decimal(40))
        assert interpolate(first, last, START + DAY / 2, terms).value == 105

    def test_the_ends_are_themselves(self) -> None:
        first, last = point("1450.0"), point("1461.8", after=DAY)
        assert interpolate(first, last, first.at) == first
        assert interpolate(first, last, last.at) == last
        assert interpolate(first, first, first.at) == first

    @pytest.mark.parametrize("outside", [-timedelta(microseconds=1), DAY + DAY])
    def test_nothing_is_guessed_outside(self, outside: timedelta) -> None:
        with pytest.raises(InstantOutside) as refusal:
            interpolate(point("1450.0"), point("1461.8", after=DAY), START + outside)
        assert refusal.value.at == START + outside
