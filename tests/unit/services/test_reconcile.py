"""How long an order waits before it is tried again. Rule 6.5."""

from datetime import timedelta

import pytest

from bot.services.reconcile import retry_after, retry_refused_after


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 15), (1, 30), (2, 60), (4, 240), (5, 300), (10_000, 300)]
)
def test_it_doubles_up_to_five_minutes(attempts: int, seconds: int) -> None:
    assert retry_after(attempts) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 5), (1, 10), (2, 20), (3, 40), (4, 60), (10_000, 60)]
)
def test_after_a_refusal_it_doubles_up_to_an_hour(attempts: int, minutes: int) -> None:
    assert retry_refused_after(attempts) == timedelta(minutes=minutes)
