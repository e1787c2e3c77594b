"""Two at once, in one process or several, come to the same as one after the other. Rule 2.3."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.db.engine import Database, open_database
from bot.db.unit_of_work import SqlTransactions
from bot.domain.ledger import PaymentMethod
from bot.domain.people import Role
from bot.services.store import Invitation, InvitationSpent, ReferenceTaken
from bot.services.stores import Unit
from tests.integration.db.teller import book_once
from tests.integration.db.world import (
    AT,
    DAY,
    HOUR,
    World,
    a_notice,
    a_payment,
    a_reading,
    an_order,
    furnish,
)

ROOT = Path(__file__).parents[3]
PATIENCE_S = 60
Result = TypeVar("Result")


@pytest.fixture
async def second(database: Database, database_url: str) -> AsyncIterator[SqlTransactions]:
    """Return the same database as another process opens it."""
    async with open_database(database_url) as opened:
        yield SqlTransactions(opened)


@pytest.fixture
async def world(transactions: SqlTransactions) -> World:
    """Furnish one room."""
    async with transactions.begin() as unit:
        return await furnish(unit)


@pytest.fixture
def tellers(
    transactions: SqlTransactions, second: SqlTransactions
) -> tuple[SqlTransactions, SqlTransactions]:
    """Return both processes' units of work."""
    return transactions, second


Tellers = tuple[SqlTransactions, SqlTransactions]


async def _at_once(
    tellers: Tellers, times: int, do: Callable[[Unit], Awaitable[Result]]
) -> list[Result]:
    async def once(transactions: SqlTransactions) -> Result:
        async with transactions.begin() as unit:
            return await do(unit)

    return await asyncio.gather(*(once(tellers[number % 2]) for number in range(times)))


async def _balance(transactions: SqlTransactions, world: World) -> int:
    async with transactions.read() as unit:
        assert await unit.ledger.flaws() == []
        books = await unit.books.load([world.lease.id], now=AT, lock=False)
    return books[world.lease.id].balance_paise


async def test_the_same_key_is_booked_once(tellers: Tellers, world: World) -> None:
    done = await asyncio.gather(
        *(book_once(tellers[number % 2], world.lease.id, "same") for number in range(12))
    )
    assert sum(done) == 1
    assert await _balance(tellers[0], world) == 1


async def test_no_update_of_a_balance_is_lost(tellers: Tellers, world: World) -> None:
    done = await asyncio.gather(
        *(book_once(tellers[number % 2], world.lease.id, str(number)) for number in range(20))
    )
    assert all(done)
    assert await _balance(tellers[0], world) == 20


async def test_processes_book_each_key_once(
    database_url: str, transactions: SqlTransactions, world: World
) -> None:
    command = [sys.executable, "-m", "tests.integration.db.teller", database_url]
    processes = [
        await asyncio.create_subprocess_exec(
            *command, str(world.lease.id), "10", cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = await asyncio.gather(*(each.communicate() for each in processes))
    assert sum(int(out) for out, _ in said) == 10
    assert await _balance(transactions, world) == 10


async def test_forty_writers_wait_for_their_turn(tellers: Tellers) -> None:
    async def write(number: int) -> None:
        async with tellers[number % 2].begin() as unit:
            assert await unit.people.by_telegram(number) is None
            await unit.people.add(
                telegram_id=number, chat_id=number, name="P", language="en", at=AT
            )

    await asyncio.gather(*(write(number) for number in range(1, 41)))
    async with tellers[0].read() as unit:
        assert len(await unit.people.get(range(1, 100))) == 40


async def test_a_reader_does_not_wait_for_a_writer(tellers: Tellers, world: World) -> None:
    async with asyncio.timeout(PATIENCE_S), tellers[0].begin() as writing:
        await writing.ledger.append([a_payment(world, "a")], recorded_at=AT)
        for transactions in tellers:
            assert await _balance(transactions, world) == 0
    assert await _balance(tellers[1], world) == 50_000


async def test_a_unit_to_read_sees_one_moment(tellers: Tellers, world: World) -> None:
    async with tellers[0].read() as reading:
        before = await reading.ledger.page(world.lease.id)
        assert await book_once(tellers[1], world.lease.id, "a")
        assert await reading.ledger.page(world.lease.id) == before
    async with tellers[0].read() as reading:
        assert len(await reading.ledger.page(world.lease.id)) == 1


async def test_a_unit_to_read_cannot_write(transactions: SqlTransactions) -> None:
    async with transactions.read() as unit:
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            await unit.chats.is_new(1, at=AT)


async def test_who_waited_for_a_lease_sees_its_place_as_it_is_by_then(
    tellers: Tellers, world: World
) -> None:
    """A rule of the place and the lease are changed together, and so they have to be read."""

    async def change(number: int) -> None:
        async with tellers[0].begin() as unit:
            await unit.books.load([world.lease.id], now=AT, lock=True)
            await unit.leases.save(replace(world.lease, cut_off_paise=number))
            await unit.places.save(replace(world.place, cut_off_paise=number))

    async def look() -> set[int | None]:
        async with tellers[1].begin() as unit:
            books = await unit.books.load([world.lease.id], now=AT, lock=True)
        book = books[world.lease.id]
        return {book.lease.cut_off_paise, book.place.cut_off_paise}

    await change(0)
    for number in range(1, 21):
        _, seen = await asyncio.gather(change(number), look())
        assert len(seen) == 1, seen


async def test_no_order_is_taken_by_two_workers(tellers: Tellers) -> None:
    async with tellers[0].begin() as unit:
        for number in range(1, 13):
            await unit.supplies.order(an_order(await furnish(unit, number)))
    taken = await _at_once(
        tellers, 8, lambda unit: unit.supplies.lease_due(AT, until=AT + HOUR, limit=3)
    )
    assert Counter(order.meter_id for order in chain(*taken)).most_common(1)[0][1] == 1
    assert len(list(chain(*taken))) == 12


async def test_no_notice_is_taken_by_two_workers(tellers: Tellers) -> None:
    async with tellers[0].begin() as unit:
        worlds = [await furnish(unit, number) for number in range(12)]
        await unit.outbox.add([a_notice(each, str(number)) for number, each in enumerate(worlds)])
    taken = await _at_once(
        tellers, 8, lambda unit: unit.outbox.lease_due(AT, until=AT + HOUR, limit=3)
    )
    assert sorted(int(each.key) for each in chain(*taken)) == list(range(12))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_worker_passes_over_what_another_one_holds(tellers: Tellers, world: World) -> None:
    async with tellers[0].begin() as unit:
        other = await furnish(unit, 2)
        for each in (world, other):
            await unit.supplies.order(an_order(each))
    async with asyncio.timeout(PATIENCE_S), tellers[0].begin() as one, tellers[1].begin() as two:
        orders = [
            await each.supplies.lease_due(AT, until=AT + HOUR, limit=1) for each in (one, two)
        ]
    assert [[order.meter_id for order in found] for found in orders] == [
        [world.meter.id],
        [other.meter.id],
    ]


async def test_a_slot_is_claimed_by_one(tellers: Tellers) -> None:
    claimed = await _at_once(
        tellers, 10, lambda unit: unit.jobs.claim("sweep", AT, now=AT, until=AT + HOUR)
    )
    assert sum(claimed) == 1
    taken_over = await _at_once(
        tellers,
        10,
        lambda unit: unit.jobs.claim("sweep", AT, now=AT + DAY, until=AT + 2 * DAY),
    )
    assert sum(taken_over) == 1


async def test_marks_are_made_by_one(tellers: Tellers, world: World) -> None:
    person_id, lease_id = world.tenant.id, world.lease.id
    async with tellers[0].begin() as unit:
        guest = await unit.people.add(
            telegram_id=99, chat_id=99, name="Guest", language="en", at=AT
        )
    marks: list[Callable[[Unit], Awaitable[bool]]] = [
        lambda unit: unit.chats.is_new(7, at=AT),
        lambda unit: unit.chats.spend("n", person_id=person_id, at=AT),
        lambda unit: unit.leases.join(lease_id=lease_id, person_id=guest.id, at=AT),
        lambda unit: unit.people.grant(person_id=person_id, place_id=None, role=Role.OWNER),
    ]
    for mark in marks:
        assert sum(await _at_once(tellers, 6, mark)) == 1


async def test_an_invitation_is_used_by_one(tellers: Tellers, world: World) -> None:
    async with tellers[0].begin() as unit:
        await unit.people.invite(
            Invitation(
                token_hash="h",
                lease_id=world.lease.id,
                place_id=None,
                role=None,
                created_by=None,
                created_at=AT,
                expires_at=AT + DAY,
            )
        )

    async def use(unit: Unit) -> bool:
        try:
            await unit.people.use_invitation("h", person_id=world.tenant.id, at=AT)
        except InvitationSpent:
            return False
        return True

    assert sum(await _at_once(tellers, 6, use)) == 1


async def test_a_reference_is_taken_by_one_of_two_leases(tellers: Tellers, world: World) -> None:
    async with tellers[0].begin() as unit:
        other = await furnish(unit, 2)

    async def pay(transactions: SqlTransactions, payer: World) -> bool:
        try:
            async with transactions.begin() as unit:
                entry = a_payment(payer, f"lease-{payer.lease.id}")
                (booked,) = await unit.ledger.append([entry], recorded_at=AT)
                await unit.ledger.claim_reference(PaymentMethod.UPI, "UTR", entry_id=booked.id)
        except ReferenceTaken:
            return False
        return True

    assert sum(await asyncio.gather(pay(tellers[0], world), pay(tellers[1], other))) == 1
    balances = [await _balance(tellers[0], each) for each in (world, other)]
    assert sorted(balances) == [0, 50_000]


async def test_what_two_store_at_once_is_there_once(tellers: Tellers, world: World) -> None:
    reading = a_reading(world.installation, at=AT + HOUR)
    ids = await _at_once(tellers, 6, lambda unit: unit.metering.add_readings([reading]))
    people = await _at_once(
        tellers,
        6,
        lambda unit: unit.people.add(
            telegram_id=99, chat_id=99, name="Guest", language="en", at=AT
        ),
    )
    await _at_once(tellers, 6, lambda unit: unit.outbox.add([a_notice(world, "a")]))
    assert len({each for (each,) in ids}) == 1
    assert len(set(people)) == 1
    async with tellers[0].read() as unit:
        assert sum((await unit.outbox.counts()).values()) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_file_is_kept_safe(database_url: str) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }
    async with open_database(database_url) as database:
        for engine, query_only in ((database.writer, 0), (database.reader, 1)):
            async with engine.connect() as connection:
                for pragma, value in {**wanted, "query_only": query_only}.items():
                    found = await connection.execute(text(f"PRAGMA {pragma}"))
                    assert found.scalar_one() == value, pragma
