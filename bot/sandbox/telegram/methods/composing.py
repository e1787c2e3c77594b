"""Parts that several methods have in common: the chat, the text, the files of a request."""

from typing import Any

from bot.sandbox.telegram.conversation import Conversation
from bot.sandbox.telegram.entities import (
    Entity,
    EntityKind,
    FormattedText,
    trimmed,
    utf16_length,
    with_found,
)
from bot.sandbox.telegram.files import Photo, StoredFile
from bot.sandbox.telegram.markup import parse_html
from bot.sandbox.telegram.params import Params, Upload, all_are
from bot.sandbox.telegram.records import Message
from bot.sandbox.telegram.refusals import bad_request
from bot.sandbox.telegram.world import TelegramWorld

MAX_TEXT = 4096
MAX_CAPTION = 1024
_ATTACHED = "attach://"


def chat_id(params: Params) -> int:
    """This function will read chat_id; raises Refusal."""
    value = params.text("chat_id")
    if value is None:
        raise bad_request("chat_id is empty")
    try:
        return int(value)
    except ValueError as error:
        raise bad_request("chat not found") from error


def message_text(params: Params) -> FormattedText:
    """This function will read the text of a message; raises Refusal."""
    body = _formatted(params.text("text"), params.text("parse_mode"), params.structure("entities"))
    if not body.text:
        raise bad_request("message text is empty")
    if utf16_length(body.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return body


def caption(params: Params) -> FormattedText:
    """This function will read a caption, which may be missing; raises Refusal."""
    entities = params.structure("caption_entities")
    body = _formatted(params.text("caption"), params.text("parse_mode"), entities)
    if utf16_length(body.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return body


def photo(world: TelegramWorld, params: Params, field: str) -> Photo:
    """This function will read a photo: uploaded, or sent before; raises Refusal."""
    source = _source(params, field, "photo")
    if isinstance(source, Upload):
        return world.files.add_photo(source.data)
    return world.files.photo(source)


def document(world: TelegramWorld, params: Params, field: str) -> StoredFile:
    """This function will read a document: uploaded, or sent before; raises Refusal."""
    source = _source(params, field, "document")
    if isinstance(source, Upload):
        return world.files.add_document(source.data, source.file_name, source.mime)
    return world.files.document(source)


def reply_target(conversation: Conversation, params: Params) -> Message | None:
    """This function will find the message that is answered; raises Refusal."""
    wanted = params.structure("reply_parameters") or {}
    if not isinstance(wanted, dict):
        raise bad_request("can't parse reply parameters: object expected as reply parameters")
    message_id = Params(wanted).integer("message_id") or params.integer("reply_to_message_id")
    if message_id is None:
        return None
    found = conversation.find(message_id)
    lenient = wanted.get("allow_sending_without_reply") is True
    if found is None and not lenient and not params.flag("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return found


def _source(params: Params, field: str, what: str) -> Upload | str:
    if field in params.uploads:
        return params.uploads[field]
    value = params.text(field)
    if value is None:
        raise bad_request(f"there is no {what} in the request")
    if not value.startswith(_ATTACHED):
        return value
    attached = params.uploads.get(value.removeprefix(_ATTACHED))
    if attached is None:
        raise bad_request(f"{what} file must be non-empty")
    return attached


def _formatted(text: str | None, parse_mode: str | None, entities: Any) -> FormattedText:
    mode = (parse_mode or "").lower()
    if mode == "html":
        return with_found(parse_html(text or ""))
    if mode not in {"", "none"}:
        raise bad_request("unsupported parse_mode")
    return with_found(trimmed(text or "", _given(entities)))


def _given(raw: Any) -> list[Entity]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise bad_request("can't parse entities: expected an Array")
    if not all_are(raw, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    return [_entity(Params(item)) for item in raw if item.get("type") in set(EntityKind)]


def _entity(item: Params) -> Entity:
    return Entity(
        kind=EntityKind(item.text("type") or ""),
        offset=item.integer("offset") or 0,
        length=item.integer("length") or 0,
        url=item.text("url"),
        language=item.text("language"),
    )
