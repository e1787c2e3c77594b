"""A connection that works in the loop itself, for repositories that await what they execute."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Executable

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


TURN_S = 0.001
"""A turn of the loop for each statement would take longer than some statements do."""


class Turns:
    """Sees to it that statements, whosesoever, do not keep everybody else waiting."""

    def __init__(self) -> None:
        self._given_s = 0.0

    async def give(self) -> None:
        """This function will give everybody else their turn, unless they had it just now."""
        if time.monotonic() - self._given_s > TURN_S:
            await asyncio.sleep(0)
            self._given_s = time.monotonic()


class NearConnection:
    """What repositories use of an AsyncConnection."""

    def __init__(self, connection: Connection, turns: Turns) -> None:
        self._connection = connection
        self._turns = turns

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""
        return self._connection.dialect

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any]:
        """This function will give everybody else their turn, then run a statement."""
        await self._turns.give()
        return self._connection.execute(statement, parameters)
