"""Questions of tenants in the store, and what they hold of their leases' money. Section 10."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.invoice_rows import next_in_series
from bot.db.lease import lease
from bot.db.metadata import row_id, table, to, within_reason
from bot.db.types import AnyRow, Id, Paise, UtcDateTime, written_out
from bot.db.upsert import inserting
from bot.domain.dispute import (
    OPEN_STATES,
    Dispute,
    DisputeState,
    DisputeStep,
    ItemKind,
    Nudge,
    StepKind,
)

SERIES = "dispute"
NO_YEAR = 0
_OPEN = text("state IN ('open', 'asked')")

dispute = table(
    "dispute",
    row_id(),
    to("place", "place_id"),
    Column("serial", Id, nullable=False),
    to("lease", "lease_id"),
    Column("item", Text, nullable=False),
    Column("item_id", Id, nullable=False),
    to("entry", "entry_id", optional=True),
    to("person", "opened_by"),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("disputed_paise", Paise, nullable=False),
    Column("held_paise", Paise, nullable=False),
    Column("state", Text, nullable=False),
    Column("answered_at", UtcDateTime),
    to("person", "decided_by", optional=True),
    Column("decided_at", UtcDateTime),
    Column("credited_paise", Paise, nullable=False),
    Column("nudged", Text),
    UniqueConstraint("place_id", "serial"),
    CheckConstraint("held_paise BETWEEN 0 AND disputed_paise", name="holds_what_is_questioned"),
    CheckConstraint("credited_paise BETWEEN 0 AND disputed_paise", name="gives_what_is_questioned"),
    within_reason("disputed_paise"),
    Index(
        "uq_dispute_open",
        "lease_id",
        "item",
        "item_id",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    Index("ix_dispute_lease", "lease_id"),
    Index("ix_dispute_entry", "entry_id"),
)

dispute_step = table(
    "dispute_step",
    row_id(),
    to("dispute", "dispute_id"),
    Column("at", UtcDateTime, nullable=False),
    to("person", "person_id", optional=True),
    Column("kind", Text, nullable=False),
    Column("words", Text),
    to("photo", "photo_id", optional=True),
    Column("amount_paise", Paise),
    Index("ix_dispute_step_dispute", "dispute_id"),
    Index("ix_dispute_step_photo", "photo_id"),
)

# Written out: only so PostgreSQL sees that the partial index covers it.
IS_OPEN = dispute.c.state.in_([written_out(each) for each in DisputeState if each in OPEN_STATES])


class Disputes:
    """Questions, what was said about them, and what they hold of their leases' money."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def next_serial(self, place_id: int) -> int:
        """Take the next number of a place; nobody else gets it before this unit is over."""
        return await next_in_series(self._connection, place_id, SERIES, NO_YEAR)

    async def add(self, new: Dispute) -> Dispute | None:
        """Store a question, whose id is ignored; None when one about the same item is open."""
        rows = await self._connection.execute(
            inserting(self._connection, dispute)
            .values(_columns(new))
            .on_conflict_do_nothing()
            .returning(dispute.c.id)
        )
        stored_id = rows.scalar_one_or_none()
        if stored_id is None:
            return None
        await self._hold(new.lease_id)
        return replace(new, id=stored_id)

    async def get(self, dispute_id: int) -> Dispute | None:
        """Return one question."""
        rows = await self._connection.execute(select(dispute).where(dispute.c.id == dispute_id))
        row = rows.first()
        return None if row is None else _dispute_from(row)

    async def save(self, changed: Dispute, *, was: Dispute) -> bool:
        """Store how far it has come; return False when it is not as it was."""
        rows = await self._connection.execute(
            update(dispute)
            .where(dispute.c.id == changed.id, dispute.c.state == was.state.value)
            .values(_columns(changed))
        )
        await self._hold(changed.lease_id)
        return bool(rows.rowcount == 1)

    async def open_of(self, lease_id: int) -> Sequence[Dispute]:
        """Return the open questions of a lease, oldest first."""
        return await self._all(
            select(dispute).where(IS_OPEN, dispute.c.lease_id == lease_id).order_by(dispute.c.id)
        )

    async def of_leases(self, lease_ids: Collection[int], *, limit: int) -> Sequence[Dispute]:
        """Return all questions of leases, newest first."""
        return await self._all(
            select(dispute)
            .where(dispute.c.lease_id.in_(lease_ids))
            .order_by(dispute.c.id.desc())
            .limit(limit)
        )

    async def about(self, lease_id: int, item: ItemKind, item_id: int) -> Sequence[Dispute]:
        """Return all questions about one item of a lease, oldest first."""
        return await self._all(
            select(dispute)
            .where(
                dispute.c.lease_id == lease_id,
                dispute.c.item == item.value,
                dispute.c.item_id == item_id,
            )
            .order_by(dispute.c.id)
        )

    async def all_open(self, place_ids: frozenset[int] | None) -> Sequence[Dispute]:
        """Return the open questions at these places (None: everywhere), oldest first."""
        return await self._all(
            _at(select(dispute).where(IS_OPEN), place_ids).order_by(
                dispute.c.opened_at, dispute.c.id
            )
        )

    async def closed(
        self, place_ids: frozenset[int] | None, *, before_id: int | None, limit: int
    ) -> Sequence[Dispute]:
        """Return the settled questions at these places (None: everywhere), newest first."""
        query = _at(select(dispute).where(~IS_OPEN), place_ids)
        if before_id is not None:
            query = query.where(dispute.c.id < before_id)
        return await self._all(query.order_by(dispute.c.id.desc()).limit(limit))

    async def add_step(self, new: DisputeStep) -> DisputeStep:
        """Store what was said or done, whose id is ignored; it is never changed."""
        rows = await self._connection.execute(
            insert(dispute_step)
            .values(
                dispute_id=new.dispute_id,
                at=new.at,
                person_id=new.person_id,
                kind=new.kind.value,
                words=new.words,
                photo_id=new.photo_id,
                amount_paise=new.amount_paise,
            )
            .returning(dispute_step.c.id)
        )
        return replace(new, id=rows.scalar_one())

    async def steps(self, dispute_id: int) -> Sequence[DisputeStep]:
        """Return what was said and done, oldest first."""
        rows = await self._connection.execute(
            select(dispute_step)
            .where(dispute_step.c.dispute_id == dispute_id)
            .order_by(dispute_step.c.id)
        )
        return [_step_from(row) for row in rows]

    async def _hold(self, lease_id: int) -> None:
        """Let the lease say what its open questions hold together. Rule 10.3."""
        held = (
            select(func.coalesce(func.sum(dispute.c.held_paise), 0))
            .where(IS_OPEN, dispute.c.lease_id == lease_id)
            .scalar_subquery()
        )
        await self._connection.execute(
            update(lease).where(lease.c.id == lease_id).values(disputed_paise=held)
        )

    async def _all(self, query: Any) -> list[Dispute]:
        return [_dispute_from(row) for row in await self._connection.execute(query)]


def _at(query: Any, place_ids: frozenset[int] | None) -> Any:
    return query if place_ids is None else query.where(dispute.c.place_id.in_(place_ids))


def _columns(values: Dispute) -> dict[str, Any]:
    return {
        "place_id": values.place_id,
        "serial": values.serial,
        "lease_id": values.lease_id,
        "item": values.item.value,
        "item_id": values.item_id,
        "entry_id": values.entry_id,
        "opened_by": values.opened_by,
        "opened_at": values.opened_at,
        "disputed_paise": values.disputed_paise,
        "held_paise": values.held_paise,
        "state": values.state.value,
        "answered_at": values.answered_at,
        "decided_by": values.decided_by,
        "decided_at": values.decided_at,
        "credited_paise": values.credited_paise,
        "nudged": None if values.nudged is None else values.nudged.value,
    }


def _dispute_from(row: AnyRow) -> Dispute:
    return Dispute(
        id=row.id,
        place_id=row.place_id,
        serial=row.serial,
        lease_id=row.lease_id,
        item=ItemKind(row.item),
        item_id=row.item_id,
        entry_id=row.entry_id,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        disputed_paise=row.disputed_paise,
        held_paise=row.held_paise,
        state=DisputeState(row.state),
        answered_at=row.answered_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        credited_paise=row.credited_paise,
        nudged=None if row.nudged is None else Nudge(row.nudged),
    )


def _step_from(row: AnyRow) -> DisputeStep:
    return DisputeStep(
        id=row.id,
        dispute_id=row.dispute_id,
        at=row.at,
        person_id=row.person_id,
        kind=StepKind(row.kind),
        words=row.words,
        photo_id=row.photo_id,
        amount_paise=row.amount_paise,
    )
