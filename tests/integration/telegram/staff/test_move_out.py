"""Ending a lease in the chat: asked once, with a reading at that moment."""

from datetime import date

import pytest

from tests.driver import Chat
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def end_on(building: Lakeside, room: str = "Room #303") -> date | None:
    async with building.transactions.read() as unit:
        lease = await unit.leases.get(building.lease_id(room))
    assert lease is not None
    return lease.occupancy.end_on


async def test_a_tenant_moves_out_by_command(ravi: Chat, building: Lakeside) -> None:
    question = await ravi.say("/moveout 303")
    assert "move out now?" in question.text
    assert await end_on(building) is None
    done = await ravi.press("End the lease now")
    assert "Moved out." in done.text
    assert await end_on(building) is not None
    assert "acant" in (await ravi.press("Open room")).text


async def test_the_room_is_asked_for_and_cancel_changes_nothing(
    ravi: Chat, building: Lakeside
) -> None:
    assert "Which room?" in (await ravi.say("/moveout")).text
    await ravi.say("303")
    await ravi.press("Cancel")
    assert await end_on(building) is None


async def test_the_card_of_a_room_leads_to_it(ravi: Chat, building: Lakeside) -> None:
    await ravi.say("303")
    await ravi.press("More …")
    assert "move out now?" in (await ravi.press("Move out …")).text
