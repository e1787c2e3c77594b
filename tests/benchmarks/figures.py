"""What a benchmark found out, as a table for people and as a line of JSON for machines."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number and the bounds that it has to keep; without bounds it only explains others.

    `is_timed` figures depend on the machine, the others are facts on any of them.
    """

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    is_timed: bool = True

    @property
    def is_kept(self) -> bool:
        """Whether the number lies within its bounds."""
        not_below = self.at_least is None or self.value >= self.at_least
        return not_below and (self.at_most is None or self.value <= self.at_most)


def fact(
    name: str, value: float, *, exactly: float | None = None, at_most: float | None = None
) -> Figure:
    """Return a figure that no machine can change."""
    most = at_most if exactly is None else exactly
    return Figure(name=name, value=value, at_least=exactly, at_most=most, is_timed=False)


def middle(values: Iterable[float]) -> float:
    """Return the median, which a busy moment of the machine does not move."""
    return median(values)


def ratio_of(measured: Sequence[float], plain: Sequence[float]) -> float:
    """Return the median of the ratios, round by round: both sides of one had the same weather."""
    return middle(one / other for one, other in zip(measured, plain, strict=True))


def told(title: str, figures: Sequence[Figure]) -> str:
    """Return the table of a benchmark, and its line of JSON."""
    rows = [
        f"  {_verdict(each)} {each.name:<58}{_number(each):>14}  {_bound(each)}".rstrip()
        for each in figures
    ]
    machine = {"benchmark": title, "figures": {each.name: each.value for each in figures}}
    return "\n".join([title, *rows, json.dumps(machine)])


def _verdict(each: Figure) -> str:
    if each.at_least is None and each.at_most is None:
        return " "
    return "+" if each.is_kept else "!"


def _number(each: Figure) -> str:
    shown = f"{each.value:,.3f}" if each.value % 1 else f"{each.value:,.0f}"
    return f"{shown} {each.unit}".strip()


def _bound(each: Figure) -> str:
    if each.at_least is not None and each.at_least == each.at_most:
        return f"exactly {each.at_least:g}"
    low = "" if each.at_least is None else f"at least {each.at_least:g}"
    high = "" if each.at_most is None else f"at most {each.at_most:g}"
    return f"{low} {high}".strip()
