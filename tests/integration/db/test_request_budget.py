"""All processes with one key have one budget of requests, which no restart forgets."""

import heapq
import random
from bisect import bisect_right
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.db.engine import Database, open_database
from bot.db.request_budget import SqlRequestBudgets
from bot.qube.limiter import BudgetedState, Rate
from bot.services.ports import Lane
from bot.services.request_budget import BudgetSeen, RequestBudget
from tests.integration.db.world import AT

KEY = "a-key-of-the-vendor"
LIMIT = 100
LATER = RequestBudget(due_at=AT + timedelta(seconds=1), paused_until=AT)


class AtAPlayedTime:
    """Budgets in the database, at an hour that a test has set."""

    def __init__(self, budgets: SqlRequestBudgets) -> None:
        self._budgets = budgets
        self.now = AT

    async def look(self) -> BudgetSeen:
        return replace(await self._budgets.look(), now=self.now)

    async def replace(self, seen: RequestBudget, new: RequestBudget) -> bool:
        return await self._budgets.replace(seen, new)


class Replica:
    """A process that lets requests through at a played time."""

    def __init__(self, database: Database, per_minute: int = LIMIT) -> None:
        self.budgets = AtAPlayedTime(SqlRequestBudgets(database, KEY))
        self.rate = Rate.within(per_minute)
        self.state = BudgetedState(self.rate, self.budgets)

    async def reserve(self, second: float, lane: Lane = Lane.SWEEP, many: int = 1) -> float:
        self.budgets.now = AT + timedelta(seconds=second)
        return await self.state.reserve(lane, many)


@pytest.fixture
async def second(database: Database, database_url: str) -> AsyncIterator[Database]:
    """Return the same database as another process opens it."""
    async with open_database(database_url) as opened:
        yield opened


def most_in_a_minute(at: list[float]) -> int:
    return max(bisect_right(at, start + 60) - first for first, start in enumerate(at))


async def all_passed(
    replicas: list[Replica], chance: random.Random, *, until: float, many: int = 1
) -> list[float]:
    """Return when requests went out while every replica wants as many as it can get."""
    order, passed = count(), list[float]()
    due = [(chance.uniform(0, 5), next(order), replica) for replica in replicas]
    heapq.heapify(due)
    while due[0][0] < until:
        second, _, replica = heapq.heappop(due)
        wait = await replica.reserve(second, chance.choice(list(Lane)), many)
        if wait == 0:
            passed += [second] * many
        rests = wait if wait > 0 else chance.choice([0, 0, 0, 0, 0, 0.3, 4])
        heapq.heappush(due, (second + rests + chance.uniform(0, 0.01), next(order), replica))
    return passed


@pytest.mark.parametrize("seed", range(2))
async def test_two_processes_together_never_exceed_the_limit_and_hardly_waste_it(
    database: Database, second: Database, seed: int
) -> None:
    replicas = [Replica(database), Replica(second)]

    passed = await all_passed(replicas, random.Random(seed), until=95)

    assert most_in_a_minute(passed) <= LIMIT
    assert len(passed) >= 0.75 * LIMIT * 90 / 60


async def test_slots_taken_several_at_once_stay_within_the_limit_too(
    database: Database, second: Database
) -> None:
    replicas = [Replica(database, 6000), Replica(second, 6000)]
    batch = replicas[0].rate.batch

    passed = await all_passed(replicas, random.Random(0), until=64, many=batch)

    assert batch > 1
    assert most_in_a_minute(passed) <= 6000


async def test_what_one_process_pauses_another_keeps(database: Database, second: Database) -> None:
    one, other = Replica(database), Replica(second)
    assert await one.reserve(0) == 0

    await one.state.pause(40)
    await other.state.pause(2)

    assert await other.reserve(1, Lane.RESTORE) == 39
    assert await other.reserve(40, Lane.RESTORE) == 0


async def test_a_restart_forgets_nothing(database: Database, database_url: str) -> None:
    before = Replica(database)
    while await before.reserve(0) == 0:
        pass
    wanted = await before.reserve(0)
    async with open_database(database_url) as anew:
        assert await Replica(anew).reserve(0) == wanted > 0


async def test_a_budget_that_changed_meanwhile_is_not_replaced(
    database: Database, second: Database
) -> None:
    one, other = SqlRequestBudgets(database, KEY), SqlRequestBudgets(second, KEY)
    seen = (await one.look()).budget

    assert await other.replace(seen, LATER)

    assert not await one.replace(seen, RequestBudget(due_at=AT))
    assert (await one.look()).budget == LATER
    assert await one.replace(LATER, RequestBudget(due_at=AT))


async def test_keys_have_budgets_of_their_own_and_are_not_stored(database: Database) -> None:
    await SqlRequestBudgets(database, KEY).replace(RequestBudget(), LATER)

    assert (await SqlRequestBudgets(database, "another").look()).budget == RequestBudget()
    async with database.reader.connect() as connection:
        (row,) = (await connection.execute(text("SELECT * FROM request_budget"))).all()
    assert KEY not in str(row)


async def test_the_time_is_that_of_the_database(database: Database) -> None:
    budgets = SqlRequestBudgets(database, KEY)
    async with database.reader.connect() as connection:
        said = text("SELECT CURRENT_TIMESTAMP")
        told = (await connection.execute(said)).scalar_one()
    now = datetime.fromisoformat(told).replace(tzinfo=UTC) if isinstance(told, str) else told

    assert timedelta() <= (await budgets.look()).now - now < timedelta(seconds=30)


async def test_a_database_that_is_lost_is_an_error_and_no_pause_for_ever(
    database: Database,
) -> None:
    budgets = SqlRequestBudgets(database, KEY)
    async with database.writer.begin() as connection:
        await connection.execute(text("ALTER TABLE request_budget RENAME TO lost"))
    state = BudgetedState(Rate.within(LIMIT), budgets)
    with pytest.raises(SQLAlchemyError):
        await state.reserve(Lane.RESTORE)
    async with database.writer.begin() as connection:
        await connection.execute(text("ALTER TABLE lost RENAME TO request_budget"))

    assert await state.reserve(Lane.RESTORE) == 0
