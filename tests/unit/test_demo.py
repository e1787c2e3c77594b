"""How the demonstration passes time, and that its file is one that the product takes."""

from datetime import datetime

import pytest

from bot.demo.house import next_stop
from bot.demo.tenants import EVERYBODY, leases_file
from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.lakeside import lakeside_building
from bot.sandbox.qube.load import KOLKATA
from bot.sandbox.world import STORY_STARTS_AT
from bot.services.exchange.lease_rows import LEASE_COLUMNS, parse_leases


@pytest.mark.parametrize(
    ("at", "stop"),
    [
        ("2026-10-25T18:00", "2026-10-25T23:59"),
        ("2026-10-25T23:59", "2026-10-26T00:00"),
        ("2026-10-26T00:00", "2026-10-26T06:00"),
        ("2026-10-26T11:59", "2026-10-26T12:00"),
        ("2026-10-31T23:59", "2026-11-01T00:00"),
    ],
)
def test_a_journey_stops_at_every_check_and_every_sixth_hour(at: str, stop: str) -> None:
    found = next_stop(datetime.fromisoformat(at).replace(tzinfo=KOLKATA))
    assert found == datetime.fromisoformat(stop).replace(tzinfo=KOLKATA)


def test_everybody_stands_in_a_file_that_an_operator_could_have_written() -> None:
    content = leases_file(EVERYBODY, lakeside_building(SandboxClock(STORY_STARTS_AT)))
    parsed = parse_leases(content)

    assert content.decode().splitlines()[0] == ",".join(LEASE_COLUMNS)
    assert parsed.problems == ()
    assert [row.tenant for row in parsed.rows] == [each.tenant for each in EVERYBODY]
