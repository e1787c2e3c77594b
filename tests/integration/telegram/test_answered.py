"""A question that is answered below it loses its buttons; what still stands keeps them."""

import pytest

from bot.sandbox.telegram.records import Message
from tests.driver import Chat

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def as_it_stands(chat: Chat, message: Message) -> Message:
    """Return a message as the chat shows it by now."""
    return next(each for each in chat.all if each.message_id == message.message_id)


async def test_a_typed_answer_takes_the_buttons_off_the_question(asha: Chat) -> None:
    asked = await asha.say("/paid")
    how = await asha.say("500")
    assert as_it_stands(asha, asked).buttons == ()
    assert as_it_stands(asha, asked).text == asked.text
    assert as_it_stands(asha, how).buttons
    proof = await asha.press("UPI", on=how)
    assert proof.message_id == how.message_id
    summary = await asha.say("423188908890")
    assert as_it_stands(asha, proof).buttons == ()
    assert as_it_stands(asha, summary).buttons
    sent = await asha.press("Send", on=summary)
    assert sent.message_id == summary.message_id
    assert [each.buttons for each in asha.all] == [(), (), (("‹ Home",),)]


async def test_a_refused_answer_leaves_the_question_as_it_is(asha: Chat) -> None:
    asked = await asha.say("/recharge")
    await asha.say("lots")
    assert as_it_stands(asha, asked).buttons == asked.buttons


async def test_what_is_begun_instead_takes_the_buttons_off_too(asha: Chat) -> None:
    asked = await asha.say("/paid")
    card = await asha.say("/balance")
    assert as_it_stands(asha, asked).buttons == ()
    await asha.say("/statement")
    assert as_it_stands(asha, card).buttons == card.buttons


async def test_a_card_that_came_meanwhile_keeps_its_buttons(asha: Chat) -> None:
    card = await asha.say("/balance")
    asked = await asha.press("Recharge", on=card)
    assert asked.message_id == card.message_id
    shown = await asha.say("500")
    assert as_it_stands(asha, asked).buttons == ()
    again = await asha.press("‹ Back", on=shown)
    home = await asha.press("Cancel", on=again)
    await asha.say("/paid")
    assert as_it_stands(asha, home).buttons == home.buttons
