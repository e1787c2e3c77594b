"""Rule 5.7: each warning once per crossing, and again only after the balance recovered."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.warning import LONGEST, Armed, Forecast, cost_before, forecast, warnings

DAY = timedelta(days=1)
CUT_OFF, LOW = 10_000, 50_000
NOTHING_GIVEN = Armed()


def walk(
    *balances: int, daily: int | None = 7_670, every: timedelta = DAY, low: int = LOW
) -> list[str]:
    """Return what is said at each balance in turn: "low", "last", "" or both."""
    armed, said = NOTHING_GIVEN, []
    for balance in balances:
        lasts = forecast(
            balance_paise=balance, cut_off_paise=CUT_OFF, week_cost_paise=daily or 0, days=1
        )
        due = warnings(
            balance_paise=balance,
            cut_off_paise=CUT_OFF,
            low_balance_paise=low,
            forecast=lasts,
            check_every=every,
            armed=armed,
        )
        armed = due.armed
        said.append(" ".join(word for word in ("low", "last") if getattr(due, word)))
    return said


class TestForecast:
    """Balance above the cut-off ÷ mean daily cost of the last seven days."""

    def test_it_is_what_is_above_the_cut_off_by_the_mean_day(self) -> None:
        assert forecast(
            balance_paise=128_450, cut_off_paise=10_000, week_cost_paise=53_690, days=7
        ) == Forecast(
            lasts=timedelta(seconds=118_450 * 7 * 86_400 // 53_690), daily_cost_paise=7670
        )

    def test_fewer_days_are_their_own_mean(self) -> None:
        after_two = forecast(balance_paise=40_000, cut_off_paise=0, week_cost_paise=20_000, days=2)
        assert after_two == Forecast(lasts=4 * DAY, daily_cost_paise=10_000)

    @pytest.mark.parametrize("cost", [0, -500])
    def test_without_use_there_is_no_end(self, cost: int) -> None:
        unused = forecast(balance_paise=1, cut_off_paise=0, week_cost_paise=cost, days=7)
        assert unused == Forecast(lasts=None, daily_cost_paise=0)

    def test_below_the_cut_off_nothing_is_left(self) -> None:
        spent = forecast(balance_paise=8_550, cut_off_paise=10_000, week_cost_paise=700, days=7)
        assert spent.lasts == timedelta(0)

    def test_before_the_first_day_is_over_it_counts_as_one(self) -> None:
        first = forecast(balance_paise=200, cut_off_paise=0, week_cost_paise=100, days=0)
        assert first.lasts == 2 * DAY

    def test_the_mean_is_rounded_half_up(self) -> None:
        mean = forecast(balance_paise=0, cut_off_paise=0, week_cost_paise=5, days=2)
        assert mean.daily_cost_paise == 3

    def test_a_very_long_time_is_still_a_date(self) -> None:
        rich = forecast(balance_paise=10**12, cut_off_paise=0, week_cost_paise=1, days=7)
        assert rich.lasts == LONGEST


class TestLow:
    """Below the low-balance threshold."""

    def test_it_is_said_once_per_crossing(self) -> None:
        assert walk(50_000, 49_999, 40_000, 30_000) == ["", "low", "", ""]

    def test_it_is_armed_again_when_the_balance_recovers(self) -> None:
        assert walk(49_000, 50_000, 49_000) == ["low", "", "low"]

    def test_a_payment_that_does_not_reach_the_mark_does_not_repeat_it(self) -> None:
        assert walk(30_000, 49_999, 45_000) == ["low", "", ""]

    def test_it_is_not_said_beside_the_last_warning_nor_after_it(self) -> None:
        assert walk(60_000, 15_000, 12_000) == ["", "last", ""]


class TestLast:
    """The cut is expected within 24 h, or one check interval if that is longer."""

    def test_it_comes_when_a_day_is_left_and_not_before(self) -> None:
        assert walk(17_671, low=0) == [""]
        assert walk(17_670, low=0) == ["last"]

    def test_it_comes_a_week_before_when_checks_are_weekly(self) -> None:
        week = timedelta(weeks=1)
        assert walk(10_000 + 7 * 7_670, every=week, low=0) == ["last"]
        assert walk(10_000 + 7 * 7_670 + 1, every=week, low=0) == [""]

    def test_hourly_checks_still_give_24_hours(self) -> None:
        assert walk(17_670, every=timedelta(hours=1), low=0) == ["last"]

    def test_it_is_said_once_while_the_balance_falls(self) -> None:
        assert walk(17_000, 15_000, 10_000, 10_000, low=0) == ["last", "", "", ""]

    def test_it_is_armed_again_when_the_balance_recovers(self) -> None:
        assert walk(17_000, 217_000, 17_000, low=0) == ["last", "", "last"]

    def test_a_payment_too_small_to_matter_does_not_repeat_it(self) -> None:
        assert walk(15_000, 16_000, 14_000, low=0) == ["last", "", ""]

    def test_a_forecast_that_wavers_does_not_repeat_it(self) -> None:
        given_before = Armed(low_given=True, last_given_paise=15_000)
        for lasts in (DAY + DAY, DAY, DAY * 2, None, DAY):
            due = warnings(
                balance_paise=15_000,
                cut_off_paise=CUT_OFF,
                low_balance_paise=LOW,
                forecast=Forecast(lasts=lasts, daily_cost_paise=7_670),
                check_every=DAY,
                armed=given_before,
            )
            assert not due.last
            given_before = due.armed

    def test_a_room_that_was_cut_and_barely_restored_is_warned_again(self) -> None:
        assert walk(17_000, 8_550, 10_500, low=0) == ["last", "", "last"]

    def test_below_the_cut_off_there_is_nothing_left_to_warn_of(self) -> None:
        assert walk(9_999, low=0) == [""]

    def test_at_the_cut_off_power_is_still_on_and_it_is_said(self) -> None:
        assert walk(10_000, low=0) == ["last"]

    def test_a_room_without_use_is_not_warned_of_a_cut(self) -> None:
        assert walk(10_000, 10_000, daily=None, low=0) == ["", ""]


falling = st.lists(st.integers(0, 200_000), min_size=1, max_size=20).map(
    lambda balances: sorted(balances, reverse=True)
)


class TestProperties:
    """Whatever the balances."""

    @given(falling, st.integers(1, 50_000))
    def test_a_falling_balance_hears_each_warning_at_most_once(
        self, balances: list[int], daily: int
    ) -> None:
        words = " ".join(walk(*balances, daily=daily)).split()
        assert len(words) == len(set(words))

    @given(st.lists(st.integers(0, 200_000), min_size=2, max_size=20), st.integers(1, 50_000))
    def test_a_low_warning_needs_a_crossing_of_the_mark(
        self, balances: list[int], daily: int
    ) -> None:
        said = walk(*balances, daily=daily)
        for (before, now), word in zip(pairwise(balances), said[1:], strict=True):
            assert "low" not in word or before >= LOW > now

    @given(st.lists(st.integers(0, 200_000), min_size=1, max_size=20), st.integers(1, 50_000))
    def test_nobody_falls_below_the_mark_unwarned(self, balances: list[int], daily: int) -> None:
        before = LOW
        for balance, word in zip(balances, walk(*balances, daily=daily), strict=True):
            assert word or not (before >= LOW > balance)
            before = balance


@pytest.mark.parametrize(
    ("days_before", "days", "paise"),
    [(0, 7, 0), (-1, 3, 0), (21, 28, 7_500), (28, 28, 10_000), (1, 3, 3_333)],
)
def test_what_was_used_before_the_week_is_no_cost_of_it(
    days_before: int, days: int, paise: int
) -> None:
    since_at = datetime(2026, 11, 12, tzinfo=UTC)
    from_at = since_at - timedelta(days=days_before)
    to_at = from_at + timedelta(days=days)
    assert cost_before(10_000, from_at=from_at, to_at=to_at, since_at=since_at) == paise
