"""Methods that only look something up."""

from bot.sandbox.telegram.files import MAX_DOWNLOAD_BYTES
from bot.sandbox.telegram.methods import composing
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.payloads import (
    JsonObject,
    bot_payload,
    full_chat_payload,
    user_payload,
)
from bot.sandbox.telegram.refusals import bad_request
from bot.sandbox.telegram.world import TelegramWorld


def get_me(world: TelegramWorld, params: Params) -> JsonObject:  # noqa: ARG001
    """This function will return the bot."""
    return bot_payload(world.bot)


def get_file(world: TelegramWorld, params: Params) -> JsonObject:
    """This function will tell where a file of at most 20 MB can be downloaded."""
    file_id = params.text("file_id")
    if file_id is None:
        raise bad_request("file_id not specified")
    found = world.files.by_id(file_id)
    if found is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(found.data) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return found.payload()


def get_chat(world: TelegramWorld, params: Params) -> JsonObject:
    """This function will return everything that is known of a chat."""
    return full_chat_payload(world.conversation(composing.chat_id(params)).chat)


def get_chat_member(world: TelegramWorld, params: Params) -> JsonObject:
    """This function will return what somebody is in a chat."""
    world.conversation(composing.chat_id(params))
    person = world.people.get(params.integer("user_id") or 0)
    if person is None:
        raise bad_request("user not found")
    return {"status": "member", "user": user_payload(person.user)}


READING = {
    "getMe": get_me,
    "getFile": get_file,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
}
