"""How a tariff may be called."""

import re

from bot.domain.tariff import Tariff
from bot.services.place import by_name, name_key
from bot.services.stores import Unit

MOST_CHARACTERS = 40
_JUST_A_PRICE = re.compile(r"\d+\.\d+/\S+( \(\d+\))?")
"""What an import calls a tariff, e.g. "6.50/kWh (2)"."""


class NameTaken(Exception):
    """Another tariff of the place is called that."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class BadName(ValueError):
    """A tariff's name has to be there, and short."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def clean_name(name: str) -> str:
    """Return a name without needless spaces. Raises BadName."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > MOST_CHARACTERS:
        raise BadName(name)
    return cleaned


def name_after(tariff: Tariff) -> str:
    """Return the name of a tariff whose price changes: one that is just a price says it no more."""
    if _JUST_A_PRICE.fullmatch(tariff.name) is None:
        return tariff.name
    return f"{tariff.medium.unit} #{tariff.id}"


async def require_free(
    unit: Unit, place_id: int, name: str, *, except_id: int | None = None
) -> None:
    """Raises NameTaken when another tariff of the place is called that, in whatever spelling."""
    others = [each for each in await unit.tariffs.of_place(place_id) if each.id != except_id]
    taken = by_name(others).get(name_key(name))
    if taken is not None:
        raise NameTaken(taken.name)
