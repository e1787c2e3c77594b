"""Invitations open once, to the right door, and the picture says the same as the link."""

import pytest

from tests.driver import Chat
from tests.integration.render.png import code_in
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def link_in(chat: Chat) -> str:
    return next(line for line in chat.text.splitlines() if line.startswith("https://"))


async def test_the_picture_is_the_link_and_the_link_opens_the_room(
    ravi: Chat, stranger: Chat
) -> None:
    await ravi.say("302")
    shown = await ravi.press("Invitation")
    link = link_in(ravi)
    assert "opens once, for one person, until 12 Dec 2026" in shown.text
    assert shown.content.photo is not None
    assert code_in(shown.content.photo.data) == link

    welcomed = await stranger.say(f"/start {link.partition('=')[2]}")

    assert "Room 302" in welcomed.text


async def test_each_invitation_is_another(ravi: Chat) -> None:
    await ravi.say("302")
    await ravi.press("Invitation")
    first = link_in(ravi)

    await ravi.press("Invitation")

    assert link_in(ravi) != first


async def test_the_owner_hires_by_a_link(owner: Chat, stranger: Chat, building: Lakeside) -> None:
    await owner.say("/team")
    shown = await owner.press("Caretaker")
    assert "Caretaker · Lakeside Apartments" in shown.text
    token = link_in(owner).partition("=")[2]

    await stranger.say(f"/start {token}")

    assert "🔴 302 · Asha Rao" in (await stranger.say("/rooms")).text
    assert "₹" not in stranger.transcript()


async def test_with_several_buildings_the_owner_is_asked_which(
    owner: Chat, elsewhere: Chat
) -> None:
    asked = await owner.say("/team")
    assert asked.text == "Which building?"

    assert "Invite somebody to Hilltop" in (await owner.press("Hilltop")).text
