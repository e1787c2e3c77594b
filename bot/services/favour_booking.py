"""What a correction counts of a favour, in the books. Rules 2.2, 3.8 and 10.4."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, Posting
from bot.domain.money import round_half_up
from bot.services.favour import Use, uses_of
from bot.services.store import BookedEntry
from bot.services.stores import Unit

Line = dict[str, object]


async def count_favours(
    unit: Unit,
    lease_id: int,
    undone_ids: Collection[int],
    booked: Sequence[BookedEntry],
    *,
    actor_id: int | None,
    reason: str | None,
    now: datetime,
) -> Sequence[BookedEntry]:
    """Count what was given back before of charges that are taken back now, and return that.

    It follows what was `booked` for them, in the transaction of their cause.
    """
    if not booked:
        return []
    uses = await uses_of(unit, lease_id, undone_ids=undone_ids)
    after_id = booked[-1].id
    entries = [await _entry(unit, each, after_id, actor_id, reason, now) for each in uses]
    return await unit.ledger.append(entries, recorded_at=now)


async def _entry(
    unit: Unit, use: Use, after_id: int, actor_id: int | None, reason: str | None, now: datetime
) -> LedgerEntry:
    given, lease_id = use.given.entry, use.given.entry.lease_id
    tax_paise = await _tax_of(unit, use)
    net_paise = use.amount_paise - tax_paise
    tax = [Posting(account=AccountKind.TAX_PAYABLE, amount_paise=tax_paise)] if tax_paise else []
    return LedgerEntry(
        key=f"favour:{given.id}:after:{after_id}",
        kind=EntryKind.ADJUSTMENT,
        place_id=given.place_id,
        lease_id=lease_id,
        occurred_at=now,
        postings=(
            Posting(
                account=AccountKind.RECEIVABLE, amount_paise=-use.amount_paise, lease_id=lease_id
            ),
            Posting(account=AccountKind.ADJUSTMENTS, amount_paise=net_paise),
            *tax,
        ),
        actor_id=actor_id,
        reason=reason,
        why={
            "favour": given.id,
            "dispute": use.given.dispute,
            "credit_note": use.given.credit_note,
            "given_paise": given.tenant_paise,
            "charges": list(use.charges),
            "lines": await _lines(unit, use, net_paise, tax_paise),
        },
    )


async def _tax_of(unit: Unit, use: Use) -> int:
    """Return the tax in what is counted, as it is in the favour: all of that in the end."""
    whole = await unit.ledger.whole(use.given.entry.id)
    assert whole is not None
    taxes = -sum(p.amount_paise for p in whole.postings if p.account is AccountKind.TAX_PAYABLE)
    before = use.given.favour.counted_paise

    def until(counted_paise: int) -> int:
        return round_half_up(Decimal(taxes) * counted_paise / whole.tenant_paise)

    return until(before + use.amount_paise) - until(before)


async def _lines(unit: Unit, use: Use, net_paise: int, tax_paise: int) -> list[Line]:
    """Return what a bill says of it."""
    number = use.given.dispute or use.given.credit_note
    lines: list[Line] = [{"kind": "favour", "name": number, "amount_paise": net_paise}]
    if tax_paise:
        name = await _names_of_taxes(unit, use)
        lines.append({"kind": "tax", "name": name, "amount_paise": tax_paise})
    return lines


async def _names_of_taxes(unit: Unit, use: Use) -> str:
    """Return what the favour called its taxes, or the charge that it was for."""
    why: Mapping[str, Any] = use.given.entry.why
    charge = await unit.ledger.get(why["entry"]) if "lines" not in why and "entry" in why else None
    told: Mapping[str, Any] = why if charge is None else charge.why
    names = [str(each["name"]) for each in told.get("lines", ()) if each["kind"] == "tax"]
    return " + ".join(dict.fromkeys(names))
