"""Somebody who leaves is noted at once, and those who can knock at the door are told, once."""

from datetime import timedelta

from bot.db.unit_of_work import SqlTransactions
from bot.domain.people import Role
from bot.sandbox.clock import SandboxClock
from bot.services.access import Access
from bot.services.store import Notice, NoticeKind
from tests.integration.db.world import AT
from tests.integration.delivery.building import Building

ASHA, STRANGER = 1, 555


async def waiting(transactions: SqlTransactions) -> list[Notice]:
    """Return what waits, and take it, one notice a person."""
    async with transactions.begin() as unit:
        found = await unit.outbox.lease_due(
            AT + timedelta(days=9), until=AT + timedelta(days=99), limit=9
        )
    return list(found)


async def test_the_manager_hears_of_a_tenant_who_blocks_the_bot(
    building: Building, clock: SandboxClock
) -> None:
    access = Access(building.transactions, clock)

    await access.lose(telegram_id=ASHA)
    await access.lose(telegram_id=ASHA)

    assert not (await building.person(building.asha.tenant.id)).is_reachable
    (notice,) = await waiting(building.transactions)
    assert (notice.kind, notice.person_id) == (NoticeKind.UNREACHABLE, building.ravi.id)
    assert notice.facts["person"] == "Asha 1"
    assert notice.facts["room"] == building.asha.room.name
    assert notice.facts["lease_id"] == building.asha.lease.id


async def test_somebody_who_comes_and_goes_is_told_of_once_a_day(
    building: Building, clock: SandboxClock
) -> None:
    access = Access(building.transactions, clock)
    for _ in range(3):
        await access.lose(telegram_id=ASHA)
        async with building.transactions.begin() as unit:
            await unit.people.save(building.asha.tenant)

    async with building.transactions.read() as unit:
        assert sum((await unit.outbox.counts()).values()) == 1


async def test_an_owner_who_is_also_manager_is_told_once(
    building: Building, clock: SandboxClock
) -> None:
    async with building.transactions.begin() as unit:
        await unit.people.grant(person_id=building.ravi.id, place_id=None, role=Role.OWNER)

    await Access(building.transactions, clock).lose(telegram_id=ASHA)

    assert len(await waiting(building.transactions)) == 1


async def test_a_stranger_is_missed_by_nobody(building: Building, clock: SandboxClock) -> None:
    access = Access(building.transactions, clock)
    async with building.transactions.begin() as unit:
        await unit.people.add(
            telegram_id=STRANGER, chat_id=STRANGER, name="?", language="en", at=AT
        )

    await access.lose(telegram_id=STRANGER)
    await access.lose(telegram_id=STRANGER + 1)

    assert await waiting(building.transactions) == []
