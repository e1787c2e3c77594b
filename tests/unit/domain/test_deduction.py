"""Rules 3, 4.1, 5.4 and 5.5: from what was seen of a counter to what can be charged."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deduction import (
    Sighting,
    Stretch,
    Stretches,
    day_of_end,
    needs_day_closes,
    stretches,
    terms_change_days,
)
from bot.domain.metering import MeterTerms, ReadingType, RegisterPoint
from bot.domain.period import close_of
from bot.domain.tariff import NoTariffOn, Slab, Tariff, TariffVersion
from bot.domain.timeline import Timeline
from tests.unit.domain.test_period import KOLKATA, PARIS

FLAT = (Slab(up_to=None, rate_paise=Decimal(650)),)
TARIFF = Tariff(
    id=1,
    name="Lakeside",
    versions=(
        TariffVersion(id=1, from_on=date(2024, 1, 1), slabs=FLAT),
        TariffVersion(id=2, from_on=date(2024, 11, 16), slabs=FLAT),
    ),
)
LAKESIDE = Timeline.of(TARIFF)
PLAIN = MeterTerms()
FIVE_DIGITS = MeterTerms(max_value=Decimal(100_000))


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """Return an instant of 2024 by the clock of the place."""
    return datetime(2024, month, day, hour, minute, tzinfo=KOLKATA).astimezone(UTC)


def point(instant: datetime, value: str) -> RegisterPoint:
    return RegisterPoint(at=instant, value=Decimal(value))


def seen(instant: datetime, value: str) -> Sighting:
    return Sighting(point=point(instant, value))


def close(day: int, value: str, *, month: int = 11) -> Sighting:
    return seen(close_of(date(2024, month, day), KOLKATA), value)


def cut(anchor: RegisterPoint, *sightings: Sighting, terms: MeterTerms = PLAIN) -> Stretches:
    return stretches(anchor, sightings, terms=terms, zone=KOLKATA, timeline=LAKESIDE)


def told(found: Stretches) -> list[tuple[date, str]]:
    return [(stretch.on, str(stretch.quantity)) for stretch in found.proven]


class TestDays:
    """Rule 1.5: half-open, in the place's zone."""

    def test_midnight_belongs_to_the_day_that_it_closes(self) -> None:
        assert day_of_end(at(13, 0), KOLKATA) == date(2024, 11, 12)
        assert day_of_end(at(13, 0) + timedelta(microseconds=1), KOLKATA) == date(2024, 11, 13)

    def test_terms_change_with_the_month_and_with_the_version(self) -> None:
        changes = terms_change_days(at(25, 9, month=10), at(3, 9, month=12), KOLKATA, LAKESIDE)
        assert changes == [date(2024, 10, 31), date(2024, 11, 15), date(2024, 11, 30)]

    def test_a_month_has_its_own_terms_in_every_zone(self) -> None:
        autumn = datetime(2026, 10, 31, 12, tzinfo=UTC)
        days = terms_change_days(autumn, autumn + timedelta(days=1), PARIS, LAKESIDE)
        assert days == [date(2026, 10, 31)]


class TestNeed:
    """An ordinary daily check rests on one live reading."""

    @pytest.mark.parametrize(
        ("start", "end", "needed"),
        [
            (at(11, 23, 59), at(12, 23, 59), False),
            (at(12, 9), at(12, 10), False),
            (at(10, 23, 59), at(12, 23, 59), True),
            (at(15, 23, 59), at(16, 23, 59), True),
            (at(30, 23, 59), at(1, 0, 5, month=12), True),
            (at(30, 23, 30), at(1, 0, month=12), False),
        ],
    )
    def test_closes_are_asked_for_after_a_missed_check_or_where_terms_change(
        self, start: datetime, end: datetime, *, needed: bool
    ) -> None:
        assert needs_day_closes(start, end, KOLKATA, LAKESIDE) is needed


class TestProven:
    """What can be charged."""

    def test_room_302_uses_11_8_kwh_from_check_to_check(self) -> None:
        found = cut(point(at(11, 23, 59), "1450.0"), seen(at(12, 23, 59), "1461.8"))
        assert found == Stretches(
            proven=(
                Stretch(
                    start=point(at(11, 23, 59), "1450.0"),
                    end=seen(at(12, 23, 59), "1461.8"),
                    quantity=Decimal("11.8"),
                    on=date(2024, 11, 12),
                ),
            )
        )

    def test_missed_days_are_charged_day_by_day_once_rule_5_5(self) -> None:
        anchor = point(at(3, 23, 59), "100")
        found = cut(
            anchor, close(5, "120"), close(4, "110"), close(3, "100.5"), seen(at(6, 12), "125")
        )
        assert told(found) == [
            (date(2024, 11, 3), "0.5"),
            (date(2024, 11, 4), "9.5"),
            (date(2024, 11, 5), "10"),
            (date(2024, 11, 6), "5"),
        ]

    def test_what_was_seen_up_to_the_anchor_is_not_charged_again(self) -> None:
        anchor = point(at(4, 0), "110")
        assert told(cut(anchor, close(2, "100"), close(3, "110"))) == []
        assert told(cut(anchor, close(3, "999"), close(4, "111"))) == [(date(2024, 11, 4), "1")]

    def test_nothing_seen_is_nothing_charged(self) -> None:
        assert cut(point(at(4, 0), "110")) == Stretches(proven=())

    def test_an_offline_device_is_charged_to_its_last_close_rule_5_4(self) -> None:
        found = cut(point(at(3, 23, 59), "100"), close(3, "100"), close(4, "110"))
        assert found.proven[-1].end.point.at == at(5, 0)

    def test_a_new_version_starts_at_its_midnight_even_without_a_close_rule_4_1(self) -> None:
        found = cut(point(at(15, 12), "100"), seen(at(16, 12), "110"))
        assert told(found) == [(date(2024, 11, 15), "5.000"), (date(2024, 11, 16), "5.000")]
        kinds = [stretch.end.type for stretch in found.proven]
        assert kinds == [ReadingType.ESTIMATED, ReadingType.AUTOMATIC]

    def test_a_close_at_the_change_is_used_instead_of_a_guess(self) -> None:
        found = cut(point(at(15, 12), "100"), close(15, "108"), seen(at(16, 12), "110"))
        assert told(found) == [(date(2024, 11, 15), "8"), (date(2024, 11, 16), "2")]

    def test_of_two_points_at_one_instant_the_live_one_holds(self) -> None:
        found = cut(point(at(3, 0), "100"), close(3, "109.9"), seen(at(4, 0), "110"))
        assert told(found) == [(date(2024, 11, 3), "10")]

    def test_a_counter_may_roll_over_between_closes(self) -> None:
        found = cut(
            point(at(3, 0), "99990"),
            close(3, "99999"),
            close(4, "8"),
            seen(at(5, 12), "12"),
            terms=FIVE_DIGITS,
        )
        assert [quantity for _, quantity in told(found)] == ["9", "9", "4"]

    def test_there_is_no_price_before_the_first_version(self) -> None:
        early = datetime(2023, 12, 30, 12, tzinfo=UTC)
        with pytest.raises(NoTariffOn):
            cut(point(early, "1"), seen(early + timedelta(days=1), "2"))


class TestContradictions:
    """Rules 3.3 and 3.5."""

    def test_a_counter_that_fell_charges_nothing(self) -> None:
        fallen = seen(at(5, 12), "50")
        found = cut(point(at(3, 0), "100"), close(3, "110"), fallen)
        assert found == Stretches(proven=(), fell=fallen)

    @pytest.mark.parametrize("terms", [PLAIN, MeterTerms(max_value=Decimal(1_000))])
    @pytest.mark.parametrize("value", ["100.80", "100.78"])
    def test_a_close_that_is_only_told_more_coarsely_is_no_fall(
        self, value: str, terms: MeterTerms
    ) -> None:
        told_finely = point(at(3, 23, 59), "100.87")
        assert cut(told_finely, close(3, value), close(9, value), terms=terms) == Stretches(
            proven=()
        )

    def test_a_counter_below_a_close_that_was_rounded_up_is_no_fall(self) -> None:
        rounded_up = point(close_of(date(2024, 11, 3), KOLKATA), "100.9")
        assert cut(rounded_up, seen(at(4, 1), "100.87")) == Stretches(proven=())
        assert told(cut(rounded_up, seen(at(4, 9), "101.37"))) == [(date(2024, 11, 4), "0.47")]

    def test_a_small_fall_between_two_live_readings_is_a_fall(self) -> None:
        fallen = seen(at(4, 9), "100.86")
        assert cut(point(at(3, 9), "100.87"), fallen).fell == fallen

    def test_a_close_below_by_more_than_its_coarseness_is_a_fall(self) -> None:
        fallen = close(3, "100.7")
        assert cut(point(at(3, 23, 59), "100.8"), fallen).fell == fallen

    @pytest.mark.parametrize("wrong", ["50", "99", "126", "9999"])
    def test_a_close_that_contradicts_the_newest_point_is_left_out(self, wrong: str) -> None:
        found = cut(
            point(at(3, 0), "100"), close(3, wrong), close(4, "120"), seen(at(5, 12), "125")
        )
        assert [quantity for _, quantity in told(found)] == ["20", "5"]

    def test_no_wrong_close_makes_a_small_counter_go_round_twice(self) -> None:
        small = MeterTerms(max_value=Decimal(100))
        found = cut(point(at(3, 0), "10"), close(3, "5"), seen(at(5, 12), "20"), terms=small)
        assert sum(stretch.quantity for stretch in found.proven) == 10

    def test_a_jump_is_held_and_the_days_before_it_are_charged(self) -> None:
        found = cut(point(at(3, 0), "100"), close(3, "110"), seen(at(4, 1), "126"))
        assert told(found) == [(date(2024, 11, 3), "10")]
        assert found.implausible is not None
        assert found.implausible.quantity == 16
        assert found.implausible.end == seen(at(4, 1), "126")

    def test_a_jump_is_held_whole_also_where_a_change_of_terms_would_halve_it(self) -> None:
        jump = seen(at(16, 0, 10), "120")
        found = cut(point(at(15, 23, 50), "100"), jump)
        assert found.proven == ()
        assert found.implausible is not None
        assert (found.implausible.end, found.implausible.quantity) == (jump, Decimal(20))


@given(
    st.integers(0, 99_999_000),
    st.lists(st.integers(0, 9_000), min_size=1, max_size=24 * 30),
    st.data(),
)
def test_whatever_was_seen_the_stretches_add_up_in_order_and_within_their_terms(
    start_wh: int, steps_wh: list[int], data: st.DataObject
) -> None:
    total, walked = start_wh, [start_wh]
    for step in steps_wh:
        total += step
        walked.append(total)
    begin = at(20, 7, month=10)
    every = [
        RegisterPoint(at=begin + timedelta(hours=hour), value=Decimal(wh % 100_000_000).scaleb(-3))
        for hour, wh in enumerate(walked)
    ]
    chosen = data.draw(st.sets(st.integers(1, len(every) - 1), max_size=12)) | {len(every) - 1}
    found = cut(every[0], *(Sighting(point=every[i]) for i in chosen), terms=FIVE_DIGITS)
    assert found.implausible is None
    assert found.fell is None
    assert sum(stretch.quantity for stretch in found.proven) == Decimal(total - start_wh).scaleb(-3)
    assert min(stretch.quantity for stretch in found.proven) >= 0
    for before, after in pairwise(found.proven):
        assert before.end.point == after.start
    for stretch in found.proven:
        assert not terms_change_days(stretch.start.at, stretch.end.point.at, KOLKATA, LAKESIDE)
