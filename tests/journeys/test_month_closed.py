"""An accountant closes a month and takes it home as files; a mistake found later counts later."""

import csv
import io
import re
import zipfile
from decimal import ROUND_DOWN, Decimal
from xml.etree import ElementTree

import pytest

from bot.demo.tenants import ANANYA
from bot.domain.people import Role
from bot.sandbox.telegram.files import StoredFile
from tests.driver import Chat
from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


async def hired(house: House, name: str, role: Role) -> Chat:
    """Return the chat of somebody of the staff."""
    chat = house.phone(name)
    await chat.say("/start")
    async with house.bot.app.transactions.begin() as unit:
        (place,) = await unit.places.all()
        person = await unit.people.by_telegram(chat.person.user_id)
        assert person is not None
        await unit.people.grant(person_id=person.id, place_id=place.id, role=role)
    await chat.say("/start")
    return chat


async def file_of(chat: Chat, *taps: str) -> StoredFile:
    """Go to November's files, tap, and return the file that comes."""
    known = {message.message_id for message in chat.all}
    await chat.say("/report")
    for tap in ("‹ November", "Files …", *taps[:-1]):
        await chat.press(tap)
    await chat.tap(taps[-1])
    return await chat.until(
        lambda one: next(
            (m.document for m in one.all if m.document and m.message_id not in known), None
        )
    )


async def table(chat: Chat, name: str) -> list[dict[str, str]]:
    """Return one of November's tables, as a spreadsheet would read it."""
    made = await file_of(chat, name, "CSV")
    return list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig"))))


def sheet_of(book: StoredFile) -> list[list[str]]:
    """Return the cells of a workbook; what is a number there is one here."""
    with zipfile.ZipFile(io.BytesIO(book.data)) as parts:
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    rows = ([*row.iter(f"{SHEET}c")] for row in sheet.iter(f"{SHEET}row"))
    return [["".join(cell.itertext()) for cell in row] for row in rows]


async def read_too_much(house: House, kishan: Chat) -> Decimal:
    """Let the caretaker misread Room 302; return what the counter shows in truth."""
    right = house.meter.register_kwh.quantize(Decimal("0.1"), ROUND_DOWN)
    await kishan.say("/readings")
    await kishan.press("Enter a reading")
    await kishan.say("302")
    await kishan.say(f"{right + Decimal('0.7')} kWh")
    await kishan.press("Record")
    return right


async def correct(house: House, right: Decimal) -> None:
    """Let the manager find it."""
    ravi = house.ravi
    await ravi.say("/readings 302")
    for tap in ("Filter …", "By hand", "5 Nov ·", "Correct …"):
        await ravi.press(tap)
    await ravi.say(str(right))
    await ravi.press("Misread")
    await ravi.press("Correct it")


async def test_a_closed_month_stays_as_it_was_and_its_files_add_up(house: House) -> None:
    await house.take_in(ANANYA)
    rinkesh = await house.tenant()
    anil = await hired(house, "Anil", Role.ACCOUNTANT)
    kishan = await hired(house, "Kishan", Role.CARETAKER)
    await house.until(at(4))
    house.world.clock.move_to(at(5, "08:00"))
    right = await read_too_much(house, kishan)
    await house.until(at(8, "09:00"))
    await house.pay("302 500 cash")
    await house.until(at(2, "06:00", month=12))

    await anil.say("/report")
    before = await anil.press("‹ November")
    assert "Received ₹500.00" in before.text
    assert re.search(r"Billed ₹[\d,.]+ · 1 bill", before.text)
    assert "Books balance ✓" in before.text
    asked = await anil.press("Close month …")
    assert "1 earlier month is closed with it, since October 2026." in asked.text
    await anil.press("Close for good")
    assert "November 2026 · closed 2 Dec, Anil" in anil.text
    trial, ledger = await table(anil, "Trial balance"), await table(anil, "Ledger")

    await house.until(at(3, "09:00", month=12))
    await correct(house, right)
    assert await table(anil, "Trial balance") == trial
    assert await table(anil, "Ledger") == ledger
    corrections = await house.entries("reversal")
    assert {each["accounted_on"] for each in corrections} == {"2026-12-03"}
    late = [
        each
        for each in await house.entries("deduction")
        if each["at"] < "2026-12" <= each["accounted_on"]
    ]
    assert len(late) == len(corrections) == 2

    assert sum(Decimal(row["closing"]) for row in trial) == 0
    assert all(row["closed"] == "yes" for row in trial)
    header, *posted = sheet_of(await file_of(anil, "Ledger", "XLSX"))
    accounts, amount = len(header) - header.index("energy_income"), header.index("amount")
    assert len(posted) == len(ledger)
    for cells in posted:  # one without a reference has a cell less, before these
        assert sum(Decimal(cell) for cell in [cells[amount], *cells[-accounts:]]) == 0
    (paid,) = await table(anil, "Payments")
    assert (paid["room"], paid["amount"], paid["method"]) == ("Room #302", "500.00", "cash")
    header, *bills = sheet_of(await file_of(anil, "Bills", "XLSX"))
    assert header[:4] == ["number", "issued_on", "place", "room"]
    assert [bill[0] for bill in bills] == ["LA1/26-27/0001"]

    for other in (kishan, rinkesh):
        assert not {"report", "export"} & {each.name for each in other.menu}
        said = await other.say("/report")
        assert "Received" not in said.text
        for button in (button for buttons in before.keyboard for button in buttons):
            assert button.callback_data is not None
            await other.forge(button.callback_data)
        assert all(message.document is None for message in other.all)
        assert "Received ₹" not in other.transcript()
