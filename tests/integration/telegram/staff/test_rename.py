"""Rooms and buildings are renamed from the chat."""

import pytest

from tests.driver import Chat

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_room_is_renamed_from_its_card(ravi: Chat) -> None:
    await ravi.say("302")
    await ravi.press("More …")
    asked = await ravi.press("Rename …")
    assert asked.text.startswith("What shall “Room #302” be called?")

    card = await ravi.say("Corner <shop>")

    assert card.text.startswith("Corner <shop> · Asha Rao")
    assert "Corner <shop>" in (await ravi.say("/rooms")).text


async def test_a_vacant_room_is_renamed_too(ravi: Chat) -> None:
    await ravi.say("305")
    await ravi.press("More …")
    assert ravi.buttons == ["Meters", "Rename …", "‹ Back"]
    await ravi.press("Rename …")

    assert (await ravi.say("Attic")).text.startswith("Attic")


async def test_a_name_that_does_not_do_is_refused_and_asked_again(ravi: Chat) -> None:
    await ravi.say("302")
    await ravi.press("More …")
    await ravi.press("Rename …")

    assert (await ravi.say("x" * 41)).text.startswith("A name has 1 to 40 characters")
    assert (await ravi.say("ROOM #303")).text == "“Room #303” is taken already. Type another name."
    assert (await ravi.say("Attic")).text.startswith("Attic")


async def test_cancel_leaves_the_name(ravi: Chat) -> None:
    await ravi.say("302")
    await ravi.press("More …")
    await ravi.press("Rename …")
    await ravi.say("/cancel")

    await ravi.say("Attic")

    assert "302" in (await ravi.say("/rooms")).text


async def test_a_building_is_renamed_in_its_settings(ravi: Chat) -> None:
    await ravi.say("/settings")
    await ravi.press("Rename …")

    card = await ravi.say("Lakeside Towers")

    assert card.text.startswith("Lakeside Towers\n")


async def test_an_accountant_is_offered_no_renaming(anil: Chat) -> None:
    await anil.say("302")
    await anil.press("More …")

    assert "Rename …" not in anil.buttons
