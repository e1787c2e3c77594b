"""SQLite with one visit to the connection's thread per statement, where aiosqlite makes four.

Opening a cursor, executing, fetching and closing each cost a change of threads and back, which
takes longer than the statement itself; a card that a person waits for is many statements.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiosqlite

_CHUNK = 64

Parameters = Sequence[Any]
Row = tuple[Any, ...]


def connect(database: str, **settings: Any) -> "OneVisitConnection":
    """Return a connection that opens when it is awaited; settings are those of sqlite3."""
    connection = OneVisitConnection(lambda: sqlite3.connect(database, **settings), _CHUNK)
    connection._thread.daemon = True
    return connection


class OneVisitConnection(aiosqlite.Connection):
    """A connection whose cursors bring their rows along at once."""

    def cursor(self) -> "OneVisitCursor":  # type: ignore[override]
        """Return a cursor; nothing is asked of the thread yet."""
        return OneVisitCursor(self)


class OneVisitCursor:
    """What SQLAlchemy needs of an asynchronous cursor."""

    def __init__(self, connection: OneVisitConnection) -> None:
        self._connection = connection
        self._rows: list[Row] = []
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "OneVisitCursor":
        return self

    async def execute(self, operation: str, parameters: Parameters = ()) -> "OneVisitCursor":
        """This function will run a statement and keep all that it returns."""
        await self._visit(self._run, operation, parameters)
        return self

    async def executemany(
        self, operation: str, parameters: Sequence[Parameters]
    ) -> "OneVisitCursor":
        """This function will run a statement once for each of the parameters."""
        await self._visit(self._run_many, operation, parameters)
        return self

    async def fetchall(self) -> list[Row]:
        """This function will return the rows that are left."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """The cursor of the thread is closed already."""

    async def _visit(self, work: Callable[..., None], *arguments: Any) -> None:
        in_thread: Callable[..., Awaitable[None]] = self._connection._execute
        await in_thread(work, *arguments)

    def _run(self, operation: str, parameters: Parameters) -> None:
        self._keep(self._connection._conn.execute(operation, parameters))

    def _run_many(self, operation: str, parameters: Sequence[Parameters]) -> None:
        self._keep(self._connection._conn.executemany(operation, parameters))

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()
