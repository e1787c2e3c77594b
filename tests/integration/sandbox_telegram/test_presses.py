import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from telegram.error import BadRequest

from bot.sandbox.telegram import SandboxPerson, TelegramWorld
from bot.sandbox.telegram.person import ButtonStaysOnThePhone, NoSuchButton, NoSuchMessage
from bot.sandbox.telegram.records import CallbackAnswer

CARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Recharge", callback_data="pay:1"),
            InlineKeyboardButton("Site", url="https://example.org"),
        ]
    ]
)


async def last_update(bot: Bot) -> Update:
    updates = await bot.get_updates()
    return updates[-1]


@pytest.mark.parametrize("button", ["Recharge", "pay:1"])
async def test_a_tap_reaches_the_bot_with_its_message_and_gets_an_answer(
    bot: Bot, asha: SandboxPerson, button: str
) -> None:
    sent = await bot.send_message(asha.chat_id, "card", reply_markup=CARD)

    press = asha.press(sent.message_id, button)

    query = (await last_update(bot)).callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("pay:1", asha.user_id)
    assert isinstance(query.message, Message)
    assert query.message.message_id == sent.message_id
    assert asha.answer_to(press) is None
    await query.answer("Soon", show_alert=True)
    assert asha.answer_to(press) == CallbackAnswer(text="Soon", show_alert=True)


async def test_a_tap_is_answered_only_once(bot: Bot, asha: SandboxPerson) -> None:
    sent = await bot.send_message(asha.chat_id, "card", reply_markup=CARD)
    press = asha.press(sent.message_id, "Recharge")
    await bot.answer_callback_query(press.query_id)

    with pytest.raises(BadRequest) as refused:
        await bot.answer_callback_query(press.query_id)

    assert refused.value.message == (
        "Query is too old and response timeout expired or query id is invalid"
    )


async def test_a_tap_can_grow_too_old(bot: Bot, asha: SandboxPerson, world: TelegramWorld) -> None:
    sent = await bot.send_message(asha.chat_id, "card", reply_markup=CARD)
    press = asha.press(sent.message_id, "Recharge")
    world.presses.expire_all()

    with pytest.raises(BadRequest, match=r"(?i)Query is too old"):
        await bot.answer_callback_query(press.query_id)


async def test_an_answer_of_more_than_200_characters_is_refused(
    bot: Bot, asha: SandboxPerson
) -> None:
    sent = await bot.send_message(asha.chat_id, "card", reply_markup=CARD)
    press = asha.press(sent.message_id, "Recharge")

    with pytest.raises(BadRequest, match=r"(?i)Message_too_long"):
        await bot.answer_callback_query(press.query_id, "x" * 201)


async def test_a_person_taps_only_what_is_there(bot: Bot, asha: SandboxPerson) -> None:
    sent = await bot.send_message(asha.chat_id, "card", reply_markup=CARD)

    with pytest.raises(NoSuchButton):
        asha.press(sent.message_id, "Delete")
    with pytest.raises(ButtonStaysOnThePhone):
        asha.press(sent.message_id, "Site")
    with pytest.raises(NoSuchMessage):
        asha.press(77, "Recharge")


async def test_an_old_phone_can_tap_what_is_gone(bot: Bot, asha: SandboxPerson) -> None:
    sent = await bot.send_message(asha.chat_id, "card", reply_markup=CARD)
    await bot.delete_message(asha.chat_id, sent.message_id)

    asha.press_data(sent.message_id, "pay:1")

    query = (await last_update(bot)).callback_query
    assert query is not None
    assert query.message is not None
    assert not query.message.is_accessible
    assert query.data == "pay:1"
