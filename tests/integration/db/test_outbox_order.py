"""What waits for one person comes in order, one at a time, and of a thread only the newest."""

from datetime import timedelta

from bot.db.unit_of_work import SqlTransactions
from bot.services.store import Notice, NoticeStatus
from bot.services.stores import Unit
from tests.integration.db.world import AT, HOUR, World, a_notice, furnish

SOON = AT + timedelta(minutes=2)


async def lease(unit: Unit) -> list[str]:
    found = await unit.outbox.lease_due(AT, until=SOON, limit=9)
    return [each.key for each in found]


async def leased(unit: Unit, world: World, key: str, thread: str | None = None) -> Notice:
    await unit.outbox.add([a_notice(world, key, thread=thread)])
    (found,) = await unit.outbox.lease_due(AT, until=SOON, limit=9)
    return found


async def test_a_person_is_written_to_by_one_worker_at_a_time(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        first = await leased(unit, world, "first")
        await unit.outbox.add([a_notice(world, "second")])
        assert await lease(unit) == []
        await unit.outbox.settle(first.id, status=NoticeStatus.SENT, at=AT)
        assert await lease(unit) == ["second"]


async def test_what_comes_after_a_notice_to_be_tried_again_waits_for_it(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        first = await leased(unit, world, "first")
        await unit.outbox.add([a_notice(world, "second")])
        await unit.outbox.settle(first.id, status=NoticeStatus.PENDING, at=AT, due_at=SOON)
        assert await lease(unit) == []
        (again,) = await unit.outbox.lease_due(SOON, until=AT + HOUR, limit=9)
    assert again.key == "first"


async def test_a_notice_for_later_keeps_nobody_waiting(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        await unit.outbox.add([a_notice(world, "later", thread="t", due_at=AT + HOUR)])
        await unit.outbox.add([a_notice(world, "now", thread="t")])
        assert await lease(unit) == ["now"]


async def test_people_of_this_process_are_spared(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        one, two = await furnish(unit, 1), await furnish(unit, 2)
        await unit.outbox.add([a_notice(one, "a"), a_notice(two, "b")])
        found = await unit.outbox.lease_due(AT, until=SOON, limit=9, sparing={one.tenant.id})
    assert [each.key for each in found] == ["b"]


async def test_of_a_thread_only_the_newest_is_news(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        one, two = await furnish(unit, 1), await furnish(unit, 2)
        for world, key in ((one, "old"), (one, "new"), (two, "theirs")):
            await unit.outbox.add([a_notice(world, key, thread="t")])
        assert await lease(unit) == ["new", "theirs"]
        counts = await unit.outbox.counts()
    assert counts == {NoticeStatus.PENDING: 2, NoticeStatus.SUPERSEDED: 1}


async def test_an_old_notice_is_not_shown_over_a_newer_one(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        old = await leased(unit, world, "old", "t")
        await unit.outbox.settle(old.id, status=NoticeStatus.PENDING, at=AT, due_at=AT)
        await unit.outbox.add([a_notice(world, "new", thread="t")])
        assert await lease(unit) == ["new"]


async def test_a_notice_whose_sending_was_interrupted_is_never_taken_again(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        lost = await leased(unit, world, "lost")
        assert await unit.outbox.begin(lost, sending=True, until=SOON)
        await unit.outbox.strand(AT)
        assert await unit.outbox.counts() == {NoticeStatus.SENDING: 1}
        await unit.outbox.strand(SOON, sparing={world.tenant.id})
        assert await unit.outbox.counts() == {NoticeStatus.SENDING: 1}
        await unit.outbox.strand(SOON)
        assert await unit.outbox.lease_due(AT + HOUR, until=AT + HOUR, limit=9) == []
        assert await unit.outbox.counts() == {NoticeStatus.UNKNOWN: 1}


async def test_a_notice_whose_edit_was_interrupted_is_taken_again(
    transactions: SqlTransactions,
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        lost = await leased(unit, world, "lost", "t")
        assert await unit.outbox.begin(lost, sending=False, until=SOON)
        await unit.outbox.strand(SOON)
        (again,) = await unit.outbox.lease_due(SOON, until=AT + HOUR, limit=9)
    assert (again.key, again.attempts) == ("lost", 2)


async def test_a_lost_lease_begins_nothing(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        lost = await leased(unit, world, "lost")
        await unit.outbox.lease_due(SOON, until=AT + HOUR, limit=9)
        assert not await unit.outbox.begin(lost, sending=True, until=AT + HOUR)


async def test_a_message_that_is_gone_is_forgotten(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        person_id = (await furnish(unit)).tenant.id
        await unit.outbox.bind_message("t", person_id=person_id, message_id=5)
        await unit.outbox.unbind_message("u", person_id=person_id)
        assert await unit.outbox.message_of("t", person_id=person_id) == 5
        await unit.outbox.unbind_message("t", person_id=person_id)
        assert await unit.outbox.message_of("t", person_id=person_id) is None
