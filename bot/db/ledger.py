"""Writes the append-only books."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.db.entry import booked_from, charge_line, entry, payment_reference, posting
from bot.db.lease import lease
from bot.db.statement import Statements
from bot.db.upsert import insert_new
from bot.domain.ledger import LedgerEntry, PaymentMethod
from bot.services.store import BookedEntry, MonthLine, ReferenceTaken


class Ledger(Statements):
    """Entries, their postings, and the balances that they add up to."""

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
        rows = await self._connection.execute(insert(entry).returning(entry), columns)
        by_key = {row.key: booked_from(row) for row in rows}
        booked = [by_key[each.key] for each in entries]
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
                        "since_on": line.since_on,
                        "service": line.service.value,
                    }
                    for entry_id, line in lines
                ],
            )

    async def claim_reference(
        self, method: PaymentMethod, reference: str, *, entry_id: int
    ) -> None:
        """Bind a reference to a payment. Raises ReferenceTaken."""
        values = {"method": method.value, "reference": reference, "entry_id": entry_id}
        if not await insert_new(self._connection, payment_reference, values):
            raise ReferenceTaken(method, reference)

    async def free_reference(self, entry_id: int) -> None:
        """Release the reference of a reversed payment."""
        await self._connection.execute(
            delete(payment_reference).where(payment_reference.c.entry_id == entry_id)
        )


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
