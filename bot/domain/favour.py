"""What was given back of charges before they were corrected counts once. Rules 3.8 and 10.4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Favour:
    """Something given back of charges that stayed as they were; money in paise.

    `changes` is by how much each later correction, by its id, brought these charges down; negative
    where it raised them. `counted_paise` was booked of it as part of corrections so far.
    """

    id: int
    amount_paise: int
    counted_paise: int
    changes: Mapping[int, int]

    @property
    def left_paise(self) -> int:
        """What of it stands beside the corrections."""
        return self.amount_paise - self.counted_paise


def counting(favours: Sequence[Favour]) -> Mapping[int, int]:
    """Return what of each favour corrections give back by now, by id, in paise.

    It is the smaller of the favour and of what its charges came down since; where several are for
    the same charges no paisa counts twice: the one that fewer corrections touch comes first, as its
    money can come from nowhere else. How the charges came to what they are makes no difference.
    """
    found: dict[int, int] = {}
    before: list[Favour] = []
    for each in sorted(favours, key=lambda favour: (len(favour.changes), -favour.id)):
        free_paise = sum(each.changes.values()) - _spoken_for(each, before, found)
        found[each.id] = min(max(free_paise, 0), each.amount_paise)
        if found[each.id]:
            before.append(each)
    return found


def _spoken_for(each: Favour, before: Sequence[Favour], found: Mapping[int, int]) -> int:
    """Return what earlier ones take of the same corrections, and cannot take from others."""
    others = {key: paise for other in before for key, paise in other.changes.items()}
    elsewhere = sum(paise for key, paise in others.items() if key not in each.changes)
    return max(sum(found[other.id] for other in before) - max(elsewhere, 0), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretched:
    """A charge, or one that takes the place of others, by the time of the use it is for."""

    key: int
    from_at: datetime
    to_at: datetime

    def meets(self, other: "Stretched") -> bool:
        """Return whether they share some time."""
        return self.from_at < other.to_at and other.from_at < self.to_at


@dataclass(slots=True, kw_only=True)
class Together:
    """Charges taken back, and those that were put in their place, by their keys."""

    undone: list[Stretched]
    anew: list[Stretched]


def matched(undone: Sequence[Stretched], anew: Sequence[Stretched]) -> list[Together]:
    """Return which charges take the place of which: those for the same time, or parts of it."""
    groups = [Together(undone=[each], anew=[]) for each in undone]
    for new in anew:
        met = [group for group in groups if any(new.meets(old) for old in group.undone)]
        rest = [group for group in groups if group not in met]
        joined = Together(
            undone=[old for group in met for old in group.undone],
            anew=[*(each for group in met for each in group.anew), new],
        )
        groups = [*rest, joined]
    return groups
