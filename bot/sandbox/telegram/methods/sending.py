"""Methods that put something new into a chat."""

from typing import Any

from bot.sandbox.telegram.conversation import Conversation
from bot.sandbox.telegram.keyboards import parse_markup
from bot.sandbox.telegram.methods import composing
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.payloads import JsonObject, message_payload
from bot.sandbox.telegram.records import Content
from bot.sandbox.telegram.refusals import bad_request
from bot.sandbox.telegram.world import TelegramWorld

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def send_message(world: TelegramWorld, params: Params) -> JsonObject:
    """This function will send a text."""
    return _send(world, params, Content(body=composing.message_text(params)))


def send_photo(world: TelegramWorld, params: Params) -> JsonObject:
    """This function will send a picture with or without a caption."""
    body = composing.caption(params)
    return _send(world, params, Content(body=body, photo=composing.photo(world, params, "photo")))


def send_document(world: TelegramWorld, params: Params) -> JsonObject:
    """This function will send a file with or without a caption."""
    document = composing.document(world, params, "document")
    return _send(world, params, Content(body=composing.caption(params), document=document))


def send_media_group(world: TelegramWorld, params: Params) -> list[JsonObject]:
    """This function will send two to ten pictures, or as many files, as one album."""
    items = params.structure("media")
    if not isinstance(items, list):
        raise bad_request("can't parse media JSON object")
    if not 2 <= len(items) <= 10:
        raise bad_request("wrong number of messages in the album; it must have 2-10 items")
    contents = [input_media(world, params, item) for item in items]
    if len({content.photo is None for content in contents}) > 1:
        raise bad_request("can't use the media of the specified type in the album")
    conversation = _writable(world, params, messages=len(contents))
    details = _details(conversation, params) | {"media_group_id": world.next_album()}
    return [
        message_payload(conversation.post(world.bot, content, world.now(), **details))
        for content in contents
    ]


def send_chat_action(world: TelegramWorld, params: Params) -> bool:
    """This function will show in the chat what the bot is doing."""
    action = params.text("action") or ""
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.writable(composing.chat_id(params)).act(action)
    return True


def input_media(world: TelegramWorld, params: Params, item: Any) -> Content:
    """This function will read an InputMedia; raises Refusal."""
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    own = Params(item, params.uploads)
    body = composing.caption(own)
    match item.get("type"):
        case "photo":
            return Content(body=body, photo=composing.photo(world, own, "media"))
        case "document":
            return Content(body=body, document=composing.document(world, own, "media"))
        case kind:
            raise bad_request(f'can\'t parse InputMedia: type "{kind}" is not supported here')


def _send(world: TelegramWorld, params: Params, content: Content) -> JsonObject:
    markup = parse_markup(params.values.get("reply_markup"))
    conversation = _writable(world, params)
    details = _details(conversation, params)
    message = conversation.post(world.bot, content, world.now(), markup, **details)
    return message_payload(message)


def _writable(world: TelegramWorld, params: Params, messages: int = 1) -> Conversation:
    conversation = world.writable(composing.chat_id(params))
    world.pace(conversation.chat.chat_id, messages)
    return conversation


def _details(conversation: Conversation, params: Params) -> dict[str, Any]:
    return {
        "reply_to": composing.reply_target(conversation, params),
        "protected": params.flag("protect_content"),
    }


SENDING = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "sendChatAction": send_chat_action,
}
