"""/report and /export: a month, its accounts and dues, closing it, and files of it all."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.records import Message
from bot.telegram.callbacks import Action, encode, press
from tests.driver import Chat
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FOR_GOOD = (
    "What is booked for it later counts in the month in which it is booked. "
    "It cannot be opened again."
)
THREE_WEEKS = timedelta(days=21)


async def paid(chat: Chat, typed: str) -> None:
    await chat.say(f"/pay {typed}")
    await chat.tap("Record")


async def file_of(chat: Chat, label: str) -> StoredFile:
    """Tap a button, and return the file that comes of it."""
    known = {message.message_id for message in chat.all}
    await chat.tap(label)

    def arrived(one: Chat) -> StoredFile | None:
        new = (m for m in one.all if m.message_id not in known and m.document is not None)
        return next((message.document for message in new), None)

    return await chat.until(arrived)


def data_of(message: Message, label: str) -> str:
    """Return what a button of a message carries."""
    buttons = (button for row in message.keyboard for button in row)
    return next(str(button.callback_data) for button in buttons if button.text == label)


class TestReport:
    """/report."""

    async def test_the_card_tells_of_the_month_that_goes_on(self, anil: Chat) -> None:
        await paid(anil, "302 500 cash")
        await paid(anil, "303 700 upi 423188908890")
        card = await anil.say("/report")
        assert card.text.splitlines() == [
            "Lakeside Apartments",
            "November 2026 · goes on",
            "",
            "Received ₹1,200.00",
            "UPI ₹700.00 · cash ₹500.00",
            "Deducted ₹0.00",
            "",
            "Owed today ₹0.00",
            "Books balance ✓",
        ]
        assert anil.buttons == ["Dues", "Books", "Consumption", "Files …", "‹ Home"]

    async def test_consumption_and_losses_are_a_tap_away(self, anil: Chat) -> None:
        await anil.say("/report")
        card = await anil.press("Consumption")
        assert card.text.startswith("Lakeside Apartments · Consumption")
        card = await anil.press("Losses")
        assert "No meter has sub-meters here" in card.text
        await anil.press("Consumption")
        card = await anil.press("File …")
        assert "Consumption · November 2026" in card.text
        made = await file_of(anil, "XLSX")
        assert made.name == "consumption-lakeside-apartments-2026-11.xlsx"

    async def test_the_home_card_of_an_accountant_leads_to_it(self, anil: Chat) -> None:
        await anil.say("/start")
        assert not {"Power …", "Qube", "Settings", "Tariffs"} & set(anil.buttons)
        card = await anil.press("Report")
        assert "November 2026" in card.text
        commands = {each.name for each in anil.menu}
        assert {"report", "export", "pay"} <= commands
        assert not {"relay", "settings", "tariffs"} & commands

    async def test_one_turns_the_months(self, anil: Chat, clock: SandboxClock) -> None:
        await paid(anil, "302 500 cash")
        clock.move_to(clock.now() + THREE_WEEKS)
        await anil.say("/report")
        assert anil.buttons[0] == "‹ November"
        card = await anil.press("‹ November")
        assert "November 2026 · not closed" in card.text
        assert "cash ₹500.00" in card.text
        assert anil.buttons[0] == "December ›"

    async def test_the_books_show_both_sides(self, anil: Chat) -> None:
        await paid(anil, "302 500 cash")
        await anil.say("/report")
        card = await anil.press("Books")
        assert card.text.splitlines() == [
            "Lakeside Apartments",
            "Posted in November 2026",
            "",
            "   Debit    Credit",
            "       –  3,897.50  Tenants",
            "  500.00         –  Cash",
            "3,397.50         –  Adjustments",
            "3,897.50  3,897.50  Sum",
            "Books balance ✓",
        ]
        year = await anil.press("Year")
        assert "Posted from 1 Apr 2026 to 30 Nov 2026" in year.text
        held = await anil.press("Balances")
        assert "What the accounts hold on 30 Nov 2026" in held.text
        assert anil.buttons == ["Month", "Year", "‹ Back"]

    async def test_dues_lead_to_the_rooms_that_owe(self, anil: Chat, building: Lakeside) -> None:
        await building.let("Room #310", tenant="Dev", balance_paise=-123_456)
        await anil.say("/report")
        card = await anil.press("Dues")
        assert card.text.splitlines() == [
            "Lakeside Apartments",
            "",
            "Owed today ₹1,234.56",
            "",
            "Prepaid, below zero  ₹1,234.56",
        ]
        room = await anil.press("310 · ₹1,234.56")
        assert "Dev" in room.text

    async def test_who_has_several_places_chooses_one(
        self, owner: Chat, building: Lakeside
    ) -> None:
        async with building.transactions.begin() as unit:
            await unit.places.add(replace(building.place, name="Hilltop"))
        for command in ("/report", "/export"):
            await owner.say(command)
            assert owner.buttons[:2] == ["Hilltop", "Lakeside Apartments"]
            card = await owner.press("Hilltop")
            assert card.text.startswith("Hilltop")


class TestClosing:
    """Close month …"""

    async def test_a_month_is_closed_once_and_for_good(
        self, anil: Chat, ravi: Chat, clock: SandboxClock
    ) -> None:
        await paid(anil, "302 500 cash")
        clock.move_to(clock.now() + THREE_WEEKS)
        await anil.say("/report")
        await anil.press("‹ November")
        asked = await anil.press("Close month …")
        assert asked.text.splitlines() == [
            "Close November 2026?",
            "Lakeside Apartments",
            "",
            "Debits and credits ₹3,897.50",
            "Books balance ✓",
            "",
            "⚠️ Not charged to its end: 302, 303, 304",
            "",
            FOR_GOOD,
        ]
        said = await anil.tap("Close for good")
        assert said.text == "Closed."
        assert "November 2026 · closed 3 Dec, Anil" in anil.text
        assert "Close month …" not in anil.buttons

        await ravi.say("/report")
        forged = encode(press(Action.REPORT_CLOSE, 1, 202611))
        said = await ravi.forge(forged)
        assert said.text is not None
        assert said.text.startswith("November 2026 is closed since 3 Dec 2026.")

    async def test_a_month_that_goes_on_is_not_closed(self, anil: Chat) -> None:
        await anil.say("/report")
        said = await anil.forge(encode(press(Action.REPORT_CLOSE, 1, 202611)))
        assert said.text == "November 2026 is not over. It can be closed from 1 Dec on."
        said = await anil.forge(encode(press(Action.REPORT_CLOSE, 1, 202609)))
        assert said.text is not None
        assert said.text.startswith("There is nothing to close")

    async def test_cancelling_closes_nothing(self, anil: Chat, clock: SandboxClock) -> None:
        clock.move_to(clock.now() + THREE_WEEKS)
        await anil.say("/report")
        await anil.press("‹ November")
        asked = await anil.press("Close month …")
        await anil.press("Cancel")
        said = await anil.forge(data_of(asked, "Close for good"))
        assert said.text != "Closed."
        card = await anil.say("/report")
        assert "goes on" in card.text
        await anil.press("‹ November")
        assert "not closed" in anil.text


class TestExport:
    """/export."""

    async def test_a_table_comes_as_csv(self, anil: Chat) -> None:
        await paid(anil, "302 500 cash")
        await anil.say("/export")
        card = await anil.press("Ledger")
        assert "Ledger · everything" in card.text
        assert anil.buttons == ["XLSX", "CSV", "November", "October", "‹ Back"]
        made = await file_of(anil, "CSV")
        assert made.name == "ledger-lakeside-apartments.csv"
        rows = list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig"))))
        assert [row["amount"] for row in rows] == ["85.50", "312.00", "3000.00", "500.00"]
        assert "cash" not in rows[-1], "the fixed header of a table of lines has no further column"

    async def test_a_month_comes_as_a_workbook(self, anil: Chat) -> None:
        await paid(anil, "302 500 cash")
        await anil.say("/report")
        await anil.press("Files …")
        assert anil.buttons == [
            "Trial balance",
            "Payments",
            "Bills",
            "Consumption",
            "Ledger",
            "‹ Back",
        ]
        await anil.press("Payments")
        made = await file_of(anil, "XLSX")
        assert made.name == "collections-lakeside-apartments-2026-11.xlsx"
        with zipfile.ZipFile(io.BytesIO(made.data)) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert re.search(r"<v>500(\.0+)?</v>", sheet)
        assert "Asha Rao" in sheet

    async def test_what_is_empty_is_said_to_be(self, anil: Chat) -> None:
        await anil.say("/export")
        await anil.press("Bills")
        answer = await anil.tap("CSV")
        assert answer.text == "There is nothing in it yet."

    @pytest.mark.parametrize(
        "arguments",
        [("ledger", 202613, "csv"), ("secrets", 0, "csv"), ("ledger", 0, "pdf")],
    )
    async def test_a_button_that_never_was_is_answered(
        self, anil: Chat, arguments: tuple[str, int, str]
    ) -> None:
        await anil.say("/export")
        said = await anil.forge(encode(press(Action.EXPORT_FILE, 1, *arguments)))
        assert all(message.document is None for message in anil.all)
        assert said is not None


async def test_caretakers_tenants_and_people_from_elsewhere_get_nothing(
    kishan: Chat, asha: Chat, elsewhere: Chat, building: Lakeside
) -> None:
    place_id = building.place.id
    for chat in (kishan, asha, elsewhere):
        await chat.say("/start")
        for data in (
            encode(press(Action.REPORT, place_id)),
            encode(press(Action.EXPORT_FILE, place_id, "ledger", 0, "csv")),
            encode(press(Action.REPORT_CLOSE_CONFIRM, place_id, 202610, nonce="u1")),
        ):
            await chat.forge(data)
        assert all(message.document is None for message in chat.all)
        assert "Received" not in chat.transcript()
    for chat in (kishan, asha):
        assert not {"report", "export"} & {each.name for each in chat.menu}
    async with building.transactions.read() as unit:
        assert not await unit.accounts.closes(place_id)
