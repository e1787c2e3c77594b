"""Runs the benchmarks: `python -m tests.benchmarks [name …] [--rounds N]`."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from tests.benchmarks.figures import Figure, told
from tests.benchmarks.filling import Size
from tests.benchmarks.growth import small_and_large
from tests.benchmarks.meter_photos import figures_of_photos
from tests.benchmarks.meters import meter_lists
from tests.benchmarks.photos_waiting import balance_beside_photos
from tests.benchmarks.readings import readings_of_a_meter
from tests.benchmarks.sweep_free import sweep_off_the_limit
from tests.benchmarks.sweep_limit import sweep_at_the_limit

ENTRIES_OF_A_LEASE = 100
SMALL = Size(leases=100, entries=10_000)

Benchmark = Callable[[], Awaitable[Sequence[Figure]]]


def benchmarks(asked: argparse.Namespace) -> Mapping[str, Benchmark]:
    """Return what can be measured, by name."""
    sizes = [SMALL, Size(leases=asked.large, entries=asked.large * ENTRIES_OF_A_LEASE)]
    return (
        {
            f"sweep-at-{limit}-a-minute": lambda limit=limit: sweep_at_the_limit(
                per_minute=limit, minutes=1.5, commands=max(limit // 200, 1)
            )
            for limit in asked.limits
        }
        | {
            "sweep-off-limit-sqlite": lambda: sweep_off_the_limit(
                on_postgresql=False, meters=asked.meters, rounds=asked.rounds
            ),
            "sweep-off-limit-postgresql": lambda: sweep_off_the_limit(
                on_postgresql=True, meters=asked.meters, rounds=asked.rounds
            ),
            "meter-lists-sqlite": lambda: meter_lists(
                large=asked.many, rounds=10 * asked.rounds, on_postgresql=False
            ),
            "meter-lists-postgresql": lambda: meter_lists(
                large=asked.many, rounds=10 * asked.rounds, on_postgresql=True
            ),
            "small-and-large": lambda: small_and_large(
                sizes=sizes, due=100, asks=100 * asked.rounds, rounds=2 * asked.rounds
            ),
        }
        | {
            f"readings-{'postgresql' if on_postgresql else 'sqlite'}": (
                lambda on_postgresql=on_postgresql: readings_of_a_meter(
                    large=asked.readings, rounds=10 * asked.rounds, on_postgresql=on_postgresql
                )
            )
            for on_postgresql in (False, True)
        }
        | dict(photos(asked.photos, asked.rounds))
    )


def photos(folder: Path | None, rounds: int) -> Mapping[str, Benchmark]:
    """Return what can be measured with a folder of labelled photos; nothing without one."""
    if folder is None:
        return {}
    return {
        "photos-waiting": lambda: balance_beside_photos(folder.resolve(), rounds=rounds),
        "meter-photos": lambda: figures_of_photos(folder),
        "meter-photos-turned": lambda: figures_of_photos(folder, "--turned"),
        "meter-photos-another": lambda: figures_of_photos(folder, "--another"),
    }


async def main() -> int:
    """Measure what the command line asks for; return 1 when a figure is out of bounds."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", help="parts of names; all when none is given")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--meters", type=int, default=1000)
    parser.add_argument("--many", type=int, default=50_000, help="meters of the large list")
    parser.add_argument("--large", type=int, default=10_000, help="leases of the large store")
    parser.add_argument("--readings", type=int, default=100_000, help="of the large meter")
    parser.add_argument("--limits", type=int, nargs="+", default=[600, 100])
    parser.add_argument("--photos", type=Path, help="folder of meter photos with labels.csv")
    asked = parser.parse_args()
    is_kept = True
    for name, measure in benchmarks(asked).items():
        if not asked.names or any(part in name for part in asked.names):
            figures = await measure()
            print(told(name, figures), flush=True)
            is_kept = is_kept and all(each.is_kept for each in figures)
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
