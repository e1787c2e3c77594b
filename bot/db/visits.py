"""SQLite without needless changes of threads, which take longer than the statements.

aiosqlite makes four for each statement: to open a cursor, to execute, to fetch and to close. Here
a writer makes one, as it may have to wait for the disk or for another process. A reader makes
none: in WAL mode it waits for nobody, and a card is a dozen statements of some 20 µs each, where
a change of threads takes 40 µs on an idle machine and a whole millisecond on a busy one.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Generator, Sequence
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


def connect_to_read(database: str, **settings: Any) -> "HereConnection":
    """Return a connection that opens when it is awaited, and works in the loop itself."""
    return HereConnection(lambda: sqlite3.connect(database, **settings))


class WholeCursor:
    """A cursor that brings all its rows along: what SQLAlchemy needs of an asynchronous one."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "WholeCursor":
        return self

    async def fetchall(self) -> list[Row]:
        """This function will return the rows that are left."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open any more."""

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class OneVisitConnection(aiosqlite.Connection):
    """A connection in a thread of its own, whose cursors visit it once."""

    def cursor(self) -> "OneVisitCursor":  # type: ignore[override]
        """Return a cursor; nothing is asked of the thread yet."""
        return OneVisitCursor(self)


class OneVisitCursor(WholeCursor):
    """Executes, fetches and closes in one visit to the thread."""

    def __init__(self, connection: OneVisitConnection) -> None:
        super().__init__()
        self._connection = connection

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

    async def _visit(self, work: Callable[..., None], *arguments: Any) -> None:
        in_thread: Callable[..., Awaitable[None]] = self._connection._execute
        await in_thread(work, *arguments)

    def _run(self, operation: str, parameters: Parameters) -> None:
        self._keep(self._connection._conn.execute(operation, parameters))

    def _run_many(self, operation: str, parameters: Sequence[Parameters]) -> None:
        self._keep(self._connection._conn.executemany(operation, parameters))


class HereConnection:
    """A connection without a thread, with the names that SQLAlchemy expects of aiosqlite's."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        self._connector = connector
        self._connection: sqlite3.Connection | None = None

    def __await__(self) -> Generator[Any, None, "HereConnection"]:
        return self._opened().__await__()

    async def _opened(self) -> "HereConnection":
        self._connection = self._connector()
        return self

    @property
    def _conn(self) -> sqlite3.Connection:
        if self._connection is None:
            raise sqlite3.ProgrammingError("no active connection")
        return self._connection

    def cursor(self) -> "HereCursor":
        """Return a cursor."""
        return HereCursor(self._conn)

    async def create_function(self, *details: Any, **more: Any) -> None:
        """This function will let SQL call a function."""
        self._conn.create_function(*details, **more)

    async def commit(self) -> None:
        """This function will end the transaction."""
        self._conn.commit()

    async def rollback(self) -> None:
        """This function will end the transaction as if it had not been."""
        self._conn.rollback()

    async def close(self) -> None:
        """This function will close the connection."""
        self.stop()

    def stop(self) -> None:
        """This function will close the connection, whatever it is doing."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class HereCursor(WholeCursor):
    """Executes, fetches and closes at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._conn = connection

    async def execute(self, operation: str, parameters: Parameters = ()) -> "HereCursor":
        """This function will run a statement and keep all that it returns."""
        self._keep(self._conn.execute(operation, parameters))
        return self

    async def executemany(self, operation: str, parameters: Sequence[Parameters]) -> "HereCursor":
        """This function will run a statement once for each of the parameters."""
        self._keep(self._conn.executemany(operation, parameters))
        return self
