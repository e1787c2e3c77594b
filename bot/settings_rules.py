"""What a setting must look like. The errors complete "NAME …" and never quote the value."""

import re
from datetime import time
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import httpx
from babel.core import UnknownLocaleError
from babel.numbers import get_currency_precision, is_currency
from pydantic import SecretStr

_BOT_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
_WEBHOOK_SECRET = re.compile(r"[\w-]{1,256}", re.ASCII)
_UPI_ID = re.compile(r"[\w.-]{2,256}@[A-Za-z][\w.-]{1,63}", re.ASCII)
_DATABASES = {"sqlite", "sqlite+aiosqlite", "postgres", "postgresql", "postgresql+asyncpg"}


def checked_bot_token(secret: SecretStr | None) -> SecretStr | None:
    """This function will accept what BotFather gives out. Raises ValueError."""
    return _stripped(secret, _BOT_TOKEN, "must look like 123456:ABC-DEF, as BotFather gives it")


def checked_webhook_secret(secret: SecretStr | None) -> SecretStr | None:
    """This function will accept what Telegram accepts as a secret. Raises ValueError."""
    return _stripped(secret, _WEBHOOK_SECRET, "must be 1 to 256 letters, digits, _ or -")


def checked_api_key(secret: SecretStr | None) -> SecretStr | None:
    """This function will accept what an HTTP header can carry. Raises ValueError."""
    return _stripped(secret, re.compile("[!-~]+"), "must be one word of plain characters")


def _stripped(secret: SecretStr | None, form: re.Pattern[str], rule: str) -> SecretStr | None:
    if secret is None:
        return None
    text = secret.get_secret_value().strip()
    if not form.fullmatch(text):
        raise ValueError(rule)
    return SecretStr(text)


def checked_url(url: str | None) -> str | None:
    """This function will return an http(s) address without its last slash. Raises ValueError."""
    if url is None:
        return None
    text = url.strip().rstrip("/")
    if not _is_web_address(text):
        raise ValueError("must be a http:// or https:// address")
    return text


def _is_web_address(text: str) -> bool:
    """Ask both readers: the client's knows hosts, the other one how far ports go."""
    try:
        parts, asked = urlsplit(text), httpx.URL(text)
        has_port = parts.port != 0
    except (ValueError, httpx.InvalidURL):
        return False
    return parts.scheme in {"http", "https"} and bool(asked.host) and has_port and " " not in text


def checked_database_url(secret: SecretStr) -> SecretStr:
    """This function will accept the two kinds of database that there are. Raises ValueError."""
    text = secret.get_secret_value().strip()
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in _DATABASES:
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql://")
    if scheme.startswith("sqlite") and not _names_a_file(rest):
        raise ValueError("must name a file, as in sqlite+aiosqlite:///qube-bot.db")
    if not scheme.startswith("sqlite") and not unquote(urlsplit(text).path).strip("/"):
        raise ValueError("must name a database, as in postgresql://user:password@host/name")
    return SecretStr(text)


def _names_a_file(rest: str) -> bool:
    path = rest.partition("?")[0]
    return path.startswith("/") and len(path) > 1 and path != "/:memory:"


def ids_from_text(value: object) -> object:
    """This function will read a list of Telegram ids with commas. Raises ValueError."""
    if not isinstance(value, str):
        return value
    words = [word.strip() for word in value.split(",") if word.strip()]
    if not all(word.isascii() and word.isdigit() and 0 < int(word) < 2**53 for word in words):
        raise ValueError("must be Telegram ids (numbers) with commas between them")
    return tuple(dict.fromkeys(int(word) for word in words))


def zone_from_text(value: object) -> object:
    """This function will find a time zone by its name. Raises ValueError."""
    if not isinstance(value, str):
        return value
    try:
        return ZoneInfo(value.strip())
    except (ValueError, OSError, LookupError):
        raise ValueError("must be a time zone such as Asia/Kolkata") from None


def checked_currency(text: str) -> str:
    """This function will return a currency that has hundredths. Raises ValueError."""
    code = text.strip().upper()
    try:
        is_usable = is_currency(code, "en") and get_currency_precision(code) == 2
    except UnknownLocaleError:
        is_usable = False
    if not is_usable:
        raise ValueError("must be a currency with two decimals, such as INR")
    return code


def checked_upi_id(text: str | None) -> str | None:
    """This function will accept a UPI address. Raises ValueError."""
    if text is not None and not _UPI_ID.fullmatch(text.strip()):
        raise ValueError("must look like name@bank")
    return None if text is None else text.strip()


def time_from_text(value: object) -> object:
    """This function will read hours and minutes. Raises ValueError."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", value.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError("must be a time of day such as 23:59")
    return time(int(found[1]), int(found[2]))
