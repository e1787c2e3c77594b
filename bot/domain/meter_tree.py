"""Meters below meters: a tree without circles, and what no sub-meter counted. Rule 8.4."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal


class MeterAboveItself(ValueError):
    """The parent that was named hangs below the meter itself."""

    def __init__(self, *, meter_id: int, parent_id: int) -> None:
        super().__init__(meter_id, parent_id)
        self.meter_id = meter_id
        self.parent_id = parent_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A meter with what hangs below it, in the order given."""

    meter_id: int
    below: tuple["Branch", ...] = ()


def require_no_circle(parents: Mapping[int, int | None], *, meter_id: int, parent_id: int) -> None:
    """Raises MeterAboveItself when a meter would come to hang below itself.

    `parents` are those of the meters of the place as they are now.
    """
    above: int | None = parent_id
    seen: set[int] = set()
    while above is not None and above not in seen:
        if above == meter_id:
            raise MeterAboveItself(meter_id=meter_id, parent_id=parent_id)
        seen.add(above)
        above = parents.get(above)


def tree_of(parents: Mapping[int, int | None]) -> tuple[Branch, ...]:
    """Return the trees of some meters; one whose parent is not among them is a root."""
    below: dict[int | None, list[int]] = {}
    for meter_id, parent_id in parents.items():
        below.setdefault(parent_id if parent_id in parents else None, []).append(meter_id)
    return _branches(below, None)


def _branches(below: Mapping[int | None, list[int]], root: int | None) -> tuple[Branch, ...]:
    return tuple(
        Branch(meter_id=meter_id, below=_branches(below, meter_id))
        for meter_id in below.get(root, ())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """What a main meter counted beyond its sub-meters, in its unit.

    `missing` is by how much the sub-meters counted more than the main one; then nothing is left.
    """

    main: Decimal
    subs: Decimal
    left: Decimal
    missing: Decimal

    def is_above(self, percent: int | None) -> bool:
        """Return whether more than a part of it all was counted by no sub-meter; None: never."""
        return percent is not None and self.left * 100 > self.main * percent


def residual(main: Decimal, subs: Iterable[Decimal]) -> Residual:
    """Return main − Σ subs, never below zero. Rule 8.4."""
    counted = sum(subs, Decimal(0))
    difference = main - counted
    return Residual(
        main=main,
        subs=counted,
        left=max(difference, Decimal(0)),
        missing=max(-difference, Decimal(0)),
    )
