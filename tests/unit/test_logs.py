"""No secret gets into the log, whoever writes it and however (canaries)."""

import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import httpx
import pytest
import stamina

from bot.logs import REDACTED, Redactor, start_logging

TOKEN = "123456:AAcanary-token_of-the-bot-0123456789"
KEY = "qk-canary-key"
DATABASE = "postgresql+asyncpg://bot:canary%40pass@db.example/bot"
SECRETS = (TOKEN, KEY, DATABASE)
CANARIES = (TOKEN, KEY, DATABASE, "AAcanary-token_of-the-bot-0123456789", "canary%40pass")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    with warnings.catch_warnings():
        yield
    logging.captureWarnings(capture=False)
    stamina.instrumentation.set_on_retry_hooks(None)
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])


def fail(text: str) -> None:
    raise ValueError(text)


def assert_clean(text: str) -> None:
    assert REDACTED in text
    assert not [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize("canary", CANARIES)
def test_a_secret_is_taken_out_of_messages_and_arguments(
    canary: str, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logging("DEBUG", secrets=SECRETS)
    logging.getLogger("anybody").info("asking %s for %r", f"https://x/bot{canary}/getMe", [canary])

    assert_clean(capsys.readouterr().err)


def test_a_secret_is_taken_out_of_a_url_as_the_client_logs_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start_logging("DEBUG", secrets=SECRETS)
    url = httpx.URL("https://api.telegram.org", path=f"/bot{TOKEN}/getMe")
    logging.getLogger("httpx").info("HTTP Request: POST %s", url)

    assert_clean(capsys.readouterr().err)


def test_a_secret_is_taken_out_of_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("INFO", secrets=SECRETS)
    try:
        fail(TOKEN)
    except ValueError:
        logging.getLogger("anybody").exception("failed with %s", KEY)
    shown = capsys.readouterr().err

    assert_clean(shown)
    assert "Traceback" in shown


def test_a_crash_is_logged_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("INFO", secrets=SECRETS)
    try:
        fail(DATABASE)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    shown = capsys.readouterr().err

    assert_clean(shown)
    assert "stopped by an unforeseen error" in shown


def test_a_crash_of_a_thread_is_logged_without_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start_logging("INFO", secrets=SECRETS)
    thread = threading.Thread(target=fail, args=[KEY])
    thread.start()
    thread.join()

    assert_clean(capsys.readouterr().err)


def test_a_token_that_is_not_ours_is_taken_out_too() -> None:
    other = "9876543210:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"

    assert other not in Redactor(()).clean(f"refused {other}")


def test_what_is_no_secret_stays() -> None:
    line = "12 Nov 23:59 · 1,450.0 → 1,461.8 kWh"

    assert Redactor(SECRETS).clean(line) == line


def test_a_short_secret_does_not_blacken_everything() -> None:
    assert Redactor(("1:a",)).clean("a banana") == "a banana"


def test_logs_leave_stdout_alone(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("INFO", secrets=())
    logging.getLogger("anybody").warning("look")
    shown = capsys.readouterr()

    assert shown.out == ""
    assert "WARNING anybody: look" in shown.err


def test_clients_that_talk_much_are_quiet_unless_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start_logging("INFO", secrets=())
    logging.getLogger("httpx").info("HTTP Request")

    assert capsys.readouterr().err == ""


async def test_what_is_asked_again_is_told_on_stderr_and_never_on_stdout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start_logging("INFO", secrets=SECRETS)
    caller = stamina.AsyncRetryingCaller(attempts=2, wait_initial=0, wait_max=0, wait_jitter=0)

    async def ask() -> None:
        raise ValueError(f"no answer for {KEY}")

    with pytest.raises(ValueError, match="no answer"):
        await caller(ValueError, ask)

    said = capsys.readouterr()
    assert said.out == ""
    assert "asked in vain" in said.err
    assert_clean(said.err)
