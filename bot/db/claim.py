"""What tenants say of payments, in the store. Rule 9.2."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Text, Update, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import row_id, table, to, within_reason
from bot.db.types import AnyRow, LocalDate, Paise, UtcDateTime, written_out
from bot.db.upsert import inserting
from bot.domain.claim import PaymentClaim, PaymentPromise, RequestStatus
from bot.domain.ledger import PaymentMethod

_WAITS = text("status = 'waiting'")

payment_claim = table(
    "payment_claim",
    row_id(),
    to("place", "place_id"),
    to("lease", "lease_id"),
    to("person", "claimed_by"),
    Column("claimed_at", UtcDateTime, nullable=False),
    Column("amount_paise", Paise, nullable=False),
    Column("method", Text, nullable=False),
    Column("reference", Text),
    to("photo", "photo_id", optional=True),
    Column("status", Text, nullable=False),
    to("person", "decided_by", optional=True),
    Column("decided_at", UtcDateTime),
    Column("reason", Text),
    to("entry", "entry_id", optional=True),
    CheckConstraint("(status = 'accepted') = (entry_id IS NOT NULL)", name="names_its_payment"),
    within_reason("amount_paise"),
    Index(
        "uq_payment_claim_reference",
        "method",
        "reference",
        unique=True,
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    ),
    Index("ix_payment_claim_lease", "lease_id"),
    Index("ix_payment_claim_photo", "photo_id"),
)

payment_promise = table(
    "payment_promise",
    row_id(),
    to("place", "place_id"),
    to("lease", "lease_id"),
    to("person", "asked_by"),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("pay_on", LocalDate, nullable=False),
    Column("status", Text, nullable=False),
    to("person", "decided_by", optional=True),
    Column("decided_at", UtcDateTime),
    Column("reason", Text),
    Index(
        "uq_payment_promise_waiting",
        "lease_id",
        unique=True,
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    ),
    Index("ix_payment_promise_lease", "lease_id", "status"),
)

_IS_WAITING = payment_claim.c.status == written_out(RequestStatus.WAITING)
_STANDS = (RequestStatus.WAITING.value, RequestStatus.ACCEPTED.value)


class Claims:
    """Payments that tenants say they have made."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: PaymentClaim) -> PaymentClaim | None:
        """Store a claim, whose id is ignored; None when another one waits with its reference."""
        rows = await self._connection.execute(
            inserting(self._connection, payment_claim)
            .values(_claim_columns(new))
            .on_conflict_do_nothing()
            .returning(payment_claim.c.id)
        )
        stored_id = rows.scalar_one_or_none()
        return None if stored_id is None else replace(new, id=stored_id)

    async def get(self, claim_id: int) -> PaymentClaim | None:
        """Return one claim."""
        rows = await self._connection.execute(
            select(payment_claim).where(payment_claim.c.id == claim_id)
        )
        row = rows.first()
        return None if row is None else _claim_from(row)

    async def by_reference(self, method: PaymentMethod, reference: str) -> PaymentClaim | None:
        """Return the claim that waits with a reference."""
        rows = await self._connection.execute(
            select(payment_claim).where(
                _IS_WAITING,
                payment_claim.c.method == method.value,
                payment_claim.c.reference == reference,
            )
        )
        row = rows.first()
        return None if row is None else _claim_from(row)

    async def waiting(
        self, place_ids: frozenset[int] | None, *, limit: int
    ) -> Sequence[PaymentClaim]:
        """Return the claims at these places (None: everywhere) that wait, oldest first."""
        query = select(payment_claim).where(_IS_WAITING)
        if place_ids is not None:
            query = query.where(payment_claim.c.place_id.in_(place_ids))
        return await self._all(query.order_by(payment_claim.c.id).limit(limit))

    async def waiting_of(self, lease_id: int) -> Sequence[PaymentClaim]:
        """Return the claims of a lease that wait, oldest first."""
        query = select(payment_claim).where(_IS_WAITING, payment_claim.c.lease_id == lease_id)
        return await self._all(query.order_by(payment_claim.c.id))

    async def decide(self, decided: PaymentClaim) -> bool:
        """Store what was decided of a claim that waits; return False when it waits no longer."""
        query = (
            update(payment_claim)
            .where(payment_claim.c.id == decided.id, _IS_WAITING)
            .values(_claim_columns(decided))
        )
        return await _has_changed(self._connection, query)

    async def _all(self, query: Any) -> list[PaymentClaim]:
        return [_claim_from(row) for row in await self._connection.execute(query)]


class Promises:
    """Days on which tenants say that they will pay."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: PaymentPromise) -> PaymentPromise:
        """Store a promise, whose id is ignored; one of the lease that waits gives way to it."""
        await self._connection.execute(
            update(payment_promise)
            .where(
                payment_promise.c.lease_id == new.lease_id,
                payment_promise.c.status == RequestStatus.WAITING.value,
            )
            .values(status=RequestStatus.REFUSED.value, decided_at=new.asked_at)
        )
        rows = await self._connection.execute(
            insert(payment_promise).values(_promise_columns(new)).returning(payment_promise.c.id)
        )
        return replace(new, id=rows.scalar_one())

    async def get(self, promise_id: int) -> PaymentPromise | None:
        """Return one promise."""
        return await self._first(select(payment_promise).where(payment_promise.c.id == promise_id))

    async def waiting(
        self, place_ids: frozenset[int] | None, *, limit: int
    ) -> Sequence[PaymentPromise]:
        """Return the promises at these places (None: everywhere) that wait, oldest first."""
        query = select(payment_promise).where(
            payment_promise.c.status == RequestStatus.WAITING.value
        )
        if place_ids is not None:
            query = query.where(payment_promise.c.place_id.in_(place_ids))
        rows = await self._connection.execute(query.order_by(payment_promise.c.id).limit(limit))
        return [_promise_from(row) for row in rows]

    async def standing(self, lease_id: int) -> PaymentPromise | None:
        """Return the promise of a lease that waits or was accepted and is not over."""
        return await self._first(
            select(payment_promise)
            .where(payment_promise.c.lease_id == lease_id, payment_promise.c.status.in_(_STANDS))
            .order_by(payment_promise.c.id.desc())
            .limit(1)
        )

    async def accepted_until(self, before_on: date) -> Sequence[PaymentPromise]:
        """Return the accepted promises to pay before a day, oldest first."""
        rows = await self._connection.execute(
            select(payment_promise)
            .where(
                payment_promise.c.status == RequestStatus.ACCEPTED.value,
                payment_promise.c.pay_on < before_on,
            )
            .order_by(payment_promise.c.id)
        )
        return [_promise_from(row) for row in rows]

    async def decide(self, decided: PaymentPromise, *, was: PaymentPromise) -> bool:
        """Store what became of a promise; return False when it is not as it was."""
        query = (
            update(payment_promise)
            .where(
                payment_promise.c.id == decided.id,
                payment_promise.c.status == was.status.value,
            )
            .values(_promise_columns(decided))
        )
        return await _has_changed(self._connection, query)

    async def outlive(self, promise: PaymentPromise) -> None:
        """Let earlier promises of a lease that were accepted give way to one."""
        await self._connection.execute(
            update(payment_promise)
            .where(
                payment_promise.c.lease_id == promise.lease_id,
                payment_promise.c.id != promise.id,
                payment_promise.c.status == RequestStatus.ACCEPTED.value,
            )
            .values(status=RequestStatus.REFUSED.value)
        )

    async def _first(self, query: Any) -> PaymentPromise | None:
        row = (await self._connection.execute(query)).first()
        return None if row is None else _promise_from(row)


async def _has_changed(connection: AsyncConnection, query: Update) -> bool:
    return bool((await connection.execute(query)).rowcount == 1)


def _claim_columns(values: PaymentClaim) -> dict[str, Any]:
    return {
        "place_id": values.place_id,
        "lease_id": values.lease_id,
        "claimed_by": values.claimed_by,
        "claimed_at": values.claimed_at,
        "amount_paise": values.amount_paise,
        "method": values.method.value,
        "reference": values.reference,
        "photo_id": values.photo_id,
        "status": values.status.value,
        "decided_by": values.decided_by,
        "decided_at": values.decided_at,
        "reason": values.reason,
        "entry_id": values.entry_id,
    }


def _claim_from(row: AnyRow) -> PaymentClaim:
    return PaymentClaim(
        id=row.id,
        place_id=row.place_id,
        lease_id=row.lease_id,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        amount_paise=row.amount_paise,
        method=PaymentMethod(row.method),
        reference=row.reference,
        photo_id=row.photo_id,
        status=RequestStatus(row.status),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        entry_id=row.entry_id,
    )


def _promise_columns(values: PaymentPromise) -> dict[str, Any]:
    return {
        "place_id": values.place_id,
        "lease_id": values.lease_id,
        "asked_by": values.asked_by,
        "asked_at": values.asked_at,
        "pay_on": values.pay_on,
        "status": values.status.value,
        "decided_by": values.decided_by,
        "decided_at": values.decided_at,
        "reason": values.reason,
    }


def _promise_from(row: AnyRow) -> PaymentPromise:
    return PaymentPromise(
        id=row.id,
        place_id=row.place_id,
        lease_id=row.lease_id,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        pay_on=row.pay_on,
        status=RequestStatus(row.status),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )
