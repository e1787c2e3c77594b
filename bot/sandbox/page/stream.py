"""What happens, told to an open page as it happens: one stream of server-sent events."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.page.log import LogPosition, WireLog
from bot.sandbox.page.stage import Stage
from bot.sandbox.qube.panel import building_view

LOOK_EVERY_S = 0.25
LOOK_EVERY_S_ON_A_JOURNEY = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a page has been told: the last change of a chat and the last lines of the log."""

    seq: int
    log: LogPosition

    def __str__(self) -> str:
        return f"{self.seq}-{self.log.qube}-{self.log.telegram}"

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """This function will read what `str` wrote; None for anything else."""
        numbers = [int(part) for part in text.split("-") if part.isascii() and part.isdigit()]
        if len(numbers) != 3:
            return None
        return cls(seq=numbers[0], log=LogPosition(qube=numbers[1], telegram=numbers[2]))


class EventStream:
    """One open page. Says everything once, and then only what has changed."""

    def __init__(self, stage: Stage, heard: Position | None) -> None:
        self._stage = stage
        self._log = WireLog(stage.building, stage.telegram)
        seq = stage.telegram.changes.seq
        self._at = heard or Position(seq=seq, log=LogPosition())
        self._told: dict[str, Any] = {}

    async def events(self) -> AsyncIterator[str]:
        """This function will yield events in their wire format until the world is closed."""
        yield self._event("hello", {"world": self._stage.world_id})
        while not self._stage.telegram.closed:
            for event in self._news():
                yield event
            await self._look_up()

    async def _look_up(self) -> None:
        is_moving = self._stage.traveller.destination is not None
        pause_s = LOOK_EVERY_S_ON_A_JOURNEY if is_moving else LOOK_EVERY_S
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._stage.telegram.changed(self._at.seq)

    def _news(self) -> Iterator[str]:
        yield from self._chat_news()
        yield from self._state("time", self._stage.time_view())
        yield from self._state("building", building_view(self._stage.building))
        position, lines = self._log.after(self._at.log)
        self._at = Position(seq=self._at.seq, log=position)
        if lines:
            yield self._event("wire", lines)

    def _chat_news(self) -> Iterator[str]:
        changes = self._stage.telegram.changes
        new = changes.since(self._at.seq)
        self._at = Position(seq=changes.seq, log=self._at.log)
        if new:
            chats = sorted({change.chat_id for change in new if change.chat_id is not None})
            everybody = any(change.chat_id is None for change in new)
            yield self._event("chat", {"chats": chats, "everybody": everybody})

    def _state(self, kind: str, state: Any) -> Iterator[str]:
        if self._told.get(kind) != state:
            self._told[kind] = state
            yield self._event(kind, state)

    def _event(self, kind: str, data: Any) -> str:
        return f"event: {kind}\nid: {self._at}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
