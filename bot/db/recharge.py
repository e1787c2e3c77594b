"""Which charges took the place of which, in the store. Rule 3.8."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Index, UniqueConstraint, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.entry import booked_from, entry
from bot.db.metadata import row_id, table, to
from bot.db.types import written_out
from bot.domain.ledger import EntryKind
from bot.services.store import BookedEntry
from bot.services.stores.recharge import Recharge

heir = table(
    "heir",
    row_id(),
    to("entry", "entry_id"),
    to("entry", "heir_id"),
    UniqueConstraint("entry_id", "heir_id"),
    Index("ix_heir_heir", "heir_id"),
)

_undo = entry.alias("undo")


class Recharges:
    """The ways of charges through corrections."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def link(self, pairs: Collection[tuple[int, int]]) -> None:
        """Store which charges were taken back for which, by (entry id, id of the new one)."""
        if pairs:
            rows = [{"entry_id": entry_id, "heir_id": heir_id} for entry_id, heir_id in pairs]
            await self._connection.execute(insert(heir), rows)

    async def of(self, entry_ids: Collection[int]) -> Sequence[Recharge]:
        """Return what became of those of these charges that were taken back."""
        reversals = await self._reversals(entry_ids)
        links = await self._links(heir.c.entry_id.in_(reversals))
        links |= await self._links(heir.c.heir_id.in_({heir_id for _, heir_id in links}))
        by_heirs: dict[frozenset[int], set[int]] = defaultdict(set)
        for entry_id in {*reversals, *(each for each, _ in links)}:
            heirs = frozenset(heir_id for each, heir_id in links if each == entry_id)
            by_heirs[heirs or frozenset({-entry_id})].add(entry_id)
        known = {each for pair in links for each in pair} | set(reversals)
        amounts = await self._amounts(known)
        reversals |= await self._reversals(known)
        return [
            _recharge(
                undone, {each: amounts[each] for each in heirs if each > 0}, amounts, reversals
            )
            for heirs, undone in by_heirs.items()
        ]

    async def adjustments(self, lease_id: int) -> Sequence[BookedEntry]:
        """Return the adjustments of a lease that nobody has taken back, oldest first."""
        rows = await self._connection.execute(
            select(entry)
            .where(
                entry.c.lease_id == lease_id,
                entry.c.kind == written_out(EntryKind.ADJUSTMENT),
                ~exists().where(_undo.c.reverses_id == entry.c.id),
            )
            .order_by(entry.c.id)
        )
        return [booked_from(row) for row in rows]

    async def _links(self, where: Any) -> set[tuple[int, int]]:
        rows = await self._connection.execute(select(heir.c.entry_id, heir.c.heir_id).where(where))
        return {(row.entry_id, row.heir_id) for row in rows}

    async def _reversals(self, entry_ids: Collection[int]) -> dict[int, int]:
        """Return what took entries back, by entry id."""
        rows = await self._connection.execute(
            select(entry.c.id, entry.c.reverses_id).where(entry.c.reverses_id.in_(entry_ids))
        )
        return {row.reverses_id: row.id for row in rows}

    async def _amounts(self, entry_ids: Collection[int]) -> Mapping[int, int]:
        """Return what entries charge, by id, in paise."""
        rows = await self._connection.execute(
            select(entry.c.id, entry.c.tenant_paise).where(entry.c.id.in_(entry_ids))
        )
        return {row.id: -row.tenant_paise for row in rows}


def _recharge(
    undone: Collection[int],
    heirs: Mapping[int, int],
    amounts: Mapping[int, int],
    reversals: Mapping[int, int],
) -> Recharge:
    return Recharge(
        id=min(reversals[each] for each in undone),
        undone_ids=frozenset(undone),
        heirs=heirs,
        change_paise=sum(amounts[each] for each in undone) - sum(heirs.values()),
    )
