"""What a bill keeps of its readings and of what was paid before it. Rules 2.5 and 7.2."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.lease import BillingMode
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, transfer
from bot.services.invoice_issue import MOST_PAYMENTS
from bot.services.invoice_record import Invoice
from bot.services.reading_entry import NewReading, ReadingEntry
from tests.building import Building, House, at

FIRST, SECOND = date(2025, 11, 25), date(2025, 12, 25)


@pytest.fixture
async def house(building: Building) -> House:
    """Return a postpaid room, opened at 1,450.0 kWh by hand on the 11th, billed on 25ths."""
    return await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)


async def bill(building: Building, house: House, on: date, closing: str) -> Invoice:
    """Bill the period that closes on a day with what the meter shows then."""
    building.device(house).close((on, closing))
    building.clock.set(at(26, "02:00", month=on.month))
    (issued,) = (await building.invoicing.run()).issued
    return issued


async def pay(building: Building, house: House, *amounts_paise: int) -> None:
    """Book payments one after the other, at this moment."""
    now, lease_id = building.clock.now(), house.lease.id
    entries = [
        LedgerEntry(
            key=f"payment:{number}",
            kind=EntryKind.PAYMENT,
            place_id=building.place.id,
            lease_id=lease_id,
            occurred_at=now,
            postings=transfer(lease_id=lease_id, tenant_paise=paise, other=AccountKind.CASH),
            why={"method": "cash"},
        )
        for number, paise in enumerate(amounts_paise)
    ]
    async with building.transactions.begin() as unit:
        await unit.ledger.append(entries, recorded_at=now)


def listed(document: Invoice, name: str) -> Sequence[Mapping[str, Any]]:
    found = document.facts[name]
    assert isinstance(found, list)
    return found


async def test_both_readings_say_where_they_come_from(building: Building, house: House) -> None:
    (first,) = listed(await bill(building, house, FIRST, "1789.5"), "readings")
    assert (first["from_type"], first["from_by"]) == ("MANUAL", None)
    assert (first["to_type"], first["to_by"]) == ("AUTOMATIC", None)
    (second,) = listed(await bill(building, house, SECOND, "1889.5"), "readings")
    assert (second["from_value"], second["from_type"]) == ("1789.500", "AUTOMATIC")


async def test_a_reading_that_was_typed_names_who_did(building: Building, house: House) -> None:
    entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
    building.clock.set(at(25, "23:59"))
    new = NewReading(meter_id=house.meter.id, value=Decimal(1700))
    await entry.record(cause=await building.cause(), new=new)
    await bill(building, house, FIRST, "1700.0")
    reading = listed(await bill(building, house, SECOND, "1789.5"), "readings")[0]
    assert reading["from_type"] == "AUTOMATIC"


async def test_no_payment_is_lost_however_many_entries_there_are(
    building: Building, house: House
) -> None:
    building.clock.set(at(20))
    await pay(building, house, *[100] * 250, 7)
    issued = await bill(building, house, FIRST, "1789.5")
    earlier, *shown = listed(issued, "payments")
    assert len(shown) == MOST_PAYMENTS
    assert (earlier["kind"], earlier["count"]) == ("earlier", 251 - MOST_PAYMENTS)
    assert shown[-1]["amount_paise"] == 7
    paid = sum(each["amount_paise"] for each in listed(issued, "payments"))
    assert issued.owed_paise == issued.total_paise - paid == 220_675 - 25_007


async def test_a_bill_tells_only_of_payments_since_the_one_before(
    building: Building, house: House
) -> None:
    await bill(building, house, FIRST, "1789.5")
    await pay(building, house, 220_675)
    assert listed(await bill(building, house, SECOND, "1800.0"), "payments") == [
        {
            "kind": "payment",
            "at": at(26, "02:00").isoformat(),
            "method": "cash",
            "reference": None,
            "amount_paise": 220_675,
        }
    ]
