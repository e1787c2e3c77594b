"""Deciding about leases costs the same in the tenth year as in the first month.

Work is counted in statements, and in steps of SQLite's machine: both are the same on every
computer.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from itertools import count

import pytest
from sqlalchemy import text

from bot.db.engine import Database
from bot.db.unit_of_work import SqlTransactions
from bot.domain.supply import SupplyReason
from bot.services.book import SupplyState
from bot.services.stores import Unit
from tests.integration.db.world import AT, World, a_deduction, furnish
from tests.statements import Statements

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LEASES = 20
BATCH = 10
LARGE = ("entry", "posting", "charge_line", "reading")


async def _let(transactions: SqlTransactions) -> list[World]:
    async with transactions.begin() as unit:
        first = await furnish(unit)
        more = [await furnish(unit, number, place=first.place) for number in range(2, LEASES + 1)]
        return [first, *more]


SQLITE_AT = "strftime('%Y-%m-%dT11:00:00.000000+00:00', '2026-03-10', '-' || day || ' days')"
SQLITE_MONTH = "strftime('%Y-%m-01', '2026-03-10', '-' || day || ' days')"
POSTGRESQL_AT = "timestamptz '2026-03-10 11:00+00' - day * interval '1 day'"
POSTGRESQL_MONTH = "date_trunc('month', date '2026-03-10' - day)::date"

HISTORY = """
WITH RECURSIVE days(day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM days WHERE day < :days - 1)
INSERT INTO entry (key, kind, place_id, lease_id, occurred_at, recorded_at, tenant_paise,
                   balance_after_paise, why)
SELECT 'day:' || lease.id || ':' || day, 'deduction', lease.place_id, lease.id, {at}, {at},
       -700, 0, '{{}}'
FROM days CROSS JOIN lease ORDER BY day DESC, lease.id;

INSERT INTO posting (entry_id, account, lease_id, amount_paise)
SELECT id, 'receivable', lease_id, tenant_paise FROM entry
UNION ALL SELECT id, 'energy_income', NULL, -tenant_paise FROM entry;

WITH RECURSIVE days(day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM days WHERE day < :days - 1)
INSERT INTO charge_line (entry_id, lease_id, month_on, kind, name, version_id, by_generator,
                         quantity, amount_paise, service)
SELECT entry.id, entry.lease_id, {month}, 'energy', 'Grid', 1, {no}, 1000000, 700, 'electricity'
FROM days CROSS JOIN lease JOIN entry ON entry.key = 'day:' || lease.id || ':' || day;

WITH RECURSIVE days(day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM days WHERE day < :days - 1)
INSERT INTO reading (meter_id, installation_id, taken_at, value, type, status, is_anomalous,
                     revision, is_billing)
SELECT meter_id, id, {at}, 1000, 'AUTOMATIC', 'ACCEPTED', {no}, 0, {no}
FROM days CROSS JOIN installation;

ANALYZE
"""


async def _fill(database: Database, entries: int) -> None:
    """Give every lease one deduction and one reading a day, back from now."""
    words = (
        {"at": SQLITE_AT, "month": SQLITE_MONTH, "no": "0"}
        if database.is_sqlite
        else {"at": POSTGRESQL_AT, "month": POSTGRESQL_MONTH, "no": "false"}
    )
    async with database.writer.begin() as connection:
        for statement in HISTORY.format(**words).split(";"):
            sql = statement.replace(":days", str(entries // LEASES))
            await connection.exec_driver_sql(sql)


Reads = Sequence[Callable[[Unit], Awaitable[object]]]


def _reads(worlds: Sequence[World]) -> Reads:
    ids = [world.lease.id for world in worlds[:BATCH]]
    return (
        lambda unit: unit.books.load(ids, now=AT, lock=False),
        lambda unit: unit.ledger.page(ids[0]),
        lambda unit: unit.ledger.page(ids[0], before_id=LEASES * 30),
        lambda unit: unit.ledger.last_payment(ids[0]),
        lambda unit: unit.ledger.existing([f"day:{ids[0]}:1", "none"]),
        lambda unit: unit.ledger.whole(1),
        lambda unit: unit.metering.latest(worlds[0].meter.id),
        lambda unit: unit.supplies.open_order(worlds[0].meter.id),
        lambda unit: unit.outbox.in_thread("t"),
    )


async def _ask(database: Database, reads: Reads) -> Statements:
    statements = Statements()
    with statements.of(database.near or database.writer.sync_engine):
        async with SqlTransactions(database).read() as unit:
            for read in reads:
                await read(unit)
    return statements


def _steps(database: Database, statements: Statements) -> int:
    """Return how many steps SQLite's machine takes to answer."""
    steps = count()
    with closing(sqlite3.connect(str(database.url.database))) as connection:
        connection.set_progress_handler(lambda: next(steps) < 0, 1)
        for statement, parameters in statements.asked:
            connection.execute(statement, parameters).fetchall()
    return next(steps)


@on_sqlite
@pytest.mark.parametrize(
    ("few", "many"),
    [(1_000, 10_000), pytest.param(10_000, 1_000_000, marks=pytest.mark.slow)],
)
async def test_the_work_does_not_grow_with_the_books(
    database: Database, transactions: SqlTransactions, few: int, many: int
) -> None:
    worlds = await _let(transactions)
    statements = await _ask(database, _reads(worlds))
    await _fill(database, few)
    young = _steps(database, statements)
    async with database.writer.begin() as connection:
        for table in ("charge_line", "posting", "entry"):
            await connection.execute(text(f"DROP TRIGGER {table}_no_delete"))
            await connection.execute(text(f"DELETE FROM {table}"))
        anchors = "SELECT anchor_reading_id FROM lease_meter"
        await connection.execute(text(f"DELETE FROM reading WHERE id NOT IN ({anchors})"))
    await _fill(database, many)
    old = _steps(database, statements)
    assert old < young * 1.1


async def test_nothing_large_is_read_from_end_to_end(
    database: Database, transactions: SqlTransactions
) -> None:
    worlds = await _let(transactions)
    await _fill(database, 50_000)
    statements = await _ask(database, _reads(worlds))
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    plans = []
    async with database.reader.connect() as connection:
        for statement, parameters in statements.asked:
            rows = await connection.exec_driver_sql(explain + statement, parameters)
            plans += [str(row[-1]).strip() for row in rows]
    scans = [plan for plan in plans for name in LARGE if _scans(plan, name)]
    assert plans
    assert scans == []


def _scans(plan: str, table: str) -> bool:
    words = plan.replace("(", " ").split()
    return words[:2] == ["SCAN", table] or f"Seq Scan on {table} " in plan


async def test_a_batch_of_books_takes_as_many_statements_as_one(
    database: Database, transactions: SqlTransactions
) -> None:
    worlds = await _let(transactions)
    ids = [world.lease.id for world in worlds]
    one = await _ask(database, [lambda unit: unit.books.load(ids[:1], now=AT, lock=False)])
    all_of_them = await _ask(database, [lambda unit: unit.books.load(ids, now=AT, lock=False)])
    assert len(one.asked) == len(all_of_them.asked) <= 16


async def test_a_batch_is_written_in_as_many_statements_as_one(
    database: Database, transactions: SqlTransactions
) -> None:
    worlds = await _let(transactions)

    async def write(part: Sequence[World], key: str) -> int:
        statements = Statements()
        async with transactions.begin() as unit:
            with statements.of(database.writer.sync_engine):
                entries = [a_deduction(world, f"{key}:{world.lease.id}") for world in part]
                await unit.ledger.append(entries, recorded_at=AT)
                await unit.supplies.save([_on(world) for world in part])
        return len(statements.asked)

    assert await write(worlds[:1], "one") == await write(worlds, "all") == 5


def _on(world: World) -> SupplyState:
    return SupplyState(
        meter_id=world.meter.id, desired_on=True, reason=SupplyReason.IN_ORDER, decided_at=AT
    )
