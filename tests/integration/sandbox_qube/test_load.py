from datetime import timedelta
from itertools import pairwise

import pytest

from bot.sandbox.qube.load import Household, ScriptedDays, ScriptIsNotAscending, SteadyLoad

from .world import local

DAY = timedelta(days=1)
MIDNIGHT = local("2026-10-26T00:00")


def test_a_steady_load_draws_its_watts_every_hour() -> None:
    load = SteadyLoad(1500)
    drawn_mwh = load.energy_mwh(MIDNIGHT + timedelta(hours=2)) - load.energy_mwh(MIDNIGHT)
    assert (drawn_mwh, load.power_w(MIDNIGHT)) == (3_000_000, 1500)


def test_the_same_seed_gives_the_same_household() -> None:
    here, there = (Household("room", mean_day_wh=8000) for _ in range(2))
    other = Household("another room", mean_day_wh=8000)
    assert here.energy_mwh(MIDNIGHT) == there.energy_mwh(MIDNIGHT) != other.energy_mwh(MIDNIGHT)


def test_a_household_uses_a_believable_amount_that_differs_by_day() -> None:
    home = Household("room", mean_day_wh=8000)
    ends = [home.energy_mwh(MIDNIGHT + n * DAY) for n in range(62)]
    days_mwh = [later - earlier for earlier, later in pairwise(ends)]
    assert all(6_000_000 < day_mwh < 10_000_000 for day_mwh in days_mwh)
    assert len(set(days_mwh)) > 50
    assert 7_500_000 < sum(days_mwh) / len(days_mwh) < 8_500_000


def test_a_household_draws_more_in_the_evening_than_at_night() -> None:
    home = Household("room", mean_day_wh=8000)
    for day in range(10):
        night, evening = (MIDNIGHT + timedelta(days=day, hours=hour) for hour in (3, 20))
        assert home.power_w(evening) > 2 * home.power_w(night) > 0


def test_power_is_the_pace_at_which_energy_grows() -> None:
    home = Household("room", mean_day_wh=8000)
    for minute in range(0, 1440, 7):
        at = MIDNIGHT + timedelta(minutes=minute)
        grown_mwh = home.energy_mwh(at + timedelta(seconds=36)) - home.energy_mwh(at)
        assert abs(grown_mwh / 10 - home.power_w(at)) < 15


def test_a_scripted_load_passes_through_its_points_and_rises_in_between() -> None:
    points = [(MIDNIGHT, 1_450_000), (MIDNIGHT + DAY, 1_461_800), (MIDNIGHT + 3 * DAY, 1_500_000)]
    load = ScriptedDays(points, shape=Household("room", mean_day_wh=9000))
    assert [load.energy_mwh(at) // 1000 for at, _ in points] == [wh for _, wh in points]
    hours = [load.energy_mwh(MIDNIGHT + timedelta(hours=n)) for n in range(100)]
    assert all(earlier < later for earlier, later in pairwise(hours))


def test_a_scripted_load_draws_nothing_before_its_first_point() -> None:
    load = ScriptedDays([(MIDNIGHT, 1_450_000)], shape=SteadyLoad(100))
    assert load.energy_mwh(MIDNIGHT - DAY) == 1_450_000_000
    assert load.power_w(MIDNIGHT - DAY) == 0


def test_a_scripted_load_goes_on_as_a_household_after_its_last_point() -> None:
    load = ScriptedDays([(MIDNIGHT, 1_450_000)], shape=SteadyLoad(100))
    assert load.energy_mwh(MIDNIGHT + DAY) == 1_452_400_000
    assert load.power_w(MIDNIGHT + DAY) == 100


def test_a_script_scales_the_power_with_the_energy() -> None:
    points = [(MIDNIGHT, 0), (MIDNIGHT + DAY, 4800)]
    assert ScriptedDays(points, shape=SteadyLoad(100)).power_w(MIDNIGHT) == 200


@pytest.mark.parametrize("later", [(MIDNIGHT, 2000), (MIDNIGHT - DAY, 2000), (MIDNIGHT + DAY, 999)])
def test_a_script_that_goes_back_is_refused(later: tuple[object, int]) -> None:
    with pytest.raises(ScriptIsNotAscending):
        ScriptedDays([(MIDNIGHT, 1000), later], shape=SteadyLoad(100))  # type: ignore[list-item]
