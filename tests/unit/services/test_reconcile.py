"""How long an order waits before it is tried again. Rule 6.5."""

from datetime import timedelta

import pytest

from bot.services.reconcile import retry_after


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 15), (1, 30), (2, 60), (4, 240), (5, 300), (10_000, 300)]
)
def test_it_doubles_up_to_five_minutes(attempts: int, seconds: int) -> None:
    assert retry_after(attempts) == timedelta(seconds=seconds)
