"""Takes what waits in the outbox to people: in order, at a bearable pace, never a send twice."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from bot.services.messenger import (
    ChatMoved,
    ChatUnreachable,
    DeliveryUnknown,
    MessageGone,
    Messenger,
    MessengerError,
    NoticeRefused,
    Recipient,
    RetryLater,
)
from bot.services.pacing import Pacing
from bot.services.ports import Clock
from bot.services.store import Notice, NoticeStatus, Transactions
from bot.services.unreachable import note_unreachable

_LOG = logging.getLogger(__name__)

AT_ONCE = 32
HOLD = timedelta(minutes=2)
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=5)
LOOK_AGAIN_S = 1
FAREWELL_S = 5

Trouble = ChatUnreachable | RetryLater | DeliveryUnknown | MessageGone | ChatMoved | NoticeRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What a run did; `waiting` are tried again later, `unknown` perhaps arrived."""

    sent: int = 0
    waiting: int = 0
    unknown: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parcel:
    """A leased notice, for whom, and the message that shows its thread already."""

    notice: Notice
    to: Recipient
    message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fate:
    """How it went; with PENDING it is tried again after `wait`."""

    status: NoticeStatus
    wait: timedelta = timedelta(0)
    message_id: int | None = None
    trouble: Trouble | None = None
    error: str | None = None


class Delivery:
    """The worker of the outbox. Any number of them may work on one database."""

    def __init__(
        self, transactions: Transactions, clock: Clock, messenger: Messenger, pacing: Pacing
    ) -> None:
        self._transactions = transactions
        self._clock = clock
        self._messenger = messenger
        self._pacing = pacing
        self._writing_to: set[int] = set()

    async def run(self) -> DeliveryReport:
        """This function will deliver every notice that is due, until none is left.

        Stopped in the middle, it waits a moment for the messages that are on their way.
        """
        tally: Counter[NoticeStatus | None] = Counter()
        under_way: set[asyncio.Task[NoticeStatus | None]] = set()
        try:
            while True:
                under_way |= {
                    asyncio.create_task(self._deliver(parcel))
                    for parcel in await self._lease(AT_ONCE - len(under_way))
                }
                if not under_way:
                    return _report(tally)
                done, under_way = await asyncio.wait(
                    under_way, timeout=LOOK_AGAIN_S, return_when=asyncio.FIRST_COMPLETED
                )
                tally.update(task.result() for task in done)
        finally:
            await _let_finish(under_way)

    async def _lease(self, limit: int) -> Sequence[_Parcel]:
        """Take at most one notice for each person who is not being written to already."""
        if limit < AT_ONCE // 2 or self._pacing.is_paused:
            return ()
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            busy = frozenset(self._writing_to)
            await unit.outbox.strand(now, sparing=busy)
            due = await unit.outbox.lease_due(now, until=now + HOLD, limit=limit, sparing=busy)
            people = await unit.people.get({each.person_id for each in due})
            parcels = [
                _Parcel(
                    notice=each,
                    to=Recipient(
                        person=people[each.person_id],
                        actor=await unit.people.actor(each.person_id),
                    ),
                    message_id=None
                    if each.thread is None
                    else await unit.outbox.message_of(each.thread, person_id=each.person_id),
                )
                for each in due
            ]
        self._writing_to.update(people)
        return parcels

    async def _deliver(self, parcel: _Parcel) -> NoticeStatus | None:
        """Return how it went, None when the notice was not ours any more."""
        try:
            fate = await self._attempt(parcel)
            if fate is None:
                return None
            await self._settle(parcel, fate)
            return fate.status
        finally:
            self._writing_to.discard(parcel.to.person.id)

    async def _attempt(self, parcel: _Parcel) -> _Fate | None:
        if not parcel.to.person.is_reachable:
            return _Fate(status=NoticeStatus.FAILED, error="unreachable")
        if not await self._pacing.turn(parcel.to.person.chat_id):
            return _Fate(status=NoticeStatus.PENDING)
        if not await self._begin(parcel):
            return None
        try:
            return _Fate(status=NoticeStatus.SENT, message_id=await self._show(parcel))
        except MessengerError as error:
            return self._fate_of(error, parcel)

    async def _begin(self, parcel: _Parcel) -> bool:
        """Say so before sending, so that a crash leaves a trace: a send is never repeated."""
        until = self._clock.now() + HOLD
        async with self._transactions.begin() as unit:
            return await unit.outbox.begin(
                parcel.notice, sending=parcel.message_id is None, until=until
            )

    async def _show(self, parcel: _Parcel) -> int | None:
        if parcel.message_id is None:
            return await self._messenger.send(parcel.to, parcel.notice)
        await self._messenger.edit(parcel.to, parcel.message_id, parcel.notice)
        return None

    def _fate_of(self, error: MessengerError, parcel: _Parcel) -> _Fate:
        if not isinstance(error, Trouble):
            raise error
        again = _Fate(
            status=NoticeStatus.PENDING,
            wait=backoff(parcel.notice.attempts),
            trouble=error,
            error=type(error).__name__,
        )
        match error:
            case MessageGone() | ChatMoved():
                return replace(again, wait=timedelta(0)) if parcel.notice.attempts < 3 else again
            case RetryLater():
                return self._paused(error, again)
            case DeliveryUnknown():
                is_edit = parcel.message_id is not None
                return again if is_edit else replace(again, status=NoticeStatus.UNKNOWN)
            case ChatUnreachable():
                return replace(again, status=NoticeStatus.FAILED, error="unreachable")
            case NoticeRefused():
                _LOG.error("notice %s is refused: %s", parcel.notice.id, error.detail)
                return replace(again, status=NoticeStatus.FAILED, error=error.detail)
            case _:
                assert_never(error)

    def _paused(self, error: RetryLater, again: _Fate) -> _Fate:
        wait = again.wait if error.seconds is None else timedelta(seconds=error.seconds)
        if error.whole:
            _LOG.warning("nobody is written to for %s s", wait.total_seconds())
            self._pacing.pause(seconds=wait.total_seconds())
        return replace(again, wait=wait)

    async def _settle(self, parcel: _Parcel, fate: _Fate) -> None:
        now, notice, person = self._clock.now(), parcel.notice, parcel.to.person
        async with self._transactions.begin() as unit:
            await unit.outbox.settle(
                notice.id,
                status=fate.status,
                at=now,
                due_at=now + fate.wait if fate.status is NoticeStatus.PENDING else None,
                error=fate.error,
            )
            if notice.thread is not None and fate.message_id is not None:
                await unit.outbox.bind_message(
                    notice.thread, person_id=person.id, message_id=fate.message_id
                )
            current = (await unit.people.get([person.id]))[person.id]
            match fate.trouble:
                case MessageGone() if notice.thread is not None:
                    await unit.outbox.unbind_message(notice.thread, person_id=person.id)
                case ChatMoved(new_chat_id=chat_id):
                    await unit.people.save(replace(current, chat_id=chat_id))
                case ChatUnreachable(forever=forever):
                    await note_unreachable(unit, current, now=now, forever=forever)


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling, up to five minutes."""
    return min(FIRST_RETRY * (1 << min(max(attempts - 1, 0), 10)), LONGEST_RETRY)


def _report(tally: Counter[NoticeStatus | None]) -> DeliveryReport:
    return DeliveryReport(
        sent=tally[NoticeStatus.SENT],
        waiting=tally[NoticeStatus.PENDING],
        unknown=tally[NoticeStatus.UNKNOWN],
        failed=tally[NoticeStatus.FAILED],
    )


async def _let_finish(under_way: Collection[asyncio.Task[NoticeStatus | None]]) -> None:
    if not under_way:
        return
    _, late = await asyncio.wait(under_way, timeout=FAREWELL_S)
    for task in late:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
