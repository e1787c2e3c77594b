"""The books: entries, balances, keys and references."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.db.unit_of_work import SqlTransactions
from bot.domain.ledger import EntryKind, PaymentMethod, reversal_of
from bot.services.store import ReferenceTaken
from tests.integration.db.world import (
    AT,
    DAY,
    HOUR,
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


async def _balance(transactions: SqlTransactions, world: World) -> int:
    async with transactions.read() as unit:
        books = await unit.books.load([world.lease.id], now=AT, lock=False)
    return books[world.lease.id].balance_paise


async def test_entries_of_one_batch_follow_one_another(
    transactions: SqlTransactions, world: World
) -> None:
    entries = [
        a_payment(world, "a", 50_000),
        a_deduction(world, "b", 7_670),
        a_payment(world, "c", 1),
    ]
    async with transactions.begin() as unit:
        booked = await unit.ledger.append(entries, recorded_at=AT + HOUR)
    assert [each.key for each in booked] == ["a", "b", "c"]
    assert [each.balance_after_paise for each in booked] == [50_000, 42_330, 42_331]
    assert [each.id for each in booked] == sorted(each.id for each in booked)
    assert {each.recorded_at for each in booked} == {AT + HOUR}
    assert await _balance(transactions, world) == 42_331


async def test_batches_move_the_balance_of_every_lease(
    transactions: SqlTransactions, world: World
) -> None:
    async with transactions.begin() as unit:
        other = await furnish(unit, 2)
        first, second = a_payment(world, "a", 100), a_payment(other, "b", 200)
        booked = await unit.ledger.append([first, second], recorded_at=AT)
    assert [each.lease_id for each in booked] == [world.lease.id, other.lease.id]
    assert await _balance(transactions, world) == 100
    assert await _balance(transactions, other) == 200


async def test_nothing_to_book_is_fine(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        assert await unit.ledger.append([], recorded_at=AT) == []
        await unit.ledger.add_lines([])


async def test_a_key_is_booked_once(transactions: SqlTransactions, world: World) -> None:
    async with transactions.begin() as unit:
        await unit.ledger.append([a_payment(world, "a")], recorded_at=AT)
    with pytest.raises(IntegrityError):
        async with transactions.begin() as unit:
            await unit.ledger.append([a_payment(world, "a")], recorded_at=AT)
    assert await _balance(transactions, world) == 50_000


async def test_a_failed_unit_leaves_nothing_behind(
    transactions: SqlTransactions, world: World
) -> None:
    async def fail_halfway() -> None:
        async with transactions.begin() as unit:
            await unit.ledger.append([a_payment(world, "a")], recorded_at=AT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_halfway()
    assert await _balance(transactions, world) == 0
    async with transactions.read() as unit:
        assert await unit.ledger.existing(["a"]) == {}


async def test_an_entry_comes_back_as_it_was_booked(
    transactions: SqlTransactions, world: World
) -> None:
    entry = replace(a_payment(world, "a"), actor_id=world.tenant.id, reason="cash desk")
    async with transactions.begin() as unit:
        (booked,) = await unit.ledger.append([entry], recorded_at=AT)
    async with transactions.read() as unit:
        whole = await unit.ledger.whole(booked.id)
        assert await unit.ledger.get(booked.id) == booked
        assert await unit.ledger.existing(["a", "b"]) == {"a": booked}
        assert await unit.ledger.whole(booked.id + 1) is None
        assert await unit.ledger.get(booked.id + 1) is None
    assert whole == entry
    assert booked.why == {"method": "upi"}
    assert (booked.occurred_at, booked.tenant_paise) == (AT, 50_000)


async def test_an_entry_is_reversed_at_most_once(
    transactions: SqlTransactions, world: World
) -> None:
    async with transactions.begin() as unit:
        (paid,) = await unit.ledger.append([a_payment(world, "a")], recorded_at=AT)
        assert await unit.ledger.reversed_by(paid.id) is None
        whole = await unit.ledger.whole(paid.id)
        assert whole is not None
        undo = reversal_of(whole, entry_id=paid.id, at=AT, actor_id=None, reason="typo")
        (reversal,) = await unit.ledger.append([undo], recorded_at=AT)
        assert await unit.ledger.reversed_by(paid.id) == reversal
    with pytest.raises(IntegrityError):
        async with transactions.begin() as unit:
            await unit.ledger.append([replace(undo, key="another key")], recorded_at=AT)
    assert await _balance(transactions, world) == 0


async def test_a_page_shows_the_newest_first(transactions: SqlTransactions, world: World) -> None:
    async with transactions.begin() as unit:
        other = await furnish(unit, 2)
        booked = await unit.ledger.append(
            [a_payment(world, str(number)) for number in range(5)], recorded_at=AT
        )
        await unit.ledger.append([a_payment(other, "other")], recorded_at=AT)
    async with transactions.read() as unit:
        first = await unit.ledger.page(world.lease.id, limit=2)
        second = await unit.ledger.page(world.lease.id, before_id=first[-1].id, limit=2)
        third = await unit.ledger.page(world.lease.id, before_id=second[-1].id, limit=2)
    assert [*first, *second, *third] == list(reversed(booked))


async def test_entries_of_a_period_are_half_open(
    transactions: SqlTransactions, world: World
) -> None:
    times = [AT, AT + DAY, AT + 2 * DAY, AT + 3 * DAY]
    async with transactions.begin() as unit:
        await unit.ledger.append(
            [a_payment(world, at.isoformat(), at=at) for at in reversed(times)], recorded_at=AT
        )
    async with transactions.read() as unit:
        found = await unit.ledger.between(world.lease.id, from_at=AT + DAY, to_at=AT + 3 * DAY)
    assert [each.occurred_at for each in found] == times[1:3]


async def test_the_last_payment_is_the_newest_one(
    transactions: SqlTransactions, world: World
) -> None:
    async with transactions.begin() as unit:
        assert await unit.ledger.last_payment(world.lease.id) is None
        entries = [a_payment(world, "a"), a_payment(world, "b"), a_deduction(world, "c")]
        await unit.ledger.append(entries, recorded_at=AT)
    async with transactions.read() as unit:
        last = await unit.ledger.last_payment(world.lease.id)
    assert last is not None
    assert last.key == "b"


async def test_a_payment_that_was_taken_back_is_not_the_last_one(
    transactions: SqlTransactions, world: World
) -> None:
    async with transactions.begin() as unit:
        payments = [a_payment(world, "a"), a_payment(world, "b")]
        _, wrong = await unit.ledger.append(payments, recorded_at=AT)
        undo = reversal_of(payments[1], entry_id=wrong.id, at=AT, actor_id=None, reason="typo")
        await unit.ledger.append([undo], recorded_at=AT)
        last = await unit.ledger.last_payment(world.lease.id)
    assert last is not None
    assert last.key == "a"


async def test_a_reference_belongs_to_one_payment_per_method(
    transactions: SqlTransactions, world: World
) -> None:
    async with transactions.begin() as unit:
        first, second = await unit.ledger.append(
            [a_payment(world, "a"), a_payment(world, "b")], recorded_at=AT
        )
        await unit.ledger.claim_reference(PaymentMethod.UPI, "UTR1", entry_id=first.id)
        await unit.ledger.claim_reference(PaymentMethod.BANK, "UTR1", entry_id=second.id)
        with pytest.raises(ReferenceTaken):
            await unit.ledger.claim_reference(PaymentMethod.UPI, "UTR1", entry_id=second.id)
    async with transactions.read() as unit:
        assert await unit.ledger.find_reference(PaymentMethod.UPI, "UTR1") == first
        assert await unit.ledger.find_reference(PaymentMethod.CASH, "UTR1") is None


async def test_a_reversed_payment_gives_its_reference_back(
    transactions: SqlTransactions, world: World
) -> None:
    async with transactions.begin() as unit:
        first, second = await unit.ledger.append(
            [a_payment(world, "a"), a_payment(world, "b")], recorded_at=AT
        )
        await unit.ledger.claim_reference(PaymentMethod.UPI, "UTR1", entry_id=first.id)
        await unit.ledger.free_reference(first.id)
        assert await unit.ledger.find_reference(PaymentMethod.UPI, "UTR1") is None
        await unit.ledger.claim_reference(PaymentMethod.UPI, "UTR1", entry_id=second.id)


async def test_an_instant_keeps_its_microsecond(
    transactions: SqlTransactions, world: World
) -> None:
    at = AT + timedelta(microseconds=1)
    async with transactions.begin() as unit:
        (booked,) = await unit.ledger.append([a_payment(world, "a", at=at)], recorded_at=AT)
        assert await unit.ledger.get(booked.id) == booked
    assert booked.occurred_at == at
    assert booked.kind is EntryKind.PAYMENT
