"""What is booked stays booked, whoever asks. Rule 2.2."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.db.engine import Database
from bot.db.metadata import APPEND_ONLY
from bot.db.schema import all_tables
from bot.db.unit_of_work import SqlTransactions
from bot.domain.dispute import DisputeStep, StepKind
from tests.integration.db.world import AT, a_bill, a_close, a_deduction, a_line, a_question, furnish

REFUSED = "append-only"


@pytest.fixture
async def booked(transactions: SqlTransactions) -> None:
    """Put one row into each table that may only grow."""
    async with transactions.begin() as unit:
        world = await furnish(unit)
        charges = [a_deduction(world, "a"), a_deduction(world, "b")]
        entry, anew = await unit.ledger.append(charges, recorded_at=AT)
        await unit.recharges.link([(entry.id, anew.id)])
        await unit.ledger.add_lines([(entry.id, a_line(world))])
        await unit.audit.add(
            at=AT, actor_id=None, place_id=world.place.id, action="x", facts={"a": 1}
        )
        await unit.invoices.add(a_bill(world), [entry.id])
        await unit.accounts.close([a_close(world, entry.id)])
        question = await unit.disputes.add(a_question(world, entry.id))
        assert question is not None
        await unit.disputes.add_step(
            DisputeStep(dispute_id=question.id, at=AT, person_id=None, kind=StepKind.OPENED)
        )


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {table} SET id = id", "DELETE FROM {table}", "DELETE FROM {table} WHERE id > 0"],
)
@pytest.mark.usefixtures("booked")
async def test_nothing_booked_is_changed_or_deleted(
    database: Database, table: str, statement: str
) -> None:
    async with database.writer.connect() as connection:
        with pytest.raises(DBAPIError, match=REFUSED):
            await connection.execute(text(statement.format(table=table)))


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("booked")
async def test_nothing_booked_is_replaced(database: Database, table: str) -> None:
    async with database.writer.connect() as connection:
        with pytest.raises(DBAPIError, match=REFUSED):
            await connection.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("booked")
async def test_nothing_booked_is_truncated(database: Database, table: str) -> None:
    async with database.writer.connect() as connection:
        with pytest.raises(DBAPIError, match=REFUSED):
            await connection.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.usefixtures("booked")
async def test_an_upsert_changes_nothing_booked(database: Database, table: str) -> None:
    columns = ", ".join(column.name for column in all_tables().tables[table].columns)
    async with database.writer.connect() as connection:
        with pytest.raises(DBAPIError, match=REFUSED):
            await connection.execute(
                text(
                    f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE true"
                    " ON CONFLICT (id) DO UPDATE SET id = excluded.id"
                )
            )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_sqlite_table_is_strict(database: Database) -> None:
    def loose(connection: Connection) -> list[str]:
        rows = connection.execute(text("PRAGMA table_list"))
        ours = set(all_tables().tables)
        return [row.name for row in rows if row.name in ours and not row.strict]

    async with database.reader.connect() as connection:
        assert await connection.run_sync(loose) == []
