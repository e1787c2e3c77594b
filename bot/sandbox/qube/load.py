"""How much a room draws, and when: exact, seeded curves of cumulative demand.

Demand is counted in whole milliwatt-hours, so that splitting a span never loses anything.
"""

import random
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import accumulate, pairwise
from typing import Protocol

KOLKATA = timezone(timedelta(hours=5, minutes=30), "Asia/Kolkata")

HOME_HOURS = (4, 3, 3, 3, 3, 5, 9, 12, 10, 6, 5, 5, 6, 6, 5, 5, 6, 8, 12, 16, 17, 15, 11, 7)
SHOP_HOURS = (1, 1, 1, 1, 1, 1, 1, 2, 5, 10, 14, 15, 14, 13, 13, 14, 15, 16, 16, 14, 9, 3, 1, 1)
COMMON_AREA_HOURS = (9, 9, 9, 9, 9, 8, 6, 3, 2, 2, 2, 2, 2, 2, 2, 2, 3, 5, 9, 11, 11, 11, 10, 9)

_EPOCH = datetime(2020, 1, 1, tzinfo=KOLKATA)
_SECOND = timedelta(seconds=1)
_DAY_SECONDS = 86_400
_CYCLE_DAYS = 61
_SHAPES = 5


class LoadCurve(Protocol):
    """What is connected behind a meter, whether or not power flows."""

    def energy_mwh(self, at: datetime) -> int:
        """This function will return the demand accumulated up to an instant, in mWh."""
        ...

    def power_w(self, at: datetime) -> int:
        """This function will return the demand at an instant, in W."""
        ...


def end_of_day(day_on: date) -> datetime:
    """This function will return 24:00 local of a day, which is 00:00 of the next."""
    return datetime(day_on.year, day_on.month, day_on.day, tzinfo=KOLKATA) + timedelta(days=1)


class SteadyLoad:
    """A load that never changes: cheap to compute, easy to reckon with."""

    def __init__(self, watts: int) -> None:
        self._watts = watts

    def energy_mwh(self, at: datetime) -> int:
        return ((at - _EPOCH) // _SECOND) * self._watts * 1000 // 3600

    def power_w(self, at: datetime) -> int:  # noqa: ARG002
        return self._watts


class Household:
    """A load with mornings and evenings: days differ in amount and in shape, by seed."""

    def __init__(self, seed: str, *, mean_day_wh: int, profile: Sequence[int] = HOME_HOURS) -> None:
        """This function will plan the days; `profile` weighs the 24 hours of a local day."""
        dice = random.Random(seed)
        self._days_mwh = [mean_day_wh * dice.randint(780, 1220) for _ in range(_CYCLE_DAYS)]
        self._until_day_mwh = [0, *accumulate(self._days_mwh)]
        self._shapes = [_DayShape(profile, dice) for _ in range(_SHAPES)]

    def energy_mwh(self, at: datetime) -> int:
        day, second = divmod((at - _EPOCH) // _SECOND, _DAY_SECONDS)
        cycle, index = divmod(day, _CYCLE_DAYS)
        before_mwh = cycle * self._until_day_mwh[-1] + self._until_day_mwh[index]
        shape = self._shapes[day % _SHAPES]
        return before_mwh + self._days_mwh[index] * shape.area_until(second) // shape.area

    def power_w(self, at: datetime) -> int:
        day, second = divmod((at - _EPOCH) // _SECOND, _DAY_SECONDS)
        shape = self._shapes[day % _SHAPES]
        mwh_per_second = self._days_mwh[day % _CYCLE_DAYS] * shape.height_at(second)
        return mwh_per_second * 3600 // (shape.area * 1000)


class _DayShape:
    """A day's outline through 24 weights, straight from each hour to the next."""

    def __init__(self, profile: Sequence[int], dice: random.Random) -> None:
        weights = [weight * dice.randint(75, 125) for weight in profile]
        self._weights = [*weights, weights[0]]
        hours = [3600 * (self._weights[h] + self._weights[h + 1]) * 3600 for h in range(24)]
        self._until_hour = [0, *accumulate(hours)]

    @property
    def area(self) -> int:
        return self._until_hour[-1]

    def area_until(self, second: int) -> int:
        hour, rest = divmod(second, 3600)
        here, there = self._weights[hour : hour + 2]
        return self._until_hour[hour] + 7200 * here * rest + (there - here) * rest * rest

    def height_at(self, second: int) -> int:
        """This function will return the growth of the area in one second."""
        hour, rest = divmod(second, 3600)
        here, there = self._weights[hour : hour + 2]
        return 7200 * here + 2 * (there - here) * rest


class ScriptIsNotAscending(Exception):
    """Two points of a script are out of order in time, or the register falls between them."""

    def __init__(self, earlier: tuple[datetime, int], later: tuple[datetime, int]) -> None:
        super().__init__(earlier, later)
        self.earlier = earlier
        self.later = later


class ScriptedDays:
    """A load that passes exactly through given points, and as a household does in between.

    Nothing is drawn before the first point; after the last one the household goes on.
    """

    def __init__(self, points: Sequence[tuple[datetime, int]], *, shape: LoadCurve) -> None:
        """This function will plan the load; a point is an aware instant and a demand in Wh.

        Raises ScriptIsNotAscending.
        """
        for earlier, later in pairwise(points):
            if later[0] <= earlier[0] or later[1] < earlier[1]:
                raise ScriptIsNotAscending(earlier, later)
        self._instants = [at.astimezone(UTC) for at, _ in points]
        self._fixed_mwh = [energy_wh * 1000 for _, energy_wh in points]
        self._shape = shape
        self._shape_mwh = [shape.energy_mwh(at) for at in self._instants]

    def energy_mwh(self, at: datetime) -> int:
        index = bisect_right(self._instants, at) - 1
        if index < 0:
            return self._fixed_mwh[0]
        wanted, shaped = self._stretch(index)
        drawn_mwh = self._shape.energy_mwh(at) - self._shape_mwh[index]
        return self._fixed_mwh[index] + drawn_mwh * wanted // shaped

    def power_w(self, at: datetime) -> int:
        index = bisect_right(self._instants, at) - 1
        if index < 0:
            return 0
        wanted, shaped = self._stretch(index)
        return self._shape.power_w(at) * wanted // shaped

    def _stretch(self, index: int) -> tuple[int, int]:
        if index == len(self._instants) - 1:
            return 1, 1
        wanted = self._fixed_mwh[index + 1] - self._fixed_mwh[index]
        return wanted, self._shape_mwh[index + 1] - self._shape_mwh[index]
