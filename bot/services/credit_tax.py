"""The tax in what a credit note gives back, and the lines that tell of it. Rule 7.2."""

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.money import round_half_up
from bot.services.invoice_record import Invoice


def tax_of(bill: Invoice, notes: Sequence[Invoice], amount_paise: int) -> int:
    """Return the tax in a part of what its credit notes have left of a bill, as it is in all of
    that: rounding never accumulates (rule 1.4), and what is free of taxes stays so."""
    left_paise = bill.total_paise + sum(each.total_paise for each in notes)
    taxes_paise = bill.tax_paise + sum(each.tax_paise for each in notes)
    if left_paise <= 0:
        return 0
    return round_half_up(Decimal(amount_paise) * taxes_paise / left_paise)


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
