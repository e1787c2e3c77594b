"""How much of a shared meter each lease has: ratios that sum to one, exactly. Rules 8.1, 8.3."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

WHOLE_PPM = 1_000_000
"""Shares are kept in millionths."""

_LIKELY_PERCENT = range(90, 111)
_SEPARATORS = re.compile(r"[\s,;:+]+")
_NUMBER = r"\d{1,7}(?:\.\d{1,4})?"
_PLAIN = re.compile(_NUMBER)
_PERCENT = re.compile(rf"({_NUMBER})%")
_FRACTION = re.compile(rf"({_NUMBER})/({_NUMBER})")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseShare:
    """A lease's part of a meter; None where the meter is the lease's own. `is_charged` tells
    whether the lease was ever charged by the meter."""

    lease_id: int
    room: str
    tenant: str
    share_ppm: int | None = None
    is_charged: bool = False


class NotShares(ValueError):
    """The text does not say one share for each lease."""

    def __init__(self, text: str, *, leases: int) -> None:
        super().__init__(text, leases)
        self.text = text
        self.leases = leases


class ShareIsNothing(ValueError):
    """A lease with no part of the meter does not share it."""


class SharesDoNotSum(ValueError):
    """The shares are said to be parts of one whole, and are more or less than it."""

    def __init__(self, total: Fraction) -> None:
        super().__init__(total)
        self.total = total


def parse_shares(text: str, *, leases: int) -> tuple[int, ...]:
    """Return the share of each lease, in millionths, in the order of the leases.

    Accepts percent (`50/30/20`, `50% 30% 20%`), fractions (`1/2 1/4 1/4`, or once `1/3` for
    three), and parts (`2:1:1`). Raises NotShares, SharesDoNotSum and ShareIsNothing.
    """
    parts, is_of_one = _parts(text, leases)
    if min(parts) <= 0:
        raise ShareIsNothing
    total = sum(parts, Fraction(0))
    if is_of_one and total != 1:
        raise SharesDoNotSum(total)
    if not is_of_one and total != 100 and int(total) in _LIKELY_PERCENT:
        raise SharesDoNotSum(total / 100)
    return shares_of(parts)


def shares_of(parts: Sequence[Fraction | int]) -> tuple[int, ...]:
    """Return parts in millionths that sum to one exactly: the largest remainders get the rest.

    Raises ShareIsNothing for a part so small that nothing is left of it.
    """
    total = sum((Fraction(part) for part in parts), Fraction(0))
    exact = [Fraction(part) * WHOLE_PPM / total for part in parts]
    shares = [int(each) for each in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: (shares[at] - exact[at], at))
    for at in by_remainder[: WHOLE_PPM - sum(shares)]:
        shares[at] += 1
    if min(shares) <= 0:
        raise ShareIsNothing
    return tuple(shares)


def equal_shares(leases: int) -> tuple[int, ...]:
    """Return the same share for each lease, in millionths."""
    return shares_of([1] * leases)


def _parts(text: str, leases: int) -> tuple[list[Fraction], bool]:
    """Return what was typed, and whether it was said in parts of one."""
    tokens = [token for token in _SEPARATORS.split(text.strip()) if token]
    if len(tokens) == 1 and tokens[0] == f"1/{leases}":
        return [Fraction(1, leases)] * leases, True
    if len(tokens) == 1 and "/" in tokens[0]:
        tokens = tokens[0].split("/")
    if len(tokens) != leases:
        raise NotShares(text, leases=leases)
    if all(_PLAIN.fullmatch(token) for token in tokens):
        return [Fraction(token) for token in tokens], False
    return [_of_one(token, text, leases) for token in tokens], True


def _of_one(token: str, text: str, leases: int) -> Fraction:
    if percent := _PERCENT.fullmatch(token):
        return Fraction(percent[1]) / 100
    fraction = _FRACTION.fullmatch(token)
    if fraction is None or Fraction(fraction[2]) == 0:
        raise NotShares(text, leases=leases)
    return Fraction(fraction[1]) / Fraction(fraction[2])
