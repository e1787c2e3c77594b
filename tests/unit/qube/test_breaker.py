"""When not to call at all."""

import pytest

from bot.qube.breaker import CircuitBreaker, CircuitOpen, KeyLatch, ProbeGate
from bot.services.ports import KeyRejected

from .virtual_time import VirtualTicker


@pytest.fixture
def ticker() -> VirtualTicker:
    return VirtualTicker()


@pytest.fixture
def breaker(ticker: VirtualTicker) -> CircuitBreaker:
    return CircuitBreaker(ProbeGate(interval_seconds=30, monotonic=ticker.monotonic), threshold=3)


@pytest.fixture
def latch(ticker: VirtualTicker) -> KeyLatch:
    return KeyLatch(ProbeGate(interval_seconds=600, monotonic=ticker.monotonic))


def fail(breaker: CircuitBreaker, times: int) -> list[bool]:
    return [breaker.failed() for _ in range(times)]


def test_the_circuit_opens_after_failures_in_a_row(breaker: CircuitBreaker) -> None:
    assert fail(breaker, 3) == [False, False, True]

    with pytest.raises(CircuitOpen):
        breaker.check()
    with pytest.raises(CircuitOpen):
        breaker.admit()


def test_a_success_in_between_keeps_the_circuit_closed(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)

    breaker.check()
    breaker.admit()


async def test_one_caller_probes_after_the_cooldown(
    breaker: CircuitBreaker, ticker: VirtualTicker
) -> None:
    fail(breaker, 3)
    await ticker.pass_until(30)

    breaker.check()
    breaker.admit()

    with pytest.raises(CircuitOpen):
        breaker.admit()


async def test_a_probe_that_succeeds_closes_the_circuit(
    breaker: CircuitBreaker, ticker: VirtualTicker
) -> None:
    fail(breaker, 3)
    await ticker.pass_until(30)
    breaker.admit()
    breaker.succeeded()

    breaker.admit()
    breaker.admit()
    assert fail(breaker, 1) == [False]


async def test_a_probe_that_fails_opens_the_circuit_anew(
    breaker: CircuitBreaker, ticker: VirtualTicker
) -> None:
    fail(breaker, 3)
    await ticker.pass_until(30)
    breaker.admit()
    assert fail(breaker, 1) == [True]
    await ticker.pass_until(59)

    with pytest.raises(CircuitOpen):
        breaker.check()


async def test_a_probe_that_never_reports_does_not_keep_the_circuit_open(
    breaker: CircuitBreaker, ticker: VirtualTicker
) -> None:
    fail(breaker, 3)
    await ticker.pass_until(30)
    breaker.admit()
    await ticker.pass_until(60)

    breaker.admit()


def test_a_refused_key_is_not_tried_again_and_again(latch: KeyLatch) -> None:
    latch.rejected(KeyRejected(code="authentication_error", detail="API key is invalid."))

    with pytest.raises(KeyRejected) as refused:
        latch.check()

    assert refused.value.detail == "API key is invalid."
    with pytest.raises(KeyRejected):
        latch.admit()


async def test_a_refused_key_is_tried_once_in_ten_minutes(
    latch: KeyLatch, ticker: VirtualTicker
) -> None:
    latch.rejected(KeyRejected(code="authentication_error", detail=""))
    await ticker.pass_until(600)

    latch.check()
    latch.admit()

    with pytest.raises(KeyRejected):
        latch.admit()


def test_a_key_that_works_again_is_used_again(latch: KeyLatch) -> None:
    latch.rejected(KeyRejected(code="authentication_error", detail=""))
    latch.accepted()

    latch.check()
    latch.admit()
