"""The books can prove that they add up, and do not take what cannot. Rules 2.1 and 2.4."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.db.engine import Database
from bot.db.unit_of_work import SqlTransactions
from bot.services.store import BookedEntry, LedgerFlaw
from tests.integration.db.world import (
    AT,
    World,
    a_deduction,
    a_payment,
    furnish,
)


@pytest.fixture
async def world(transactions: SqlTransactions) -> World:
    """Furnish one room."""
    async with transactions.begin() as unit:
        return await furnish(unit)


async def _flaws(transactions: SqlTransactions) -> list[LedgerFlaw]:
    async with transactions.read() as unit:
        return list(await unit.ledger.flaws())


async def _book_two(transactions: SqlTransactions, world: World) -> list[BookedEntry]:
    async with transactions.begin() as unit:
        await furnish(unit, 2)
        entries = [a_payment(world, "a", 50_000), a_deduction(world, "b", 7_670)]
        return list(await unit.ledger.append(entries, recorded_at=AT))


async def _tamper(database: Database, table: str, statement: str) -> None:
    async with database.writer.begin() as connection:
        on_table = "" if database.is_sqlite else f" ON {table}"
        await connection.execute(text(f"DROP TRIGGER {table}_no_update{on_table}"))
        await connection.execute(text(statement))


async def test_honest_books_have_no_flaws(transactions: SqlTransactions, world: World) -> None:
    await _book_two(transactions, world)
    assert await _flaws(transactions) == []


async def test_a_tampered_balance_is_found(
    transactions: SqlTransactions, database: Database, world: World
) -> None:
    await _book_two(transactions, world)
    async with database.writer.begin() as connection:
        await connection.execute(
            text(f"UPDATE lease SET balance_paise = 99 WHERE id = {world.lease.id}")
        )
    assert await _flaws(transactions) == [
        LedgerFlaw(lease_id=world.lease.id, entry_id=None, expected_paise=42_330, found_paise=99)
    ]


async def test_a_tampered_posting_is_found(
    transactions: SqlTransactions, database: Database, world: World
) -> None:
    paid, _ = await _book_two(transactions, world)
    statement = "UPDATE posting SET amount_paise = -49999 WHERE account = 'upi'"
    await _tamper(database, "posting", statement)
    assert await _flaws(transactions) == [
        LedgerFlaw(lease_id=None, entry_id=paid.id, expected_paise=0, found_paise=1)
    ]


async def test_a_tampered_entry_is_found(
    transactions: SqlTransactions, database: Database, world: World
) -> None:
    paid, _ = await _book_two(transactions, world)
    await _tamper(database, "entry", f"UPDATE entry SET tenant_paise = 1 WHERE id = {paid.id}")
    assert await _flaws(transactions) == [
        LedgerFlaw(lease_id=None, entry_id=paid.id, expected_paise=50_000, found_paise=1)
    ]


async def test_no_amount_may_be_beyond_reason(transactions: SqlTransactions, world: World) -> None:
    with pytest.raises(IntegrityError, match="range"):
        async with transactions.begin() as unit:
            await unit.ledger.append([a_payment(world, "a", 10**15 + 1)], recorded_at=AT)


async def test_a_posting_of_a_lease_is_on_its_receivable(
    database: Database, transactions: SqlTransactions, world: World
) -> None:
    paid, _ = await _book_two(transactions, world)
    with pytest.raises(IntegrityError, match="receivable_has_lease"):
        async with database.writer.begin() as connection:
            await connection.execute(
                text(
                    "INSERT INTO posting (entry_id, account, lease_id, amount_paise)"
                    f" VALUES ({paid.id}, 'upi', {world.lease.id}, 0)"
                )
            )
