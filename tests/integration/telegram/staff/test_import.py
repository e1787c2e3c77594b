"""A building comes in from a file: shown first, written once, invitations handed over."""

import csv
import io

import pytest

from bot.sandbox.telegram import TelegramWorld
from bot.sandbox.telegram.records import Message
from tests.driver import Chat
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

GOOD = b"""place,room,meter,tenant,rate
Lakeside Apartments,401,lakeside.401,Dev Anand,6.50
Lakeside Apartments,402,lakeside.402,Esha,6.50
"""
BAD = b"""place,room,meter,tenant,rate
Lakeside Apartments,401,lakeside.401,Dev Anand,6.50
Lakeside Apartments,402,lakeside.402,,6.50
Elsewhere,1,x.1,Q,cheap
"""


async def rooms_of(building: Lakeside) -> list[str]:
    async with building.transactions.read() as unit:
        return [room.name for room in await unit.places.rooms(building.place.id)]


async def file_of(chat: Chat) -> Message:
    return await chat.until(
        lambda c: next((m for m in c.all if m.content.document is not None), None)
    )


async def test_a_file_is_shown_confirmed_and_answered_with_invitations(
    ravi: Chat, building: Lakeside, stranger: Chat
) -> None:
    shown = await ravi.document(GOOD, "rooms.csv", "text/csv")
    assert shown.text.splitlines()[:2] == ["rooms.csv", "2 new leases"]
    assert "401" not in await rooms_of(building)

    done = await ravi.press("Import 2 rows")

    assert done.message_id == shown.message_id
    assert "✅ 2 leases imported" in done.text
    assert {"401", "402"} <= set(await rooms_of(building))
    sent = (await file_of(ravi)).content.document
    assert sent is not None
    rows = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert [row["room"] for row in rows] == ["401", "402"]
    link = rows[0]["invitation"]
    assert link in done.text
    assert link.startswith("https://t.me/lakeside_bot?start=")
    welcomed = await stranger.say(f"/start {link.partition('=')[2]}")
    assert "Room 401" in welcomed.text


async def test_bad_rows_are_named_by_line_and_the_good_ones_taken(
    ravi: Chat, building: Lakeside
) -> None:
    shown = await ravi.document(BAD, "rooms.csv", "text/csv")

    assert "⚠️ 2 lines cannot be taken" in shown.text
    assert "Line 3, tenant: is empty" in shown.text
    assert "Line 4, rate: “cheap” is not a number" in shown.text
    await ravi.press("Import 1 row")
    assert "401" in await rooms_of(building)
    assert "402" not in await rooms_of(building)


async def test_the_same_file_again_changes_nothing(ravi: Chat, building: Lakeside) -> None:
    await ravi.document(GOOD, "rooms.csv", "text/csv")
    await ravi.press("Import 2 rows")
    await file_of(ravi)

    again = await ravi.document(GOOD, "rooms.csv", "text/csv")

    assert "2 are here already, unchanged" in again.text
    assert "There is nothing to import." in again.text
    assert ravi.buttons == ["‹ Home"]


async def test_the_same_tap_delivered_twice_imports_once(
    ravi: Chat, building: Lakeside, world: TelegramWorld
) -> None:
    await ravi.document(GOOD, "rooms.csv", "text/csv")

    world.duplicate_next_update()
    await ravi.press("Import 2 rows")
    await ravi.say("/rooms")

    assert "✅ 2 leases imported" in ravi.transcript()
    async with building.transactions.read() as unit:
        running = await unit.leases.running_at(building.place.id)
    assert len(running) == 5


async def test_a_file_that_is_no_csv_is_refused_in_words(ravi: Chat) -> None:
    sheet = await ravi.document(b"PK\x03\x04\x00\xff\xfe", "rooms.xlsx")
    assert "This is not a CSV file." in sheet.text
    empty = await ravi.document(b"\n", "rooms.csv", "text/csv")
    assert "The file is empty." in empty.text
    other = await ravi.document(b"name,price\nx,1\n", "rooms.csv", "text/csv")
    assert "lacks these columns" in other.text


async def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(
    ravi: Chat, world: TelegramWorld
) -> None:
    said = await ravi.document(b"x" * 2_000_001, "rooms.csv", "text/csv")

    assert said.text == "The file is too large. Split it into files of up to 2 MB."
    assert world.wire.of("getFile") == ()


async def test_a_file_is_taken_also_when_something_else_was_asked(ravi: Chat) -> None:
    await ravi.say("/pay 302")

    assert "2 new leases" in (await ravi.document(GOOD, "rooms.csv", "text/csv")).text


async def test_an_old_confirmation_imports_nothing(ravi: Chat, building: Lakeside) -> None:
    old = await ravi.document(GOOD, "rooms.csv", "text/csv")
    await ravi.document(BAD, "other.csv", "text/csv")

    said = await ravi.press("Import 2 rows", on=old)

    assert said.text.startswith("This button is from an older message.")
    assert "402" not in await rooms_of(building)


async def test_a_rate_is_not_called_optional(ravi: Chat) -> None:
    lines = (await ravi.say("/import")).text.splitlines()
    (optional,) = (line for line in lines if line.startswith("If you like: "))

    assert "rate" not in optional
    assert "rate, for example 6.50, unless the place has just one tariff" in lines


async def test_the_command_says_what_is_wanted(ravi: Chat) -> None:
    said = await ravi.say("/import")

    assert "Needed: place, room, meter, tenant" in said.text
