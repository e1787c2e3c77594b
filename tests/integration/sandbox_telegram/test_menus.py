import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest

from bot.sandbox.telegram import SandboxPerson, TelegramWorld


def names(person: SandboxPerson) -> list[str]:
    return [command.name for command in person.commands()]


async def test_the_narrowest_menu_in_the_readers_language_is_shown(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson
) -> None:
    ravi = world.person("Ravi", language_code="hi")
    ravi.send_text("/start")
    everyone, private = BotCommandScopeDefault(), BotCommandScopeAllPrivateChats()

    await bot.set_my_commands([BotCommand("start", "Begin")], scope=everyone)
    assert names(ravi) == ["start"]
    await bot.set_my_commands([BotCommand("help", "Help")], scope=private)
    await bot.set_my_commands([BotCommand("madad", "मदद")], scope=private, language_code="hi")
    assert (names(ravi), names(asha)) == (["madad"], ["help"])
    await bot.set_my_commands(
        [BotCommand("rooms", "All rooms")], scope=BotCommandScopeChat(asha.chat_id)
    )
    assert names(asha) == ["rooms"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(asha.chat_id))
    assert names(asha) == ["help"]


async def test_a_menu_is_read_back_for_exactly_its_scope(bot: Bot, asha: SandboxPerson) -> None:
    scope = BotCommandScopeChat(asha.chat_id)
    await bot.set_my_commands([BotCommand("pay", "Take a payment")], scope=scope)

    assert await bot.get_my_commands(scope=scope) == (BotCommand("pay", "Take a payment"),)
    assert await bot.get_my_commands() == ()


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (BotCommand("Pay", "x"), "Bot_command_invalid"),
        (BotCommand("p" * 33, "x"), "Bot_command_invalid"),
        (BotCommand("pay", ""), "Bot_command_description_invalid"),
        (BotCommand("pay", "x" * 257), "Bot_command_description_invalid"),
    ],
)
async def test_a_command_that_telegram_would_not_take_is_refused(
    bot: Bot, command: BotCommand, reason: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.set_my_commands([command])


async def test_a_menu_for_somebody_who_never_came_is_refused(
    bot: Bot, world: TelegramWorld
) -> None:
    stranger = world.person("Ravi")

    with pytest.raises(BadRequest, match=r"(?i)Chat not found"):
        await bot.set_my_commands(
            [BotCommand("pay", "x")], scope=BotCommandScopeChat(stranger.chat_id)
        )


async def test_what_the_bot_says_of_itself_depends_on_the_language(bot: Bot) -> None:
    await bot.set_my_description("Your electricity")
    await bot.set_my_description("आपकी बिजली", language_code="hi")
    await bot.set_my_short_description("Balance and power")
    await bot.set_my_name("Lakeside")

    assert (await bot.get_my_description("hi")).description == "आपकी बिजली"
    assert (await bot.get_my_description("ta")).description == "Your electricity"
    assert (await bot.get_my_short_description()).short_description == "Balance and power"
    assert (await bot.get_my_name()).name == "Lakeside"
    with pytest.raises(BadRequest):
        await bot.set_my_name("x" * 65)
