"""Rooms and places get other names, and files that say the old ones still mean them."""

import asyncio

import pytest

from bot.domain.people import Actor, NotAllowed, Role
from bot.services.arrivals import note_spaces
from bot.services.cause import AlreadyHandled, Cause
from bot.services.naming import NameInUse, Names, UnusableName
from bot.services.place import PlaceDefaults
from bot.services.ports import SpaceListing
from bot.services.rooms import RoomUnknown
from bot.services.rules import PlaceUnknown

from .conftest import KOLKATA, ROOM_302, Desk, room


@pytest.fixture
def names(desk: Desk) -> Names:
    return Names(desk.transactions, desk.clock)


async def ids(desk: Desk) -> tuple[int, list[int]]:
    async with desk.transactions.read() as unit:
        (place,) = await unit.places.all()
        return place.id, [each.id for each in await unit.places.rooms(place.id)]


async def cause(desk: Desk, role: Role = Role.OWNER, update_id: int | None = None) -> Cause:
    async with desk.transactions.begin() as unit:
        person = await unit.people.add(
            telegram_id=9_000 + (update_id or 0) + len(role.value),
            chat_id=1,
            name="Olga",
            language="en",
            at=desk.clock.now(),
        )
        await unit.people.grant(person_id=person.id, place_id=None, role=role)
        actor = await unit.people.actor(person.id)
    return Cause(actor=actor, update_id=update_id)


async def test_the_same_file_makes_no_second_room(desk: Desk, names: Names) -> None:
    await desk.carry_out(ROOM_302)
    place_id, (room_id,) = await ids(desk)
    by = await cause(desk)
    await names.rename_room(cause=by, room_id=room_id, name="  Corner <shop> ")
    await names.rename_place(cause=by, place_id=place_id, name="Lakeside Towers")

    again = await desk.carry_out(ROOM_302)

    assert again.created == ()
    assert (len(again.plan.unchanged), again.plan.problems) == (1, ())
    assert await ids(desk) == (place_id, [room_id])
    async with desk.transactions.read() as unit:
        found = await unit.places.room(room_id)
        assert found is not None
        assert found.name == "Corner <shop>"


async def test_a_file_with_both_names_of_a_room_is_refused_as_twice(
    desk: Desk, names: Names
) -> None:
    await desk.carry_out(ROOM_302)
    _, (room_id,) = await ids(desk)
    await names.rename_room(cause=await cause(desk), room_id=room_id, name="Corner")

    both = await desk.carry_out(ROOM_302, {**ROOM_302, "room": "corner"})

    assert both.created == ()
    assert len(both.plan.problems) == 1


async def test_a_name_that_another_room_has_now_means_that_room(desk: Desk, names: Names) -> None:
    await desk.carry_out(room(1), room(2))
    _, (first, second) = await ids(desk)
    by = await cause(desk)
    async with desk.transactions.read() as unit:
        old = await unit.places.room(first)
        assert old is not None
    await names.rename_room(cause=by, room_id=first, name="Gone")
    await names.rename_room(cause=by, room_id=second, name=old.name)

    again = await desk.carry_out(room(1))

    assert again.created == ()
    assert len(again.plan.problems) == 1


async def test_qube_finds_a_place_by_its_old_name(desk: Desk, names: Names) -> None:
    await desk.carry_out(ROOM_302)
    place_id, _ = await ids(desk)
    await names.rename_place(cause=await cause(desk), place_id=place_id, name="Towers")
    listing = SpaceListing(space_id=7, name=ROOM_302["place"], devices=())
    defaults = PlaceDefaults(zone=KOLKATA, currency="INR")

    async with desk.transactions.begin() as unit:
        assert await note_spaces(unit, [listing], defaults) == []

    async with desk.transactions.read() as unit:
        (place,) = await unit.places.all()
    assert (place.name, place.space_id) == ("Towers", 7)


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\u200bb\u0007"])
async def test_a_name_that_cannot_be_read_is_refused(desk: Desk, names: Names, name: str) -> None:
    await desk.carry_out(ROOM_302)
    place_id, (room_id,) = await ids(desk)
    by = await cause(desk)

    with pytest.raises(UnusableName):
        await names.rename_room(cause=by, room_id=room_id, name=name)
    with pytest.raises(UnusableName):
        await names.rename_place(cause=by, place_id=place_id, name=name)


async def test_a_name_in_use_is_refused_in_whatever_spelling(desk: Desk, names: Names) -> None:
    await desk.carry_out(room(1), room(2), room(3, place="Hilltop"))
    async with desk.transactions.read() as unit:
        hill, lake = await unit.places.all()
        one, two = await unit.places.rooms(lake.id)
        other = (await unit.places.rooms(hill.id))[0]
    by = await cause(desk)

    with pytest.raises(NameInUse):
        await names.rename_room(cause=by, room_id=two.id, name=one.name.upper())
    with pytest.raises(NameInUse):
        await names.rename_place(cause=by, place_id=lake.id, name="  hillTOP")
    renamed = await names.rename_room(cause=by, room_id=other.id, name=one.name)
    assert renamed.name == one.name
    assert (await names.rename_room(cause=by, room_id=two.id, name=two.name.upper())).id == two.id


async def test_of_two_who_want_one_name_at_once_one_gets_it(desk: Desk, names: Names) -> None:
    await desk.carry_out(room(1), room(2))
    _, rooms = await ids(desk)
    by = await cause(desk)

    done = await asyncio.gather(
        *(names.rename_room(cause=by, room_id=each, name="Shop") for each in rooms),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in done) == ["NameInUse", "Room"]


async def test_the_same_update_renames_once(desk: Desk, names: Names) -> None:
    await desk.carry_out(ROOM_302)
    _, (room_id,) = await ids(desk)
    by = await cause(desk, update_id=5)
    await names.rename_room(cause=by, room_id=room_id, name="Shop")

    with pytest.raises(AlreadyHandled):
        await names.rename_room(cause=by, room_id=room_id, name="Shop")


async def test_only_owners_and_managers_rename(desk: Desk, names: Names) -> None:
    await desk.carry_out(ROOM_302)
    place_id, (room_id,) = await ids(desk)
    by = await cause(desk, Role.ACCOUNTANT)
    stranger = Cause(actor=Actor(person_id=by.actor.person_id))

    with pytest.raises(NotAllowed):
        await names.rename_room(cause=by, room_id=room_id, name="Mine")
    with pytest.raises(NotAllowed):
        await names.rename_place(cause=by, place_id=place_id, name="Mine")
    with pytest.raises(RoomUnknown):
        await names.rename_room(cause=stranger, room_id=room_id, name="Mine")
    with pytest.raises(PlaceUnknown):
        await names.rename_place(cause=stranger, place_id=place_id, name="Mine")
