"""Which bills were taken back whole, and what they asked for. Rules 2.2 and 7.2."""

from collections.abc import Sequence

from bot.services.invoice_record import Invoice
from bot.services.store import BookedEntry
from bot.services.stores import Unit


def anew_key(invoice_id: int) -> str:
    """Return what makes a bill be billed anew once. Rule 2.3."""
    return f"anew:{invoice_id}"


def again_key(entry_id: int) -> str:
    """Return what makes a share, or a charge by hand, be put back once. Rule 2.3."""
    return f"again:{entry_id}"


async def standing(unit: Unit, entry_id: int) -> BookedEntry | None:
    """Return a charge, or what it was put back as on a bill that takes the place of its first one;
    None where it was taken back."""
    entry = await unit.ledger.get(entry_id)
    while entry is not None and await unit.ledger.reversed_by(entry.id) is not None:
        entry = (await unit.ledger.existing([again_key(entry.id)])).get(again_key(entry.id))
    return entry


async def voided(unit: Unit, bill: Invoice) -> Sequence[BookedEntry]:
    """Return what a bill and its credit notes charged and gave until it was taken back whole.

    Nothing where it was not, or only by amounts.
    """
    told = list(await unit.invoices.entries_of(bill.id))
    for note in await unit.invoices.correcting(bill.id):
        told += await unit.invoices.entries_of(note.id)
    found = []
    for each in told:
        undo = await unit.ledger.reversed_by(each.id)
        if undo is not None and undo.why.get("credit_for") == bill.number:
            found.append(each)
    return found
