"""Bills and credit notes, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.dues import Due
from bot.domain.invoice import DocumentKind
from bot.services.invoice_document import Settling
from bot.services.invoice_record import Invoice
from bot.services.store import BookedEntry


class Invoices(Protocol):
    """Bills, credit notes, and what is open of them."""

    async def unbilled(
        self, lease_id: int, *, through_at: datetime | None = None
    ) -> Sequence[BookedEntry]:
        """Return what a lease was charged, or got back of that, that no document tells of yet.

        With `through_at` only what occurred until then."""
        ...

    async def settling(
        self,
        lease_id: int,
        *,
        after_at: datetime | None,
        after_id: int,
        but: Collection[int],
        limit: int,
    ) -> Settling:
        """Return what moved a balance after an instant and an entry that no bill asks for, leaving
        out what credit notes gave; so many of the latest entries one by one."""
        ...

    async def next_serial(self, place_id: int, kind: DocumentKind, year: int) -> int:
        """Take the next number of a series; nobody else gets one of it before this unit is over.

        A unit that fails gives it back: there are no gaps."""
        ...

    async def add(self, new: Invoice, entry_ids: Collection[int]) -> Invoice:
        """Store a document, whose id is ignored, over entries that are on no other one."""
        ...

    async def get(self, invoice_id: int) -> Invoice | None:
        """Return a document."""
        ...

    async def by_key(self, key: str) -> Invoice | None:
        """Return the document that was made for a cause."""
        ...

    async def of_lease(
        self, lease_id: int, *, before_id: int | None = None, limit: int = 10
    ) -> Sequence[Invoice]:
        """Return documents of a lease, newest first."""
        ...

    async def of_place(
        self, place_id: int, *, before_id: int | None = None, limit: int = 10
    ) -> Sequence[Invoice]:
        """Return documents of a place, newest first."""
        ...

    async def billed_at(self, place_id: int) -> Sequence[int]:
        """Return the leases of a place that have bills."""
        ...

    async def among(self, invoice_ids: Collection[int]) -> Sequence[Invoice]:
        """Return documents, newest first."""
        ...

    async def correcting(self, invoice_id: int) -> Sequence[Invoice]:
        """Return the credit notes for a bill, oldest first."""
        ...

    async def after(self, invoice_id: int, *, limit: int) -> Sequence[Invoice]:
        """Return the documents that come next, oldest first."""
        ...

    async def last_billed_on(self, lease_ids: Collection[int]) -> Mapping[int, date]:
        """Return the last day that was billed, by lease; those never billed are missing."""
        ...

    async def of_entries(self, entry_ids: Collection[int]) -> Mapping[int, int]:
        """Return the document of each entry that is on one, by entry id."""
        ...

    async def entries_of(self, invoice_id: int) -> Sequence[BookedEntry]:
        """Return the entries that a document tells of, oldest first."""
        ...

    async def dues(self, lease_ids: Collection[int]) -> Mapping[int, tuple[Due, ...]]:
        """Return the bills of leases with what is open of each, oldest first. Rule 7.4."""
        ...

    async def billed_later(self, *, ended_since_on: date) -> Sequence[int]:
        """Return the postpaid leases that run, or have ended since a day."""
        ...

    async def charged_late(self, *, ended_since_on: date) -> Sequence[int]:
        """Return the postpaid leases that have ended since a day and were charged, or given back,
        what no document tells of."""
        ...

    async def remind(self, invoice_id: int, step: str, *, at: datetime) -> bool:
        """Note that tenants were reminded; return False when they were before."""
        ...

    async def reminded(self, invoice_ids: Collection[int]) -> Mapping[int, Mapping[str, datetime]]:
        """Return when tenants were reminded of bills, by bill and step."""
        ...
