"""A lease in a room's life, with all that has to be in its balance, reckoned by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.lease import Lease
from bot.domain.ledger import EntryKind
from bot.domain.metering import Reading, ReadingStatus, RegisterPoint
from bot.services.book import LeaseBook
from bot.services.invoice_record import Invoice
from bot.services.store import BookedEntry
from bot.services.stores import Unit
from tests.building import OPENED_AT, Building
from tests.naive import Recount


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """A charge that was taken back with its whole bill, for use in (from_at, to_at]."""

    bill_id: int
    from_at: datetime
    to_at: datetime
    paise: int

    def meets(self, from_at: datetime, to_at: datetime) -> bool:
        """Return whether it is for some of a time."""
        return self.from_at < to_at and from_at < self.to_at


@dataclass(slots=True, kw_only=True)
class Stay:
    """A lease of the room, with what was paid and given back, in paise.

    `parts` is what was given back of bills by amounts, by bill; `points` what the meter was last
    known to have shown.
    """

    building: Building
    meter_id: int
    lease_id: int
    opened_paise: int = 0
    paid_paise: int = 0
    parts: dict[int, int] = field(default_factory=dict)
    gifts: list[Gift] = field(default_factory=list)
    points: set[RegisterPoint] = field(default_factory=set)

    async def expected_paise(self) -> int:
        """Return what the balance must be."""
        given_paise = sum(self.parts.values()) + sum(each.paise for each in self.gifts)
        given_paise -= await self._counted_paise()
        return self.opened_paise + self.paid_paise + given_paise - await self.cost_paise()

    async def _counted_paise(self) -> int:
        async with self.building.transactions.read() as unit:
            found = await unit.recharges.adjustments(self.lease_id)
        return -sum(each.tenant_paise for each in found if "favour" in each.why)

    async def cost_paise(self) -> int:
        """Return what all that was read costs, reckoned from scratch."""
        lease = await self.lease()
        async with self.building.transactions.read() as unit:
            tariff = (await unit.tariffs.get([lease.tariff_id]))[lease.tariff_id]
        return Recount(
            versions=tariff.versions,
            points=[each.point for each in await self.readings()],
            start_on=lease.occupancy.start_on,
            end_on=lease.occupancy.end_on,
        ).total_paise()

    async def got_back(self, note: Invoice) -> None:
        """Remember what a credit note gives: an amount, or all that a bill was for."""
        assert note.corrects_id is not None
        async with self.building.transactions.read() as unit:
            entries = await unit.invoices.entries_of(note.id)
            if entries[0].kind is not EntryKind.REVERSAL:
                known_paise = self.parts.get(note.corrects_id, 0)
                self.parts[note.corrects_id] = known_paise - note.total_paise
                return
            undone = [await unit.ledger.get(each.reverses_id or 0) for each in entries]
            self.parts.pop(note.corrects_id, None)
            self.gifts += [
                await _gift(unit, note.corrects_id, each)
                for each in undone
                if each is not None and each.kind is EntryKind.DEDUCTION
            ]

    def pays_after_all(self, bill: Invoice) -> None:
        """What a bill was for is charged, and whatever else was given back in that time."""
        own = [each for each in self.gifts if each.bill_id == bill.id]
        if own:
            self._forget(min(x.from_at for x in own), max(x.to_at for x in own))

    async def look(self) -> None:
        """Where readings have changed, all that lies between those that have not is charged."""
        now = {each.point for each in await self.readings()}
        changed = [each.at for each in now ^ self.points]
        same = [each.at for each in now & self.points]
        self.points = now
        if changed and self.gifts:
            self._forget(
                max((at for at in same if at < min(changed)), default=min(changed)),
                min((at for at in same if at > max(changed)), default=max(changed)),
            )

    def _forget(self, from_at: datetime, to_at: datetime) -> None:
        self.gifts = [each for each in self.gifts if not each.meets(from_at, to_at)]

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


async def _gift(unit: Unit, bill_id: int, charge: BookedEntry) -> Gift:
    ends = []
    for name in ("reading_from", "reading_to"):
        key = charge.why[name]
        assert isinstance(key, int)
        read = await unit.metering.reading(key)
        assert read is not None
        ends.append(read.point.at)
    from_at, to_at = ends
    return Gift(bill_id=bill_id, from_at=from_at, to_at=to_at, paise=-charge.tenant_paise)
