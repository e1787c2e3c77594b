import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest

from bot.sandbox.telegram import SandboxPerson


def one(button: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button]])


async def test_buttons_come_back_as_they_were_sent(bot: Bot, asha: SandboxPerson) -> None:
    markup = InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("Recharge", callback_data="r" * 64, style="success"),
                InlineKeyboardButton("Site", url="https://example.org/a"),
            ],
            [InlineKeyboardButton("Copy", copy_text=CopyTextButton("name@bank"))],
        ]
    )

    sent = await bot.send_message(asha.chat_id, "card", reply_markup=markup)

    assert sent.reply_markup == markup
    assert asha.messages[-1].buttons == (("Recharge", "Site"), ("Copy",))
    assert asha.messages[-1].keyboard[1][0].copy_text == "name@bank"


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        (InlineKeyboardButton("x", callback_data="ऊ" * 22), "Button_data_invalid"),
        (InlineKeyboardButton("x", url="https://nowhere"), "Button_url_invalid"),
        (
            InlineKeyboardButton("x", url="upi://pay?pa=a@b"),
            "Inline keyboard button URL 'upi://pay?pa=a@b' is invalid: Unsupported URL protocol",
        ),
        (
            InlineKeyboardButton("x", copy_text=CopyTextButton("c" * 257)),
            "Button_copy_text_invalid",
        ),
        (
            InlineKeyboardButton("x"),
            "Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
    ],
)
async def test_a_button_that_telegram_would_not_take_is_refused(
    bot: Bot, asha: SandboxPerson, button: InlineKeyboardButton, reason: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(asha.chat_id, "card", reply_markup=one(button))

    assert refused.value.message.lower() == reason.lower()


async def test_a_reply_keyboard_stays_until_it_is_removed(bot: Bot, asha: SandboxPerson) -> None:
    keyboard = ReplyKeyboardMarkup([[KeyboardButton("Share", request_contact=True), "No"]])
    await bot.send_message(asha.chat_id, "number?", reply_markup=keyboard)
    await bot.send_message(asha.chat_id, "please")
    shown = asha.reply_keyboard
    assert shown is not None
    assert [button.text for button in shown.rows[0]] == ["Share", "No"]

    await bot.send_message(asha.chat_id, "thanks", reply_markup=ReplyKeyboardRemove())

    assert asha.reply_keyboard is None
