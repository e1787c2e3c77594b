"""How many people rooms are for and how large they are, from day to day. Rule 8.2."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ALWAYS = date.min
"""A size that was never another one, as far as anybody knows, is so since then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSize:
    """People, or square metres, from a day on until the next one's."""

    from_on: date
    value: Decimal

    @property
    def is_always(self) -> bool:
        """Whether nobody knows of a day before it."""
        return self.from_on == ALWAYS


Sizes = Sequence[RoomSize]
"""Those of one room by one key, oldest first."""


def size_on(sizes: Sizes, on: date) -> RoomSize | None:
    """Return the size on a day; None before the first one."""
    return next((each for each in reversed(sizes) if each.from_on <= on), None)
