"""Reads the books, and proves that they add up."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.entry import booked_from, entry, payment_reference, posting
from bot.db.lease import lease
from bot.db.types import written_out
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, PaymentMethod, Posting
from bot.services.store import BookedEntry, LedgerFlaw


class Statements:
    """What was booked."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def existing(self, keys: Collection[str]) -> Mapping[str, BookedEntry]:
        """Return the entries that were booked under these idempotency keys."""
        rows = await self._connection.execute(select(entry).where(entry.c.key.in_(keys)))
        return {row.key: booked_from(row) for row in rows}

    async def get(self, entry_id: int) -> BookedEntry | None:
        """Return one entry."""
        rows = await self._connection.execute(select(entry).where(entry.c.id == entry_id))
        row = rows.first()
        return None if row is None else booked_from(row)

    async def whole(self, entry_id: int) -> LedgerEntry | None:
        """Return one entry with its postings, as it was booked."""
        booked = await self.get(entry_id)
        if booked is None:
            return None
        rows = await self._connection.execute(
            select(posting).where(posting.c.entry_id == entry_id).order_by(posting.c.id)
        )
        return LedgerEntry(
            key=booked.key,
            kind=booked.kind,
            place_id=booked.place_id,
            lease_id=booked.lease_id,
            occurred_at=booked.occurred_at,
            postings=tuple(
                Posting(
                    account=AccountKind(row.account),
                    amount_paise=row.amount_paise,
                    lease_id=row.lease_id,
                )
                for row in rows
            ),
            actor_id=booked.actor_id,
            reason=booked.reason,
            reference=booked.reference,
            reverses_id=booked.reverses_id,
            why=booked.why,
        )

    async def reversed_by(self, entry_id: int) -> BookedEntry | None:
        """Return the entry that reversed this one."""
        rows = await self._connection.execute(select(entry).where(entry.c.reverses_id == entry_id))
        row = rows.first()
        return None if row is None else booked_from(row)

    async def page(
        self, lease_id: int, *, before_id: int | None = None, limit: int = 10
    ) -> Sequence[BookedEntry]:
        """Return entries of a lease, newest first."""
        query = select(entry).where(entry.c.lease_id == lease_id)
        if before_id is not None:
            query = query.where(entry.c.id < before_id)
        rows = await self._connection.execute(query.order_by(entry.c.id.desc()).limit(limit))
        return [booked_from(row) for row in rows]

    async def after(self, entry_id: int, *, limit: int) -> Sequence[BookedEntry]:
        """Return the entries of all leases that come next."""
        rows = await self._connection.execute(
            select(entry).where(entry.c.id > entry_id).order_by(entry.c.id).limit(limit)
        )
        return [booked_from(row) for row in rows]

    async def between(
        self, lease_id: int, *, from_at: datetime, to_at: datetime
    ) -> Sequence[BookedEntry]:
        """Return the entries that occurred in [from_at, to_at), oldest first."""
        rows = await self._connection.execute(
            select(entry)
            .where(
                entry.c.lease_id == lease_id,
                entry.c.occurred_at >= from_at,
                entry.c.occurred_at < to_at,
            )
            .order_by(entry.c.occurred_at, entry.c.id)
        )
        return [booked_from(row) for row in rows]

    async def last_payment(self, lease_id: int) -> BookedEntry | None:
        """Return the latest payment of a lease that was not taken back."""
        undone = entry.alias("undone")
        rows = await self._connection.execute(
            select(entry)
            .where(
                entry.c.lease_id == lease_id,
                entry.c.kind == written_out(EntryKind.PAYMENT),
                ~exists().where(undone.c.reverses_id == entry.c.id),
            )
            .order_by(entry.c.id.desc())
            .limit(1)
        )
        row = rows.first()
        return None if row is None else booked_from(row)

    async def find_reference(self, method: PaymentMethod, reference: str) -> BookedEntry | None:
        """Return the payment that has this reference and was not reversed."""
        rows = await self._connection.execute(
            select(entry)
            .join(payment_reference, payment_reference.c.entry_id == entry.c.id)
            .where(
                payment_reference.c.method == method.value,
                payment_reference.c.reference == reference,
            )
        )
        row = rows.first()
        return None if row is None else booked_from(row)

    async def flaws(self) -> Sequence[LedgerFlaw]:
        """Return every lease whose balance is not the sum of its postings, every entry that does
        not sum to zero, and every one that shows the tenant another amount than it moved. Rules
        2.1 and 2.4."""
        sums = (
            select(posting.c.lease_id, func.sum(posting.c.amount_paise).label("total"))
            .where(posting.c.lease_id.is_not(None))
            .group_by(posting.c.lease_id)
            .subquery()
        )
        total = func.coalesce(sums.c.total, 0)
        leases = await self._connection.execute(
            select(lease.c.id, lease.c.balance_paise, total.label("total"))
            .outerjoin(sums, sums.c.lease_id == lease.c.id)
            .where(lease.c.balance_paise != total)
        )
        found = [
            LedgerFlaw(
                lease_id=row.id,
                entry_id=None,
                expected_paise=int(row.total),
                found_paise=row.balance_paise,
            )
            for row in leases
        ]
        entries = await self._connection.execute(
            select(posting.c.entry_id, func.sum(posting.c.amount_paise).label("total"))
            .group_by(posting.c.entry_id)
            .having(func.sum(posting.c.amount_paise) != 0)
        )
        found += [
            LedgerFlaw(
                lease_id=None, entry_id=row.entry_id, expected_paise=0, found_paise=int(row.total)
            )
            for row in entries
        ]
        return [*found, *await self._misquoted()]

    async def _misquoted(self) -> Sequence[LedgerFlaw]:
        """Return entries that show the tenant another amount than their postings move."""
        moved = func.coalesce(func.sum(posting.c.amount_paise), 0)
        rows = await self._connection.execute(
            select(entry.c.id, entry.c.tenant_paise, moved.label("moved"))
            .outerjoin(
                posting,
                and_(
                    posting.c.entry_id == entry.c.id,
                    posting.c.account == AccountKind.RECEIVABLE.value,
                ),
            )
            .group_by(entry.c.id, entry.c.tenant_paise)
            .having(entry.c.tenant_paise != moved)
        )
        return [
            LedgerFlaw(
                lease_id=None,
                entry_id=row.id,
                expected_paise=int(row.moved),
                found_paise=row.tenant_paise,
            )
            for row in rows
        ]
