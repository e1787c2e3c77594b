"""A connection that works in the loop itself, for repositories that await what they execute."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Executable

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class NearConnection:
    """What repositories use of an AsyncConnection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""
        return self._connection.dialect

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any]:
        """This function will give everybody else their turn, then run a statement."""
        await asyncio.sleep(0)
        return self._connection.execute(statement, parameters)
