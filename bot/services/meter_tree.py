"""The tree of main meters and sub-meters, and what no sub-meter counted. Rule 8.4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.meter import MeterSheet, MeterStatus
from bot.domain.meter_tree import Residual, residual
from bot.domain.people import Actor, Permission
from bot.domain.period import first_of_month, local_date, start_of
from bot.domain.place import Place
from bot.services.meter import MeterUnknown
from bot.services.store import Transactions
from bot.services.stores import Unit

MOST_ROOTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNode:
    """A meter of the tree; `used` is None where nothing was counted."""

    sheet: MeterSheet
    room: str | None = None
    used: Decimal | None = None
    has_below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterBranch:
    """A meter with what hangs right below it, counted between two readings of the meter itself.

    `residual` is there when the meter counted and something hangs below it.
    """

    place: Place
    top: TreeNode
    below: tuple[TreeNode, ...]
    parent: MeterSheet | None
    from_at: datetime | None = None
    to_at: datetime | None = None
    residual: Residual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterTops:
    """The meters of a place that others hang below, or are to."""

    place: Place
    tops: tuple[MeterSheet, ...]


class MeterTrees:
    """Shows what hangs below what. Reads only."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def tops(self, *, actor: Actor, place_id: int) -> MeterTops:
        """This function will return the roots of a place's trees. Raises NotAllowed."""
        actor.require(Permission.SEE_ROOMS, place_id)
        async with self._transactions.read() as unit:
            place = await unit.places.get(place_id)
            tops = await unit.sheets.roots(place_id, limit=MOST_ROOTS)
        assert place is not None
        return MeterTops(place=place, tops=tuple(tops))

    async def branch(self, *, actor: Actor, meter_id: int) -> MeterBranch:
        """This function will return a meter with its sub-meters, and what is left of it: main − Σ
        subs, from its last reading before the month, or its first one, to its last. Raises
        MeterUnknown."""
        async with self._transactions.read() as unit:
            top = await unit.sheets.get(meter_id)
            if top is None or not actor.may(Permission.SEE_ROOMS, top.place_id):
                raise MeterUnknown(meter_id)
            place = await unit.places.get(top.place_id)
            assert place is not None
            return await _branch(unit, place, top)


async def _branch(unit: Unit, place: Place, top: MeterSheet) -> MeterBranch:
    below = [
        each for each in await unit.sheets.below(top.id) if each.status is not MeterStatus.RETIRED
    ]
    last = await unit.metering.latest(top.id)
    counted: Mapping[int, Decimal] = {}
    from_at = to_at = None
    if last is not None:
        to_at = last.point.at
        month_at = start_of(first_of_month(local_date(to_at, place.zone)), place.zone)
        from_at = await unit.sheets.counted_from(top.id, month_at) or month_at
        ids = [top.id, *(each.id for each in below)]
        counted = await unit.sheets.counted(ids, from_at=from_at, to_at=to_at)
    rooms = {room.id: room.name for room in await unit.places.rooms(place.id)}
    with_subs = await unit.sheets.with_subs([each.id for each in below])
    return MeterBranch(
        place=place,
        top=TreeNode(sheet=top, used=counted.get(top.id), has_below=bool(below)),
        below=tuple(
            TreeNode(
                sheet=each,
                room=rooms.get(each.room_id or 0),
                used=counted.get(each.id),
                has_below=each.id in with_subs,
            )
            for each in below
        ),
        parent=None if top.parent_id is None else await unit.sheets.get(top.parent_id),
        from_at=from_at,
        to_at=to_at,
        residual=_left(top, below, counted),
    )


def _left(
    top: MeterSheet, below: Sequence[MeterSheet], counted: Mapping[int, Decimal]
) -> Residual | None:
    if not below or top.id not in counted:
        return None
    return residual(counted[top.id], (counted.get(each.id, Decimal(0)) for each in below))
