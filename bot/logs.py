"""Logs go to stderr, and no secret gets into them, whoever writes."""

import logging
import re
import sys
import threading
import warnings
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from types import TracebackType
from urllib.parse import quote, urlsplit

from stamina.instrumentation import RetryDetails, set_on_retry_hooks

REDACTED = "[redacted]"
SHORTEST_SECRET = 4

# A token is a secret even when it is not ours, e.g. one that was mistyped.
_ANY_BOT_TOKEN = re.compile(r"\b\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}")
_TALKATIVE = ("httpx", "httpcore", "apscheduler", "telegram", "hpack", "aiosqlite", "alembic")

logger = logging.getLogger(__name__)


class Redactor:
    """Takes secrets out of texts, also where they are quoted for a URL or in parts."""

    def __init__(self, secrets: Collection[str]) -> None:
        forms = sorted(set(_forms(secrets)), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, forms))) if forms else None

    def clean(self, text: str) -> str:
        """This function will return the text without secrets."""
        known = text if self._known is None else self._known.sub(REDACTED, text)
        return _ANY_BOT_TOKEN.sub(REDACTED, known)


def _forms(secrets: Iterable[str]) -> Iterable[str]:
    for secret in secrets:
        for part in (secret, *_parts(secret)):
            if len(part) >= SHORTEST_SECRET:
                yield from (part, quote(part, safe=""), repr(part)[1:-1])


def _parts(secret: str) -> Iterable[str]:
    """This function will find what is secret by itself: a password, the tail of a token."""
    if "://" in secret:
        return [urlsplit(secret).password or ""]
    return [secret.partition(":")[2]]


class _Formatter(logging.Formatter):
    """Works on the finished line: message, arguments and traceback alike."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.clean(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        at = datetime.fromtimestamp(record.created, UTC)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def start_logging(level: str, *, secrets: Collection[str]) -> None:
    """This function will send all logs, warnings and unforeseen errors to stderr, redacted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(Redactor(secrets)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        quiet = logging.NOTSET if level == "DEBUG" else logging.WARNING
        logging.getLogger(name).setLevel(quiet)
    # An answer that is no JSON is logged there with a traceback, and then raised anyway.
    quietest = logging.NOTSET if level == "DEBUG" else logging.CRITICAL
    logging.getLogger("telegram.request").setLevel(quietest)
    # Left alone, the library prints to stdout when structlog happens to be installed.
    set_on_retry_hooks([_log_retry])
    logging.captureWarnings(capture=True)
    if not sys.warnoptions:
        warnings.simplefilter("default" if level == "DEBUG" else "ignore")
    sys.excepthook = _log_crash
    threading.excepthook = lambda crash: _log_crash(
        crash.exc_type, crash.exc_value or crash.exc_type(), crash.exc_traceback
    )


def _log_retry(details: RetryDetails) -> None:
    logger.info("asked in vain, again in %.1f s: %r", details.wait_for, details.caused_by)


def _log_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logger.critical("stopped by an unforeseen error", exc_info=(kind, error, trace))
