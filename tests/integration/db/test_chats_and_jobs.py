"""Marks that make doing a thing twice the same as doing it once."""

from bot.db.unit_of_work import SqlTransactions
from bot.services.store import Dialog, JobRun
from tests.integration.db.world import AT, DAY, HOUR, furnish


async def test_an_update_is_new_once(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        assert await unit.chats.is_new(2**40, at=AT)
        assert not await unit.chats.is_new(2**40, at=AT)
    async with transactions.begin() as unit:
        assert not await unit.chats.is_new(2**40, at=AT)
        assert await unit.chats.is_new(2**40 + 1, at=AT)


async def test_a_button_is_spent_once_by_whomever(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        one, two = await furnish(unit, 1), await furnish(unit, 2)
        assert await unit.chats.spend("n", person_id=one.tenant.id, at=AT)
        assert not await unit.chats.spend("n", person_id=two.tenant.id, at=AT)
        assert await unit.chats.spend("m", person_id=two.tenant.id, at=AT)


async def test_a_dialog_stands_where_it_was_left(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        person_id = world.tenant.id
        assert await unit.chats.dialog(person_id) is None
        await unit.chats.save_dialog(person_id, step="amount", facts={}, at=AT)
        await unit.chats.save_dialog(person_id, step="sure", facts={"paise": 5}, at=AT)
        assert await unit.chats.dialog(person_id) == Dialog(
            person_id=person_id, step="sure", facts={"paise": 5}
        )
        await unit.chats.end_dialog(person_id)
        assert await unit.chats.dialog(person_id) is None


async def test_a_slot_is_claimed_once(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        assert await unit.jobs.latest("sweep") is None
        assert await unit.jobs.claim("sweep", AT, now=AT, until=AT + HOUR)
        assert not await unit.jobs.claim("sweep", AT, now=AT, until=AT + HOUR)
        assert await unit.jobs.claim("other", AT, now=AT, until=AT + HOUR)
        assert await unit.jobs.claim("sweep", AT - DAY, now=AT, until=AT + HOUR)
        assert await unit.jobs.latest("sweep") == AT


async def test_an_abandoned_slot_is_taken_over_and_a_finished_one_is_not(
    transactions: SqlTransactions,
) -> None:
    later = AT + HOUR
    async with transactions.begin() as unit:
        await unit.jobs.claim("sweep", AT, now=AT, until=later)
        assert await unit.jobs.abandoned(AT) == []
        assert await unit.jobs.abandoned(later) == [("sweep", AT)]
        assert await unit.jobs.claim("sweep", AT, now=later, until=later + HOUR)
        assert await unit.jobs.abandoned(later) == []
        await unit.jobs.finish("sweep", AT, at=later, summary="3 leases", failed=False)
        assert not await unit.jobs.claim("sweep", AT, now=later + DAY, until=later + DAY)
        assert await unit.jobs.abandoned(later + DAY) == []


async def test_the_newest_run_of_each_job_is_told(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        for job, slot_at in (("a", AT), ("a", AT + DAY), ("b", AT)):
            await unit.jobs.claim(job, slot_at, now=AT, until=AT + HOUR)
        await unit.jobs.finish("b", AT, at=AT + HOUR, summary="broke", failed=True)
        runs = {run.job: run for run in await unit.jobs.last_runs()}
    assert runs == {
        "a": JobRun(job="a", slot_at=AT + DAY, finished_at=None, failed=False, summary=None),
        "b": JobRun(job="b", slot_at=AT, finished_at=AT + HOUR, failed=True, summary="broke"),
    }
