"""What tenants say of payments, in the store. Rule 9.2."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, insert, select, text, update
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

_STANDS = (RequestStatus.WAITING.value, RequestStatus.ACCEPTED.value)
_Asked = TypeVar("_Asked", PaymentClaim, PaymentPromise)


class _Requests(Generic[_Asked]):
    """What tenants ask for, of one kind, each in a row of its table."""

    _table: ClassVar[Table]
    _from_row: Callable[[AnyRow], _Asked]

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, request_id: int) -> _Asked | None:
        """Return one of them."""
        return await self._first(select(self._table).where(self._table.c.id == request_id))

    async def waiting(self, place_ids: frozenset[int] | None, *, limit: int) -> Sequence[_Asked]:
        """Return those at these places (None: everywhere) that wait, oldest first."""
        query = select(self._table).where(self._is(RequestStatus.WAITING))
        if place_ids is not None:
            query = query.where(self._table.c.place_id.in_(place_ids))
        return await self._all(query.order_by(self._table.c.id).limit(limit))

    def _is(self, status: RequestStatus) -> Any:
        return self._table.c.status == written_out(status)

    async def _first(self, query: Any) -> _Asked | None:
        row = (await self._connection.execute(query)).first()
        return None if row is None else self._from_row(row)

    async def _all(self, query: Any) -> list[_Asked]:
        return [self._from_row(row) for row in await self._connection.execute(query)]

    async def _change(self, changed: _Asked, *, was: RequestStatus) -> bool:
        query = (
            update(self._table)
            .where(self._table.c.id == changed.id, self._is(was))
            .values(_columns(changed))
        )
        return bool((await self._connection.execute(query)).rowcount == 1)


class Claims(_Requests[PaymentClaim]):
    """Payments that tenants say they have made."""

    _table = payment_claim

    @staticmethod
    def _from_row(row: AnyRow) -> PaymentClaim:
        return PaymentClaim(
            **row._asdict()
            | {"method": PaymentMethod(row.method), "status": RequestStatus(row.status)}
        )

    async def add(self, new: PaymentClaim) -> PaymentClaim | None:
        """Store a claim, whose id is ignored; None when another one waits with its reference."""
        rows = await self._connection.execute(
            inserting(self._connection, payment_claim)
            .values(_columns(new))
            .on_conflict_do_nothing()
            .returning(payment_claim.c.id)
        )
        stored_id = rows.scalar_one_or_none()
        return None if stored_id is None else replace(new, id=stored_id)

    async def by_reference(self, method: PaymentMethod, reference: str) -> PaymentClaim | None:
        """Return the claim that waits with a reference."""
        return await self._first(
            select(payment_claim).where(
                self._is(RequestStatus.WAITING),
                payment_claim.c.method == method.value,
                payment_claim.c.reference == reference,
            )
        )

    async def waiting_of(self, lease_id: int) -> Sequence[PaymentClaim]:
        """Return the claims of a lease that wait, oldest first."""
        waiting = self._is(RequestStatus.WAITING)
        query = select(payment_claim).where(waiting, payment_claim.c.lease_id == lease_id)
        return await self._all(query.order_by(payment_claim.c.id))

    async def decide(self, decided: PaymentClaim) -> bool:
        """Store what was decided of a claim that waits; return False when it waits no longer."""
        return await self._change(decided, was=RequestStatus.WAITING)


class Promises(_Requests[PaymentPromise]):
    """Days on which tenants say that they will pay."""

    _table = payment_promise

    @staticmethod
    def _from_row(row: AnyRow) -> PaymentPromise:
        return PaymentPromise(**row._asdict() | {"status": RequestStatus(row.status)})

    async def add(self, new: PaymentPromise) -> PaymentPromise:
        """Store a promise, whose id is ignored; one of the lease that waits gives way to it."""
        await self._connection.execute(
            update(payment_promise)
            .where(
                payment_promise.c.lease_id == new.lease_id,
                self._is(RequestStatus.WAITING),
            )
            .values(status=RequestStatus.REFUSED.value, decided_at=new.asked_at)
        )
        rows = await self._connection.execute(
            insert(payment_promise).values(_columns(new)).returning(payment_promise.c.id)
        )
        return replace(new, id=rows.scalar_one())

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
        accepted = self._is(RequestStatus.ACCEPTED)
        query = select(payment_promise).where(accepted, payment_promise.c.pay_on < before_on)
        return await self._all(query.order_by(payment_promise.c.id))

    async def decide(self, decided: PaymentPromise, *, was: PaymentPromise) -> bool:
        """Store what became of a promise; return False when it is not as it was."""
        return await self._change(decided, was=was.status)

    async def outlive(self, promise: PaymentPromise) -> None:
        """Let earlier promises of a lease that were accepted give way to one."""
        await self._connection.execute(
            update(payment_promise)
            .where(
                payment_promise.c.lease_id == promise.lease_id,
                payment_promise.c.id != promise.id,
                self._is(RequestStatus.ACCEPTED),
            )
            .values(status=RequestStatus.REFUSED.value)
        )


def _columns(values: PaymentClaim | PaymentPromise) -> dict[str, Any]:
    """Return all that is stored but the id, which the store gives."""
    found = {each.name: getattr(values, each.name) for each in fields(values) if each.name != "id"}
    return {name: each.value if isinstance(each, Enum) else each for name, each in found.items()}
