"""The commands as an operator types them: what they print where, and their exit codes."""

import logging
import re
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands import EXPORTS, JOB_NEEDS
from bot.config import Settings

HEADER = (
    "place,room,meter,type,tenant,phone,mode,rate,start_on,opening_reading,"
    "opening_balance,cut_off,low_balance,billing_day"
)
ROOM_302 = "Lakeside,Room #302,lakeside.302,,Asha Rao,,,6.50,2026-10-26,1450.0,3000,,,"


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])


@pytest.fixture
def leases(tmp_path: Path) -> str:
    path = tmp_path / "leases.csv"
    path.write_text(f"{HEADER}\n{ROOM_302}\n")
    return str(path)


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    """Return the exit code and the one line on stderr."""
    code = main(argv)
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    return code, line


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["dance"],
        ["job"],
        ["job", "dance"],
        ["job", "backup", "--now", "tomorrow"],
        ["export"],
        ["export", "secrets"],
        ["import"],
        ["backup"],
    ],
)
def test_a_command_that_is_not_understood_ends_with_2(argv: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(argv)
    assert ended.value.code == 2


@pytest.mark.parametrize("port", ["99999999", "70000", "-1", "https"])
def test_a_port_that_cannot_be_is_wrong_use(capsys: pytest.CaptureFixture[str], port: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo", f"--port={port}"])
    last = capsys.readouterr().err.splitlines()[-1]
    assert ended.value.code == 2
    assert last.endswith("argument --port: a port is a number from 0 to 65535")


def test_the_readme_names_every_job_and_every_export() -> None:
    readme = (Path(__file__).resolve().parents[3] / "README.md").read_text()
    rows = [line for line in readme.splitlines() if line.startswith("| `python -m bot")]
    jobs = next(row for row in rows if "bot job" in row).rsplit("|", 2)[1]
    exports = next(row for row in rows if "bot export" in row)
    assert set(re.findall(r"`(\w+)`", jobs)) == set(JOB_NEEDS)
    assert "\\|".join(EXPORTS) in exports


def test_a_qube_that_is_not_there_is_told_in_a_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUBE_API_KEY", "key")
    monkeypatch.setenv("QUBE_API_URL", "http://127.0.0.1:9/api/v2")
    assert main(["job", "sync"]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("bot: Qube cannot be asked: there is no connection to QUBE_API_URL")


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        (["run"], "TELEGRAM_BOT_TOKEN"),
        (["job", "deduct"], "QUBE_API_KEY"),
        (["job", "reconcile"], "QUBE_API_KEY"),
        (["job", "sync"], "QUBE_API_KEY"),
    ],
)
def test_a_missing_setting_is_named_in_one_line(
    capsys: pytest.CaptureFixture[str], argv: list[str], name: str
) -> None:
    code, line = refused(capsys, *argv)

    assert code == 2
    assert name in line


def test_a_bad_setting_is_named_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMEZONE", "Mars/Olympus")
    code, line = refused(capsys, "export", "balances")

    assert (code, "TIMEZONE" in line) == (2, True)


def test_a_language_that_is_not_there_is_a_bad_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEFAULT_LANGUAGE", "tlh")
    code, line = refused(capsys, "export", "balances")

    assert (code, "DEFAULT_LANGUAGE must be one of en, hi" in line) == (2, True)


def test_a_database_that_cannot_be_reached_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:canary@127.0.0.1:1/bot")
    code, line = refused(capsys, "migrate")

    assert code == 1
    assert "database cannot be reached" in line
    assert "canary" not in line


def test_a_folder_that_is_not_there_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all/bot.db")

    assert refused(capsys, "export", "ledger")[0] == 1


def test_an_empty_database_is_made_ready_by_itself(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["export", "balances"]) == 0
    assert capsys.readouterr().out.startswith("place,room,meter,tenant,mode,balance,")
    assert (tmp_path / "qube-bot.db").exists()


def test_a_database_of_another_shape_is_left_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "qube-bot.db")) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    code, line = refused(capsys, "export", "balances")

    assert (code, "python -m bot migrate" in line) == (1, True)


def test_migrate_says_from_where_to_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == main(["migrate"]) == 0
    first, second = capsys.readouterr().out.splitlines()

    assert first.startswith("from nothing to ")
    assert second.endswith(" already")


def test_a_preview_writes_nothing(capsys: pytest.CaptureFixture[str], leases: str) -> None:
    assert main(["import", leases]) == 0
    preview = capsys.readouterr().out
    main(["export", "balances"])

    assert "Lakeside · Room #302 · Asha Rao: new" in preview
    assert "Nothing was written" in preview
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_an_import_prints_an_invitation_for_each_lease(
    capsys: pytest.CaptureFixture[str], leases: str
) -> None:
    assert main(["import", leases, "--yes"]) == 0
    first = capsys.readouterr().out
    assert main(["import", leases, "--yes"]) == 0
    second = capsys.readouterr().out

    assert "Invitation for Lakeside · Room #302 · Asha Rao: " in first
    assert "Invitation" not in second
    assert "unchanged" in second


def test_bad_rows_are_told_by_line_and_make_the_import_fail(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "leases.csv"
    path.write_text(f"{HEADER}\n{ROOM_302}\nLakeside,Room #303,m.303,,Ravi,,,-1,,,,,,\n")

    assert main(["import", str(path), "--yes"]) == 1
    shown = capsys.readouterr().out
    assert "Line 3, rate: “-1” is below zero" in shown
    assert "1 new, 0 unchanged, 1 refused" in shown


def test_a_file_that_is_no_csv_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "leases.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe\x00")

    assert main(["import", str(path)]) == 1
    assert "not a CSV file" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, line = refused(capsys, "import", "nowhere.csv")

    assert (code, "nowhere.csv" in line) == (1, True)


def test_meters_come_back_as_they_were_exported(
    capsys: pytest.CaptureFixture[str], leases: str, tmp_path: Path
) -> None:
    main(["import", leases, "--yes"])
    meters = tmp_path / "meters.csv"
    meters.write_text("place,name,type,serial_number\nLakeside,Gas,gas,G-1\nNowhere,Lift,,\n")
    capsys.readouterr()
    assert main(["import", str(meters)]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "Gas: new"
    assert shown[1].startswith("Line 3, place: there is no place “Nowhere”")
    assert shown[2] == "1 new, 0 changed, 0 unchanged, 1 refused"
    assert shown[3].startswith("Nothing was written.")
    assert main(["import", str(meters), "--yes"]) == 1

    assert main(["export", "meters", "--out", str(meters)]) == 0
    assert "Lakeside,,Gas,GAS,m³,gas,INDIVIDUAL,,ACTIVE,no,,G-1," in meters.read_text("utf-8")
    capsys.readouterr()
    assert main(["import", str(meters), "--yes"]) == 0
    assert capsys.readouterr().out == "0 new, 0 changed, 2 unchanged, 0 refused\n"


def test_an_export_goes_to_a_file_when_asked(
    capsys: pytest.CaptureFixture[str], leases: str, tmp_path: Path
) -> None:
    main(["import", leases, "--yes"])
    capsys.readouterr()

    assert main(["export", "ledger", "--out", str(tmp_path / "ledger.csv")]) == 0
    assert capsys.readouterr().out == ""
    header, row = (tmp_path / "ledger.csv").read_text().splitlines()
    assert header == "entry_id,at,place,room,kind,amount,balance_after,reference,explanation"
    assert row.endswith(",opening,3000.00,3000.00,,Opening balance")
    assert sorted(path.suffix for path in tmp_path.glob("*ledger*")) == [".csv"]


def test_an_export_speaks_the_default_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, leases: str
) -> None:
    main(["import", leases, "--yes"])
    capsys.readouterr()
    monkeypatch.setenv("DEFAULT_LANGUAGE", "hi")
    main(["export", "ledger"])

    assert "Opening balance" not in capsys.readouterr().out


def test_a_backup_is_written_once(
    capsys: pytest.CaptureFixture[str], leases: str, tmp_path: Path
) -> None:
    main(["import", leases, "--yes"])
    capsys.readouterr()
    copy = str(tmp_path / "copy.db")

    assert main(["backup", copy]) == 0
    assert capsys.readouterr().out == f"{copy}\n"
    code, line = refused(capsys, "backup", copy)
    assert (code, "exists already" in line) == (1, True)
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM lease").fetchone() == (1,)


def test_the_backup_job_keeps_its_copies_beside_the_database(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["job", "backup", "--now", "2026-11-18T03:00:00+05:30"]) == 0
    assert "qube-bot-2026-11-17T213000Z.db" in capsys.readouterr().out
    assert (tmp_path / "backups" / "qube-bot-2026-11-17T213000Z.db").exists()


def test_the_reminding_job_needs_neither_key_nor_token(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["job", "remind"]) == 0
    assert capsys.readouterr().out == (
        "0 held readings wait for a manager; 0 brought to mind today; "
        "0 meters are due to be read by their tenants; 0 bills brought to mind; "
        "promises to pay: 0 kept, 0 broken; "
        "0 questions open, 0 brought to mind\n"
    )


def test_the_estimating_job_needs_neither_key_nor_token(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["job", "estimate"]) == 0
    assert capsys.readouterr().out == "0 readings estimated, 0 without a use to go by\n"


def test_check_tells_everything_and_fails_if_anything_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:canary-canary")
    main(["migrate"])
    capsys.readouterr()

    assert main(["check"]) == 1
    shown = capsys.readouterr().out
    subjects = [line.partition(":")[0] for line in shown.splitlines()]
    assert [each for each in subjects if "catalogues" not in each] == [
        "ok settings",
        "ok database",
        "FAILED Telegram token",
        "FAILED Qube key",
        "ok clock",
        "ok ledger sums",
        "ok backups",
    ]
    assert "canary" not in shown


def test_check_finds_a_balance_that_is_not_the_sum_of_its_postings(
    capsys: pytest.CaptureFixture[str], leases: str
) -> None:
    main(["import", leases, "--yes"])
    capsys.readouterr()
    with closing(sqlite3.connect("qube-bot.db")) as database:
        database.execute("UPDATE lease SET balance_paise = balance_paise + 1")
        database.commit()

    assert main(["check"]) == 1
    assert "FAILED ledger sums: 1 do not add up" in capsys.readouterr().out


def test_check_tells_a_bad_setting_as_its_one_finding(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURRENCY", "JPY")

    assert main(["check"]) == 1
    assert capsys.readouterr().out.startswith("FAILED settings: CURRENCY must be ")
