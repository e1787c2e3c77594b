"""Which tariffs leases were given, and since when."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Column, bindparam, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.entry import entry
from bot.db.lease import lease
from bot.db.metadata import table, to
from bot.db.tariff import Tariffs
from bot.db.types import LocalDate, written_out
from bot.domain.ledger import EntryKind
from bot.domain.tariff import Tariff
from bot.domain.timeline import Given, Timeline

AT_ONCE = 5_000

lease_tariff = table(
    "lease_tariff",
    to("lease", "lease_id", key=True),
    Column("from_on", LocalDate, primary_key=True),
    to("tariff", "tariff_id"),
)

_GIVEN = (
    select(lease_tariff)
    .where(lease_tariff.c.lease_id.in_(bindparam("lease_ids", expanding=True)))
    .order_by(lease_tariff.c.lease_id, lease_tariff.c.from_on)
)
_CHARGED_AT = (
    select(func.max(entry.c.occurred_at))
    .where(entry.c.lease_id == lease.c.id, entry.c.kind == written_out(EntryKind.DEDUCTION))
    .correlate(lease)
    .scalar_subquery()
)


class LeaseTariffs:
    """The tariffs of the leases, day by day."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def timelines(
        self, first: Mapping[int, int], *, lock: bool = False
    ) -> Mapping[int, Timeline]:
        """Return what leases pay, by lease id, from the ids of the tariffs that they began with.

        With `lock` nobody changes these tariffs until the unit ends: the leases must be locked
        before, for then neither are they given others.
        """
        given = await self._given(list(first))
        tariff_ids = {*first.values(), *(each for own in given.values() for _, each in own)}
        tariffs = Tariffs(self._connection)
        if lock:
            await tariffs.share(tariff_ids)
        known = await tariffs.get(tariff_ids)
        plain = {tariff_id: Timeline.of(tariff) for tariff_id, tariff in known.items()}
        return {
            lease_id: _joined(known[tariff_id], given[lease_id], known)
            if lease_id in given
            else plain[tariff_id]
            for lease_id, tariff_id in first.items()
        }

    async def _given(self, lease_ids: Sequence[int]) -> dict[int, list[tuple[date, int]]]:
        found: dict[int, list[tuple[date, int]]] = {}
        for at in range(0, len(lease_ids), AT_ONCE):
            ids = {"lease_ids": lease_ids[at : at + AT_ONCE]}
            for row in await self._connection.execute(_GIVEN, ids):
                found.setdefault(row.lease_id, []).append((row.from_on, row.tariff_id))
        return found

    async def give(self, *, lease_id: int, tariff_id: int, from_on: date) -> None:
        """Let a lease have a tariff from a day on, which has no other change."""
        await self._connection.execute(
            insert(lease_tariff).values(lease_id=lease_id, tariff_id=tariff_id, from_on=from_on)
        )

    async def take_back(self, *, lease_id: int, from_on: date) -> None:
        """Forget the changes of a lease that come on a day or later."""
        await self._connection.execute(
            delete(lease_tariff).where(
                lease_tariff.c.lease_id == lease_id, lease_tariff.c.from_on >= from_on
            )
        )

    async def having(self, tariff_id: int) -> Mapping[int, int]:
        """Return the leases that have, had or will have a tariff, and what they began with."""
        given = select(lease_tariff.c.lease_id).where(lease_tariff.c.tariff_id == tariff_id)
        rows = await self._connection.execute(
            select(lease.c.id, lease.c.tariff_id)
            .where(or_(lease.c.tariff_id == tariff_id, lease.c.id.in_(given)))
            .order_by(lease.c.id)
        )
        return {row.id: row.tariff_id for row in rows}

    async def charged_at(self, lease_ids: Collection[int]) -> Mapping[int, datetime]:
        """Return up to when leases were charged, by lease id; those never charged are missing."""
        found: dict[int, datetime] = {}
        ids = list(lease_ids)
        for at in range(0, len(ids), AT_ONCE):
            rows = await self._connection.execute(
                select(lease.c.id, _CHARGED_AT.label("charged_at")).where(
                    lease.c.id.in_(ids[at : at + AT_ONCE])
                )
            )
            found |= {row.id: row.charged_at for row in rows if row.charged_at is not None}
        return found


def _joined(
    first: Tariff, given: Sequence[tuple[date, int]], known: Mapping[int, Tariff]
) -> Timeline:
    later = (Given(tariff=known[tariff_id], from_on=from_on) for from_on, tariff_id in given)
    return Timeline(given=(Given(tariff=first, from_on=date.min), *later))
