"""Which of the values seen in many boxes is it? Every box has a vote. Pure."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.vision.shapes import Box, overlap
from bot.vision.slots import Slot

USUAL_HEIGHT = 0.05
DOUBT_IN_BOX = 300.0
DOUBT_IN_PHOTO = 0.3
SAME_PLACE = 0.6
PLACE_VALUES = re.compile(r"0{0,4}(10+){2,}1?0*")
LEAST_PLACE_VALUES = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one box says: by value, how much rather than by chance, times what it was worth before.

    `height` is that of the digits, as a share of the photo's long side.
    """

    box: Box
    height: float
    evidence: Mapping[Decimal, float]
    slots: Sequence[Slot] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A value, and the share of the votes for all values with the same whole part, 0 to 1."""

    value: Decimal
    score: float


def is_scale(slots: Sequence[Slot]) -> bool:
    """Return whether a line is the row of place values (10000 1000 100 …) printed at a counter."""
    digits = "".join(str(slot.odds.index(max(slot.odds))) for slot in slots if slot.nothing < 0.5)
    return len(digits) >= LEAST_PLACE_VALUES and PLACE_VALUES.fullmatch(digits) is not None


def ranked(sightings: Sequence[Sighting]) -> list[Ranked]:
    """Return the values best first, each with another whole part.

    A box gives its vote to its values by their evidence, or keeps it where that is weak: chance
    finds a fitting number in some print on any meter. Large digits count for more, since people
    point the camera at the counter.
    """
    given: dict[Decimal, float] = defaultdict(float)
    for sighting in sightings:
        for value, vote in votes(sighting).items():
            given[value] += vote
    wholes: dict[int, float] = defaultdict(float)
    best: dict[int, Decimal] = {}
    for value in sorted(given, key=lambda each: given[each]):
        wholes[int(value)] += given[value]
        best[int(value)] = value
    everything = sum(wholes.values()) + DOUBT_IN_PHOTO
    order = sorted(wholes, key=lambda whole: -wholes[whole])
    return [Ranked(value=best[whole], score=wholes[whole] / everything) for whole in order]


def strongest(sightings: Sequence[Sighting], *, most: int) -> list[Box]:
    """Return the boxes, no two of one place, that say most."""
    kept: list[Box] = []
    for sighting in sorted(sightings, key=lambda each: -sum(votes(each).values())):
        if len(kept) < most and all(overlap(sighting.box, box) < SAME_PLACE for box in kept):
            kept.append(sighting.box)
    return kept


def votes(sighting: Sighting) -> dict[Decimal, float]:
    """Return by value what a box gives to it: by its evidence, and by the size of its digits."""
    size = sighting.height / USUAL_HEIGHT
    everything = size * sum(sighting.evidence.values()) + DOUBT_IN_BOX
    return {value: size * size * weight / everything for value, weight in sighting.evidence.items()}
