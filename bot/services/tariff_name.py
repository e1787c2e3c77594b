"""How a tariff may be called."""

from bot.services.place import by_name, name_key
from bot.services.stores import Unit

MOST_CHARACTERS = 40


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


async def require_free(
    unit: Unit, place_id: int, name: str, *, except_id: int | None = None
) -> None:
    """Raises NameTaken when another tariff of the place is called that, in whatever spelling."""
    others = [each for each in await unit.tariffs.of_place(place_id) if each.id != except_id]
    taken = by_name(others).get(name_key(name))
    if taken is not None:
        raise NameTaken(taken.name)
