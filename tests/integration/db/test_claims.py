"""What tenants say of payments, in the store, and the revision that brought it. Rule 9.2."""

from dataclasses import replace
from datetime import date

from bot.db.engine import Database
from bot.db.migrate import downgrade, upgrade
from bot.db.unit_of_work import SqlTransactions
from bot.domain.claim import PaymentClaim, PaymentPromise, RequestStatus
from bot.domain.ledger import PaymentMethod
from tests.integration.db.world import AT, World, furnish


def a_claim(world: World, reference: str | None = "423188908890") -> PaymentClaim:
    return PaymentClaim(
        id=0,
        place_id=world.place.id,
        lease_id=world.lease.id,
        claimed_by=world.tenant.id,
        claimed_at=AT,
        amount_paise=150_000,
        method=PaymentMethod.UPI,
        reference=reference,
    )


def a_promise(world: World, day: int = 20) -> PaymentPromise:
    return PaymentPromise(
        id=0,
        place_id=world.place.id,
        lease_id=world.lease.id,
        asked_by=world.tenant.id,
        asked_at=AT,
        pay_on=date(2026, 3, day),
    )


async def test_a_reference_waits_once(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        first = await unit.claims.add(a_claim(world))
        assert first is not None
        assert await unit.claims.add(a_claim(world)) is None
        assert await unit.claims.by_reference(PaymentMethod.UPI, "423188908890") == first
        for _ in range(2):
            assert await unit.claims.add(a_claim(world, None)) is not None
        refused = replace(
            first, status=RequestStatus.REFUSED, decided_by=world.tenant.id, decided_at=AT
        )
        assert await unit.claims.decide(refused)
        assert not await unit.claims.decide(refused)
        assert await unit.claims.get(first.id) == refused
        assert await unit.claims.add(a_claim(world)) is not None
        waiting = await unit.claims.waiting(frozenset({world.place.id}), limit=10)
        assert len(waiting) == 3
        assert await unit.claims.waiting(frozenset(), limit=10) == []
        assert await unit.claims.waiting_of(world.lease.id) == waiting


async def test_a_lease_has_one_promise_that_waits(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        first = await unit.promises.add(a_promise(world))
        second = await unit.promises.add(a_promise(world, 22))
        assert await unit.promises.waiting(None, limit=10) == [second]
        assert await unit.promises.standing(world.lease.id) == second
        gone = await unit.promises.get(first.id)
        assert gone is not None
        assert gone.status is RequestStatus.REFUSED
        accepted = replace(second, status=RequestStatus.ACCEPTED)
        assert await unit.promises.decide(accepted, was=second)
        assert not await unit.promises.decide(accepted, was=second)
        assert await unit.promises.accepted_until(date(2026, 3, 23)) == [accepted]
        assert await unit.promises.accepted_until(date(2026, 3, 22)) == []


async def test_0015_remembers_what_tenants_say_and_0014_forgets_it(
    database: Database, transactions: SqlTransactions
) -> None:
    async with transactions.begin() as unit:
        world = await furnish(unit)
        await unit.claims.add(a_claim(world))
        await unit.promises.add(a_promise(world))
    await downgrade(database, "0014")
    await upgrade(database)
    async with transactions.begin() as unit:
        assert await unit.claims.waiting(None, limit=10) == []
        assert await unit.leases.get(world.lease.id) == world.lease
        assert await unit.claims.add(a_claim(world)) is not None
