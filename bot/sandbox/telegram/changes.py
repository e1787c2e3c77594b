"""A numbered trail of what changed in which chat, on which one can wait."""

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    MESSAGE = "message"
    EDIT = "edit"
    DELETION = "deletion"
    ANSWER = "answer"
    ACTION = "action"
    MENU = "menu"
    PERSON = "person"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change; a `chat_id` of None concerns every chat."""

    seq: int
    chat_id: int | None
    kind: ChangeKind


class Changes:
    """Counts changes from 1 and wakes whoever waits for the next one."""

    def __init__(self, capacity: int = 5_000) -> None:
        self.seq = 0
        self._trail: deque[Change] = deque(maxlen=capacity)
        self._next = asyncio.Event()

    def note(self, kind: ChangeKind, chat_id: int | None = None) -> int:
        """This function will number a change, wake all who wait, and return the number."""
        self.seq += 1
        self._trail.append(Change(seq=self.seq, chat_id=chat_id, kind=kind))
        waiting, self._next = self._next, asyncio.Event()
        waiting.set()
        return self.seq

    def since(self, seq: int) -> tuple[Change, ...]:
        """This function will return the remembered changes after a number."""
        return tuple(change for change in self._trail if change.seq > seq)

    async def after(self, seq: int) -> int:
        """This function will wait until there is a change after the number; returns the last."""
        while self.seq <= seq:
            await self._next.wait()
        return self.seq
