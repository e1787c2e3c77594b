"""Rule 3.6: use that deviates more than half from the meter's habit is flagged."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.metering import is_anomalous, per_day

DAY = timedelta(days=1)


class TestAnomaly:
    """Rule 3.6."""

    @pytest.mark.parametrize(
        ("day", "verdict"),
        [("15", False), ("15.001", True), ("5", False), ("4.999", True), ("10", False)],
    )
    def test_more_than_half_off_the_mean_either_way_is_flagged(
        self, day: str, *, verdict: bool
    ) -> None:
        past = [Decimal(9), Decimal(10), Decimal(11)]
        assert is_anomalous(Decimal(day), past) is verdict

    def test_fewer_than_three_past_days_tell_nothing(self) -> None:
        assert not is_anomalous(Decimal(1000), [Decimal(1), Decimal(1)])
        assert not is_anomalous(Decimal(1000), [])

    def test_a_small_mean_is_a_mean(self) -> None:
        assert not is_anomalous(Decimal("0.4"), [Decimal(1), Decimal(0), Decimal(0)])

    def test_only_the_last_six_count(self) -> None:
        past = [Decimal(1000), *[Decimal(10)] * 6]
        assert is_anomalous(Decimal(16), past)
        assert not is_anomalous(Decimal(15), past)

    def test_any_use_after_none_is_flagged_and_none_is_not(self) -> None:
        assert is_anomalous(Decimal("0.001"), [Decimal(0)] * 3)
        assert not is_anomalous(Decimal(0), [Decimal(0)] * 6)

    @given(st.integers(1, 10**6), st.integers(1, 60), st.integers(3, 6))
    def test_exactly_half_more_or_less_is_not_flagged_whatever_the_days(
        self, kwh: int, length: int, count: int
    ) -> None:
        past = [per_day(Decimal(kwh), length * DAY)] * count
        assert not is_anomalous(per_day(kwh * Decimal("1.5"), length * DAY), past)
        assert not is_anomalous(per_day(kwh * Decimal("0.5"), length * DAY), past)
        assert is_anomalous(per_day(kwh * Decimal("1.501"), length * DAY), past)

    def test_a_daily_figure_is_per_24_hours(self) -> None:
        assert per_day(Decimal("142.3"), 7 * DAY) * 7 == pytest.approx(Decimal("142.3"))
        assert per_day(Decimal(1), timedelta(hours=1)) == 24
