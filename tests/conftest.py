"""Slow proofs on demand, and property tests that are the same on every machine."""

import gc
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.databases"]

STORE = Path(__file__).parent / "integration" / "db"
JOURNEYS = Path(__file__).parent / "journeys"
QUICK_JOURNEYS = {"test_story", "test_round", "test_question"}

settings.register_profile("quick", max_examples=50, derandomize=True, deadline=None, database=None)
settings.register_profile(
    "thorough", max_examples=300, derandomize=True, deadline=None, database=None
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that runs everything."""
    parser.addoption("--run-slow", action="store_true", help="also run the proofs that take long")


def pytest_configure(config: pytest.Config) -> None:
    """Look harder for counterexamples when there is time, at the same ones every time."""
    settings.load_profile("thorough" if config.getoption("--run-slow") else "quick")


def pytest_collection_finish() -> None:
    """Spare the collector what was imported: it stays to the end anyway."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the slow proofs out unless they were asked for."""
    if config.getoption("--run-slow"):
        return
    slow = [item for item in items if _is_slow(item)]
    items[:] = [item for item in items if item not in slow]
    config.hook.pytest_deselected(items=slow)


def _is_slow(item: pytest.Item) -> bool:
    """Return whether an item takes long, by its mark or by where it runs.

    What is above the store does without the second database, and without most journeys.
    """
    if item.get_closest_marker("slow"):
        return True
    spec = getattr(item, "callspec", None)
    is_again = spec is not None and "postgresql" in spec.params.values()
    if JOURNEYS in item.path.parents:
        return is_again or item.path.stem not in QUICK_JOURNEYS
    return is_again and STORE not in item.path.parents
