"""What the operator is told when a command cannot go on: one line, no traceback.

The command line speaks English, like the logs (decision 13).
"""

from collections.abc import Callable, Mapping
from typing import Any

from telegram.error import InvalidToken, TelegramError

from bot.config import BadSettings
from bot.db.backup import BackupExists, BackupFailed, BackupToolMissing, BackupToolTooOld
from bot.db.migrate import ForeignKeysBroken
from bot.db.readiness import DatabaseUnreachable, NotMigrated
from bot.services.ports import GatewayError, KeyRejected
from bot.telegram.identity import TelegramUnreachable, TokenRejected

FAILED, USAGE = 1, 2

Sentence = Callable[[Any], str]


def _not_migrated(error: NotMigrated) -> str:
    return (
        f"the database is at revision {error.current or 'none'} and this program needs "
        f"{error.latest}: run `python -m bot migrate`"
    )


def _os_error(error: OSError) -> str:
    about = f"{error.filename}: " if error.filename else ""
    return f"{about}{error.strerror or error}"


WHY_NOT_ASKED: Mapping[str, str] = {
    "no_connection": "there is no connection to QUBE_API_URL",
    "no_answer": "it did not answer in time",
    "no_envelope": "what answers at QUBE_API_URL does not speak as Qube does",
    "unreadable_answer": "it answered in a way that is not understood",
    "circuit_open": "it failed so often that it is left alone for a while",
}


def _gateway_error(error: GatewayError) -> str:
    code = f"{error.code} {error.detail}".rstrip()
    why = WHY_NOT_ASKED.get(error.code)
    return f"Qube cannot be asked: {why} ({code})" if why else f"Qube cannot be asked: {code}"


SENTENCES: Mapping[type[Exception], Sentence] = {
    BadSettings: lambda error: "; ".join(map(str, error.flaws)),
    DatabaseUnreachable: lambda error: f"the database cannot be reached: {error.reason}",
    NotMigrated: _not_migrated,
    ForeignKeysBroken: lambda _: "the migration left rows that point nowhere and was undone",
    BackupExists: lambda error: f"{error.path} exists already, nothing was overwritten",
    BackupToolMissing: lambda error: f"{error.tool} is not on the PATH; it backs PostgreSQL up",
    BackupToolTooOld: lambda error: (
        f"{error.tool} {error.version} is older than the server, PostgreSQL {error.server}: "
        f"put one of version {error.server} or newer on the PATH"
    ),
    BackupFailed: lambda error: f"no backup was made: {error.detail}",
    TokenRejected: lambda _: "Telegram does not know TELEGRAM_BOT_TOKEN",
    InvalidToken: lambda _: "Telegram does not know TELEGRAM_BOT_TOKEN",
    TelegramUnreachable: lambda error: f"Telegram cannot be reached: {error.reason}",
    TelegramError: lambda error: f"Telegram cannot be reached: {error.message}",
    KeyRejected: lambda error: f"Qube does not accept QUBE_API_KEY: {error.detail or error.code}",
    GatewayError: _gateway_error,
    OSError: _os_error,
}
"""Everything that an operator can bring about or has to repair; the rest is a fault of ours."""

ANTICIPATED = tuple(SENTENCES)


def sentence(error: Exception) -> str:
    """This function will return what is said of an anticipated error; the nearest class wins."""
    say = next(SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES)
    return say(error)


def exit_code(error: Exception) -> int:
    """This function will tell a mistake in how the program was called from a failure."""
    return USAGE if isinstance(error, BadSettings) else FAILED
