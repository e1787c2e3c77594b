"""The example of the specification, as an operator runs it: one bill over 339.5 kWh. Rule 7.1."""

import csv
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from bot.__main__ import main
from bot.config import Settings

LEASES = """\
place,room,meter,type,tenant,phone,mode,rate,start_on,opening_reading,opening_balance,cut_off,\
low_balance,billing_day
Lakeside,Room #302,lakeside.302,,Asha Rao,,postpaid,6.50,2026-09-25,1450.0,,,,25
"""
DEVICE = {
    "device_id": "QB-302",
    "device_name": "Room 302",
    "mode": "measurement",
    "is_online": False,
    "has_relay": True,
    "udf1": "lakeside.302",
    "energy": None,
}
CLOSES = {"2026-10-25": 1789.5}


class Vendor(BaseHTTPRequestHandler):
    """A vendor with one device, offline, whose history is known."""

    def do_GET(self) -> None:
        """Answer like the vendor, with what the documentation shows."""
        url = urlparse(self.path)
        body = json.dumps({"success": True, "code": 200, "data": self._data(url.path, url.query)})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def _data(self, path: str, query: str) -> object:
        if path.rstrip("/").endswith("/metrics/history"):
            asked = {name: values[0] for name, values in parse_qs(query).items()}
            known = {on: value for on, value in CLOSES.items() if on <= asked["to_date"]}
            return {
                "device_id": "QB-302",
                "from_date": asked["from_date"],
                "to_date": asked["to_date"],
                "readings": [
                    {
                        "property_id": asked["property_id"],
                        "value": value,
                        "unit": "kWh",
                        "timestamp": f"{on}T23:59:59+05:30",
                    }
                    for on, value in known.items()
                ],
            }
        if path.rstrip("/").endswith("/spaces"):
            return [{"space_id": 7, "space_name": "Lakeside", "devices": [DEVICE]}]
        return DEVICE

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
        """Say nothing."""


@pytest.fixture
def vendor() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Vendor)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/v2"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, vendor: str) -> Iterator[None]:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("QUBE_API_KEY", "a-key")
    monkeypatch.setenv("QUBE_API_URL", vendor)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leases.csv").write_text(LEASES)
    root = logging.getLogger()
    before = root.handlers[:], root.level, sys.excepthook, threading.excepthook
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])


def told(capsys: pytest.CaptureFixture[str], *argv: str) -> list[str]:
    """Return what a command that succeeds prints."""
    capsys.readouterr()
    assert main(argv) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("times", [1, 5])
@pytest.mark.parametrize("now", ["2026-10-26", "2026-10-26T03:00:00+05:30"])
def test_a_month_is_billed_once_to_the_paisa(
    capsys: pytest.CaptureFixture[str], times: int, now: str
) -> None:
    told(capsys, "import", "leases.csv", "--yes")
    printed = [told(capsys, "job", "invoice", "--now", now) for _ in range(times)]
    head = "Lakeside · Room #302 · Asha Rao: L1/26-27/0001"
    assert printed[0] == [
        f"{head}, 2026-09-25 – 2026-10-25, 339.5 kWh, ₹2,206.75, due 2026-11-05",
        "1 invoice issued (₹2,206.75), 0 waiting",
    ]
    for again in printed[1:]:
        assert again == ["0 invoices issued (0), 0 waiting"]
    (row,) = csv.DictReader(io.StringIO("\n".join(told(capsys, "export", "invoices"))))
    assert row.pop("status") in {"open", "overdue"}
    assert row == {
        "number": "L1/26-27/0001",
        "issued_on": "2026-10-26",
        "place": "Lakeside",
        "room": "Room #302",
        "tenant": "Asha Rao",
        "period_from": "2026-09-25",
        "period_to": "2026-10-25",
        "consumption": "339.5",
        "unit": "kWh",
        "net": "2206.75",
        "tax": "0.00",
        "total": "2206.75",
        "paid": "0.00",
        "due_on": "2026-11-05",
    }
    (balance,) = csv.DictReader(io.StringIO("\n".join(told(capsys, "export", "balances"))))
    assert balance["balance"] == "-2206.75"


def test_nothing_is_billed_while_the_last_day_runs(capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "import", "leases.csv", "--yes")
    assert told(capsys, "job", "invoice", "--now", "2026-10-25T23:59") == [
        "0 invoices issued (0), 0 waiting"
    ]


def test_a_bill_is_brought_to_mind_once_and_each_line_says_which_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told(capsys, "import", "leases.csv", "--yes")
    told(capsys, "job", "invoice", "--now", "2026-10-26")
    head = "Lakeside · Room #302 · Asha Rao: L1/26-27/0001, ₹2,206.75 open, "
    for now, line in (
        ("2026-11-02T09:00", "3 days before it is due on 2026-11-05"),
        ("2026-11-05T09:00", "due on 2026-11-05"),
        ("2026-11-08T09:00", "3 days after it was due on 2026-11-05"),
        ("2026-11-11T09:00", "last warning, power goes 2026-11-13 00:00"),
        ("2026-11-12T09:00", "7 days after it was due on 2026-11-05"),
    ):
        printed = told(capsys, "job", "remind", "--now", now)
        assert printed[0] == head + line
        assert "1 bill brought to mind" in printed[1]
        (again,) = told(capsys, "job", "remind", "--now", now)
        assert "0 bills brought to mind" in again


def test_a_job_at_night_says_that_it_is_heard_in_the_morning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told(capsys, "import", "leases.csv", "--yes")
    told(capsys, "job", "invoice", "--now", "2026-10-26")
    printed = told(capsys, "job", "remind", "--now", "2026-11-05T02:00")
    assert "1 bill brought to mind (1 told in the morning, not at night)" in printed[1]
