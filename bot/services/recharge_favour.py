"""Which charges take the place of which, and what that counts of favours. Rules 3.8 and 10.4."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.favour import Stretched, matched
from bot.services.check import Step
from bot.services.favour import Pending, Use, uses_of
from bot.services.store import BookedEntry
from bot.services.stores import Unit


async def coming_uses(
    unit: Unit,
    lease_id: int,
    *,
    undone: Sequence[BookedEntry],
    given_away: Sequence[BookedEntry],
    steps: Sequence[Step],
) -> Sequence[Use]:
    """Return what charging anew would count of what was given back before.

    `given_away` are charges that were taken back with their whole bill, and come again.
    """
    gone = [*undone, *given_away]
    if not gone:
        return ()
    paise = {each.id: -each.tenant_paise for each in undone}
    anew = [
        Stretched(key=at, from_at=step.stretch.start.at, to_at=step.stretch.end.point.at)
        for at, step in enumerate(steps)
    ]
    pending = [
        Pending(
            undone_ids=frozenset(each.key for each in group.undone),
            change_paise=sum(paise.get(each.key, 0) for each in group.undone)
            - sum(steps[each.key].charge.total_paise for each in group.anew),
        )
        for group in matched([_stretched(each) for each in gone], anew)
    ]
    return await uses_of(unit, lease_id, undone_ids={each.id for each in gone}, pending=pending)


def links(undone: Sequence[BookedEntry], anew: Sequence[BookedEntry]) -> list[tuple[int, int]]:
    """Return which deductions took the place of which, by (entry id, id of the new one)."""
    groups = matched([_stretched(each) for each in undone], [_stretched(each) for each in anew])
    return [(old.key, new.key) for group in groups for old in group.undone for new in group.anew]


def _stretched(entry: BookedEntry) -> Stretched:
    """Return for which time a deduction is."""
    from_at, to_at = (datetime.fromisoformat(str(entry.why[name])) for name in ("from_at", "to_at"))
    return Stretched(key=entry.id, from_at=from_at, to_at=to_at)
