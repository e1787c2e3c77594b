"""What places and rooms were called before: files that say so still mean them."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.place import by_name, name_key
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerNames:
    """Names that nothing has any more, by their keys, with what is called otherwise now.

    Rooms are found by the key of their place's present name and that of their own former one.
    """

    places: Mapping[str, str]
    rooms: Mapping[tuple[str, str], str]

    def place(self, name: str) -> str:
        """Return what the place of that name is called now; an unknown name is returned."""
        return self.places.get(name_key(name), name)

    def room(self, place: str, name: str) -> str:
        """Return what a place's room of that name is called now; an unknown name is returned."""
        return self.rooms.get((name_key(self.place(place)), name_key(name)), name)


async def former_names(unit: Unit) -> FormerNames:
    """Return all names of old; the present name of another place or room counts before them."""
    former = await unit.places.former_names()
    places = {place.id: place for place in await unit.places.all()}
    taken = by_name(places.values())
    old_places = {
        name_key(each.name): places[each.place_id].name
        for each in former
        if each.room_id is None and name_key(each.name) not in taken
    }
    old_rooms: dict[tuple[str, str], str] = {}
    for place_id in {each.place_id for each in former if each.room_id is not None}:
        rooms = {room.id: room for room in await unit.places.rooms(place_id)}
        now = by_name(rooms.values())
        for each in former:
            key = name_key(each.name)
            if each.room_id in rooms and key not in now:
                old_rooms[name_key(places[place_id].name), key] = rooms[each.room_id].name
    return FormerNames(places=old_places, rooms=old_rooms)
