"""Bills and credit notes in the store: numbered without gaps, and never changed. Rule 7.2."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from bot.db.due import Dues
from bot.db.entry import booked_from, entry
from bot.db.invoice_rows import (
    SETTLING,
    UNBILLED,
    invoice,
    invoice_columns,
    invoice_entry,
    invoice_from,
    next_in_series,
)
from bot.db.lease import lease
from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.services.invoice_document import Settling
from bot.services.invoice_record import Invoice
from bot.services.store import BookedEntry


class Invoices(Dues):
    """Bills, credit notes, and what is open of them."""

    async def unbilled(
        self, lease_id: int, *, through_at: datetime | None = None
    ) -> Sequence[BookedEntry]:
        """Return what a lease was charged, or got back of that, that no document tells of yet.

        With `through_at` only what occurred until then.
        """
        query = (
            select(entry)
            .join(lease, lease.c.id == entry.c.lease_id)
            .where(entry.c.lease_id == lease_id, UNBILLED)
            .order_by(entry.c.occurred_at, entry.c.id)
        )
        if through_at is not None:
            query = query.where(entry.c.occurred_at <= through_at)
        return [booked_from(row) for row in await self._connection.execute(query)]

    async def settling(
        self,
        lease_id: int,
        *,
        after_at: datetime | None,
        after_id: int,
        but: Collection[int],
        limit: int,
    ) -> Settling:
        """Return what moved a balance after an instant and an entry that no bill asks for, leaving
        out what credit notes gave; so many of the latest entries one by one."""
        within = [entry.c.lease_id == lease_id, SETTLING]
        within += [entry.c.id > after_id, entry.c.id.not_in(but)]
        if after_at is not None:
            within.append(entry.c.recorded_at > after_at)
        rows = await self._connection.execute(
            select(entry).where(*within).order_by(entry.c.id.desc()).limit(limit)
        )
        shown = [booked_from(row) for row in reversed(rows.all())]
        whole = await self._connection.execute(
            select(
                func.count().label("entries"),
                func.coalesce(func.sum(entry.c.tenant_paise), 0).label("paise"),
            ).where(*within)
        )
        sums = whole.one()
        return Settling(
            entries=tuple(shown),
            earlier=sums.entries - len(shown),
            earlier_paise=int(sums.paise) - sum(each.tenant_paise for each in shown),
        )

    async def next_serial(self, place_id: int, kind: DocumentKind, year: int) -> int:
        """Take the next number of a series; nobody else gets one of it before this unit is over.

        A unit that fails gives it back: there are no gaps.
        """
        return await next_in_series(self._connection, place_id, kind.value, year)

    async def add(self, new: Invoice, entry_ids: Collection[int]) -> Invoice:
        """Store a document, whose id is ignored, over entries that are on no other one."""
        rows = await self._connection.execute(
            insert(invoice).values(invoice_columns(new)).returning(invoice.c.id)
        )
        stored = replace(new, id=rows.scalar_one())
        if entry_ids:
            await self._connection.execute(
                insert(invoice_entry),
                [{"entry_id": each, "invoice_id": stored.id} for each in entry_ids],
            )
        return stored

    async def get(self, invoice_id: int) -> Invoice | None:
        """Return a document."""
        rows = await self._connection.execute(select(invoice).where(invoice.c.id == invoice_id))
        row = rows.first()
        return None if row is None else invoice_from(row)

    async def by_key(self, key: str) -> Invoice | None:
        """Return the document that was made for a cause."""
        rows = await self._connection.execute(select(invoice).where(invoice.c.key == key))
        row = rows.first()
        return None if row is None else invoice_from(row)

    async def of_lease(
        self, lease_id: int, *, before_id: int | None = None, limit: int = 10
    ) -> Sequence[Invoice]:
        """Return documents of a lease, newest first."""
        query = select(invoice).where(invoice.c.lease_id == lease_id)
        if before_id is not None:
            query = query.where(invoice.c.id < before_id)
        return await self._all(query.order_by(invoice.c.id.desc()).limit(limit))

    async def of_place(
        self, place_id: int, *, before_id: int | None = None, limit: int = 10
    ) -> Sequence[Invoice]:
        """Return documents of a place, newest first."""
        query = select(invoice).where(invoice.c.place_id == place_id)
        if before_id is not None:
            query = query.where(invoice.c.id < before_id)
        return await self._all(query.order_by(invoice.c.id.desc()).limit(limit))

    async def billed_at(self, place_id: int) -> Sequence[int]:
        """Return the leases of a place that have bills."""
        rows = await self._connection.execute(
            select(invoice.c.lease_id).where(invoice.c.place_id == place_id).distinct()
        )
        return list(rows.scalars())

    async def among(self, invoice_ids: Collection[int]) -> Sequence[Invoice]:
        """Return documents, newest first."""
        query = select(invoice).where(invoice.c.id.in_(invoice_ids))
        return await self._all(query.order_by(invoice.c.id.desc()))

    async def correcting(self, invoice_id: int) -> Sequence[Invoice]:
        """Return the credit notes for a bill, oldest first."""
        query = select(invoice).where(invoice.c.corrects_id == invoice_id)
        return await self._all(query.order_by(invoice.c.id))

    async def after(self, invoice_id: int, *, limit: int) -> Sequence[Invoice]:
        """Return the documents that come next, oldest first."""
        query = select(invoice).where(invoice.c.id > invoice_id)
        return await self._all(query.order_by(invoice.c.id).limit(limit))

    async def last_billed_on(self, lease_ids: Collection[int]) -> Mapping[int, date]:
        """Return the last day that was billed, by lease; those never billed are missing."""
        rows = await self._connection.execute(
            select(invoice.c.lease_id, func.max(invoice.c.period_to_on).label("to_on"))
            .where(invoice.c.lease_id.in_(lease_ids), invoice.c.kind == DocumentKind.INVOICE.value)
            .group_by(invoice.c.lease_id)
        )
        return {
            row.lease_id: row.to_on
            if isinstance(row.to_on, date)
            else date.fromisoformat(row.to_on)
            for row in rows
        }

    async def of_entries(self, entry_ids: Collection[int]) -> Mapping[int, int]:
        """Return the document of each entry that is on one, by entry id."""
        rows = await self._connection.execute(
            select(invoice_entry).where(invoice_entry.c.entry_id.in_(entry_ids))
        )
        return {row.entry_id: row.invoice_id for row in rows}

    async def entries_of(self, invoice_id: int) -> Sequence[BookedEntry]:
        """Return the entries that a document tells of, oldest first."""
        rows = await self._connection.execute(
            select(entry)
            .join(invoice_entry, invoice_entry.c.entry_id == entry.c.id)
            .where(invoice_entry.c.invoice_id == invoice_id)
            .order_by(entry.c.occurred_at, entry.c.id)
        )
        return [booked_from(row) for row in rows]

    async def billed_later(self, *, ended_since_on: date) -> Sequence[int]:
        """Return the postpaid leases that run, or have ended since a day."""
        rows = await self._connection.execute(
            select(lease.c.id)
            .where(
                lease.c.mode == BillingMode.POSTPAID.value,
                lease.c.end_on.is_(None) | (lease.c.end_on >= ended_since_on),
            )
            .order_by(lease.c.id)
        )
        return list(rows.scalars())

    async def charged_late(self, *, ended_since_on: date) -> Sequence[int]:
        """Return the postpaid leases that have ended since a day and were charged, or given back,
        what no document tells of."""
        rows = await self._connection.execute(
            select(lease.c.id)
            .join(entry, entry.c.lease_id == lease.c.id)
            .where(
                lease.c.mode == BillingMode.POSTPAID.value,
                lease.c.end_on >= ended_since_on,
                UNBILLED,
            )
            .group_by(lease.c.id)
            .having(func.sum(entry.c.tenant_paise) != 0)
            .order_by(lease.c.id)
        )
        return list(rows.scalars())

    async def _all(self, query: Any) -> list[Invoice]:
        return [invoice_from(row) for row in await self._connection.execute(query)]
