"""The append-only tables of the books."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Text, text

from bot.db.metadata import row_id, table, to, within_reason
from bot.db.types import AnyRow, Consumed, Facts, Flag, Id, LocalDate, Paise, UtcDateTime
from bot.domain.ledger import EntryKind
from bot.services.store import BookedEntry

entry = table(
    "entry",
    row_id(),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    to("place", "place_id"),
    to("lease", "lease_id"),
    Column("occurred_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("tenant_paise", Paise, nullable=False),
    Column("balance_after_paise", Paise, nullable=False),
    to("person", "actor_id", optional=True),
    Column("reason", Text),
    Column("reference", Text),
    Column("reverses_id", Id, ForeignKey("entry.id"), unique=True),
    Column("why", Facts, nullable=False),
    within_reason("tenant_paise"),
    Index("ix_entry_lease", "lease_id", "id"),
    Index("ix_entry_lease_occurred", "lease_id", "occurred_at"),
    Index(
        "ix_entry_payment",
        "lease_id",
        "id",
        sqlite_where=text("kind = 'payment'"),
        postgresql_where=text("kind = 'payment'"),
    ),
    Index(
        "ix_entry_adjustment",
        "lease_id",
        "id",
        sqlite_where=text("kind = 'adjustment'"),
        postgresql_where=text("kind = 'adjustment'"),
    ),
)

posting = table(
    "posting",
    row_id(),
    to("entry", "entry_id"),
    Column("account", Text, nullable=False),
    to("lease", "lease_id", optional=True),
    Column("amount_paise", Paise, nullable=False),
    CheckConstraint(
        "(account = 'receivable') = (lease_id IS NOT NULL)", name="receivable_has_lease"
    ),
    within_reason("amount_paise"),
    Index("ix_posting_entry", "entry_id"),
    Index("ix_posting_lease", "lease_id"),
)

charge_line = table(
    "charge_line",
    row_id(),
    to("entry", "entry_id"),
    to("lease", "lease_id"),
    Column("month_on", LocalDate, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    to("tariff_version", "version_id"),
    Column("by_generator", Flag, nullable=False),
    Column("quantity", Consumed, nullable=False),
    Column("amount_paise", Paise, nullable=False),
    Column("since_on", LocalDate),
    Column("service", Text, nullable=False),
    within_reason("amount_paise"),
    Index("ix_charge_line_lease_month", "lease_id", "month_on"),
    Index("ix_charge_line_entry", "entry_id"),
)

payment_reference = table(
    "payment_reference",
    Column("method", Text, primary_key=True),
    Column("reference", Text, primary_key=True),
    to("entry", "entry_id"),
)


def booked_from(row: AnyRow) -> BookedEntry:
    """Return the entry of a row that holds the entry's columns, without its postings."""
    return BookedEntry(
        id=row.id,
        key=row.key,
        kind=EntryKind(row.kind),
        place_id=row.place_id,
        lease_id=row.lease_id,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        tenant_paise=row.tenant_paise,
        balance_after_paise=row.balance_after_paise,
        actor_id=row.actor_id,
        reason=row.reason,
        reference=row.reference,
        reverses_id=row.reverses_id,
        why=row.why,
    )
