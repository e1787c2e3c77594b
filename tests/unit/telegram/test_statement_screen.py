"""A statement shows the arithmetic of each entry, to the paisa."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.lease import BillingMode, CheckInterval, Lease, Occupancy
from bot.domain.ledger import EntryKind
from bot.domain.place import Place, Room
from bot.domain.service_kind import ServiceKind
from bot.domain.tariff import Slab, Tariff, TariffVersion
from bot.domain.timeline import Timeline
from bot.domain.warning import Armed
from bot.services.book import LeaseBook
from bot.services.invoice_record import Invoice
from bot.services.report import OpenedEntry, StatementPage
from bot.services.store import BookedEntry
from bot.telegram.callbacks import Action, Press
from bot.telegram.screen import Screen
from bot.telegram.screens.entry import entry_screen
from bot.telegram.screens.statement import statement_screen
from tests.integration.render.papers import bill, credit_note
from tests.unit.telegram.facts import KOLKATA, labels, speaker

AT = datetime(2026, 11, 12, 18, 29, tzinfo=UTC)
WHY: dict[str, Any] = {
    "reading_type": "AUTOMATIC",
    "unit": "kWh",
    "from_value": "1450.000",
    "to_value": "1461.800",
    "quantity": "11.800",
    "portions": [["11.8", "650"]],
    "lines": [{"kind": "energy", "name": "", "amount_paise": 7_670}],
    "tariff": "Lakeside 2026",
    "tariff_from": "2026-04-01",
    "adjusted_paise": 0,
}
PLACE = Place(id=1, name="Lakeside Apartments", zone=KOLKATA, currency="INR")
VERSION = TariffVersion(
    id=1, from_on=date(2026, 4, 1), slabs=(Slab(up_to=None, rate_paise=Decimal(650)),)
)
BOOK = LeaseBook(
    lease=Lease(
        id=7,
        place_id=1,
        room_id=1,
        tenant_name="Asha Rao",
        phone=None,
        mode=BillingMode.PREPAID,
        occupancy=Occupancy(start_on=date(2026, 1, 1)),
        tariff_id=1,
        check_interval=CheckInterval.DAILY,
        cut_off_paise=10_000,
        low_balance_paise=50_000,
    ),
    place=PLACE,
    room=Room(id=1, place_id=1, name="Room #302"),
    timelines={
        ServiceKind.ELECTRICITY: Timeline.of(
            Tariff(id=1, name="Lakeside 2026", versions=(VERSION,))
        )
    },
    balance_paise=292_330,
    armed=Armed(),
    emergency_exhausted=False,
    checked_at=None,
    meters=(),
    week_cost_paise=0,
    week_days=1,
    tenant_ids=(),
    staff_ids=(),
)
CHARGE = BookedEntry(
    id=9,
    key="deduction",
    kind=EntryKind.DEDUCTION,
    place_id=1,
    lease_id=7,
    occurred_at=AT,
    recorded_at=AT,
    tenant_paise=-7_670,
    balance_after_paise=292_330,
    actor_id=None,
    reason=None,
    reference=None,
    reverses_id=None,
    why=WHY,
)
PAYMENT = replace(
    CHARGE,
    id=10,
    kind=EntryKind.PAYMENT,
    tenant_paise=200_000,
    reference="423188908890",
    why={"method": "upi"},
)


def opened(entry: BookedEntry, *, reversed_by: BookedEntry | None = None) -> list[str]:
    facts = OpenedEntry(book=BOOK, entry=entry, reversed_by=reversed_by)
    return entry_screen(facts, speaker(), before_id=None).html.splitlines()


def page(
    *entries: BookedEntry,
    before_id: int | None = None,
    older: int | None = None,
    documents: Mapping[int, Invoice] | None = None,
) -> Screen:
    facts = StatementPage(
        book=BOOK,
        entries=entries,
        before_id=before_id,
        older_before_id=older,
        documents=documents or {},
    )
    return statement_screen(facts, speaker())


def test_use_up_to_midnight_belongs_to_the_day_that_ends_there() -> None:
    close = replace(CHARGE, occurred_at=datetime(2026, 11, 12, 18, 30, tzinfo=UTC))

    assert opened(close)[0] == "12 Nov · 24:00   <b>−₹76.70</b>"
    assert "12 Nov  Use  <b>−₹76.70</b>" in page(close).html
    assert "12 Nov · −₹76.70" in labels(page(close))


def over(first: str, last: str) -> BookedEntry:
    """Return a charge from the close of one day to the close of another, in UTC."""
    why = WHY | {"from_at": f"{first}T18:30:00+00:00"}
    return replace(CHARGE, occurred_at=datetime.fromisoformat(f"{last}T18:30:00+00:00"), why=why)


def test_a_month_of_a_bill_says_its_days() -> None:
    november = over("2026-11-05", "2026-11-30")

    assert opened(november)[0] == "6–30 Nov · 24:00   <b>−₹76.70</b>"
    assert "6–30 Nov  Use  <b>−₹76.70</b>" in page(november).html
    assert labels(page(november))[0] == "6–30 Nov · −₹76.70"


def test_a_day_between_two_checks_is_one_day() -> None:
    daily = replace(CHARGE, why=WHY | {"from_at": "2026-11-11T18:29:00+00:00"})

    assert "12 Nov  Use" in page(daily).html


def test_the_entries_of_a_bill_stand_under_its_number() -> None:
    november = over("2026-10-31", "2026-11-05")
    october = replace(over("2026-10-05", "2026-10-31"), id=8)
    back = [replace(PAYMENT, id=n, kind=EntryKind.REVERSAL, why={}) for n in (12, 11)]
    documents = {9: bill(), 8: bill(), 12: credit_note(), 11: credit_note()}

    screen = page(*back, PAYMENT, november, october, documents=documents)

    assert screen.html.splitlines()[3:] == [
        "↩︎ Credit note <b>LA1/26-27/C0001</b> for bill LA1/26-27/0001",
        "12 Nov  Taken back  <b>+₹2,000.00</b>",
        "12 Nov  Taken back  <b>+₹2,000.00</b>",
        "12 Nov  Payment  <b>+₹2,000.00</b>",
        "🧾 Bill <b>LA1/26-27/0001</b>",
        "1–5 Nov  Use  <b>−₹76.70</b>",
        "6–31 Oct  Use  <b>−₹76.70</b>",
    ]


def test_an_opened_entry_names_its_document_and_leads_to_it() -> None:
    back = replace(PAYMENT, kind=EntryKind.REVERSAL, why={})
    facts = OpenedEntry(book=BOOK, entry=back, reversed_by=None, document=credit_note())
    screen = entry_screen(facts, speaker(), before_id=None)

    assert "Credit note <b>LA1/26-27/C0001</b> for bill LA1/26-27/0001" in screen.html
    assert labels(screen) == ["Open bill", "‹ Back"]


def test_a_charge_reads_as_in_the_design() -> None:
    assert opened(CHARGE) == [
        "12 Nov · 23:59   <b>−₹76.70</b>",
        "1,450.0 → 1,461.8 kWh = 11.8 kWh",
        "11.8 kWh × ₹6.50 = ₹76.70",
        "Tariff “Lakeside 2026” since 1 Apr · read by the meter",
        "Balance after: ₹2,923.30",
    ]


def test_a_price_of_an_earlier_year_says_the_year_and_one_since_ever_no_day() -> None:
    earlier = replace(CHARGE, why=WHY | {"tariff_from": "2025-04-01"})
    ever = replace(CHARGE, why=WHY | {"tariff_from": "2000-01-01"})

    assert opened(earlier)[3] == "Tariff “Lakeside 2026” since 1 Apr 2025 · read by the meter"
    assert opened(ever)[3] == "Tariff “Lakeside 2026” · read by the meter"


def test_slabs_standing_charge_tax_and_rounding_are_lines_that_add_up() -> None:
    why = WHY | {
        "portions": [["8", "300"], ["3.8", "450.5"]],
        "lines": [
            {"kind": "energy", "name": "", "amount_paise": 4_111},
            {"kind": "standing", "name": "", "amount_paise": 500},
            {"kind": "tax", "name": "Duty <5%>", "amount_paise": 206},
        ],
        "adjusted_paise": -1,
    }

    assert opened(replace(CHARGE, why=why))[2:7] == [
        "8.0 kWh × ₹3.00 +",
        "3.8 kWh × ₹4.505 = ₹41.12",
        "Rounding of the month so far −₹0.01",
        "Standing charge ₹5.00",
        "Duty &lt;5%&gt; ₹2.06",
    ]


@pytest.mark.parametrize("language", ["en", "hi"])
def test_an_opened_entry_has_at_most_twelve_lines(language: str) -> None:
    facts = OpenedEntry(book=BOOK, entry=CHARGE, reversed_by=PAYMENT, document=credit_note())

    assert len(entry_screen(facts, speaker(language), before_id=None).html.splitlines()) <= 12


def test_a_payment_is_said_with_its_method_and_reference() -> None:
    assert opened(PAYMENT)[1] == "Payment, UPI · 423188908890"


def test_a_reversal_is_said_with_its_reason_escaped() -> None:
    reversal = replace(PAYMENT, kind=EntryKind.REVERSAL, reason="wrong <room>")

    assert opened(reversal)[1] == "Taken back: “wrong &lt;room&gt;”"


def test_a_reversed_entry_says_that_it_was_taken_back() -> None:
    assert opened(PAYMENT, reversed_by=CHARGE)[-1] == "↩︎ Taken back on 12 Nov."


def test_a_page_lists_its_entries_with_signs() -> None:
    assert page(PAYMENT, CHARGE).html.splitlines()[3:] == [
        "12 Nov  Payment  <b>+₹2,000.00</b>",
        "12 Nov  Use  <b>−₹76.70</b>",
    ]


def test_a_standing_charge_alone_is_not_called_use() -> None:
    why = WHY | {
        "quantity": "0",
        "portions": [],
        "lines": [
            {"kind": "standing", "name": "", "amount_paise": 500},
            {"kind": "tax", "name": "GST", "amount_paise": 90},
        ],
    }
    of_gas = replace(CHARGE, tenant_paise=-590, why=why | {"service": "gas", "meter": "G-1"})

    assert "12 Nov  Standing charge  <b>" in page(replace(of_gas, why=why)).html
    assert "12 Nov  Gas · Standing charge  <b>" in page(of_gas).html


def test_what_somebody_booked_says_by_whom_and_what_nobody_did_says_nothing() -> None:
    for kind in (EntryKind.PAYMENT, EntryKind.ADJUSTMENT, EntryKind.REVERSAL):
        facts = OpenedEntry(
            book=BOOK, entry=replace(PAYMENT, kind=kind), reversed_by=None, by="Ravi <R>"
        )
        said = entry_screen(facts, speaker(), before_id=None).html.splitlines()
        assert said[2] == "by Ravi &lt;R&gt;"

    assert not any("by Ravi" in said for said in opened(PAYMENT))


def test_an_empty_statement_says_so() -> None:
    assert "There are no entries yet." in page().html


def test_older_and_newest_are_offered_only_where_they_lead_somewhere() -> None:
    assert labels(page(CHARGE)) == ["12 Nov · −₹76.70", "‹ Home"]
    assert labels(page(CHARGE, before_id=99, older=9)) == [
        "12 Nov · −₹76.70",
        "‹ Newest",
        "Older ›",
        "‹ Home",
    ]


def test_back_leads_to_the_page_that_the_entry_was_opened_from() -> None:
    facts = OpenedEntry(book=BOOK, entry=CHARGE, reversed_by=None)
    ((back,),) = entry_screen(facts, speaker(), before_id=42).buttons

    assert back.press == Press(action=Action.STATEMENT, arguments=("7", "42"))
