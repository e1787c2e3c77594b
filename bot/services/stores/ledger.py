"""The books, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ledger import LedgerEntry, PaymentMethod
from bot.services.book import LeaseBook
from bot.services.store import BookedEntry, LatestChecks, LedgerFlaw, MonthLine, SweepTarget


class Books(Protocol):
    """Leases with everything around them."""

    async def load(
        self, lease_ids: Collection[int], *, now: datetime, lock: bool
    ) -> Mapping[int, LeaseBook]:
        """Return the books of leases, by lease id; with `lock` nobody else may change them."""
        ...

    async def look(self, lease_id: int, *, now: datetime) -> LeaseBook | None:
        """Return the book of one lease to be shown, without the people around it."""
        ...

    async def targets(
        self, *, on: datetime, latest: LatestChecks | None = None
    ) -> Sequence[SweepTarget]:
        """Return the vendor's meters of all leases that run, by lease.

        With `latest` only of those that were not checked since then.
        """
        ...


class Ledger(Protocol):
    """Entries, their postings, and the balances that they add up to."""

    async def append(
        self, entries: Sequence[LedgerEntry], *, recorded_at: datetime
    ) -> Sequence[BookedEntry]:
        """Book entries in order and move the balances.

        The idempotency key is unique in the database: booking one again is an error there, so
        callers look first."""
        ...

    async def add_lines(self, lines: Sequence[tuple[int, MonthLine]]) -> None:
        """Store what entries charged for, by (entry id, line)."""
        ...

    async def existing(self, keys: Collection[str]) -> Mapping[str, BookedEntry]:
        """Return the entries that were booked under these idempotency keys."""
        ...

    async def get(self, entry_id: int) -> BookedEntry | None:
        """Return one entry."""
        ...

    async def whole(self, entry_id: int) -> LedgerEntry | None:
        """Return one entry with its postings, as it was booked."""
        ...

    async def reversed_by(self, entry_id: int) -> BookedEntry | None:
        """Return the entry that reversed this one."""
        ...

    async def page(
        self, lease_id: int, *, before_id: int | None = None, limit: int = 10
    ) -> Sequence[BookedEntry]:
        """Return entries of a lease, newest first."""
        ...

    async def after(self, entry_id: int, *, limit: int) -> Sequence[BookedEntry]:
        """Return the entries of all leases that come next."""
        ...

    async def between(
        self, lease_id: int, *, from_at: datetime, to_at: datetime
    ) -> Sequence[BookedEntry]:
        """Return the entries that occurred in [from_at, to_at), oldest first."""
        ...

    async def last_payment(self, lease_id: int) -> BookedEntry | None:
        """Return the latest payment of a lease."""
        ...

    async def find_reference(self, method: PaymentMethod, reference: str) -> BookedEntry | None:
        """Return the payment that has this reference and was not reversed."""
        ...

    async def claim_reference(
        self, method: PaymentMethod, reference: str, *, entry_id: int
    ) -> None:
        """Bind a reference to a payment. Raises ReferenceTaken."""
        ...

    async def free_reference(self, entry_id: int) -> None:
        """Release the reference of a reversed payment."""
        ...

    async def flaws(self) -> Sequence[LedgerFlaw]:
        """Return every lease whose balance is not the sum of its postings, every entry that does
        not sum to zero, and every one that shows the tenant another amount than it moved. Rules
        2.1 and 2.4."""
        ...
