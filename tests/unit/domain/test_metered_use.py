"""What a meter counted between two instants, also where its device was replaced."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.metered_use import Counter, CounterUnknown, use_between
from bot.domain.metering import MeterTerms, RegisterPoint, RegisterWentBackwards

START = datetime(2025, 11, 1, tzinfo=UTC)
WIDE = MeterTerms(limit_per_hour=Decimal(1000))


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def counter(*points: tuple[int, str], at: int = 1, closed: bool = False) -> Counter:
    return Counter(
        installation_id=at,
        points=tuple(RegisterPoint(at=day(on), value=Decimal(value)) for on, value in points),
        terms=WIDE,
        is_closed=closed,
    )


def counted(*counters: Counter, instants: tuple[int, ...]) -> list[Decimal]:
    return list(use_between(counters, [day(each) for each in instants]).counted)


def test_known_points_are_taken_as_they_are() -> None:
    assert counted(counter((0, "100"), (10, "160")), instants=(0, 10)) == [0, 60]


def test_between_points_the_counter_runs_evenly() -> None:
    assert counted(counter((0, "100"), (10, "200")), instants=(2, 5, 7)) == [0, 30, 50]


def test_a_replaced_device_counts_in_both_its_installations_and_nothing_between() -> None:
    old = counter((0, "900"), (4, "940"), closed=True)
    new = counter((5, "3"), (10, "13"), at=2)
    assert counted(old, new, instants=(0, 2, 10)) == [0, 20, 50]
    assert counted(old, new, instants=(5, 10)) == [0, 10]


def test_nothing_is_guessed_before_the_first_or_after_the_last_reading() -> None:
    known = counter((1, "100"), (9, "180"))
    for instants in ((0, 5), (1, 11)):
        with pytest.raises(CounterUnknown):
            counted(known, instants=instants)


def test_a_reading_of_the_last_day_stands_for_its_close_where_people_read() -> None:
    half = Counter(
        installation_id=1,
        points=(
            RegisterPoint(at=day(0), value=Decimal(100)),
            RegisterPoint(at=day(10) - timedelta(hours=9), value=Decimal(150)),
        ),
        terms=WIDE,
        is_by_hand=True,
    )
    assert counted(half, instants=(0, 10)) == [0, 50]


def test_readings_that_are_too_far_apart_tell_nothing_between() -> None:
    with pytest.raises(CounterUnknown):
        counted(counter((0, "100"), (80, "900")), instants=(0, 40))


def test_what_was_settled_before_holds() -> None:
    settled = Counter(
        installation_id=1,
        points=counter((0, "100"), (20, "300")).points,
        terms=WIDE,
        agreed={day(10): Decimal(190)},
    )
    assert counted(settled, instants=(10, 20)) == [0, 110]


def test_a_close_that_is_told_more_coarsely_is_no_fall() -> None:
    assert counted(counter((0, "100.049"), (10, "100.0")), instants=(0, 10)) == [0, 0]


def test_a_fall_that_nothing_explains_is_refused() -> None:
    with pytest.raises(RegisterWentBackwards):
        counted(counter((0, "100"), (10, "90")), instants=(0, 10))
