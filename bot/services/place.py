"""New places, and places found again by their names."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.place import Place

GRACE = timedelta(days=7)
"""So long after its due date a bill of a new place cuts no power."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDefaults:
    """What a new place starts out with."""

    zone: ZoneInfo
    currency: str

    def place(self, name: str, *, space_id: int | None = None) -> Place:
        """Return a place that is not stored yet."""
        return Place(
            id=0,
            name=name,
            zone=self.zone,
            currency=self.currency,
            space_id=space_id,
            grace=GRACE,
        )


class Named(Protocol):
    """Something that people call by a name."""

    @property
    def name(self) -> str:
        """The name as it was first written."""
        ...


NamedT = TypeVar("NamedT", bound=Named)


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common: no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def by_name(things: Iterable[NamedT]) -> dict[str, NamedT]:
    """Return things by the key of their name; of two the first is kept."""
    found: dict[str, NamedT] = {}
    for thing in things:
        found.setdefault(name_key(thing.name), thing)
    return found
