"""What a tenant who was right gets back: an entry, or a credit note. Rules 7.2 and 10.4."""

from datetime import datetime
from decimal import Decimal

from bot.domain.dispute import Dispute
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, Posting
from bot.domain.money import round_half_up
from bot.services.book import LeaseBook
from bot.services.cause import Cause
from bot.services.credit_note import credit_bill
from bot.services.dispute_item import Item
from bot.services.stores import Unit


async def give_back(
    unit: Unit,
    book: LeaseBook,
    dispute: Dispute,
    item: Item,
    cause: Cause,
    reason: str,
    now: datetime,
) -> str | None:
    """Book what a settled question gives back; return the number of the credit note, if any."""
    amount_paise = dispute.credited_paise
    if not amount_paise:
        return None
    why: dict[str, object] = {"dispute": dispute.number}
    if item.entry_id is not None:
        why["entry"] = item.entry_id
    if item.bill is not None:
        note = await credit_bill(
            unit,
            book,
            item.bill,
            amount_paise=amount_paise,
            cause=cause,
            reason=reason,
            now=now,
            question=why,
        )
        return note.number
    tax_paise = await _tax_of(unit, item, amount_paise)
    taxes = [_posting(AccountKind.TAX_PAYABLE, -tax_paise)] if tax_paise else []
    entry = LedgerEntry(
        key=f"dispute:{dispute.id}",
        kind=EntryKind.ADJUSTMENT,
        place_id=dispute.place_id,
        lease_id=dispute.lease_id,
        occurred_at=now,
        postings=(
            Posting(
                account=AccountKind.RECEIVABLE,
                amount_paise=amount_paise,
                lease_id=dispute.lease_id,
            ),
            _posting(AccountKind.ADJUSTMENTS, tax_paise - amount_paise),
            *taxes,
        ),
        actor_id=cause.actor_id,
        reason=reason,
        why=why,
    )
    await unit.ledger.append([entry], recorded_at=now)
    return None


async def _tax_of(unit: Unit, item: Item, amount_paise: int) -> int:
    """Return how much of an amount is tax, as it is of the charge."""
    whole = None if item.entry_id is None else await unit.ledger.whole(item.entry_id)
    if whole is None or not whole.tenant_paise:
        return 0
    taxes = (p.amount_paise for p in whole.postings if p.account is AccountKind.TAX_PAYABLE)
    return round_half_up(Decimal(amount_paise) * sum(taxes) / -whole.tenant_paise)


def _posting(account: AccountKind, amount_paise: int) -> Posting:
    return Posting(account=account, amount_paise=amount_paise)
