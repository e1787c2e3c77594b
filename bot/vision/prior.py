"""What the counter can show, by what it showed before. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor

MOST_DIGITS = 9
LEAST_DIGITS_UNKNOWN = 4
WORTH_UNKNOWN = 100.0
WEIGHT_OF_ALL_PLACES = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Values from `least` to `most`, written with one of these numbers of decimals.

    `is_known` tells whether a value from before narrowed them down.
    """

    least: Decimal
    most: Decimal
    decimals: tuple[int, ...]
    is_known: bool = True
    _values: dict[str, Sequence[tuple[Decimal, float]]] = field(default_factory=dict, compare=False)
    _longer: dict[str, Sequence[tuple[int, str]]] = field(default_factory=dict, compare=False)

    def values(self, digits: str) -> Sequence[tuple[Decimal, float]]:
        """Return the possible values that these digits write, and how likely each is beforehand."""
        known = self._values.get(digits)
        if known is None:
            known = self._values[digits] = tuple(self._written(digits))
        return known

    def longer(self, digits: str) -> Sequence[tuple[int, str]]:
        """Return the digits that can follow, and what they make of these.

        A possible value begins with all of it, zeros before it or not.
        """
        known = self._longer.get(digits)
        if known is None:
            known = self._longer[digits] = tuple(self._followed(digits))
        return known

    def begins(self, digits: str) -> bool:
        """Return whether a possible value can begin with these digits, zeros before it or not."""
        number = int(digits)
        return number == 0 or any(
            number * power <= most and (number + 1) * power > least
            for power in _POWERS[: MOST_DIGITS + 1 - len(digits)]
            for least, most in _bounds(self)
        )

    def _followed(self, digits: str) -> Iterator[tuple[int, str]]:
        if len(digits) < MOST_DIGITS:
            for digit in range(10):
                longer = f"{digits}{digit}"
                if self.begins(longer):
                    yield digit, longer

    def _written(self, digits: str) -> Iterator[tuple[Decimal, float]]:
        for places in self.decimals:
            if len(digits) > places:
                value = Decimal(digits).scaleb(-places)
                if self.least <= value <= self.most:
                    yield value, self._share(len(digits), places)

    def _share(self, length: int, places: int) -> float:
        weights = [WEIGHT_OF_ALL_PLACES if each else 1.0 for each in self.decimals]
        weight = (WEIGHT_OF_ALL_PLACES if places else 1.0) / sum(weights)
        if self.is_known:
            return weight / (int((self.most - self.least).scaleb(places)) + 1)
        # Nothing is known: a number is as good as any other, but short ones are rarely counters.
        return 0.0 if length < LEAST_DIGITS_UNKNOWN else weight * WORTH_UNKNOWN / 10**length


def prior_of(*, previous: Decimal | None, plausible: Decimal | None, decimals: int) -> Prior:
    """Return what the counter can show, by its last value and by how much it may have grown.

    All in the meter's unit; without `plausible`, it may have doubled.
    """
    places = places_of(decimals)
    if previous is None:
        return Prior(
            least=Decimal(0), most=Decimal(10**MOST_DIGITS - 1), decimals=places, is_known=False
        )
    growth = max(previous, Decimal(1000)) if plausible is None else plausible
    return Prior(least=previous, most=previous + growth, decimals=places)


def places_of(decimals: int) -> tuple[int, ...]:
    """Return how many decimals of a counter with that many may be read.

    The last wheel is often painted another colour and missed, or a display leaves it out; of
    three red wheels (water, gas) all are read or none.
    """
    return (0,) if decimals == 0 else (0, decimals)


_POWERS = tuple(10**power for power in range(MOST_DIGITS))


@lru_cache(maxsize=8)
def _bounds(prior: Prior) -> tuple[tuple[int, int], ...]:
    """Return the least and the most number that the digits may write without their point."""
    return tuple(
        (ceil(prior.least.scaleb(places)), floor(prior.most.scaleb(places)))
        for places in prior.decimals
    )
