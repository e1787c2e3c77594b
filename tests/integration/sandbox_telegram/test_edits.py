from datetime import timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram.error import BadRequest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram import SandboxPerson
from tests.integration.sandbox_telegram.pictures import PNG, jpeg

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])
NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


async def test_an_edit_takes_the_place_of_the_text_and_is_marked(
    bot: Bot, asha: SandboxPerson, clock: SandboxClock
) -> None:
    sent = await bot.send_message(asha.chat_id, "⏳ sent", reply_markup=BUTTONS)
    clock.step(timedelta(seconds=9))

    edited = await bot.edit_message_text("🟢 on", asha.chat_id, sent.message_id)

    seen = asha.messages[-1]
    assert (seen.text, seen.edited_at, seen.buttons) == ("🟢 on", clock.now(), ())
    assert isinstance(edited, Message)
    assert edited.edit_date == clock.now()
    assert edited.date == sent.date


@pytest.mark.parametrize("with_buttons", [True, False])
async def test_the_same_again_is_not_a_modification(
    bot: Bot, asha: SandboxPerson, with_buttons: bool
) -> None:
    markup = BUTTONS if with_buttons else None
    sent = await bot.send_message(asha.chat_id, "same", reply_markup=markup)

    with pytest.raises(BadRequest) as refused:
        await bot.edit_message_text("same", asha.chat_id, sent.message_id, reply_markup=markup)

    assert refused.value.message.lower() == NOT_MODIFIED.lower()
    assert not asha.messages[-1].edited


async def test_formatting_alone_is_a_modification(bot: Bot, asha: SandboxPerson) -> None:
    sent = await bot.send_message(asha.chat_id, "same")

    await bot.edit_message_text("<b>same</b>", asha.chat_id, sent.message_id, parse_mode="HTML")

    assert asha.messages[-1].html == "<b>same</b>"


async def test_new_buttons_alone_leave_no_edit_mark(bot: Bot, asha: SandboxPerson) -> None:
    sent = await bot.send_message(asha.chat_id, "card")

    await bot.edit_message_reply_markup(asha.chat_id, sent.message_id, reply_markup=BUTTONS)

    assert asha.messages[-1].buttons == (("More",),)
    assert not asha.messages[-1].edited
    with pytest.raises(BadRequest, match=r"(?i)Message is not modified"):
        await bot.edit_message_reply_markup(asha.chat_id, sent.message_id, reply_markup=BUTTONS)


async def test_what_is_not_there_cannot_be_edited(bot: Bot, asha: SandboxPerson) -> None:
    with pytest.raises(BadRequest, match=r"(?i)Message to edit not found"):
        await bot.edit_message_text("x", asha.chat_id, 99)


async def test_what_others_wrote_cannot_be_edited(bot: Bot, asha: SandboxPerson) -> None:
    theirs = asha.send_text("mine")

    with pytest.raises(BadRequest, match=r"(?i)Message can't be edited"):
        await bot.edit_message_text("x", asha.chat_id, theirs.message_id)


async def test_a_picture_has_a_caption_and_a_text_has_none(bot: Bot, asha: SandboxPerson) -> None:
    picture = await bot.send_photo(asha.chat_id, PNG, caption="7 days")
    text = await bot.send_message(asha.chat_id, "x")

    await bot.edit_message_caption(asha.chat_id, picture.message_id, caption="30 days")

    assert asha.messages[picture.message_id - 1].text == "30 days"
    with pytest.raises(BadRequest, match=r"(?i)There is no text in the message to edit"):
        await bot.edit_message_text("x", asha.chat_id, picture.message_id)
    with pytest.raises(BadRequest, match=r"(?i)There is no caption in the message to edit"):
        await bot.edit_message_caption(asha.chat_id, text.message_id, caption="x")


async def test_a_picture_is_replaced_in_place(bot: Bot, asha: SandboxPerson) -> None:
    sent = await bot.send_photo(asha.chat_id, PNG, caption="7 days")
    month = jpeg(640, 400)

    await bot.edit_message_media(
        InputMediaPhoto(month, caption="30 days"),
        asha.chat_id,
        sent.message_id,
        reply_markup=BUTTONS,
    )

    seen = asha.messages[-1]
    assert seen.photo is not None
    assert (seen.photo.data, seen.text, seen.buttons) == (month, "30 days", (("More",),))
