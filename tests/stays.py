"""A lease in a room's life, with all that has to be in its balance, reckoned by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.dispute import Dispute
from bot.domain.lease import Lease
from bot.domain.ledger import EntryKind
from bot.domain.metering import Reading, ReadingStatus, RegisterPoint
from bot.services.book import LeaseBook
from bot.services.invoice_record import Invoice
from bot.services.store import BookedEntry
from bot.services.stores import Unit
from tests.building import OPENED_AT, Building
from tests.naive import Recount
from tests.naive_charges import Charges


@dataclass(slots=True, kw_only=True)
class Stay:
    """A lease of the room, with what was paid, charged and given back, in paise.

    `points` is what the meter was last known to have shown. `voided` are the times of bills that
    were taken back whole.
    """

    building: Building
    meter_id: int
    lease_id: int
    opened_paise: int = 0
    paid_paise: int = 0
    charges: Charges = field(default_factory=Charges)
    voided: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    points: set[RegisterPoint] = field(default_factory=set)

    async def expected_paise(self) -> int:
        """Return what the balance must be."""
        to_pay_paise = self.charges.to_pay_paise - self.charges.given_paise
        return self.opened_paise + self.paid_paise - to_pay_paise

    async def recount(self) -> Recount:
        """Return what all that was read is to cost, to be reckoned from scratch."""
        lease = await self.lease()
        async with self.building.transactions.read() as unit:
            tariff = (await unit.tariffs.get([lease.tariff_id]))[lease.tariff_id]
        return Recount(
            versions=tariff.versions,
            points=[each.point for each in await self.readings()],
            start_on=lease.occupancy.start_on,
            end_on=lease.occupancy.end_on,
        )

    async def look(self) -> None:
        """Where readings have changed, all that lies between those that have not is charged."""
        now = {each.point for each in await self.readings()}
        changed = [each.at for each in now ^ self.points]
        same = [each.at for each in now & self.points]
        self.points = now
        if changed:
            before_at = max((at for at in same if at < min(changed)), default=min(changed))
            after_at = min((at for at in same if at > max(changed)), default=max(changed))
            self.charges.charge_anew(await self.recount(), before_at, after_at)

    async def got_back(self, note: Invoice) -> None:
        """Remember what a credit note gives: an amount, or all that a bill was for."""
        assert note.corrects_id is not None
        async with self.building.transactions.read() as unit:
            entries = await unit.invoices.entries_of(note.id)
            if entries[0].kind is EntryKind.REVERSAL:
                undone = [await unit.ledger.get(each.reverses_id or 0) for each in entries]
                times = await _times(unit, undone)
                self.charges.give_away(note.corrects_id, times)
                self.voided[note.corrects_id] = times
                return
            times = await self._times_of(unit, note.corrects_id)
            self.charges.give(note.corrects_id, -note.total_paise, times)

    async def answered(self, dispute: Dispute) -> None:
        """Remember what a question that was settled gives back of what was questioned."""
        if not dispute.credited_paise:
            return
        async with self.building.transactions.read() as unit:
            found = await unit.recharges.adjustments(self.lease_id)
            answers = [each for each in found if each.why.get("dispute") == dispute.number]
            given = next(each for each in answers if "favour" not in each.why)
            note_id = (await unit.invoices.of_entries([given.id])).get(given.id)
            note = None if note_id is None else await unit.invoices.get(note_id)
            if dispute.entry_id is None and note is not None:
                times = await self._times_of(unit, note.corrects_id or 0)
            else:
                times = await _times(unit, [await unit.ledger.get(dispute.entry_id or 0)])
        bill_id = 0 if note is None else note.corrects_id or 0
        self.charges.give(bill_id, dispute.credited_paise, times)

    async def _times_of(self, unit: Unit, bill_id: int) -> list[tuple[datetime, datetime]]:
        told = list(await unit.invoices.entries_of(bill_id))
        for other in await unit.invoices.correcting(bill_id):
            told += await unit.invoices.entries_of(other.id)
        return await _times(unit, told)

    async def pays_after_all(self, bill: Invoice) -> None:
        """What a bill was for is charged, and whatever else was given back in that time."""
        starts, ends = zip(*self.voided[bill.id], strict=True)
        self.charges.charge_anew(await self.recount(), min(starts), max(ends))

    async def readings(self) -> list[Reading]:
        """Return what counts of all that was read for the lease, oldest first."""
        async with self.building.transactions.read() as unit:
            (installed,) = await unit.chains.installations(self.meter_id)
            found = await unit.chains.members(
                installed.id, lease_id=self.lease_id, from_at=OPENED_AT, to_at=None
            )
        return [each for each in found if each.status is ReadingStatus.ACCEPTED]

    async def lease(self) -> Lease:
        """Return the lease as it stands."""
        return (await self.book()).lease

    async def book(self) -> LeaseBook:
        """Return all that is known of the lease."""
        key, now = self.lease_id, self.building.clock.now()
        async with self.building.transactions.read() as unit:
            return (await unit.books.load([key], now=now, lock=False))[key]

    async def documents(self) -> Sequence[Invoice]:
        """Return all bills and credit notes, oldest first."""
        async with self.building.transactions.read() as unit:
            return (await unit.invoices.of_lease(self.lease_id, limit=1000))[::-1]


async def _times(
    unit: Unit, entries: Iterable[BookedEntry | None]
) -> list[tuple[datetime, datetime]]:
    """Return for which times charges are."""
    found = []
    for each in entries:
        if each is not None and each.kind is EntryKind.DEDUCTION:
            keys = (each.why["reading_from"], each.why["reading_to"])
            ends = [await unit.metering.reading(key) for key in keys if isinstance(key, int)]
            from_at, to_at = (end.point.at for end in ends if end is not None)
            found.append((from_at, to_at))
    return found
