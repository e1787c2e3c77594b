"""Bills and credit notes in the store: numbered without gaps, and never changed. Rule 7.2."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Text,
    UniqueConstraint,
    and_,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.entry import booked_from, entry
from bot.db.lease import lease
from bot.db.metadata import row_id, table, to, within_reason
from bot.db.types import AnyRow, Facts, Id, LocalDate, Paise, UtcDateTime
from bot.db.upsert import insert_missing, insert_new
from bot.domain.dues import Due, open_amounts
from bot.domain.invoice import BillingPeriod, DocumentKind
from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind
from bot.services.invoice_record import Invoice
from bot.services.store import BookedEntry

invoice = table(
    "invoice",
    row_id(),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    to("place", "place_id"),
    to("lease", "lease_id"),
    Column("year", Id, nullable=False),
    Column("serial", Id, nullable=False),
    Column("number", Text, nullable=False),
    Column("period_from_on", LocalDate, nullable=False),
    Column("period_to_on", LocalDate, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("issued_on", LocalDate, nullable=False),
    Column("due_on", LocalDate, nullable=False),
    Column("net_paise", Paise, nullable=False),
    Column("tax_paise", Paise, nullable=False),
    Column("total_paise", Paise, nullable=False),
    Column("balance_after_paise", Paise, nullable=False),
    to("invoice", "corrects_id", optional=True),
    to("person", "actor_id", optional=True),
    Column("facts", Facts, nullable=False),
    UniqueConstraint("place_id", "kind", "year", "serial"),
    CheckConstraint("net_paise + tax_paise = total_paise", name="adds_up"),
    CheckConstraint("(kind = 'credit_note') = (corrects_id IS NOT NULL)", name="names_its_bill"),
    within_reason("total_paise"),
    Index("ix_invoice_lease", "lease_id", "id"),
    Index("ix_invoice_corrects", "corrects_id"),
)

invoice_entry = table(
    "invoice_entry",
    row_id(),
    to("entry", "entry_id"),
    to("invoice", "invoice_id"),
    UniqueConstraint("entry_id"),
    Index("ix_invoice_entry_invoice", "invoice_id"),
)

invoice_serial = table(
    "invoice_serial",
    to("place", "place_id", key=True),
    Column("kind", Text, primary_key=True),
    Column("year", Id, primary_key=True, autoincrement=False),
    Column("last", Id, nullable=False),
)

invoice_reminder = table(
    "invoice_reminder",
    to("invoice", "invoice_id", key=True),
    Column("step", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

_of = entry.alias("undone")
_CHARGES = (EntryKind.DEDUCTION.value, EntryKind.SHARE.value)


def _is_charge(source: Any) -> Any:
    """What a bill asks for; what the tenant was given is a payment of a kind."""
    is_debit = and_(source.c.kind == EntryKind.ADJUSTMENT.value, source.c.tenant_paise < 0)
    return or_(source.c.kind.in_(_CHARGES), is_debit)


_UNBILLED = and_(
    or_(
        _is_charge(entry),
        and_(
            entry.c.kind == EntryKind.REVERSAL.value,
            exists().where(_of.c.id == entry.c.reverses_id, _is_charge(_of)),
        ),
    ),
    ~exists().where(invoice_entry.c.entry_id == entry.c.id),
    or_(lease.c.billing_since_at.is_(None), entry.c.recorded_at > lease.c.billing_since_at),
)


def invoice_from(row: AnyRow) -> Invoice:
    """Return the document of a row that holds its columns."""
    return Invoice(
        id=row.id,
        key=row.key,
        kind=DocumentKind(row.kind),
        place_id=row.place_id,
        lease_id=row.lease_id,
        year=row.year,
        serial=row.serial,
        number=row.number,
        period=BillingPeriod(from_on=row.period_from_on, to_on=row.period_to_on),
        issued_at=row.issued_at,
        issued_on=row.issued_on,
        due_on=row.due_on,
        net_paise=row.net_paise,
        tax_paise=row.tax_paise,
        balance_after_paise=row.balance_after_paise,
        corrects_id=row.corrects_id,
        actor_id=row.actor_id,
        facts=row.facts,
    )


class Invoices:
    """Bills, credit notes, and what is open of them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def unbilled(
        self, lease_id: int, *, through_at: datetime | None = None
    ) -> Sequence[BookedEntry]:
        """Return what a lease was charged, or got back of that, that no document tells of yet.

        With `through_at` only what occurred until then.
        """
        query = (
            select(entry)
            .join(lease, lease.c.id == entry.c.lease_id)
            .where(entry.c.lease_id == lease_id, _UNBILLED)
            .order_by(entry.c.occurred_at, entry.c.id)
        )
        if through_at is not None:
            query = query.where(entry.c.occurred_at <= through_at)
        return [booked_from(row) for row in await self._connection.execute(query)]

    async def next_serial(self, place_id: int, kind: DocumentKind, year: int) -> int:
        """Take the next number of a series; nobody else gets one of it before this unit is over.

        A unit that fails gives it back: there are no gaps.
        """
        series = {"place_id": place_id, "kind": kind.value, "year": year}
        await insert_missing(self._connection, invoice_serial, [series | {"last": 0}])
        rows = await self._connection.execute(
            update(invoice_serial)
            .where(*(invoice_serial.c[name] == value for name, value in series.items()))
            .values(last=invoice_serial.c.last + 1)
            .returning(invoice_serial.c.last)
        )
        return int(rows.scalar_one())

    async def add(self, new: Invoice, entry_ids: Collection[int]) -> Invoice:
        """Store a document, whose id is ignored, over entries that are on no other one."""
        rows = await self._connection.execute(
            insert(invoice).values(_columns_of(new)).returning(invoice.c.id)
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
                (invoice.c.total_paise + credited).label("charged_paise"),
                warnings.c.warned_at.label("warned_at"),
            )
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
            .where(entry.c.lease_id == lease.c.id, _UNBILLED)
            .correlate(lease)
            .scalar_subquery()
        )
        rows = await self._connection.execute(
            select(lease.c.id, (unbilled - lease.c.balance_paise).label("owed_paise")).where(
                lease.c.id.in_(lease_ids)
            )
        )
        return {row.id: int(row.owed_paise) for row in rows}

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

    async def _all(self, query: Any) -> list[Invoice]:
        return [invoice_from(row) for row in await self._connection.execute(query)]


def _dues(rows: Sequence[AnyRow], owed_paise: int) -> tuple[Due, ...]:
    open_paise = open_amounts({row.id: int(row.charged_paise) for row in rows}, owed_paise)
    return tuple(
        Due(
            invoice_id=row.id,
            number=row.number,
            due_on=row.due_on,
            charged_paise=int(row.charged_paise),
            open_paise=open_paise[row.id],
            warned_at=_instant(row.warned_at),
        )
        for row in rows
    )


def _instant(value: datetime | str | None) -> datetime | None:
    """An aggregate of instants is plain text on SQLite."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _columns_of(new: Invoice) -> dict[str, Any]:
    return {
        "key": new.key,
        "kind": new.kind.value,
        "place_id": new.place_id,
        "lease_id": new.lease_id,
        "year": new.year,
        "serial": new.serial,
        "number": new.number,
        "period_from_on": new.period.from_on,
        "period_to_on": new.period.to_on,
        "issued_at": new.issued_at,
        "issued_on": new.issued_on,
        "due_on": new.due_on,
        "net_paise": new.net_paise,
        "tax_paise": new.tax_paise,
        "total_paise": new.total_paise,
        "balance_after_paise": new.balance_after_paise,
        "corrects_id": new.corrects_id,
        "actor_id": new.actor_id,
        "facts": dict(new.facts),
    }
