from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config import BadSettings, LogLevel, Settings, load_settings

VARIABLES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def flaws(*required: str) -> dict[str, str]:
    with pytest.raises(BadSettings) as refused:
        load_settings(required)
    return {flaw.name: flaw.reason for flaw in refused.value.flaws}


def test_every_variable_of_the_product_is_read() -> None:
    assert set(VARIABLES) == {
        "TELEGRAM_BOT_TOKEN",
        "TELEGRAM_API_URL",
        "QUBE_API_KEY",
        "QUBE_API_URL",
        "DATABASE_URL",
        "OWNER_TELEGRAM_IDS",
        "TIMEZONE",
        "CURRENCY",
        "DEFAULT_LANGUAGE",
        "UPI_ID",
        "UPI_NAME",
        "QUBE_REQUESTS_PER_MINUTE",
        "DEDUCTION_TIME",
        "WEBHOOK_URL",
        "WEBHOOK_SECRET",
        "HTTP_HOST",
        "HTTP_PORT",
        "LOG_LEVEL",
    }


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    settings = load_settings()

    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.qube_api_url == "https://developer.qube.eco/api/v2"
    assert settings.database_url.get_secret_value() == "sqlite+aiosqlite:///qube-bot.db"
    assert settings.qube_requests_per_minute == 100
    assert settings.deduction_time == time(23, 59)
    assert settings.timezone == ZoneInfo("Asia/Kolkata")
    assert (settings.currency, settings.default_language) == ("INR", "en")


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("UPI_NAME=from file\nCURRENCY=EUR\nUNRELATED=1\n")
    monkeypatch.setenv("UPI_NAME", "from environment")
    settings = load_settings()

    assert (settings.upi_name, settings.currency) == ("from environment", "EUR")


def test_a_variable_that_is_empty_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "")

    assert load_settings().timezone.key == "Asia/Kolkata"


def test_owners_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_TELEGRAM_IDS", " 12, 34,12,")

    assert load_settings().owner_telegram_ids == (12, 34)


def test_addresses_lose_their_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUBE_API_URL", "http://127.0.0.1:8000/api/v2/")

    assert load_settings().qube_api_url == "http://127.0.0.1:8000/api/v2"


def test_the_log_level_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "debug")

    assert load_settings().log_level is LogLevel.DEBUG


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "not-a-token"),
        ("TELEGRAM_API_URL", "ftp://example.org"),
        ("QUBE_API_KEY", "two words"),
        ("TELEGRAM_API_URL", "http://[::broken"),
        ("QUBE_API_URL", "developer.qube.eco"),
        ("QUBE_API_URL", "http://localhost:99999/api/v2"),
        ("QUBE_API_URL", "http://localhost:port/api/v2"),
        ("DATABASE_URL", "mysql://root@localhost/bot"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("DATABASE_URL", "nonsense"),
        ("OWNER_TELEGRAM_IDS", "12,ravi"),
        ("OWNER_TELEGRAM_IDS", "-5"),
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "../../etc/passwd"),
        ("CURRENCY", "JPY"),
        ("CURRENCY", "rupees"),
        ("UPI_ID", "lakeside"),
        ("QUBE_REQUESTS_PER_MINUTE", "0"),
        ("QUBE_REQUESTS_PER_MINUTE", "many"),
        ("DEDUCTION_TIME", "24:00"),
        ("DEDUCTION_TIME", "midnight"),
        ("WEBHOOK_URL", "http//broken"),
        ("WEBHOOK_SECRET", "with spaces"),
        ("HTTP_PORT", "70000"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_bad_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    found = flaws()

    assert set(found) == {name}
    assert "\n" not in found[name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "canary"),
        ("QUBE_API_KEY", "canary canary"),
        ("WEBHOOK_SECRET", "canary!"),
        ("DATABASE_URL", "mysql://bot:canary@localhost/bot"),
    ],
)
def test_a_bad_secret_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    assert "canary" not in str(flaws())


def test_all_bad_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "x")
    monkeypatch.setenv("CURRENCY", "x")

    assert set(flaws()) == {"TIMEZONE", "CURRENCY"}


def test_only_what_a_command_needs_is_required() -> None:
    load_settings()

    assert set(flaws("TELEGRAM_BOT_TOKEN", "QUBE_API_KEY")) == {
        "TELEGRAM_BOT_TOKEN",
        "QUBE_API_KEY",
    }


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "https://bot.example.org")

    assert set(flaws()) == {"WEBHOOK_SECRET"}


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"UPI_NAME=\xff\xfe\n")

    assert set(flaws()) == {".env"}


def test_secrets_do_not_show_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "TELEGRAM_BOT_TOKEN": "123456:canary-token",
        "QUBE_API_KEY": "canary-key",
        "WEBHOOK_SECRET": "canary-secret",
        "DATABASE_URL": "postgresql://bot:canary-password@localhost/bot",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()

    assert "canary" not in repr(settings) + str(settings)
    assert set(settings.secrets()) == set(secrets.values())
