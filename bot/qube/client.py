"""One request to the vendor, done well: limited, guarded, timed, retried, understood.

The errors are drawn in `answers`. A GET is repeated after NothingSent, NoAnswer and Throttled,
and every attempt passes the limiter; a PUT is sent once, whatever happens.
"""

import asyncio
import random
from collections.abc import Generator, Mapping
from dataclasses import dataclass

import httpx
import stamina

from bot.qube.answers import Json, NoAnswer, Throttled, read_answer
from bot.qube.breaker import CircuitBreaker, KeyLatch, ProbeGate
from bot.qube.limiter import Limiter
from bot.qube.ticker import Ticker
from bot.services.ports import (
    GatewayError,
    GatewayUnavailable,
    KeyRejected,
    Lane,
    OutcomeUnknown,
)

HEADER = "X-Qube-API-Key"
CONNECTIONS = 20

_TIMEOUT = httpx.Timeout(connect=5, read=15, write=10, pool=30)
_LONGEST_EXCHANGE_SECONDS = 60.0  # a body that drips never trips the timeouts above
_FAILURES_UNTIL_OPEN = 5
_COOLDOWN_SECONDS = 30.0
_KEY_PROBE_SECONDS = 600.0
_UNTOLD_PAUSE_SECONDS = (10.0, 20.0)  # after a 429 without Retry-After
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


class NothingSent(GatewayUnavailable):
    """No connection to the vendor: the request never left."""


class ApiKeyUnusable(ValueError):
    """The key holds characters that no header can carry. Does not repeat them."""


def default_retries() -> stamina.AsyncRetryingCaller:
    """This function will return how a GET is repeated: four attempts, backing off with jitter."""
    return stamina.AsyncRetryingCaller(
        attempts=4, timeout=None, wait_initial=0.25, wait_max=5, wait_jitter=0.5
    )


def open_http(
    *, api_key: str, base_url: str, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """This function will build the HTTP client that carries the key and never follows redirects.

    Raises ApiKeyUnusable.
    """
    return httpx.AsyncClient(
        base_url=base_url,
        auth=_ApiKey(api_key),
        timeout=_TIMEOUT,
        limits=httpx.Limits(
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=60,
        ),
        transport=transport,
    )


class _ApiKey(httpx.Auth):
    """Adds the key at the last moment, so that no client or header listing shows it."""

    def __init__(self, api_key: str) -> None:
        if not api_key or not all("!" <= character <= "~" for character in api_key):
            raise ApiKeyUnusable
        self._api_key = api_key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[HEADER] = self._api_key
        yield request


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A request before it is one. `path` is relative, and exact to the slash."""

    method: str
    path: str
    lane: Lane
    query: Mapping[str, str] | None = None
    body: Mapping[str, Json] | None = None


class QubeClient:
    """Gets and puts; returns the `data` of the vendor's envelope, or raises a GatewayError."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        limiter: Limiter,
        ticker: Ticker,
        retries: stamina.AsyncRetryingCaller | None = None,
    ) -> None:
        self._http = http
        self._limiter = limiter
        self._retrying = (retries or default_retries()).on((NothingSent, NoAnswer, Throttled))
        cooldown = ProbeGate(interval_seconds=_COOLDOWN_SECONDS, monotonic=ticker.monotonic)
        self._breaker = CircuitBreaker(cooldown, threshold=_FAILURES_UNTIL_OPEN)
        self._latch = KeyLatch(
            ProbeGate(interval_seconds=_KEY_PROBE_SECONDS, monotonic=ticker.monotonic)
        )

    async def get(self, path: str, *, lane: Lane, query: Mapping[str, str] | None = None) -> Json:
        """This function will read, repeating what can be repeated. Raises GatewayError."""
        return await self._retrying(
            self._attempt, _Call(method="GET", path=path, lane=lane, query=query)
        )

    async def put(self, path: str, body: Mapping[str, Json], *, lane: Lane) -> Json:
        """This function will write, once.

        Raises OutcomeUnknown when it cannot be known whether the vendor acted, else GatewayError.
        """
        try:
            return await self._attempt(_Call(method="PUT", path=path, lane=lane, body=body))
        except NoAnswer as silence:
            raise OutcomeUnknown(code=silence.code, detail=silence.detail) from silence

    async def _attempt(self, call: _Call) -> Json:
        self._breaker.check()
        self._latch.check()
        await self._limiter.acquire(call.lane)
        self._breaker.admit()
        self._latch.admit()
        try:
            data = read_answer(await self._send(call))
        except GatewayError as error:
            await self._learn(error)
            raise
        self._breaker.succeeded()
        self._latch.accepted()
        return data

    async def _send(self, call: _Call) -> httpx.Response:
        # Only the kind of failure is told: what the libraries say may quote headers.
        try:
            async with asyncio.timeout(_LONGEST_EXCHANGE_SECONDS):
                return await self._http.request(
                    call.method, call.path, params=call.query, json=call.body
                )
        except _BEFORE_SENDING as error:
            raise NothingSent(code="no_connection", detail=type(error).__name__) from error
        except (httpx.RequestError, TimeoutError) as error:
            raise NoAnswer(code="no_answer", detail=type(error).__name__) from error

    async def _learn(self, error: GatewayError) -> None:
        match error:
            case KeyRejected():
                self._latch.rejected(error)
                self._limiter.dismiss(self._latch.error)
            case NothingSent() | NoAnswer():
                if self._breaker.failed():
                    self._limiter.dismiss(self._breaker.error)
            case Throttled():
                told = error.retry_after_seconds
                await self._limiter.pause(
                    random.uniform(*_UNTOLD_PAUSE_SECONDS) if told is None else told
                )
            case _:
                self._breaker.succeeded()
                self._latch.accepted()
