"""Bills in the chat: what is open first, the arithmetic, and how it is paid."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.dues import Due
from bot.domain.invoice import InvoiceStatus
from bot.domain.lease import BillingMode
from bot.services.bills import Bill, BillPage, OpenedBill
from bot.services.home_day import Spent
from bot.services.home_dues import HomeDues
from bot.services.invoice_record import Invoice
from bot.services.upi import Payee, upi_link
from bot.telegram.screens.bills import OF_LEASE, bill_screen, bills_screen, pay_screen
from bot.telegram.screens.home import home_screen
from tests.integration.render.papers import bill, credit_note, rich_bill
from tests.unit.services.books import a_book
from tests.unit.telegram.facts import NOVEMBER, card, labels, speaker

PAYEE = Payee(upi_id="lakeside@upi", name="Lakeside")


def billed(document: Invoice, open_paise: int, status: InvoiceStatus) -> Bill:
    """Return a bill with what is open of it."""
    due = Due(
        invoice_id=document.id,
        number=document.number,
        due_on=document.due_on,
        charged_paise=document.total_paise,
        open_paise=open_paise,
    )
    return Bill(document=document, due=due, status=status)


def opened(**changes: Any) -> OpenedBill:
    """Return the example's bill as its tenant opens it."""
    values: dict[str, Any] = {
        "book": a_book(),
        "bill": billed(bill(), 220_675, InvoiceStatus.OPEN),
        "credit_notes": (),
        "to_pay_paise": 220_675,
        "payee": PAYEE,
        "is_own": True,
        "may_credit": False,
        **changes,
    }
    return OpenedBill(**values)


def shown(seen: OpenedBill, language: str = "en") -> list[str]:
    """Return the lines of the card."""
    return str(bill_screen(seen, speaker(language), origin=OF_LEASE).html).splitlines()


def test_a_card_says_the_amount_its_day_and_the_arithmetic() -> None:
    said = shown(opened())
    assert "<b>₹2,206.75</b>" in said
    assert "25 Sept to 25 Oct · 339.5 kWh" in said
    assert "🟡 <b>₹2,206.75</b> due by 5 Nov" in said
    assert "Electricity  339.5 kWh × ₹6.50 = ₹2,206.75" in said


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("document", [bill(), rich_bill(), credit_note()], ids=lambda d: d.number)
def test_a_card_stays_short(document: Invoice, language: str) -> None:
    seen = opened(bill=billed(document, 5, InvoiceStatus.OVERDUE), credit_notes=(credit_note(),))
    assert len(shown(seen, language)) <= 14


def test_a_tenant_pays_and_staff_take_the_payment() -> None:
    of_tenant = labels(bill_screen(opened(), speaker(), origin=OF_LEASE))
    seen = opened(is_own=False, may_credit=True)
    of_staff = labels(bill_screen(seen, speaker(), origin="all"))
    assert "Pay ₹2,206.75" in of_tenant
    assert "Credit note …" not in of_tenant
    assert {"Take payment", "Credit note …", "Open room"} <= set(of_staff)


def test_a_paid_bill_asks_for_nothing() -> None:
    seen = opened(bill=billed(bill(), 0, InvoiceStatus.PAID), to_pay_paise=0)
    assert "✅ paid" in shown(seen)
    assert not any("Pay" in each for each in labels(bill_screen(seen, speaker(), origin=OF_LEASE)))


def test_what_people_typed_cannot_become_markup() -> None:
    lines = [{"kind": "adjustment", "amount_paise": 5, "reason": "<b>x</b> & y"}]
    document = replace(bill(), facts={**bill().facts, "lines": lines})
    seen = opened(bill=billed(document, 5, InvoiceStatus.OPEN))
    assert "&lt;b&gt;x&lt;/b&gt; &amp; y  ₹0.05" in shown(seen)


def test_the_way_to_pay_has_the_address_to_copy() -> None:
    screen = pay_screen(opened(), speaker(), picture=b"png")
    copied = [each.copies for row in screen.buttons for each in row if each.copies]
    assert copied == ["lakeside@upi", "LA1/26-27/0001"]
    assert screen.photo == b"png"


def test_older_bills_are_paid_with_it() -> None:
    said = str(pay_screen(opened(to_pay_paise=300_000), speaker(), picture=b"png").html)
    assert "₹3,000.00" in said
    assert "earlier bills" in said


def test_without_an_address_the_manager_is_asked() -> None:
    screen = pay_screen(opened(payee=None), speaker(), picture=None)
    assert "Ask your manager" in str(screen.html)
    assert screen.photo is None


def test_a_list_says_what_became_of_each() -> None:
    overdue = billed(bill(), 220_675, InvoiceStatus.OVERDUE)
    page = BillPage(
        book=a_book(),
        is_own=True,
        bills=(Bill(document=credit_note()), overdue),
        open=(overdue,),
        before_id=None,
        older_before_id=None,
    )
    said = str(bills_screen(page, speaker()).html)
    assert "🔴 <b>₹2,206.75</b> overdue since 5 Nov" in said
    assert "↩︎ credit note" in said


def test_a_link_carries_what_an_app_reads() -> None:
    link = upi_link(PAYEE, amount_paise=5, note="A/1 & more")
    assert link == "upi://pay?pa=lakeside@upi&pn=Lakeside&am=0.05&cu=INR&tn=A%2F1%20%26%20more"


def dues(**changes: Any) -> HomeDues:
    """Return what is due of the example's bill."""
    values: dict[str, Any] = {
        "open_paise": 220_675,
        "overdue_paise": 0,
        "due_on": date(2026, 11, 5),
        "credit_paise": 0,
        "besides_paise": 0,
        "since": Spent(since_at=NOVEMBER, energy_kwh=Decimal("74.6"), cost_paise=48_490),
        **changes,
    }
    return HomeDues(**values)


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        (dues(), "<b>₹2,206.75</b> due by 5 Nov"),
        (dues(overdue_paise=220_675), "🔴 <b>₹2,206.75</b> overdue since 5 Nov"),
        (dues(open_paise=0, due_on=None), "<b>₹0.00</b>: nothing to pay"),
        (dues(open_paise=0, due_on=None, credit_paise=500), "<b>₹5.00</b> in your favour"),
        (
            dues(open_paise=0, due_on=None, besides_paise=500),
            "<b>₹5.00</b> to pay with the next bill",
        ),
    ],
    ids=["due", "overdue", "nothing", "credit", "owed before"],
)
def test_who_pays_later_reads_what_is_due_and_what_is_not_billed(
    facts: HomeDues, first: str
) -> None:
    shown = card(mode=BillingMode.POSTPAID, balance_paise=-269_165, dues=facts)
    said = str(home_screen(shown, speaker()).html).splitlines()
    assert said[2] == first
    assert "Since 1 Nov  74.6 kWh · ₹484.90, not billed yet" in said
    assert not any("▓" in each for each in said)
    assert len(said) <= 12


def test_part_of_what_is_open_may_be_overdue() -> None:
    facts = dues(open_paise=300_000, overdue_paise=220_675)
    said = str(home_screen(card(mode=BillingMode.POSTPAID, dues=facts), speaker()).html)
    assert "₹3,000.00 to pay in all" in said
