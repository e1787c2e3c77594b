"""Takes charges back, and what they count for in their months. Rules 2.2 and 3.8."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.ledger import reversal_of
from bot.services.cause import Cause
from bot.services.store import BookedEntry, MonthLine
from bot.services.stores import Unit


async def take_back(
    unit: Unit,
    entry_ids: Sequence[int],
    *,
    cause: Cause,
    reason: str | None,
    why: Mapping[str, object],
    now: datetime,
    keeps_use: bool = False,
) -> Sequence[BookedEntry]:
    """Reverse charges, so that they count no longer in their month either. Rule 2.2.

    With `keeps_use` they count there until they are charged anew: what is used later in the month
    costs what it costs, whatever was given away before it.
    """
    reversals = []
    for entry_id in entry_ids:
        whole = await unit.ledger.whole(entry_id)
        assert whole is not None
        undo = reversal_of(
            whole, entry_id=entry_id, at=now, actor_id=cause.actor_id, reason=reason or ""
        )
        reversals.append(replace(undo, reason=reason, why=why))
    booked = await unit.ledger.append(reversals, recorded_at=now)
    if not keeps_use:
        await _take_off(unit, {each.reverses_id or 0: each.id for each in booked})
    return booked


async def forget_use(unit: Unit, charges: Sequence[BookedEntry]) -> None:
    """Let charges that were taken back, but for their use, count no longer in their months."""
    undone = [await unit.ledger.reversed_by(each.id) for each in charges]
    await _take_off(unit, {each.reverses_id or 0: each.id for each in undone if each is not None})


async def _take_off(unit: Unit, reversal_ids: Mapping[int, int]) -> None:
    lines = await unit.chains.lines_of(list(reversal_ids))
    await unit.ledger.add_lines(
        [(reversal_ids[entry_id], _opposite(line)) for entry_id, line in lines]
    )


def _opposite(line: MonthLine) -> MonthLine:
    """What was taken back counts no longer in its month."""
    return replace(line, quantity=-line.quantity, amount_paise=-line.amount_paise)
