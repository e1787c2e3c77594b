"""The benchmarks themselves work, and what they find that no machine can change holds."""

from collections.abc import Awaitable, Callable, Sequence

import pytest

from tests.benchmarks.figures import Figure
from tests.benchmarks.filling import Size
from tests.benchmarks.growth import small_and_large
from tests.benchmarks.meters import meter_lists
from tests.benchmarks.readings import readings_of_a_meter
from tests.benchmarks.sweep_free import sweep_off_the_limit
from tests.benchmarks.sweep_limit import sweep_at_the_limit

SIZES = (Size(leases=10, entries=100), Size(leases=20, entries=400))
TINY: dict[str, Callable[[], Awaitable[Sequence[Figure]]]] = {
    "sweep at the limit": lambda: sweep_at_the_limit(per_minute=600, minutes=0.05, commands=1),
    "sweep off the limit": lambda: sweep_off_the_limit(on_postgresql=False, meters=20, rounds=1),
    "meter lists": lambda: meter_lists(large=200, rounds=1),
    "small and large": lambda: small_and_large(sizes=SIZES, due=10, asks=2, rounds=1),
    "readings": lambda: readings_of_a_meter(large=300, rounds=1),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TINY)
async def test_a_benchmark_charges_everything_and_keeps_every_limit(name: str) -> None:
    figures = await TINY[name]()

    assert any(each.at_least or each.at_most for each in figures if each.is_timed)
    assert [each for each in figures if not each.is_timed and not each.is_kept] == []
    assert all(each.value > 0 for each in figures if each.is_timed and each.at_most != 2)
