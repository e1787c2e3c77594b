"""What an HTTP answer of the vendor means: its data, or which error.

    GatewayError
    ├── KeyRejected             authentication_error
    ├── DeviceUnknown           device_not_found
    ├── DeviceUnplaced          device_not_in_space, not_your_space
    ├── DeviceUnreachable       a code or detail that speaks of being offline
    ├── Refused                 any other code: for good
    └── GatewayUnavailable
        ├── NothingSent *       no connection
        ├── NoAnswer *          timeout, broken connection, 5xx, a body that is no envelope
        │                       (after a command it becomes OutcomeUnknown)
        ├── Throttled *         too many requests
        ├── CircuitOpen *       too many failures just now
        └── OutcomeUnknown      a command without an answer

    * known to this adapter only. NothingSent, NoAnswer and Throttled are worth a retry.

The code decides before the status does: the vendor says 400 and 417 where others say 404.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import NoReturn, TypeAlias

import httpx

from bot.services.ports import (
    DeviceUnknown,
    DeviceUnplaced,
    DeviceUnreachable,
    GatewayError,
    GatewayUnavailable,
    KeyRejected,
    Refused,
)

Json: TypeAlias = "str | int | Decimal | bool | list[Json] | dict[str, Json] | None"

_DOCUMENTED: Mapping[str, type[GatewayError]] = {
    "authentication_error": KeyRejected,
    "device_not_found": DeviceUnknown,
    "device_not_in_space": DeviceUnplaced,
    "not_your_space": DeviceUnplaced,
}

# Assumed, for the vendor does not publish these codes (spec: "anything else").
_OFFLINE_WORDS = ("offline", "not_online", "not online", "unreachable", "not_connected")
_OFFLINE_WORDS_IN_PROSE = (*_OFFLINE_WORDS, "not connected", "disconnected")
_THROTTLED_CODES = frozenset(
    {"throttled", "too_many_requests", "rate_limited", "rate_limit_exceeded"}
)
_UNSUPPORTED_WORDS = ("phase", "support", "not_available", "not available")

_LONGEST_DETAIL = 300
LONGEST_RETRY_AFTER_SECONDS = 600.0


class NoAnswer(GatewayUnavailable):
    """The request went out and nothing came back that could be called the vendor's answer."""


class Throttled(GatewayUnavailable):
    """The vendor counted too many requests; nothing was done."""

    def __init__(self, *, code: str, detail: str, retry_after_seconds: float | None) -> None:
        super().__init__(code=code, detail=detail)
        self.retry_after_seconds = retry_after_seconds


def read_answer(response: httpx.Response) -> Json:
    """This function will return the envelope's `data`, numbers exact, or raise a GatewayError."""
    envelope = _envelope(response.content)
    if envelope is None:
        _raise_for_no_envelope(response)
    if envelope["success"] is True and response.status_code < 500:
        return envelope.get("data")
    code, detail = _error(envelope)
    raise _classified(code, detail, response)


def speaks_of_missing_support(refusal: Refused) -> bool:
    """This function will tell whether the vendor seems to say "not for this kind of meter"."""
    said = f"{refusal.code} {refusal.detail}".lower()
    return any(word in said for word in _UNSUPPORTED_WORDS)


def _envelope(content: bytes) -> dict[str, Json] | None:
    try:
        body = json.loads(content, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return body if isinstance(body, dict) and isinstance(body.get("success"), bool) else None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _raise_for_no_envelope(response: httpx.Response) -> NoReturn:
    detail = f"HTTP {response.status_code}"
    if response.status_code == 429:
        raise _throttled("too_many_requests", detail, response)
    raise NoAnswer(code="no_envelope", detail=detail)


def _error(envelope: dict[str, Json]) -> tuple[str, str]:
    error = envelope.get("error")
    if isinstance(error, dict):
        code, detail = error.get("code"), error.get("detail")
    else:
        code, detail = None, error
    return _short(code) or "unknown", _short(detail or envelope.get("message"))


def _short(value: Json) -> str:
    return "" if value is None else str(value)[:_LONGEST_DETAIL]


def _classified(code: str, detail: str, response: httpx.Response) -> GatewayError:
    if documented := _DOCUMENTED.get(code):
        return documented(code=code, detail=detail)
    if response.status_code == 429 or code in _THROTTLED_CODES:
        return _throttled(code, detail, response)
    if any(word in code.lower() for word in _OFFLINE_WORDS):
        return DeviceUnreachable(code=code, detail=detail)
    if response.status_code >= 500:
        return NoAnswer(code=code, detail=detail or f"HTTP {response.status_code}")
    if any(word in detail.lower() for word in _OFFLINE_WORDS_IN_PROSE):
        return DeviceUnreachable(code=code, detail=detail)
    return Refused(code=code, detail=detail)


def _throttled(code: str, detail: str, response: httpx.Response) -> Throttled:
    return Throttled(code=code, detail=detail, retry_after_seconds=_retry_after_seconds(response))


def _retry_after_seconds(response: httpx.Response) -> float | None:
    """This function will read Retry-After, a date being relative to the vendor's own clock."""
    wanted = response.headers.get("Retry-After", "")
    try:
        seconds = float(wanted)
    except ValueError:
        until, now = _http_date(wanted), _http_date(response.headers.get("Date", ""))
        if until is None or now is None:
            return None
        seconds = (until - now).total_seconds()
    # Written so that a NaN is no pause either.
    return min(seconds, LONGEST_RETRY_AFTER_SECONDS) if seconds > 0 else 0.0


def _http_date(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
