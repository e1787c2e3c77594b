"""Inserts what may be there already, in one statement, whoever else is at it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def inserting(connection: AsyncConnection, into: Table[Any]) -> Any:
    """Return an insert that knows the database's ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(into)
    return sqlite.insert(into)


async def insert_new(
    connection: AsyncConnection, into: Table[Any], values: Mapping[str, Any]
) -> bool:
    """Insert a row; return False when a unique rule says that it is there already."""
    statement = inserting(connection, into).values(values).on_conflict_do_nothing()
    done = await connection.execute(statement)
    return bool(done.rowcount == 1)


async def insert_missing(
    connection: AsyncConnection, into: Table[Any], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert the rows that no unique rule says are there already."""
    if rows:
        statement = inserting(connection, into).on_conflict_do_nothing()
        await connection.execute(statement, rows)


async def upsert(
    connection: AsyncConnection,
    into: Table[Any],
    rows: Sequence[Mapping[str, Any]],
    *,
    keep: Collection[str] = (),
) -> None:
    """Insert rows, or replace all but the key and `keep` of those that are there already.

    Rows are locked in the order given: sort them where several are written at once.
    """
    if rows:
        statement = inserting(connection, into)
        key = [column.name for column in into.primary_key]
        changed = {name: statement.excluded[name] for name in rows[0] if name not in {*key, *keep}}
        statement = statement.on_conflict_do_update(index_elements=key, set_=changed)
        await connection.execute(statement, rows)
