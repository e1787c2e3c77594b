"""A process of its own that books payments: `python -m tests.integration.db.teller URL LEASE KEYS`.

Prints how many it booked; a key that is booked already is left alone.
"""

import asyncio
import sys

from bot.db.engine import open_database
from bot.db.unit_of_work import SqlTransactions
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, transfer
from tests.integration.db.world import AT


async def book_once(transactions: SqlTransactions, lease_id: int, key: str) -> bool:
    """Book one paisa under a key, as every use case does: lock, look, append."""
    async with transactions.begin() as unit:
        books = await unit.books.load([lease_id], now=AT, lock=True)
        if await unit.ledger.existing([key]):
            return False
        entry = LedgerEntry(
            key=key,
            kind=EntryKind.PAYMENT,
            place_id=books[lease_id].place.id,
            lease_id=lease_id,
            occurred_at=AT,
            postings=transfer(lease_id=lease_id, tenant_paise=1, other=AccountKind.CASH),
        )
        (booked,) = await unit.ledger.append([entry], recorded_at=AT)
        return booked.balance_after_paise == books[lease_id].balance_paise + 1


async def _main(url: str, lease_id: int, keys: int) -> None:
    async with open_database(url) as database:
        transactions = SqlTransactions(database)
        tasks = (book_once(transactions, lease_id, f"key-{number}") for number in range(keys))
        done = await asyncio.gather(*tasks)
    sys.stdout.write(f"{sum(done)}\n")


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
