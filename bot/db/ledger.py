"""The append-only books."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.lease import lease
from bot.db.metadata import row_id, table, to
from bot.db.types import AnyRow, Consumed, Facts, Flag, Id, LocalDate, Paise, UtcDateTime
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, PaymentMethod, Posting
from bot.services.store import BookedEntry, LedgerFlaw, MonthLine

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
    Index("ix_entry_lease", "lease_id", "id"),
    Index("ix_entry_lease_occurred", "lease_id", "occurred_at"),
)

posting = table(
    "posting",
    row_id(),
    to("entry", "entry_id"),
    Column("account", Text, nullable=False),
    to("lease", "lease_id", optional=True),
    Column("amount_paise", Paise, nullable=False),
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


class Ledger:
    """Entries, their postings, and the balances that they add up to."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(
        self, entries: Sequence[LedgerEntry], *, recorded_at: datetime
    ) -> Sequence[BookedEntry]:
        """Book entries in order and move the balances.

        The idempotency key is unique in the database: booking one again is an error there, so
        callers look first.
        """
        if not entries:
            return []
        balances = await self._balances({each.lease_id for each in entries})
        columns = []
        for each in entries:
            balances[each.lease_id] += each.tenant_paise
            columns.append(_entry_columns(each, balances[each.lease_id], recorded_at))
        rows = await self._connection.execute(
            insert(entry).returning(entry, sort_by_parameter_order=True), columns
        )
        booked = [booked_from(row) for row in rows]
        await self._post(entries, [each.id for each in booked])
        await self._connection.execute(
            update(lease).where(lease.c.id == bindparam("of_lease")),
            [{"of_lease": key, "balance_paise": value} for key, value in balances.items()],
        )
        return booked

    async def _balances(self, lease_ids: Collection[int]) -> dict[int, int]:
        rows = await self._connection.execute(
            select(lease.c.id, lease.c.balance_paise)
            .where(lease.c.id.in_(lease_ids))
            .order_by(lease.c.id)
            .with_for_update()
        )
        return {row.id: row.balance_paise for row in rows}

    async def _post(self, entries: Sequence[LedgerEntry], entry_ids: Sequence[int]) -> None:
        await self._connection.execute(
            insert(posting),
            [
                {
                    "entry_id": entry_id,
                    "account": side.account.value,
                    "lease_id": side.lease_id,
                    "amount_paise": side.amount_paise,
                }
                for each, entry_id in zip(entries, entry_ids, strict=True)
                for side in each.postings
            ],
        )

    async def add_lines(self, lines: Sequence[tuple[int, MonthLine]]) -> None:
        """Store what entries charged for, by (entry id, line)."""
        if lines:
            await self._connection.execute(
                insert(charge_line),
                [
                    {
                        "entry_id": entry_id,
                        "lease_id": line.lease_id,
                        "month_on": line.month_on,
                        "kind": line.kind.value,
                        "name": line.name,
                        "version_id": line.version_id,
                        "by_generator": line.by_generator,
                        "quantity": line.quantity,
                        "amount_paise": line.amount_paise,
                    }
                    for entry_id, line in lines
                ],
            )

    async def unlike(self, *, entry_id: int, reversal_id: int) -> None:
        """Take the lines of a reversed entry out of their month."""
        kept = [charge_line.c[name] for name in ("lease_id", "month_on", "kind", "name")]
        more = [charge_line.c.version_id, charge_line.c.by_generator]
        rows = await self._connection.execute(
            select(*kept, *more, charge_line.c.quantity, charge_line.c.amount_paise).where(
                charge_line.c.entry_id == entry_id
            )
        )
        opposite = [
            {
                **row._mapping,
                "entry_id": reversal_id,
                "quantity": -row.quantity,
                "amount_paise": -row.amount_paise,
            }
            for row in rows
        ]
        if opposite:
            await self._connection.execute(insert(charge_line), opposite)

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
            reason=booked.reason,
            reference=booked.reference,
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
        """Return the latest payment of a lease."""
        rows = await self._connection.execute(
            select(entry)
            .where(entry.c.lease_id == lease_id, entry.c.kind == EntryKind.PAYMENT.value)
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

    async def claim_reference(
        self, method: PaymentMethod, reference: str, *, entry_id: int
    ) -> None:
        """Bind a reference to a payment; it must be free."""
        await self._connection.execute(
            insert(payment_reference).values(
                method=method.value, reference=reference, entry_id=entry_id
            )
        )

    async def free_reference(self, entry_id: int) -> None:
        """Release the reference of a reversed payment."""
        await self._connection.execute(
            delete(payment_reference).where(payment_reference.c.entry_id == entry_id)
        )

    async def flaws(self) -> Sequence[LedgerFlaw]:
        """Return every lease whose balance is not the sum of its postings, and every entry
        that does not sum to zero. Rules 2.1 and 2.4."""
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
        return found


def _entry_columns(each: LedgerEntry, balance_paise: int, recorded_at: datetime) -> dict[str, Any]:
    return {
        "key": each.key,
        "kind": each.kind.value,
        "place_id": each.place_id,
        "lease_id": each.lease_id,
        "occurred_at": each.occurred_at,
        "recorded_at": recorded_at,
        "tenant_paise": each.tenant_paise,
        "balance_after_paise": balance_paise,
        "actor_id": each.actor_id,
        "reason": each.reason,
        "reference": each.reference,
        "reverses_id": each.reverses_id,
        "why": dict(each.why),
    }
