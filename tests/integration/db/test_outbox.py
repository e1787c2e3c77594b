"""Messages wait in the books until they are delivered, and are delivered by one worker."""

from dataclasses import replace

from bot.db.unit_of_work import SqlTransactions
from bot.services.store import NoticeKind, NoticeStatus
from tests.integration.db.world import AT, HOUR, a_notice, furnish


async def test_a_notice_is_kept_once_per_key(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world, other = await furnish(unit, 1), await furnish(unit, 2)
        await unit.outbox.add([])
        first = a_notice(world, "a", thread="t")
        await unit.outbox.add([first, replace(first, kind=NoticeKind.POWER)])
        await unit.outbox.add([replace(first, kind=NoticeKind.POWER), a_notice(other, "b")])
        found = await unit.outbox.lease_due(AT, until=AT + HOUR, limit=9)
    assert [each.key for each in found] == ["a", "b"]
    assert found[0] == replace(first, id=found[0].id, attempts=1, due_at=AT + HOUR)


async def test_due_notices_go_out_oldest_first_and_to_one_worker(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        one, two, three = [await furnish(unit, number) for number in (1, 2, 3)]
        await unit.outbox.add(
            [
                a_notice(one, "late", due_at=AT),
                a_notice(two, "early", due_at=AT - HOUR),
                a_notice(three, "future", due_at=AT + HOUR),
            ]
        )
        first = await unit.outbox.lease_due(AT, until=AT + 2 * HOUR, limit=1)
        second = await unit.outbox.lease_due(AT, until=AT + 2 * HOUR, limit=9)
        third = await unit.outbox.lease_due(AT, until=AT + 2 * HOUR, limit=9)
        again = await unit.outbox.lease_due(AT + 2 * HOUR, until=AT + 3 * HOUR, limit=9)
    assert [[each.key for each in found] for found in (first, second, third)] == [
        ["early"],
        ["late"],
        [],
    ]
    assert {each.key: each.attempts for each in again} == {"early": 2, "late": 2, "future": 1}


async def test_a_settled_notice_waits_no_longer(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        worlds = [await furnish(unit, number) for number in (1, 2, 3)]
        keys = zip(worlds, "abc", strict=True)
        await unit.outbox.add([a_notice(world, key) for world, key in keys])
        sent, failed, retried = await unit.outbox.lease_due(AT, until=AT, limit=3)
        await unit.outbox.settle(sent.id, status=NoticeStatus.SENT, at=AT)
        await unit.outbox.settle(failed.id, status=NoticeStatus.FAILED, at=AT, error="blocked")
        await unit.outbox.settle(
            retried.id, status=NoticeStatus.PENDING, at=AT, due_at=AT + HOUR, error="slow"
        )
        assert await unit.outbox.lease_due(AT, until=AT, limit=9) == []
        (again,) = await unit.outbox.lease_due(AT + HOUR, until=AT, limit=9)
        counts = await unit.outbox.counts()
    assert (again.id, again.error) == (retried.id, "slow")
    assert counts == {NoticeStatus.SENT: 1, NoticeStatus.FAILED: 1, NoticeStatus.PENDING: 1}


async def test_a_thread_shows_each_person_its_latest_notice(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        one, two = await furnish(unit, 1), await furnish(unit, 2)
        await unit.outbox.add(
            [
                a_notice(one, "old", thread="t"),
                a_notice(one, "new", thread="t"),
                a_notice(two, "other", thread="t"),
                a_notice(two, "elsewhere", thread="u"),
            ]
        )
        found = await unit.outbox.in_thread("t")
    assert [each.key for each in found] == ["new", "other"]


async def test_a_thread_is_shown_by_one_message_per_person(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world, other = await furnish(unit, 1), await furnish(unit, 2)
        person_id = world.tenant.id
        assert await unit.outbox.message_of("t", person_id=person_id) is None
        await unit.outbox.bind_message("t", person_id=person_id, message_id=5)
        await unit.outbox.bind_message("t", person_id=other.tenant.id, message_id=6)
        await unit.outbox.bind_message("t", person_id=person_id, message_id=7)
        assert await unit.outbox.message_of("t", person_id=person_id) == 7
        assert await unit.outbox.message_of("t", person_id=other.tenant.id) == 6
