"""Messages that wait to be delivered, written in the transaction of their cause."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Index,
    Select,
    Text,
    Update,
    and_,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.lease import lease
from bot.db.metadata import row_id, table, to
from bot.db.types import AnyRow, Facts, Id, UtcDateTime
from bot.db.upsert import insert_missing, upsert
from bot.services.store import Notice, NoticeKind, NoticeStatus

notice = table(
    "notice",
    row_id(),
    Column("key", Text, nullable=False, unique=True),
    to("person", "person_id"),
    Column("kind", Text, nullable=False),
    Column("facts", Facts, nullable=False),
    Column("thread", Text),
    Column("status", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Id, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("error", Text),
    Index("ix_notice_due", "status", "due_at"),
    Index("ix_notice_thread", "thread"),
)

thread_message = table(
    "thread_message",
    Column("thread", Text, primary_key=True),
    to("person", "person_id", key=True),
    Column("message_id", Id, nullable=False),
)


def notice_from(row: AnyRow) -> Notice:
    """Return the notice of a row that holds the notice's columns."""
    return Notice(
        id=row.id,
        key=row.key,
        person_id=row.person_id,
        kind=NoticeKind(row.kind),
        facts=row.facts,
        thread=row.thread,
        status=NoticeStatus(row.status),
        created_at=row.created_at,
        due_at=row.due_at,
        attempts=row.attempts,
        error=row.error,
    )


_OPEN = (NoticeStatus.PENDING.value, NoticeStatus.SENDING.value)
_UNDELIVERED = (*_OPEN, NoticeStatus.FAILED.value, NoticeStatus.UNKNOWN.value)
CHOOSING = 302_0001
"""The key under which one worker at a time chooses what to deliver."""


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(notice.c.status == NoticeStatus.PENDING.value, notice.c.due_at <= now)


def _supersede(now: datetime) -> Update:
    """Of a thread, only what was said last is news; what waits for its hour is not said yet."""
    later = notice.alias("later")
    has_been_said = or_(
        later.c.status != NoticeStatus.PENDING.value, later.c.due_at <= now, later.c.attempts > 0
    )
    is_overtaken = exists().where(
        later.c.thread == notice.c.thread,
        later.c.person_id == notice.c.person_id,
        later.c.id > notice.c.id,
        has_been_said,
    )
    return (
        update(notice)
        .where(_is_due(now), notice.c.thread.is_not(None), is_overtaken)
        .values(status=NoticeStatus.SUPERSEDED.value)
    )


def _next_of_each_person(
    now: datetime, sparing: Collection[int], limit: int
) -> Select[*tuple[Any, ...]]:
    """Return the oldest due notice of each person to whom nothing is under way."""
    other = notice.alias("other")
    is_busy = exists().where(
        other.c.person_id == notice.c.person_id,
        other.c.status.in_(_OPEN),
        other.c.due_at > now,
        other.c.attempts > 0,
    )
    oldest = (
        select(func.min(notice.c.id))
        .where(_is_due(now), notice.c.person_id.not_in(sparing), ~is_busy)
        .group_by(notice.c.person_id)
    )
    return (
        select(notice)
        .where(notice.c.id.in_(oldest))
        .order_by(notice.c.due_at, notice.c.id)
        .limit(limit)
    )


def _leased(due: Notice, until: datetime) -> Notice:
    return replace(due, due_at=until, attempts=due.attempts + 1)


class Outbox:
    """Notices and the chat messages that show them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, notices: Sequence[Notice]) -> None:
        """Store notices, whose ids are ignored; one with a known key is left out."""
        await insert_missing(
            self._connection,
            notice,
            [
                {
                    "key": each.key,
                    "person_id": each.person_id,
                    "kind": each.kind.value,
                    "facts": dict(each.facts),
                    "thread": each.thread,
                    "status": NoticeStatus.PENDING.value,
                    "created_at": each.created_at,
                    "due_at": each.due_at,
                    "attempts": 0,
                }
                for each in notices
            ],
        )

    async def strand(self, now: datetime, *, sparing: Collection[int] = ()) -> None:
        """Give up notices that somebody was sending and never settled: they become UNKNOWN."""
        await self._connection.execute(
            update(notice)
            .where(
                notice.c.status == NoticeStatus.SENDING.value,
                notice.c.due_at <= now,
                notice.c.person_id.not_in(sparing),
            )
            .values(status=NoticeStatus.UNKNOWN.value, error="interrupted")
        )

    async def lease_due(
        self, now: datetime, *, until: datetime, limit: int, sparing: Collection[int] = ()
    ) -> Sequence[Notice]:
        """Take due notices for this worker alone until an instant, oldest first.

        At most one for each person: the oldest, of a thread the newest; the ones before it in
        the thread become SUPERSEDED. People of `sparing`, and those whom somebody is writing to
        or will try again, wait: so each reads in order.
        """
        await self._alone()
        await self._connection.execute(_supersede(now))
        rows = await self._connection.execute(_next_of_each_person(now, sparing, limit))
        found = [_leased(notice_from(row), until) for row in rows]
        if found:
            await self._connection.execute(
                update(notice)
                .where(notice.c.id.in_([each.id for each in found]))
                .values(due_at=until, attempts=notice.c.attempts + 1)
            )
        return found

    async def _alone(self) -> None:
        """Let one worker choose at a time, or two would write to one person."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(select(func.pg_advisory_xact_lock(CHOOSING)))

    async def begin(self, leased: Notice, *, sending: bool, until: datetime) -> bool:
        """Hold a leased notice until an instant; return False when the lease was lost.

        With `sending`, it is never taken again by anybody, whatever happens now.
        """
        status = NoticeStatus.SENDING if sending else NoticeStatus.PENDING
        done = await self._connection.execute(
            update(notice)
            .where(
                notice.c.id == leased.id,
                notice.c.status == NoticeStatus.PENDING.value,
                notice.c.attempts == leased.attempts,
            )
            .values(status=status.value, due_at=until)
        )
        return done.rowcount == 1

    async def settle(
        self,
        notice_id: int,
        *,
        status: NoticeStatus,
        at: datetime,
        due_at: datetime | None = None,
        error: str | None = None,
    ) -> None:
        """Store how the delivery of a notice went."""
        values: dict[str, object] = {"status": status.value, "error": error}
        if status is NoticeStatus.SENT:
            values["sent_at"] = at
        if due_at is not None:
            values["due_at"] = due_at
        await self._connection.execute(
            update(notice).where(notice.c.id == notice_id).values(values)
        )

    async def get(self, notice_id: int) -> Notice | None:
        """Return one notice."""
        row = (await self._connection.execute(select(notice).filter_by(id=notice_id))).first()
        return None if row is None else notice_from(row)

    async def in_thread(self, thread: str) -> Sequence[Notice]:
        """Return the latest notice of each person in a thread."""
        newest = (
            select(func.max(notice.c.id))
            .where(notice.c.thread == thread)
            .group_by(notice.c.person_id)
        )
        rows = await self._connection.execute(
            select(notice).where(notice.c.id.in_(newest)).order_by(notice.c.id)
        )
        return [notice_from(row) for row in rows]

    async def message_of(self, thread: str, *, person_id: int) -> int | None:
        """Return the message that shows a thread to a person."""
        rows = await self._connection.execute(
            select(thread_message.c.message_id).where(
                thread_message.c.thread == thread, thread_message.c.person_id == person_id
            )
        )
        return rows.scalar_one_or_none()

    async def bind_message(self, thread: str, *, person_id: int, message_id: int) -> None:
        """Say which message shows a thread to a person from now on."""
        values = {"thread": thread, "person_id": person_id, "message_id": message_id}
        await upsert(self._connection, thread_message, [values])

    async def unbind_message(self, thread: str, *, person_id: int) -> None:
        """Forget which message shows a thread to a person: it is gone."""
        await self._connection.execute(
            delete(thread_message).where(
                thread_message.c.thread == thread, thread_message.c.person_id == person_id
            )
        )

    async def undelivered(self, place_ids: frozenset[int] | None) -> Mapping[NoticeStatus, int]:
        """Return how many notices wait, or are lost, by status; None: everybody's, else those about
        leases of these places."""
        found = (
            select(notice.c.status, func.count())
            .where(notice.c.status.in_(_UNDELIVERED))
            .group_by(notice.c.status)
        )
        if place_ids is not None:
            leases = select(lease.c.id).where(lease.c.place_id.in_(place_ids))
            found = found.where(self._lease_id().in_(leases))
        rows = await self._connection.execute(found)
        return {NoticeStatus(status): number for status, number in rows}

    def _lease_id(self) -> ColumnElement[int]:
        """Return the lease that a notice is about, out of its facts."""
        is_text = self._connection.dialect.name == "sqlite"
        facts: Any = (type_coerce if is_text else cast)(notice.c.facts, JSON)
        lease_id: ColumnElement[int] = facts["lease_id"].as_integer()
        return lease_id

    async def counts(self) -> Mapping[NoticeStatus, int]:
        """Return how many notices there are, by status."""
        rows = await self._connection.execute(
            select(notice.c.status, func.count()).group_by(notice.c.status)
        )
        return {NoticeStatus(status): number for status, number in rows}
