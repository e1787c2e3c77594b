"""What is open of bills, and who was reminded of them. Rules 7.3 and 7.4."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.dispute import IS_OPEN, dispute
from bot.db.entry import entry
from bot.db.invoice_rows import UNBILLED, invoice, invoice_entry, invoice_reminder
from bot.db.lease import lease
from bot.db.types import AnyRow
from bot.db.upsert import insert_new
from bot.domain.dispute import ItemKind
from bot.domain.dues import Due, open_amounts
from bot.domain.invoice import DocumentKind

_IS_OF_THIS_BILLING = or_(
    lease.c.billing_since_at.is_(None), invoice.c.issued_at > lease.c.billing_since_at
)


class Dues:
    """What is still to be paid of which bill."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def dues(self, lease_ids: Collection[int]) -> Mapping[int, tuple[Due, ...]]:
        """Return the bills of leases with what is open of each, oldest first. Rule 7.4."""
        if not lease_ids:
            return {}
        owed = await self._owed(lease_ids)
        warned = select(
            invoice_reminder.c.invoice_id, func.min(invoice_reminder.c.at).label("warned_at")
        ).where(invoice_reminder.c.step.not_like("-%"), invoice_reminder.c.step != "0")
        warnings = warned.group_by(invoice_reminder.c.invoice_id).subquery()
        credit = invoice.alias("credit")
        credited = (
            select(func.coalesce(func.sum(credit.c.total_paise), 0))
            .where(credit.c.corrects_id == invoice.c.id)
            .scalar_subquery()
        )
        rows = await self._connection.execute(
            select(
                invoice.c.id,
                invoice.c.lease_id,
                invoice.c.number,
                invoice.c.due_on,
                _IS_OF_THIS_BILLING.label("is_of_this_billing"),
                (invoice.c.total_paise + credited).label("charged_paise"),
                warnings.c.warned_at.label("warned_at"),
                _held().label("held_paise"),
            )
            .join(lease, lease.c.id == invoice.c.lease_id)
            .outerjoin(warnings, warnings.c.invoice_id == invoice.c.id)
            .where(invoice.c.lease_id.in_(lease_ids), invoice.c.kind == DocumentKind.INVOICE.value)
            .order_by(invoice.c.id)
        )
        by_lease: dict[int, list[AnyRow]] = defaultdict(list)
        for row in rows:
            by_lease[row.lease_id].append(row)
        return {key: _dues(own, owed.get(key, 0)) for key, own in by_lease.items()}

    async def _owed(self, lease_ids: Collection[int]) -> Mapping[int, int]:
        """Return what leases owe for what was billed, by lease; negative = the tenant's credit."""
        unbilled = (
            select(func.coalesce(func.sum(entry.c.tenant_paise), 0))
            .where(entry.c.lease_id == lease.c.id, UNBILLED)
            .correlate(lease)
            .scalar_subquery()
        )
        rows = await self._connection.execute(
            select(lease.c.id, (unbilled - lease.c.balance_paise).label("owed_paise")).where(
                lease.c.id.in_(lease_ids)
            )
        )
        return {row.id: int(row.owed_paise) for row in rows}

    async def remind(self, invoice_id: int, step: str, *, at: datetime) -> bool:
        """Note that tenants were reminded; return False when they were before."""
        values = {"invoice_id": invoice_id, "step": step, "at": at}
        return await insert_new(self._connection, invoice_reminder, values)

    async def reminded(self, invoice_ids: Collection[int]) -> Mapping[int, Mapping[str, datetime]]:
        """Return when tenants were reminded of bills, by bill and step."""
        rows = await self._connection.execute(
            select(invoice_reminder).where(invoice_reminder.c.invoice_id.in_(invoice_ids))
        )
        found: dict[int, dict[str, datetime]] = defaultdict(dict)
        for row in rows:
            found[row.invoice_id][row.step] = row.at
        return found


def _held() -> ScalarSelect[int]:
    """Return what open questions hold of a bill, or of charges on it. Rule 10.3."""
    document = invoice.alias("document")
    of_charge = (
        select(func.coalesce(document.c.corrects_id, document.c.id))
        .join(invoice_entry, invoice_entry.c.invoice_id == document.c.id)
        .where(invoice_entry.c.entry_id == dispute.c.entry_id)
        .correlate(dispute)
        .scalar_subquery()
    )
    of_bill = and_(dispute.c.item == ItemKind.INVOICE.value, dispute.c.item_id == invoice.c.id)
    return (
        select(func.coalesce(func.sum(dispute.c.held_paise), 0))
        .where(
            IS_OPEN,
            dispute.c.lease_id == invoice.c.lease_id,
            or_(of_bill, of_charge == invoice.c.id),
        )
        .correlate(invoice)
        .scalar_subquery()
    )


def _dues(rows: Sequence[AnyRow], owed_paise: int) -> tuple[Due, ...]:
    charged_paise = {row.id: int(row.charged_paise) for row in rows}
    carriers = (row.id for row in rows if row.is_of_this_billing and charged_paise[row.id] > 0)
    open_paise = open_amounts(charged_paise, owed_paise, carrier=next(carriers, None))
    return tuple(
        Due(
            invoice_id=row.id,
            number=row.number,
            due_on=row.due_on,
            charged_paise=int(row.charged_paise),
            open_paise=open_paise[row.id],
            warned_at=_instant(row.warned_at),
            held_paise=int(row.held_paise),
        )
        for row in rows
    )


def _instant(value: datetime | str | None) -> datetime | None:
    """An aggregate of instants is plain text on SQLite."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
