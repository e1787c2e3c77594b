"""The queue of updates: each stays until the bot confirms it, by offset or by webhook."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.sandbox.telegram.refusals import OTHER_POLLER, Refusal

_MAX_BATCH = 100
_MAX_POLL_S = 50
_HISTORY = 5_000


class UpdateKind(StrEnum):
    MESSAGE = "message"
    EDITED_MESSAGE = "edited_message"
    CALLBACK_QUERY = "callback_query"
    MY_CHAT_MEMBER = "my_chat_member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    update_id: int
    kind: UpdateKind
    body: dict[str, Any]

    def payload(self) -> dict[str, Any]:
        """This function will return an Update."""
        return {"update_id": self.update_id, self.kind.value: self.body}


class UnknownUpdate(Exception):
    """An update was to be delivered again that never existed, or is forgotten."""

    def __init__(self, update_id: int) -> None:
        super().__init__(update_id)
        self.update_id = update_id


class PollTurn:
    """One getUpdates request that may wait; ended by a rival, by its client, or by the world."""

    def __init__(self) -> None:
        self.wake = asyncio.Event()
        self.refusal: Refusal | None = None
        self.over = False

    def end(self, refusal: Refusal | None = None) -> None:
        """This function will end the waiting, with a refusal or with an empty answer."""
        self.over = True
        self.refusal = refusal
        self.wake.set()


class UpdateQueue:
    """Updates in the order in which they happened."""

    def __init__(self, first_id: int = 100_000_001) -> None:
        self.allowed: frozenset[str] | None = None
        self.polled = asyncio.Event()
        """Set while a getUpdates request is under way."""
        self.unpolled = asyncio.Event()
        """Set while there is none."""
        self._next_id = first_id
        self._pending: deque[Update] = deque()
        self._again: deque[Update] = deque()
        self._history: deque[Update] = deque(maxlen=_HISTORY)
        self._duplicates = 0
        self._doubled: set[int] = set()
        self._turn: PollTurn | None = None
        self._arrived = asyncio.Event()

    def __len__(self) -> int:
        return len(self._pending) + len(self._again)

    def add(self, kind: UpdateKind, body: dict[str, Any]) -> int | None:
        """This function will queue an update and return its id; None when it is not wanted."""
        if self.allowed is not None and kind.value not in self.allowed:
            return None
        update = Update(update_id=self._next_id, kind=kind, body=body)
        self._next_id += 1
        self._history.append(update)
        self._pending.append(update)
        if self._duplicates:
            self._duplicates -= 1
            self._doubled.add(update.update_id)
        self._wake()
        return update.update_id

    def allow(self, kinds: Iterable[str] | None) -> None:
        """This function will limit later updates to some kinds; none named means all."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def duplicate_next(self) -> None:
        """This function will have the next update delivered once more after its confirmation."""
        self._duplicates += 1

    def redeliver(self, update_id: int) -> None:
        """This function will deliver an update again, confirmed or not.

        Raises UnknownUpdate.
        """
        found = next((u for u in self._history if u.update_id == update_id), None)
        if found is None:
            raise UnknownUpdate(update_id)
        self._again.append(found)
        self._wake()

    def confirm(self, offset: int) -> None:
        """This function will forget what lies before the offset; a negative one counts back."""
        if offset < 0:
            offset = self._next_id + offset
        while self._pending and self._pending[0].update_id < offset:
            self._forget_first()

    def drop(self) -> None:
        """This function will forget everything that waits."""
        self._pending.clear()
        self._again.clear()

    def begin_poll(self) -> PollTurn:
        """This function will start a poll; one that still waits is told of the conflict."""
        if self._turn is not None:
            self._turn.end(Refusal(409, OTHER_POLLER))
        self._turn = PollTurn()
        self.polled.set()
        self.unpolled.clear()
        return self._turn

    def end_poll(self, refusal: Refusal | None = None) -> None:
        """This function will end a poll that waits."""
        if self._turn is not None:
            self._turn.end(refusal)

    async def poll(
        self, turn: PollTurn, *, offset: int, limit: int, timeout_s: float
    ) -> list[dict[str, Any]]:
        """This function will return updates from the offset, waiting for one if there is none.

        Raises Refusal when the turn was ended by one.
        """
        self.confirm(offset)
        batch: list[dict[str, Any]] = []
        deadline = asyncio.get_running_loop().time() + min(timeout_s, _MAX_POLL_S)
        try:
            while not turn.over and not (batch := self._batch(limit)):
                turn.wake.clear()
                async with asyncio.timeout_at(deadline):
                    await turn.wake.wait()
        except TimeoutError:
            return []
        finally:
            if self._turn is turn:
                self._turn = None
                self.polled.clear()
                self.unpolled.set()
        if turn.refusal is not None:
            raise turn.refusal
        return batch

    async def first(self) -> Update:
        """This function will wait for an update to push, without taking it from the queue."""
        while not len(self):
            self._arrived.clear()
            await self._arrived.wait()
        return self._pending[0] if self._pending else self._again[0]

    def pushed(self, update: Update) -> None:
        """This function will take an update from the queue that the webhook has accepted."""
        if self._pending and self._pending[0] is update:
            self._forget_first()
        elif update in self._again:
            self._again.remove(update)

    def _batch(self, limit: int) -> list[dict[str, Any]]:
        room = min(max(limit, 1), _MAX_BATCH)
        repeated = [self._again.popleft() for _ in range(min(room, len(self._again)))]
        fresh = list(self._pending)[: room - len(repeated)]
        return [update.payload() for update in (*repeated, *fresh)]

    def _forget_first(self) -> None:
        update = self._pending.popleft()
        if update.update_id in self._doubled:
            self._doubled.remove(update.update_id)
            self._again.append(update)

    def _wake(self) -> None:
        self._arrived.set()
        if self._turn is not None:
            self._turn.wake.set()
