"""The paper of a bill, printed with the real printer, and what is written on it."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from PIL import Image

from bot.i18n import Catalogues
from bot.render import TypstPapers
from bot.render.bill import bill_data
from bot.render.paper import picture
from bot.services.invoice_record import Invoice
from bot.services.ports import BillPaper, Papers
from bot.telegram.screens.dispute import question_button

from .papers import bill, credit_note, long_bill, paper, plain, reading, rich_bill

CATALOGUES = Catalogues()
PAPERS: Papers = TypstPapers(CATALOGUES)
DOCUMENTS = {"plain": bill(), "rich": rich_bill(), "credit note": credit_note()}
PAGE = re.compile(rb"/Type\s*/Page\b")


def data(printed: BillPaper, language: str = "en") -> dict[str, Any]:
    """Return what is drawn."""
    speaker = CATALOGUES.speaker(language, ZoneInfo("Asia/Kolkata"))
    return bill_data(printed, speaker.plain)


def words(found: object) -> Iterator[str]:
    """Yield every text among what is drawn."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for each in found.values():
            yield from words(each)
    elif isinstance(found, list):
        for each in found:
            yield from words(each)


async def scanned(printed: BillPaper) -> list[str]:
    """Return what a phone reads from the page."""
    png = await picture("bill.typ", data(printed), pixels_per_inch=150)
    with Image.open(BytesIO(png)) as page:
        return [each.text for each in zxingcpp.read_barcodes(page.convert("L"))]


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_document_is_one_page_of_a_pdf(name: str, language: str) -> None:
    printed = await PAPERS.bill(paper(DOCUMENTS[name]), language=language)
    assert printed.startswith(b"%PDF-")
    assert len(PAGE.findall(printed)) == 1


async def test_many_lines_go_on_on_further_pages() -> None:
    printed = await PAPERS.bill(paper(long_bill()), language="en")
    assert len(PAGE.findall(printed)) == 3


async def test_a_phone_pays_what_is_open_with_the_code() -> None:
    (read,) = await scanned(paper(bill(), to_pay_paise=20_675))
    assert read == (
        "upi://pay?pa=lakeside@upi&pn=Lakeside%20Apartments&am=206.75&cu=INR&tn=LA1%2F26-27%2F0001"
    )


@pytest.mark.parametrize("changes", [{"payee": None}, {"to_pay_paise": 0}])
async def test_without_an_address_or_a_debt_there_is_no_code(changes: dict[str, object]) -> None:
    assert await scanned(paper(bill(), **changes)) == []


async def test_a_credit_note_asks_for_nothing() -> None:
    assert await scanned(paper(credit_note())) == []
    assert data(paper(credit_note()))["hero"]["amount"] == "₹500.00"


def test_the_lines_read_like_arithmetic() -> None:
    (row,) = data(paper(bill()))["lines"]["rows"]
    assert (row["sum"], row["amount"]) == ("339.5 kWh × ₹6.50", "₹2,206.75")


def test_what_rounding_adds_has_a_line_of_its_own() -> None:
    rows = data(paper(rich_bill()))["lines"]["rows"]
    amounts = [(row["name"], row["amount"]) for row in rows[1:3]]
    assert amounts == [("Electricity", "₹1,676.50"), ("Rounding", "₹0.01")]


def test_a_reading_says_where_it_comes_from() -> None:
    first, second = data(paper(rich_bill()))["readings"]["rows"]
    assert (first["from"], first["to"], first["used"]) == ("1,450.0", "1,789.5", "339.5 kWh")
    assert first["from_origin"] == {"words": "typed by Kishan", "is_estimated": False}
    assert first["to_origin"] == {"words": "read by the meter", "is_estimated": False}
    assert second["to_origin"] == {"words": "estimated", "is_estimated": True}


async def test_a_bill_of_old_that_keeps_no_first_origin_is_printed_without() -> None:
    old = reading()
    del old["from_type"], old["from_by"]
    printed = paper(bill(facts={"readings": [old]}))
    assert data(printed)["readings"]["rows"][0]["from_origin"] is None
    assert (await PAPERS.bill(printed, language="en")).startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["en", "hi"])
def test_it_names_the_very_button_of_the_chat(language: str) -> None:
    speaker = CATALOGUES.speaker(language, ZoneInfo("Asia/Kolkata"))
    button = question_button("i", 1, speaker)
    assert f"“{button.label}”" in data(paper(bill()), language)["question"]


def test_many_payments_are_one_line_before_the_latest() -> None:
    many = {"kind": "earlier", "count": 14, "amount_paise": 50_000}
    document = bill(facts={"payments": [many]})
    row = data(paper(document))["account"]["rows"][1]
    assert row == {"name": "14 payments and credits before", "amount": "−₹500.00"}


def test_without_products_no_column_is_named_for_them() -> None:
    assert data(paper(credit_note()))["lines"]["heads"] == ["For what", ""]


def test_the_account_adds_up_from_what_was_owed_to_what_is_to_pay() -> None:
    account = data(paper(rich_bill()))["account"]
    assert [(row["name"], row["amount"]) for row in account["rows"]] == [
        ("Owed before", "₹1,200.00"),
        ("Paid on 3 Oct · UPI, 423188908890", "−₹1,000.00"),
        ("This bill", "₹3,673.71"),
    ]
    assert (account["total"], account["total_amount"]) == ("To pay", "₹3,873.71")


def test_a_bill_that_credit_covers_asks_for_nothing() -> None:
    covered = data(paper(bill(balance_after_paise=50_000)))
    assert covered["hero"]["note"] == "Paid from your credit: nothing to do."
    assert covered["account"]["total"] == "Your credit"
    even = data(paper(bill(balance_after_paise=0)))["account"]
    assert (even["total"], even["total_amount"]) == ("To pay", "₹0.00")


def test_what_was_charged_after_the_period_is_not_to_pay_yet() -> None:
    later = bill(balance_after_paise=-230_675, facts={"later_paise": 10_000})
    assert later.to_pay_paise == 220_675


def test_it_is_in_the_readers_language_and_script() -> None:
    said = list(words(data(paper(rich_bill()), "hi")))
    assert {"बिल", "बिजली", "गैस", "कमरा 302", "अनुमानित"} <= set(said)


def test_what_people_typed_is_never_read_as_markup() -> None:
    typed = '#panic("read") $x$ <b> \\ " ` @label // *a*'
    printed = bill(facts={"tenant": typed, "lines": [plain("adjustment", 5, reason=typed)]})
    assert data(paper(printed))["tenant"] == typed
    asyncio.run(PAPERS.bill(paper(printed), language="en"))


def test_all_that_is_drawn_is_finished_text() -> None:
    for document in DOCUMENTS.values():
        json.dumps(data(paper(document)))


async def test_a_page_without_used_quantities_is_printed_too() -> None:
    nothing: Invoice = replace(bill(), facts={**bill().facts, "unit": None, "readings": []})
    assert len(PAGE.findall(await PAPERS.bill(paper(nothing), language="hi"))) == 1
