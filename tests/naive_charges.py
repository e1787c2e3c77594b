"""What a lease was charged for which use, followed through corrections as plainly as can be.

Rules 1.4 and 3.8, and what is given back of charges: nothing of the product reckons here either.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.naive import Piece, Recount

Times = Collection[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a piece was charged, in paise; nothing of it is to be paid where it was given away."""

    piece: Piece
    paise: int
    is_given_away: bool = False

    @property
    def to_pay_paise(self) -> int:
        """What the tenant owes for it."""
        return 0 if self.is_given_away else self.paise

    @property
    def is_nothing(self) -> bool:
        """Whether there was nothing to charge."""
        return not self.paise and not self.piece.used

    def is_in(self, times: Times) -> bool:
        """Return whether it is for use in some of these times."""
        start_at, end_at = self.piece.from_at, self.piece.to_at
        return any(start_at < to_at and from_at < end_at for from_at, to_at in times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Favour:
    """An amount given back of the charges for some times, as they were then."""

    bill_id: int
    paise: int
    times: Times
    then: Sequence[Charge]

    def less_paise(self, now: Sequence[Charge], times: Times) -> int:
        """Return by how much what is to be paid for times came down since."""
        return _of(self.then, times) - _of(now, times)


@dataclass(slots=True, kw_only=True)
class Charges:
    """All that a lease was charged for what its meter counted, and favours, oldest first."""

    all: list[Charge] = field(default_factory=list)
    favours: list[Favour] = field(default_factory=list)

    def charge_anew(self, recount: Recount, from_at: datetime, to_at: datetime) -> None:
        """Take back what was charged between two instants, and charge what is to be charged.

        Each piece costs what its month costs with it, less what was charged in that before.
        """
        self.all = [each for each in self.all if not each.is_in([(from_at, to_at)])]
        for piece in recount.pieces():
            if from_at <= piece.from_at and piece.to_at <= to_at:
                month = [x for x in self.all if x.piece.month_on == piece.month_on]
                pieces = sorted((*(x.piece for x in month), piece), key=lambda x: x.to_at)
                cost_paise = recount.month(piece.month_on, pieces)
                charged_paise = sum(each.paise for each in month)
                self.all.append(Charge(piece=piece, paise=cost_paise - charged_paise))

    def give_away(self, bill_id: int, times: Times) -> None:
        """Take all back that a bill was for, and what was given back of it by amounts."""
        self.all = [replace(x, is_given_away=x.is_given_away or x.is_in(times)) for x in self.all]
        self.favours = [each for each in self.favours if each.bill_id != bill_id]

    def give(self, bill_id: int, paise: int, times: Times) -> None:
        """Give an amount back of what is charged for these times."""
        own = [x for x in self.all if x.is_in(times) and not x.is_given_away and not x.is_nothing]
        self.favours.append(
            Favour(
                bill_id=bill_id,
                paise=paise,
                times=[(each.piece.from_at, each.piece.to_at) for each in own],
                then=tuple(self.all),
            )
        )

    @property
    def to_pay_paise(self) -> int:
        """What is to be paid for all use."""
        return sum(each.to_pay_paise for each in self.all)

    @property
    def given_paise(self) -> int:
        """What favours give, beyond what corrections have given back of the same charges."""
        counted: dict[int, int] = {}
        for number in sorted(range(len(self.favours)), key=self._scarcity):
            each = self.favours[number]
            taken_paise = sum(
                self._taken_from(each, self.favours[other], paise)
                for other, paise in counted.items()
            )
            free_paise = each.less_paise(self.all, each.times) - taken_paise
            counted[number] = min(max(free_paise, 0), each.paise)
        return sum(each.paise for each in self.favours) - sum(counted.values())

    def _scarcity(self, number: int) -> tuple[int, int]:
        """Return what tells who comes first: who has the fewest charges, then the newest."""
        return len(self.favours[number].times), -number

    def _taken_from(self, own: Favour, other: Favour, paise: int) -> int:
        """Return what another favour counts of what one could, and cannot from other charges."""
        both = [x for x in own.times if x in other.times]
        newer = max(own, other, key=self.favours.index)
        shared_paise = newer.less_paise(self.all, both)
        elsewhere_paise = other.less_paise(self.all, other.times) - shared_paise
        return max(paise - max(elsewhere_paise, 0), 0)


def _of(charges: Iterable[Charge], times: Times) -> int:
    return sum(each.to_pay_paise for each in charges if each.is_in(times))
