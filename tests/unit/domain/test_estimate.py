"""Rules 3.6 and 3.7: how far a use is off the habit, and what is assumed until somebody reads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.anomaly import deviation
from bot.domain.estimate import NoHabit, estimated, trued_up
from bot.domain.metering import MeterTerms, Reading, ReadingStatus, ReadingType, RegisterPoint
from bot.domain.reading_chain import counted

START = datetime(2025, 10, 25, 18, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TEN = [Decimal(10)] * 3


def point(value: str | Decimal, day: int = 0) -> RegisterPoint:
    return RegisterPoint(at=START + day * DAY, value=Decimal(value))


def guess(at: RegisterPoint) -> Reading:
    return Reading(meter_id=1, installation_id=1, point=at, type=ReadingType.ESTIMATED)


class TestDeviation:
    """Rule 3.6, with its numbers."""

    def test_it_tells_the_mean_and_the_share_above_it(self) -> None:
        found = deviation(Decimal(74), [Decimal(9), Decimal(10), Decimal(11)])
        assert found is not None
        assert (found.mean_per_day, found.percent, found.sample) == (Decimal(10), 640, 3)
        assert found.is_anomalous

    def test_less_than_usual_is_told_as_less(self) -> None:
        found = deviation(Decimal(5), TEN)
        assert found is not None
        assert (found.percent, found.is_anomalous) == (-50, False)

    def test_of_nothing_there_is_no_share(self) -> None:
        found = deviation(Decimal(1), [Decimal(0)] * 3)
        assert found is not None
        assert (found.percent, found.mean_per_day, found.is_anomalous) == (None, Decimal(0), True)

    def test_two_earlier_uses_are_no_habit(self) -> None:
        assert deviation(Decimal(1), TEN[:2]) is None


class TestEstimate:
    """Rule 3.7."""

    def test_it_goes_on_as_the_last_six_uses_did(self) -> None:
        past = [Decimal(1000), *[Decimal(x) for x in (8, 9, 10, 11, 12, 10)]]
        assert estimated(point("100"), START + 3 * DAY, past_per_day=past, terms=MeterTerms()) == (
            point("130", 3)
        )

    def test_a_multiplier_and_the_end_of_the_counter_are_minded(self) -> None:
        terms = MeterTerms(multiplier=Decimal(10), max_value=Decimal(1000))
        found = estimated(point("995"), START + 7 * DAY, past_per_day=TEN, terms=terms)
        assert found == point("2", 7)

    def test_without_any_use_nothing_can_be_said(self) -> None:
        with pytest.raises(NoHabit):
            estimated(point("1"), START + DAY, past_per_day=[], terms=MeterTerms())

    def test_an_estimate_that_was_low_stays(self) -> None:
        assert trued_up(point("0"), [guess(point("5", 1))], point("20", 2), MeterTerms()) == ()

    def test_one_that_was_high_comes_down_to_an_even_pace(self) -> None:
        (found,) = trued_up(point("0"), [guess(point("30", 1))], point("20", 2), MeterTerms())
        assert found.point == point("10", 1)

    def test_one_before_the_end_of_the_counter_is_not_above_one_after_it(self) -> None:
        terms = MeterTerms(max_value=Decimal(1000))
        late = guess(point("995", 1))
        assert trued_up(point("990"), [late], point("5", 2), terms) == ()
        early = guess(point("7", 1))
        assert trued_up(point("990"), [early], point("5", 2), terms) != ()


@given(
    st.integers(0, 10**6),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=4),
    st.integers(0, 10**6),
)
def test_all_periods_together_come_to_what_was_really_used(
    last_wh: int, guesses_wh: list[int], used_wh: int
) -> None:
    last = replace(guess(point(Decimal(last_wh).scaleb(-3))), type=ReadingType.MANUAL)
    actual = point(Decimal(last_wh + used_wh).scaleb(-3), len(guesses_wh) + 1)
    value, guesses = last_wh, []
    for day, wh in enumerate(guesses_wh, start=1):
        value += wh
        guesses.append(guess(point(Decimal(value).scaleb(-3), day)))
    changed = trued_up(last.point, guesses, actual, MeterTerms())
    instead = {each.estimate: replace(each.estimate, point=each.point) for each in changed}
    chain = counted(
        [
            last,
            *(replace(each, status=ReadingStatus.CORRECTED) for each in instead),
            *(instead.get(each, each) for each in guesses),
            replace(last, point=actual),
        ],
        {1: MeterTerms()},
    )
    uses = [each.consumption for each in chain if each.consumption is not None]
    assert sum(uses, Decimal(0)) == Decimal(used_wh).scaleb(-3)
    assert all(use >= 0 for use in uses)
