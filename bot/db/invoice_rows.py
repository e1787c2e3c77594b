"""The tables of bills and credit notes, and the rows in them. Rule 7.2."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Text,
    UniqueConstraint,
    and_,
    exists,
    or_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.entry import entry
from bot.db.lease import lease
from bot.db.metadata import row_id, table, to, within_reason
from bot.db.types import AnyRow, Facts, Id, LocalDate, Paise, UtcDateTime
from bot.db.upsert import insert_missing
from bot.domain.invoice import BillingPeriod, DocumentKind
from bot.domain.ledger import EntryKind
from bot.services.invoice_record import Invoice

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


_IS_BILLED_FOR = or_(
    _is_charge(entry),
    and_(
        entry.c.kind == EntryKind.REVERSAL.value,
        exists().where(_of.c.id == entry.c.reverses_id, _is_charge(_of)),
    ),
)
_IS_ON_NO_DOCUMENT = ~exists().where(invoice_entry.c.entry_id == entry.c.id)

SETTLING = and_(~_IS_BILLED_FOR, _IS_ON_NO_DOCUMENT, entry.c.tenant_paise != 0)
"""What tenants paid or were given, and what was taken back of that."""

UNBILLED = and_(
    _IS_BILLED_FOR,
    _IS_ON_NO_DOCUMENT,
    or_(lease.c.billing_since_at.is_(None), entry.c.recorded_at > lease.c.billing_since_at),
)


async def next_in_series(connection: AsyncConnection, place_id: int, kind: str, year: int) -> int:
    """Take the next number of a series, which nobody else gets before the transaction is over."""
    series = {"place_id": place_id, "kind": kind, "year": year}
    await insert_missing(connection, invoice_serial, [series | {"last": 0}])
    rows = await connection.execute(
        update(invoice_serial)
        .where(*(invoice_serial.c[name] == value for name, value in series.items()))
        .values(last=invoice_serial.c.last + 1)
        .returning(invoice_serial.c.last)
    )
    return int(rows.scalar_one())


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


def invoice_columns(new: Invoice) -> dict[str, Any]:
    """Return the columns of a document that is not stored yet."""
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
