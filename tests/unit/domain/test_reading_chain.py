"""Rules 3.1 to 3.4 and 3.8: use over devices, rollovers, swaps, late and corrected readings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.metering import (
    MeterTerms,
    Reading,
    ReadingStatus,
    ReadingType,
    RegisterPoint,
    RegisterWentBackwards,
)
from bot.domain.reading_chain import (
    Counted,
    CounterOvertaken,
    as_finely_as_known,
    counted,
    daily_uses,
    fit,
    to_measure_from,
)

START = datetime(2025, 10, 25, 18, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MODULUS = Decimal(1000)


def point(value: str, *, day: float = 0) -> RegisterPoint:
    return RegisterPoint(at=START + day * DAY, value=Decimal(value))


def read(value: str, *, day: float = 0, installation: int = 1, **more: object) -> Reading:
    return replace(
        Reading(
            meter_id=1,
            installation_id=installation,
            point=point(value, day=day),
            type=ReadingType.MANUAL,
        ),
        **more,  # type: ignore[arg-type]
    )


def uses(*readings: Reading, terms: MeterTerms | None = None) -> list[Decimal | None]:
    every = dict.fromkeys({each.installation_id for each in readings}, terms or MeterTerms())
    return [each.consumption for each in counted(readings, every)]


class TestChain:
    """What follows from the readings alone."""

    def test_each_reading_tells_its_predecessor_and_the_use_since(self) -> None:
        found = counted([read("12", day=1), read("10")], {1: MeterTerms(multiplier=Decimal(20))})
        assert [each.reading.point.value for each in found] == [10, 12]
        assert found[1] == Counted(
            reading=read("12", day=1), previous=read("10"), consumption=Decimal(40)
        )

    def test_the_first_reading_of_each_installation_opens_it(self) -> None:
        swapped = [read("990"), read("995", day=1), read("3", day=2, installation=2)]
        assert uses(*swapped, read("7", day=3, installation=2)) == [None, 5, None, 4]

    def test_each_installation_is_counted_by_its_own_multiplier(self) -> None:
        old = [read("0"), read("1", day=1)]
        new = [read("1", day=2, installation=2), read("2", day=3, installation=2)]
        terms = {1: MeterTerms(), 2: MeterTerms(multiplier=Decimal(40))}
        chain = counted([*old, *new], terms)
        assert [each.consumption for each in chain] == [None, 1, None, 40]

    @pytest.mark.parametrize(
        "status", [ReadingStatus.HELD, ReadingStatus.REJECTED, ReadingStatus.CORRECTED]
    )
    def test_what_was_not_accepted_does_not_count(self, status: ReadingStatus) -> None:
        assert uses(read("10"), read("99", day=1, status=status), read("12", day=2)) == [None, 2]

    def test_an_accepted_rollover_counts_however_large(self) -> None:
        terms = MeterTerms(max_value=MODULUS, limit_per_hour=Decimal("0.001"))
        assert uses(read("900"), read("100", day=1), terms=terms) == [None, 200]

    def test_a_fall_that_nothing_explains_is_no_use(self) -> None:
        with pytest.raises(RegisterWentBackwards):
            uses(read("10"), read("9", day=1))


class TestFit:
    """A reading between those that are there already."""

    def test_a_late_reading_splits_the_use_around_it(self) -> None:
        found = fit(
            point("12", day=1), before=point("10"), after=point("15", day=2), terms=MeterTerms()
        )
        assert (found.consumption, found.following, found.is_jump) == (
            Decimal(2),
            Decimal(3),
            False,
        )

    def test_the_first_and_the_last_have_one_neighbour(self) -> None:
        first = fit(point("12"), before=None, after=point("15", day=1), terms=MeterTerms())
        assert (first.consumption, first.following) == (None, Decimal(3))
        last = fit(point("12", day=1), before=point("10"), after=None, terms=MeterTerms())
        assert (last.consumption, last.following) == (Decimal(2), None)

    def test_below_the_one_before_it_fell(self) -> None:
        with pytest.raises(RegisterWentBackwards) as fell:
            fit(point("9", day=1), before=point("10"), after=None, terms=MeterTerms())
        assert (fell.value.previous, fell.value.value) == (Decimal(10), Decimal(9))

    def test_above_the_one_after_there_is_no_room(self) -> None:
        with pytest.raises(CounterOvertaken) as overtaken:
            fit(point("16", day=1), before=None, after=point("15", day=2), terms=MeterTerms())
        assert overtaken.value.next_point.value == 15

    def test_no_reading_adds_a_turn_of_the_counter(self) -> None:
        terms = MeterTerms(max_value=MODULUS, limit_per_hour=Decimal(1000))
        with pytest.raises(CounterOvertaken):
            fit(point("50", day=1), before=point("100"), after=point("200", day=2), terms=terms)

    def test_a_rollover_may_lie_on_either_side(self) -> None:
        terms = MeterTerms(max_value=MODULUS)
        ends = {"before": point("990"), "after": point("10", day=2)}
        early = fit(point("995", day=1), **ends, terms=terms)
        late = fit(point("4", day=1), **ends, terms=terms)
        assert (early.consumption, early.following) == (Decimal(5), Decimal(15))
        assert (late.consumption, late.following) == (Decimal(14), Decimal(6))

    @pytest.mark.parametrize(("value", "is_jump"), [("360", False), ("361", True)])
    def test_more_than_is_plausible_is_a_jump(self, value: str, *, is_jump: bool) -> None:
        found = fit(point(value, day=1), before=point("0"), after=None, terms=MeterTerms())
        assert found.is_jump is is_jump

    def test_too_little_leaves_a_jump_behind(self) -> None:
        after = point("400", day=1 + 1 / 24)
        found = fit(point("10", day=1), before=point("0"), after=after, terms=MeterTerms())
        assert found.is_jump


@pytest.mark.parametrize(
    ("typed", "known"), [("1450.3", "1450.37"), ("1450.2", "1450.2"), ("1450.4", "1450.4")]
)
def test_a_person_reads_fewer_digits_than_a_device_tells(typed: str, known: str) -> None:
    found = as_finely_as_known(Decimal(typed), before=Decimal("1450.37"), decimals=1)
    assert found == Decimal(known)
    assert as_finely_as_known(Decimal(typed), before=None, decimals=1) == Decimal(typed)


def test_the_habit_is_the_last_six_uses_per_day_without_estimates() -> None:
    days = [0, 1, 2, 4, 5, 6, 7, 8, 9]
    taken = [read(str(10 * day), day=day) for day in days]
    guessed = read("11", day=3, type=ReadingType.ESTIMATED)
    assert daily_uses([*taken, guessed], {1: MeterTerms()}) == [Decimal(10)] * 6


def test_two_looks_in_a_minute_are_no_habit() -> None:
    minute = 1 / 1440
    taken = [read("0", day=0), read("10", day=1), read("10.4", day=1 + minute), read("20", day=2)]
    assert daily_uses(taken, {1: MeterTerms()}) == [Decimal(10)] * 2
    at = point("0", day=2 + minute).at
    assert to_measure_from(taken, installation_id=1, at=at) == taken[2]


def test_a_use_is_measured_over_most_of_a_day() -> None:
    taken = [read("0", day=0), read("10", day=1)]
    assert to_measure_from(taken, installation_id=1, at=point("0", day=1.5).at) == taken[0]
    assert to_measure_from(taken, installation_id=1, at=point("0", day=0.5).at) is None
    assert to_measure_from(taken, installation_id=2, at=point("0", day=9).at) is None


def test_the_habit_goes_on_across_a_replaced_device() -> None:
    swapped = [read("1", day=0), read("3", day=1)]
    swapped += [read(v, day=d, installation=2) for v, d in (("0", 1), ("4", 3))]
    assert daily_uses(swapped, {1: MeterTerms(), 2: MeterTerms()}) == [Decimal(2)] * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A meter over its devices: what was used in each hour, and where devices were replaced."""

    hourly_wh: tuple[int, ...]
    swaps: tuple[int, ...]
    starts: tuple[Decimal, ...]
    multiplier: Decimal

    @property
    def terms(self) -> dict[int, MeterTerms]:
        """Every device is a counter of three digits."""
        one = MeterTerms(multiplier=self.multiplier, max_value=MODULUS)
        return dict.fromkeys(range(len(self.swaps) + 1), one)

    def device(self, hour: int) -> int:
        """Return the device that counts in an hour."""
        return sum(swap <= hour for swap in self.swaps)

    def begins(self, device: int) -> int:
        """Return the first hour of a device."""
        return (0, *self.swaps)[device]

    def ends(self, device: int) -> int:
        """Return the hour in which a device is taken out."""
        return (*self.swaps, len(self.hourly_wh))[device]

    def shows(self, device: int, hour: int) -> Decimal:
        """Return the counter of a device."""
        ran = Decimal(sum(self.hourly_wh[self.begins(device) : hour])).scaleb(-3)
        return (self.starts[device] + ran) % MODULUS

    def reading(self, device: int, hour: int) -> Reading:
        """Return what somebody reads off a device."""
        at = RegisterPoint(at=START + hour * HOUR, value=self.shows(device, hour))
        return Reading(
            meter_id=1,
            installation_id=device,
            point=at,
            type=ReadingType.MANUAL,
            id=hour + 1000 * device,
        )

    def ends_read(self) -> list[Reading]:
        """Return the first and the last reading of each device."""
        return [
            self.reading(device, hour)
            for device in range(len(self.starts))
            for hour in (self.begins(device), self.ends(device))
        ]

    @property
    def used(self) -> Decimal:
        """All that was used, in the meter's unit."""
        return Decimal(sum(self.hourly_wh)).scaleb(-3) * self.multiplier


@st.composite
def lives(draw: st.DrawFn) -> Life:
    hours = draw(st.integers(2, 60))
    swaps = sorted(draw(st.sets(st.integers(1, hours - 1), max_size=3)))
    return Life(
        hourly_wh=tuple(draw(st.lists(st.integers(0, 14_000), min_size=hours, max_size=hours))),
        swaps=tuple(swaps),
        starts=tuple(Decimal(draw(st.integers(0, 999_999))).scaleb(-3) for _ in range(4))[
            : len(swaps) + 1
        ],
        multiplier=Decimal(draw(st.sampled_from(["1", "0.5", "20", "1.001"]))),
    )


def total(readings: Sequence[Reading], life: Life) -> Decimal:
    chain = counted(readings, life.terms)
    assert all(each.consumption is None or each.consumption >= 0 for each in chain)
    return sum((each.consumption or Decimal(0) for each in chain), Decimal(0))


hours_read = st.sets(st.integers(0, 60), max_size=20)


def taken(life: Life, hours: set[int]) -> list[Reading]:
    inside = [hour for hour in hours if hour < len(life.hourly_wh)]
    found = {each.id: each for each in life.ends_read()}
    found |= {each.id: each for hour in inside for each in [life.reading(life.device(hour), hour)]}
    return list(found.values())


@given(lives(), hours_read)
def test_every_partition_of_a_life_comes_to_the_same_use(life: Life, hours: set[int]) -> None:
    assert total(taken(life, hours), life) == total(taken(life, set()), life) == life.used


@given(lives(), hours_read, st.integers(0, 59), st.randoms(use_true_random=False))
def test_a_late_reading_changes_no_total_in_whatever_order_it_comes(
    life: Life, hours: set[int], late: int, chance: Random
) -> None:
    chain = taken(life, hours | {late})
    chance.shuffle(chain)
    assert total(chain, life) == life.used


@given(lives(), hours_read, st.integers(1, 59), st.integers(0, 999_999))
def test_a_correction_takes_away_all_that_a_wrong_reading_did(
    life: Life, hours: set[int], hour: int, wrong: int
) -> None:
    assume(hour < len(life.hourly_wh) and hour not in life.swaps)
    right = life.reading(life.device(hour), hour)
    mistaken = replace(
        right,
        point=RegisterPoint(at=right.point.at, value=Decimal(wrong).scaleb(-3)),
        status=ReadingStatus.CORRECTED,
        id=5000,
    )
    others = [each for each in taken(life, hours) if each.id != right.id]
    corrected = replace(right, revision=1, corrects_id=mistaken.id, id=5001)
    assert total([*others, mistaken, corrected], life) == life.used


@given(lives(), hours_read, st.integers(0, 59))
def test_a_true_reading_always_fits_and_its_parts_are_the_whole(
    life: Life, hours: set[int], hour: int
) -> None:
    assume(hour < len(life.hourly_wh))
    device = life.device(hour)
    new = life.reading(device, hour).point
    chain = sorted(
        (r for r in taken(life, hours) if r.installation_id == device and r.point.at != new.at),
        key=lambda r: r.point.at,
    )
    before = next((r.point for r in reversed(chain) if r.point.at < new.at), None)
    after = next((r.point for r in chain if r.point.at > new.at), None)
    terms = replace(life.terms[device], limit_per_hour=Decimal(10**9))
    found = fit(new, before=before, after=after, terms=terms)
    parts = (found.consumption or Decimal(0)) + (found.following or Decimal(0))
    if before is not None and after is not None:
        ends = [r for r in chain if r.point in {before, after}]
        assert parts == total(ends, life)
