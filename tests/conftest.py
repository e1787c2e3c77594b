"""Slow proofs on demand, and property tests that are the same on every machine."""

import gc

import pytest
from hypothesis import settings

pytest_plugins = ["tests.databases"]

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
    slow = [item for item in items if item.get_closest_marker("slow")]
    items[:] = [item for item in items if item not in slow]
    config.hook.pytest_deselected(items=slow)
