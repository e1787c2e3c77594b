"""Bills to print: the one of the specification, with whatever a test wants to be different."""

from datetime import UTC, date, datetime
from typing import Any

from bot.domain.invoice import BillingPeriod, DocumentKind
from bot.services.invoice_record import Invoice
from bot.services.ports import BillPaper
from bot.services.upi import Payee

PAYEE = Payee(upi_id="lakeside@upi", name="Lakeside Apartments")
OPENS_AT, CLOSES_AT = "2026-09-25T18:30:00+00:00", "2026-10-25T18:30:00+00:00"


SHARE = {
    "meter": "Lift and stairs",
    "residual": False,
    "key": "floor_area",
    "from_on": "2026-09-01",
    "to_on": "2026-09-30",
    "days": 30,
    "unit": "kWh",
    "whole_quantity": "142",
    "whole_paise": 92_300,
    "measure": "41.5",
    "weight": "1245",
    "weights": "12450",
}


def energy(quantity: str, amount_paise: int, **changes: Any) -> dict[str, Any]:
    """Return a line of electricity at ₹6.50."""
    return {
        "kind": "energy",
        "name": "",
        "service": "electricity",
        "share": None,
        "of": None,
        "meter": "lakeside.floor-3.room-302",
        "unit": "kWh",
        "tariff": "Lakeside 2026",
        "generator": False,
        "rate": "650",
        "quantity": quantity,
        "amount_paise": amount_paise,
        "rounding_paise": 0,
        **changes,
    }


def plain(kind: str, amount_paise: int, **changes: Any) -> dict[str, Any]:
    """Return a line without arithmetic."""
    of = {"name": "", "service": "electricity", "share": None, "of": None}
    return {"kind": kind, "amount_paise": amount_paise, **of, **changes}


def reading(**changes: Any) -> dict[str, Any]:
    """Return from where to where the meter of Room 302 ran."""
    return {
        "meter": "lakeside.floor-3.room-302",
        "service": "electricity",
        "unit": "kWh",
        "decimals": 1,
        "from_at": OPENS_AT,
        "from_value": "1450.000",
        "to_at": CLOSES_AT,
        "to_value": "1789.500",
        "quantity": "339.5",
        "to_type": "AUTOMATIC",
        "to_by": None,
        "from_type": "MANUAL",
        "from_by": "Kishan",
        **changes,
    }


def bill(**changes: Any) -> Invoice:
    """Return the bill of the specification's example."""
    facts = {
        "place": "Lakeside Apartments",
        "zone": "Asia/Kolkata",
        "currency": "INR",
        "room": "Room #302",
        "tenant": "Asha Rao",
        "service": "electricity",
        "unit": "kWh",
        "consumption": "339.5",
        "lines": [energy("339.5", 220_675)],
        "readings": [reading()],
        "payments": [],
        "reason": None,
        "corrects": None,
        **changes.pop("facts", {}),
    }
    values: dict[str, Any] = {
        "id": 1,
        "key": "invoice:7:2026-10-25",
        "kind": DocumentKind.INVOICE,
        "place_id": 1,
        "lease_id": 7,
        "year": 2026,
        "serial": 1,
        "number": "LA1/26-27/0001",
        "period": BillingPeriod(from_on=date(2026, 9, 25), to_on=date(2026, 10, 25)),
        "issued_at": datetime(2026, 10, 25, 20, 30, tzinfo=UTC),
        "issued_on": date(2026, 10, 26),
        "due_on": date(2026, 11, 5),
        "net_paise": 220_675,
        "tax_paise": 0,
        "balance_after_paise": -220_675,
        "facts": facts,
        **changes,
    }
    return Invoice(**values)


def rich_bill() -> Invoice:
    """Return a bill with slabs, gas, a share, taxes, rounding, an estimate and a payment."""
    lines = [
        energy("100", 65_000),
        energy("239.5", 167_651, rate="700", rounding_paise=1),
        energy("12.3", 55_350, service="gas", meter="Gas, room 302", unit="m³", rate="4500"),
        plain("standing", 10_000),
        energy("14.2", 9_230, share=SHARE, meter="Lift and stairs", tariff="Lakeside 2026"),
        plain("tax", 41_640, name="GST 18 %"),
        plain("adjustment", 25_000, reason="Broken switch in the kitchen"),
        energy("-10", -6_500, of="LA1/26-27/0007"),
    ]
    total = sum(each["amount_paise"] for each in lines)
    readings = [
        reading(),
        reading(
            meter="Gas, room 302",
            service="gas",
            unit="m³",
            from_value="1450.000",
            to_value="1462.300",
            quantity="12.3",
            to_type="ESTIMATED",
        ),
    ]
    payments = [
        {
            "kind": "payment",
            "at": "2026-10-03T06:00:00+00:00",
            "method": "upi",
            "reference": "423188908890",
            "amount_paise": 100_000,
        }
    ]
    return bill(
        net_paise=total - 41_640,
        tax_paise=41_640,
        balance_after_paise=-(total + 20_000),
        facts={"lines": lines, "readings": readings, "payments": payments},
    )


def long_bill(number: int = 60) -> Invoice:
    """Return a bill that no single page holds."""
    lines = [plain("adjustment", 100 + each, reason=f"Repair {each}") for each in range(number)]
    total = sum(each["amount_paise"] for each in lines)
    return bill(net_paise=total, balance_after_paise=-total, facts={"lines": lines})


def credit_note() -> Invoice:
    """Return a credit note for part of the example's bill."""
    lines = [plain("adjustment", -50_000, name="Wrong reading")]
    return bill(
        kind=DocumentKind.CREDIT_NOTE,
        number="LA1/26-27/C0001",
        net_paise=-50_000,
        balance_after_paise=-170_675,
        corrects_id=1,
        facts={
            "lines": lines,
            "readings": [],
            "unit": None,
            "consumption": "0",
            "reason": "Wrong reading",
            "corrects": "LA1/26-27/0001",
        },
    )


def paper(document: Invoice, **changes: Any) -> BillPaper:
    """Return a document to be printed while all of it is open."""
    values: dict[str, Any] = {"to_pay_paise": document.to_pay_paise, "payee": PAYEE, **changes}
    return BillPaper(document=document, **values)
