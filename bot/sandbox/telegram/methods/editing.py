"""Methods that change or remove what the bot has sent."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.sandbox.telegram.conversation import Conversation
from bot.sandbox.telegram.keyboards import InlineRows, parse_markup
from bot.sandbox.telegram.methods import composing
from bot.sandbox.telegram.methods.sending import input_media
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.payloads import JsonObject, message_payload
from bot.sandbox.telegram.records import CallbackAnswer, Content, Message
from bot.sandbox.telegram.refusals import NOT_MODIFIED, bad_request
from bot.sandbox.telegram.world import TelegramWorld

_DELETABLE_FOR = timedelta(hours=48)
_MAX_ANSWER_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    conversation: Conversation
    message: Message


def edit_message_text(world: TelegramWorld, params: Params) -> JsonObject:
    """This function will replace the text and the buttons of a text message."""
    body = composing.message_text(params)
    target = _target(world, params)
    if target.message.content.has_media:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, target, replace(target.message.content, body=body), _inline(params))


def edit_message_caption(world: TelegramWorld, params: Params) -> JsonObject:
    """This function will replace the caption and the buttons of a picture or file."""
    body = composing.caption(params)
    target = _target(world, params)
    if not target.message.content.has_media:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, target, replace(target.message.content, body=body), _inline(params))


def edit_message_media(world: TelegramWorld, params: Params) -> JsonObject:
    """This function will replace the picture or file, its caption and the buttons."""
    content = input_media(world, params, params.structure("media"))
    return _edit(world, _target(world, params), content, _inline(params))


def edit_message_reply_markup(world: TelegramWorld, params: Params) -> JsonObject:
    """This function will replace the buttons alone."""
    target = _target(world, params)
    return _edit(world, target, target.message.content, _inline(params))


def delete_message(world: TelegramWorld, params: Params) -> bool:
    """This function will delete a message that is not older than 48 hours."""
    conversation = world.conversation(composing.chat_id(params))
    message = conversation.find(_message_id(params))
    if message is None:
        raise bad_request("message to delete not found")
    if world.now() - message.sent_at > _DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    conversation.delete(message)
    return True


def delete_messages(world: TelegramWorld, params: Params) -> bool:
    """This function will delete those of up to 100 messages that can be found."""
    conversation = world.conversation(composing.chat_id(params))
    wanted = params.numbers("message_ids")
    if not 1 <= len(wanted) <= 100:
        raise bad_request("message identifiers are not specified")
    for message_id in wanted:
        message = conversation.find(message_id)
        if message is not None:
            conversation.delete(message)
    return True


def answer_callback_query(world: TelegramWorld, params: Params) -> bool:
    """This function will end the waiting of a person who tapped a button."""
    text = params.text("text") or ""
    if len(text) > _MAX_ANSWER_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = CallbackAnswer(text=text, show_alert=params.flag("show_alert"), url=params.text("url"))
    world.presses.answer(params.text("callback_query_id") or "", answer)
    return True


def _target(world: TelegramWorld, params: Params) -> _Target:
    conversation = world.writable(composing.chat_id(params))
    message = conversation.find(_message_id(params))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return _Target(conversation=conversation, message=message)


def _message_id(params: Params) -> int:
    message_id = params.integer("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    return message_id


def _inline(params: Params) -> InlineRows:
    markup = parse_markup(params.values.get("reply_markup"))
    if markup.reply is not None:
        raise bad_request("inline keyboard expected")
    return markup.inline


def _edit(
    world: TelegramWorld, target: _Target, content: Content, keyboard: InlineRows
) -> JsonObject:
    message = target.message
    if (content, keyboard) == (message.content, message.keyboard):
        raise bad_request(NOT_MODIFIED)
    world.pace(message.chat.chat_id)
    return message_payload(target.conversation.edit(message, content, keyboard, world.now()))


EDITING = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
}
