"""The budget of requests of a key: one row, by the database's clock, for all processes."""

from hashlib import sha256
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, func, select

from bot.db.engine import Database
from bot.db.metadata import table
from bot.db.types import UtcDateTime
from bot.db.upsert import inserting
from bot.services.request_budget import BudgetSeen, RequestBudget

request_budget = table(
    "request_budget",
    Column("key_hash", Text, primary_key=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("paused_until", UtcDateTime, nullable=False),
)
_OF_SQLITE = "%Y-%m-%dT%H:%M:%f+00:00"


class SqlRequestBudgets:
    """Implements RequestBudgets; the key itself is neither stored nor kept."""

    def __init__(self, database: Database, api_key: str) -> None:
        self._key_hash = sha256(api_key.encode()).hexdigest()
        self._reader = database.reader if database.is_sqlite else _statement_wise(database)
        self._writer = database.writer if database.is_sqlite else self._reader
        self._now = _clock(is_sqlite=database.is_sqlite)

    async def look(self) -> BudgetSeen:
        """Return the budget as it is; one that was never used is due long ago."""
        row = request_budget.c
        asked = select(self._now.label("now"), row.due_at, row.paused_until).select_from(
            select(1).subquery().outerjoin(request_budget, row.key_hash == self._key_hash)
        )
        async with self._reader.connect() as connection:
            found = (await connection.execute(asked)).one()
        if found.due_at is None:
            return BudgetSeen(now=found.now, budget=RequestBudget())
        budget = RequestBudget(due_at=found.due_at, paused_until=found.paused_until)
        return BudgetSeen(now=found.now, budget=budget)

    async def replace(self, seen: RequestBudget, new: RequestBudget) -> bool:
        """Put a budget in the place of the one seen; return False when that is another by now."""
        values = {"due_at": new.due_at, "paused_until": new.paused_until}
        row = request_budget.c
        async with self._writer.begin() as connection:
            done = await connection.execute(
                inserting(connection, request_budget)
                .values(key_hash=self._key_hash, **values)
                .on_conflict_do_update(
                    index_elements=[row.key_hash],
                    set_=values,
                    where=(row.due_at == seen.due_at) & (row.paused_until == seen.paused_until),
                )
            )
        return bool(done.rowcount == 1)


def _statement_wise(database: Database) -> Any:
    """Return the engine without transactions around its statements: each is one by itself."""
    return database.writer.execution_options(isolation_level="AUTOCOMMIT")


def _clock(*, is_sqlite: bool) -> ColumnElement[Any]:
    """Return what the database says the time is; on SQLite that is the machine's clock."""
    if is_sqlite:
        return func.strftime(_OF_SQLITE, "now", type_=UtcDateTime)
    return func.clock_timestamp(type_=UtcDateTime)
