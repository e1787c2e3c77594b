"""The tax in what a credit note gives back, and the lines that tell of it. Rule 7.2."""

from decimal import Decimal

from bot.domain.money import round_half_up
from bot.services.invoice_record import Invoice


def tax_of(bill: Invoice, amount_paise: int) -> int:
    """Return the tax in a part of a bill, as it is in the whole."""
    if not bill.total_paise:
        return 0
    return round_half_up(Decimal(amount_paise) * bill.tax_paise / bill.total_paise)


def credit_lines(
    bill: Invoice, reason: str, net_paise: int, tax_paise: int
) -> list[dict[str, object]]:
    """Return what the document says of it."""
    lines: list[dict[str, object]] = [
        {"kind": "adjustment", "name": reason, "amount_paise": -net_paise}
    ]
    if tax_paise:
        name = " + ".join(_names_of_taxes(bill))
        lines.append({"kind": "tax", "name": name, "amount_paise": -tax_paise})
    return lines


def _names_of_taxes(bill: Invoice) -> list[str]:
    lines: object = bill.facts["lines"]
    assert isinstance(lines, list)
    return list(dict.fromkeys(str(each["name"]) for each in lines if each["kind"] == "tax"))
