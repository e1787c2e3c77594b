"""What an accountant reads of a month: sums, accounts, dues by age, and the same as files."""

import io
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from bot.domain.dues import Age, age_of
from bot.domain.lease import BillingMode
from bot.domain.ledger import AccountKind, PaymentMethod
from bot.domain.people import Actor, Role
from bot.domain.service_kind import ServiceKind
from bot.domain.tariff import Slab, TariffVersion, Tax
from bot.render import XlsxWorkbooks
from bot.services.account_record import Taxed
from bot.services.accounts import AccountReports, taxes_by_name
from bot.services.exchange.export import Row
from bot.services.exchange.files import FileForm, Files
from bot.services.exchange.selection import Selection
from bot.services.exchange.tables import Table, Tables, tables_of
from bot.services.rules import PlaceUnknown
from tests.building import Building, House, at

NOVEMBER = date(2025, 11, 1)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TAXED = TariffVersion(
    id=0,
    from_on=date(2025, 1, 1),
    slabs=(Slab(up_to=None, rate_paise=Decimal(650)),),
    taxes=(Tax(name="Duty", percent=Decimal(10)), Tax(name="Cess", percent=Decimal(2))),
)


def accountant(building: Building) -> Actor:
    return Actor(person_id=99, roles=((building.place.id, Role.ACCOUNTANT),))


def reports(building: Building) -> AccountReports:
    return AccountReports(building.transactions, building.clock)


def tables(building: Building) -> Tables:
    return tables_of(building.transactions, building.clock)


async def rows(
    building: Building,
    table: Table,
    selection: Selection | None = None,
    *,
    in_detail: bool = False,
) -> list[dict[str, str]]:
    source = tables(building).rows(
        table, selection or Selection(), explain=lambda *_: "=why", in_detail=in_detail
    )
    header, *found = [row async for row in source]
    return [dict(zip(header, row, strict=True)) for row in found]


async def pay(building: Building, house: House, paise: int, method: PaymentMethod) -> None:
    await building.payments.record(
        cause=await building.cause(), lease_id=house.lease.id, amount_paise=paise, method=method
    )


@pytest.fixture
async def lived_in(building: Building) -> Building:
    """Return a building in December: 302 pays beforehand, 303 was billed on 26 November."""
    prepaid = await building.let("Room 302", versions=[TAXED])
    postpaid = await building.let(
        "Room 303", mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0
    )
    for house, kwh in ((prepaid, "1550.0"), (postpaid, "1650.0")):
        device = building.device(house)
        device.energy_kwh = Decimal(kwh)
        device.close((date(2025, 11, 25), kwh))
    building.clock.set(at(25))
    await building.deductions.run()
    building.clock.set(at(26, "09:00"))
    await building.invoicing.run()
    await pay(building, prepaid, 50_000, PaymentMethod.CASH)
    await pay(building, postpaid, 30_000, PaymentMethod.UPI)
    return building


async def test_a_month_tells_what_came_in_and_what_was_charged(lived_in: Building) -> None:
    found = await reports(lived_in).month(
        actor=accountant(lived_in), place_id=lived_in.place.id, month_on=None
    )
    assert found.month.month_on == NOVEMBER
    assert not found.month.is_over
    assert found.trial.is_balanced
    assert found.trial.received(PaymentMethod.CASH).debit_paise == 50_000
    assert found.trial.received(PaymentMethod.UPI).debit_paise == 30_000
    assert found.deducted_paise == 65_000 + 7_800
    assert {kind.value: each.total_paise for kind, each in found.documents.items()} == {
        "invoice": 130_000
    }
    assert found.taxes == {"Cess": 1_300, "Duty": 6_500}
    assert found.trial.line(AccountKind.TAX_PAYABLE).credit_paise == 7_800
    assert found.used == {ServiceKind.ELECTRICITY: Decimal(300)}
    assert found.may_close


async def test_dues_grow_older_and_prepaid_debts_stand_beside_them(lived_in: Building) -> None:
    service, actor, place_id = reports(lived_in), accountant(lived_in), lived_in.place.id
    today = await service.dues(actor=actor, place_id=place_id)
    assert today.by_age == {Age.NOT_DUE: 100_000}
    assert (today.below_zero_paise, today.unbilled_paise, today.overdue_paise) == (0, 0, 0)

    (due,) = [each for each in today.leases if not each.is_prepaid]
    assert due.oldest_on == date(2025, 12, 6)
    for days, age in ((1, Age.UP_TO_30), (31, Age.UP_TO_60), (61, Age.UP_TO_90), (91, Age.OLDER)):
        lived_in.clock.set(at(6, "12:00", month=12) + timedelta(days=days))
        later = await service.dues(actor=actor, place_id=place_id)
        assert later.by_age == {age: 100_000}
        assert later.overdue_paise == later.total_paise == 100_000


async def test_a_prepaid_room_below_zero_owes_now(building: Building) -> None:
    await building.let("Room 304", balance_paise=-12_345)
    found = await reports(building).dues(actor=accountant(building), place_id=building.place.id)
    assert (found.below_zero_paise, found.unbilled_paise, found.by_age) == (12_345, 0, {})
    (row,) = await rows(building, Table.DUES)
    assert (row["mode"], row["besides"], row["total"]) == ("prepaid", "123.45", "123.45")


@pytest.mark.parametrize(
    ("days", "age"),
    [(-1, Age.NOT_DUE), (0, Age.NOT_DUE), (30, Age.UP_TO_30), (60, Age.UP_TO_60)],
)
def test_on_its_due_date_nothing_is_overdue(days: int, age: Age) -> None:
    assert age_of(date(2025, 12, 6), date(2025, 12, 6) + timedelta(days=days)) is age


def test_a_tax_that_nobody_names_is_told_without_a_name() -> None:
    line = {"kind": "tax", "name": "Duty", "amount_paise": 70}
    taken_back = Taxed(paise=-100, sign=-1, why={"lines": [line]})
    assert taxes_by_name([taken_back]) == {"Duty": -70, "": -30}


async def test_nobody_reads_the_money_of_a_place_without_being_allowed(lived_in: Building) -> None:
    place_id = lived_in.place.id
    caretaker = Actor(person_id=5, roles=((place_id, Role.CARETAKER),))
    elsewhere = Actor(person_id=6, roles=((place_id + 1, Role.OWNER),))
    tenant = Actor(person_id=7, lease_ids=frozenset({lived_in.houses[0].lease.id}))
    service = reports(lived_in)
    files = Files(lived_in.transactions, tables(lived_in), XlsxWorkbooks())
    for actor in (caretaker, elsewhere, tenant):
        assert await service.places(actor=actor) == []
        with pytest.raises(PlaceUnknown):
            await service.month(actor=actor, place_id=place_id)
        with pytest.raises(PlaceUnknown):
            await service.books(actor=actor, place_id=place_id, month_on=NOVEMBER)
        with pytest.raises(PlaceUnknown):
            await service.dues(actor=actor, place_id=place_id)
        for wanted in (place_id, None):
            with pytest.raises(PlaceUnknown):
                await files.make(
                    actor=actor,
                    table=Table.LEDGER,
                    selection=Selection(place_id=wanted),
                    form=FileForm.CSV,
                    explain=lambda *_: "",
                )


async def test_the_year_begins_in_april_and_the_books_of_it_balance(lived_in: Building) -> None:
    lived_in.clock.set(at(10, month=12))
    service, actor = reports(lived_in), accountant(lived_in)
    year = await service.books(
        actor=actor, place_id=lived_in.place.id, month_on=date(2025, 12, 1), is_year=True
    )
    month = await service.books(actor=actor, place_id=lived_in.place.id, month_on=date(2025, 12, 1))
    assert year.trial.line(AccountKind.CASH).debit_paise == 50_000
    assert month.trial.line(AccountKind.CASH).debit_paise == 0
    assert month.trial.line(AccountKind.CASH).opening_paise == -50_000
    assert year.trial.is_balanced
    assert month.trial.is_balanced


async def test_every_row_of_the_ledger_sums_to_zero(lived_in: Building) -> None:
    found = await rows(lived_in, Table.LEDGER, in_detail=True)
    accounts = [kind.value for kind in AccountKind if kind is not AccountKind.RECEIVABLE]
    for row in found:
        assert Decimal(row["amount"]) + sum(Decimal(row[name]) for name in accounts) == 0
    (charge,) = [r for r in found if (r["kind"], r["room"]) == ("deduction", "Room 302")]
    assert (charge["energy_income"], charge["tax_payable"]) == ("650.00", "78.00")
    assert (charge["accounted_on"], charge["tenant"]) == ("2025-11-25", "Tenant of Room 302")
    october = Selection(place_id=lived_in.place.id, month_on=date(2025, 10, 1))
    assert await rows(lived_in, Table.LEDGER, october) == []
    assert await rows(lived_in, Table.LEDGER, Selection(place_id=0)) == []


async def test_the_trial_balance_and_the_collections_are_files_too(lived_in: Building) -> None:
    trial = await rows(lived_in, Table.TRIAL)
    assert sum(Decimal(row["closing"]) for row in trial) == 0
    assert {row["account"]: row["debit"] for row in trial}["cash"] == "500.00"
    assert {(row["from_on"], row["to_on"], row["closed"]) for row in trial} == {
        ("2025-11-01", "2025-11-30", "no")
    }
    collected = await rows(lived_in, Table.COLLECTIONS, Selection(month_on=NOVEMBER))
    assert [(row["method"], row["amount"], row["room"]) for row in collected] == [
        ("cash", "500.00", "Room 302"),
        ("upi", "300.00", "Room 303"),
    ]


def cells_of(book: bytes) -> list[list[str | Decimal]]:
    """Return what the only sheet of a workbook holds; numbers as numbers."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
        assert b'state="frozen"' in parts.read("xl/worksheets/sheet1.xml")
    assert not list(sheet.iter(f"{SHEET}f"))
    found: list[list[str | Decimal]] = []
    for row in sheet.iter(f"{SHEET}row"):
        found.append([])
        for cell in row.iter(f"{SHEET}c"):
            text = "".join(cell.itertext())
            is_text = cell.get("t") in {"inlineStr", "s"}
            found[-1].append(text if is_text or not text else Decimal(text))
    return found


async def test_a_workbook_holds_numbers_days_and_plain_words(lived_in: Building) -> None:
    files = Files(lived_in.transactions, tables(lived_in), XlsxWorkbooks())
    made = await files.make(
        actor=accountant(lived_in),
        table=Table.LEDGER,
        selection=Selection(place_id=lived_in.place.id, month_on=NOVEMBER),
        form=FileForm.XLSX,
        explain=lambda *_: "=1+1",
    )
    header, *found = cells_of(made.content)
    assert made.name == "ledger-lakeside-apartments-2025-11.xlsx"
    assert made.rows == len(found) == 6
    (charge,) = [row for row in found if "deduction" in row and "Room 302" in row]
    row = dict(zip([name for name in header if name != "reference"], charge, strict=True))
    assert (row["amount"], row["tax_payable"], row["explanation"]) == (
        Decimal(-728),
        Decimal(78),
        "=1+1",
    )
    # Days since 30 December 1899, as spreadsheets count them.
    assert row["accounted_on"] == (date(2025, 11, 25) - date(1899, 12, 30)).days


async def test_a_workbook_of_bills_has_a_column_for_each_tax(building: Building) -> None:
    house = await building.let(
        "Room 305", versions=[TAXED], mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0
    )
    building.device(house).close((date(2025, 11, 25), "1550.0"))
    building.clock.set(at(26, "09:00"))
    await building.invoicing.run()

    async def table(*, in_detail: bool) -> list[Row]:
        source: AsyncIterator[Row] = tables(building).rows(
            Table.INVOICES, explain=lambda *_: "", in_detail=in_detail
        )
        return [row async for row in source]

    plain, named = await table(in_detail=False), await table(in_detail=True)
    assert named[0][len(plain[0]) :] == ("tax: Cess", "tax: Duty")
    assert named[1][len(plain[1]) :] == ("13.00", "65.00")
    assert named[1][: len(plain[1])] == tuple(plain[1])
    assert cells_of(await XlsxWorkbooks().workbook("invoices", named))[1][-2:] == [13.0, 65.0]


async def test_a_file_for_spreadsheets_says_in_which_letters_it_is(lived_in: Building) -> None:
    files = Files(lived_in.transactions, tables(lived_in), XlsxWorkbooks())
    made = await files.make(
        actor=accountant(lived_in),
        table=Table.DUES,
        selection=Selection(place_id=lived_in.place.id),
        form=FileForm.CSV,
        explain=lambda *_: "",
    )
    assert made.content.startswith(b"\xef\xbb\xbfplace,room,")
    assert re.fullmatch(r"dues-lakeside-apartments\.csv", made.name)
