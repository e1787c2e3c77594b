"""A page's ear: the events of the stream, one by one."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

PATIENCE_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    kind: str
    position: str
    data: Any


class Ear:
    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self) -> Event:
        fields: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE_S):
            while line := await anext(self._lines):
                name, _, value = line.partition(": ")
                fields[name] = value
        return Event(kind=fields["event"], position=fields["id"], data=json.loads(fields["data"]))

    async def next_of(self, kind: str) -> Event:
        while (event := await self.next()).kind != kind:
            pass
        return event


@asynccontextmanager
async def listening(page: httpx.AsyncClient, last_event_id: str = "") -> AsyncIterator[Ear]:
    headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
    async with page.stream("GET", "/events", headers=headers) as stream:
        yield Ear(stream.aiter_lines())
