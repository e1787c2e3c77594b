"""Settings: every environment variable, typed; secrets do not show themselves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.settings_rules import (
    checked_api_key,
    checked_bot_token,
    checked_currency,
    checked_database_url,
    checked_upi_id,
    checked_url,
    checked_webhook_secret,
    ids_from_text,
    time_from_text,
    zone_from_text,
)

ENV_FILE = ".env"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A setting that is missing or bad; `reason` says what it should be, never what it is."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} {self.reason}"


class BadSettings(Exception):
    """The process cannot work with its settings."""

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__(self.flaws)


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


HttpUrl = Annotated[str, AfterValidator(checked_url)]


class Settings(BaseSettings):
    """What the operator decides; every field is an environment variable in upper case."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_bot_token: Annotated[SecretStr | None, AfterValidator(checked_bot_token)] = None
    telegram_api_url: HttpUrl = "https://api.telegram.org"
    qube_api_key: Annotated[SecretStr | None, AfterValidator(checked_api_key)] = None
    qube_api_url: HttpUrl = "https://developer.qube.eco/api/v2"
    qube_requests_per_minute: Annotated[int, Field(ge=2, le=1_000_000)] = 100
    database_url: Annotated[SecretStr, AfterValidator(checked_database_url)] = SecretStr(
        "sqlite+aiosqlite:///qube-bot.db"
    )
    owner_telegram_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(ids_from_text)] = ()
    timezone: Annotated[ZoneInfo, NoDecode, BeforeValidator(zone_from_text)] = ZoneInfo(
        "Asia/Kolkata"
    )
    currency: Annotated[str, AfterValidator(checked_currency)] = "INR"
    default_language: str = "en"
    upi_id: Annotated[str | None, AfterValidator(checked_upi_id)] = None
    upi_name: str | None = None
    deduction_time: Annotated[time, BeforeValidator(time_from_text)] = time(23, 59)
    webhook_url: Annotated[str | None, AfterValidator(checked_url)] = None
    webhook_secret: Annotated[SecretStr | None, AfterValidator(checked_webhook_secret)] = None
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    log_level: Annotated[LogLevel, BeforeValidator(lambda text: str(text).strip().upper())] = (
        LogLevel.INFO
    )

    def secrets(self) -> tuple[str, ...]:
        """This function will return everything that must never be logged."""
        held = (
            self.telegram_bot_token,
            self.qube_api_key,
            self.webhook_secret,
            self.database_url if "@" in self.database_url.get_secret_value() else None,
        )
        return tuple(secret.get_secret_value() for secret in held if secret is not None)

    def bot_token(self) -> str:
        """This function will return the token of the bot. Raises BadSettings without one."""
        return _needed("TELEGRAM_BOT_TOKEN", self.telegram_bot_token)

    def api_key(self) -> str:
        """This function will return the key of the meter vendor. Raises BadSettings without."""
        return _needed("QUBE_API_KEY", self.qube_api_key)


def load_settings(required: Collection[str] = ()) -> Settings:
    """This function will read the environment and `.env`, of which the environment wins.

    Raises BadSettings with every setting that is bad, or required and missing.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        raise BadSettings(_flaws_in(error)) from None
    except UnicodeDecodeError:
        raise BadSettings([Flaw(ENV_FILE, "is not a text file in UTF-8")]) from None
    missing = [name for name in required if getattr(settings, name.lower()) is None]
    if settings.webhook_url and settings.webhook_secret is None:
        missing.append("WEBHOOK_SECRET")
    if missing:
        raise BadSettings(map(_missing, missing))
    return settings


def _needed(name: str, secret: SecretStr | None) -> str:
    if secret is None:
        raise BadSettings([_missing(name)])
    return secret.get_secret_value()


def _missing(name: str) -> Flaw:
    return Flaw(name, "is missing: set it in the environment or in .env")


def _flaws_in(error: ValidationError) -> Iterable[Flaw]:
    for each in error.errors(include_url=False, include_input=False):
        said = str(each["msg"]).removeprefix("Value error, ")
        reason = said if said.startswith("must") else f"is not usable: {said}"
        yield Flaw(str(each["loc"][0]).upper(), reason)
