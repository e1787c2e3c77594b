from datetime import timedelta

import pytest
from telegram import Bot, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken

from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram import SandboxPerson, TelegramWorld


async def test_a_message_is_seen_by_the_person_as_it_was_sent(
    bot: Bot, asha: SandboxPerson, clock: SandboxClock
) -> None:
    clock.step(timedelta(hours=2))

    sent = await bot.send_message(asha.chat_id, "<b>₹500</b> left", parse_mode=ParseMode.HTML)

    seen = asha.messages[-1]
    assert (seen.message_id, seen.text, seen.html) == (
        sent.message_id,
        "₹500 left",
        "<b>₹500</b> left",
    )
    assert seen.from_bot
    assert not seen.edited
    assert sent.date == seen.sent_at == clock.now()
    assert sent.from_user == bot.bot


async def test_numbers_rise_within_a_chat_and_begin_anew_in_the_next(
    bot: Bot, asha: SandboxPerson, world: TelegramWorld
) -> None:
    ravi = world.person("Ravi")
    ravi.send_text("/start")

    ids = [(await bot.send_message(asha.chat_id, text)).message_id for text in ("a", "b")]

    assert ids == [2, 3]
    assert (await bot.send_message(ravi.chat_id, "a")).message_id == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("   ", "Message text is empty"),
        ("<b> </b>", "Message text is empty"),
        ("x" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
        ("<b>open", "Can't parse entities: can't find end tag corresponding to start tag \"b\""),
    ],
)
async def test_a_text_that_telegram_would_not_take_is_refused(
    bot: Bot, asha: SandboxPerson, text: str, reason: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(asha.chat_id, text, parse_mode=ParseMode.HTML)

    assert refused.value.message.lower() == reason.lower()


async def test_the_longest_text_is_measured_without_its_formatting(
    bot: Bot, asha: SandboxPerson
) -> None:
    await bot.send_message(asha.chat_id, f"<b>{'x' * 4096}</b>", parse_mode=ParseMode.HTML)

    assert len(asha.messages[-1].text) == 4096


async def test_only_the_html_mode_is_read(bot: Bot, asha: SandboxPerson) -> None:
    with pytest.raises(BadRequest, match=r"(?i)Unsupported parse_mode"):
        await bot.send_message(asha.chat_id, "*x*", parse_mode=ParseMode.MARKDOWN_V2)


async def test_the_bot_cannot_write_first(bot: Bot, world: TelegramWorld) -> None:
    with pytest.raises(Forbidden, match=r"(?i)bot can't initiate conversation with a user"):
        await bot.send_message(world.person("Ravi").chat_id, "hello")


async def test_a_person_who_blocked_the_bot_gets_nothing_until_start(
    bot: Bot, asha: SandboxPerson
) -> None:
    asha.block()
    with pytest.raises(Forbidden, match=r"(?i)bot was blocked by the user"):
        await bot.send_message(asha.chat_id, "hello")

    asha.send_text("/start")

    await bot.send_message(asha.chat_id, "welcome back")
    assert asha.messages[-1].text == "welcome back"


async def test_a_deleted_account_is_told_apart(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson
) -> None:
    world.deactivate(asha)

    with pytest.raises(Forbidden, match=r"(?i)user is deactivated"):
        await bot.send_message(asha.chat_id, "hello")


@pytest.mark.parametrize("chat_id", [999, "@nobody_here"])
async def test_an_unknown_chat_is_not_found(bot: Bot, chat_id: int | str) -> None:
    with pytest.raises(BadRequest, match=r"(?i)Chat not found"):
        await bot.send_message(chat_id, "hello")


async def test_an_answer_carries_what_it_answers(bot: Bot, asha: SandboxPerson) -> None:
    question = asha.send_text("why?")

    sent = await bot.send_message(asha.chat_id, "so", reply_to_message_id=question.message_id)

    assert isinstance(sent.reply_to_message, Message)
    assert sent.reply_to_message.text == "why?"
    with pytest.raises(BadRequest, match=r"(?i)Message to be replied not found"):
        await bot.send_message(asha.chat_id, "so", reply_to_message_id=99)


async def test_a_deleted_message_is_out_of_sight(
    bot: Bot, asha: SandboxPerson, clock: SandboxClock
) -> None:
    first = await bot.send_message(asha.chat_id, "one")
    second = await bot.send_message(asha.chat_id, "two")

    await bot.delete_message(asha.chat_id, first.message_id)

    assert [m.text for m in asha.visible if m.from_bot] == ["two"]
    assert asha.messages[first.message_id - 1].deleted
    with pytest.raises(BadRequest, match=r"(?i)Message to delete not found"):
        await bot.delete_message(asha.chat_id, first.message_id)
    clock.step(timedelta(hours=49))
    with pytest.raises(BadRequest, match=r"(?i)Message can't be deleted for everyone"):
        await bot.delete_message(asha.chat_id, second.message_id)


async def test_many_messages_are_deleted_at_once(bot: Bot, asha: SandboxPerson) -> None:
    sent = [await bot.send_message(asha.chat_id, text) for text in "abc"]

    await bot.delete_messages(asha.chat_id, [sent[0].message_id, sent[2].message_id, 77])

    assert [m.text for m in asha.visible if m.from_bot] == ["b"]


async def test_the_chat_shows_what_the_bot_is_doing(bot: Bot, asha: SandboxPerson) -> None:
    await bot.send_chat_action(asha.chat_id, "upload_photo")
    assert asha.bot_action == "upload_photo"

    await bot.send_message(asha.chat_id, "done")

    assert asha.bot_action is None


async def test_a_chat_can_be_looked_up(bot: Bot, asha: SandboxPerson) -> None:
    assert (await bot.get_chat(asha.chat_id)).first_name == "Asha"
    assert (await bot.get_chat_member(asha.chat_id, asha.user_id)).status == "member"


async def test_a_wrong_token_is_unauthorized(server: str) -> None:
    stranger = Bot("1:wrong", base_url=f"{server}/bot")

    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_a_method_that_does_not_exist_is_not_found(bot: Bot) -> None:
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendPigeon")
