"""Records in the shape that the Bot API gives them."""

from datetime import datetime
from typing import Any, TypeAlias

from bot.sandbox.telegram.keyboards import inline_payload
from bot.sandbox.telegram.records import Chat, ChatKind, Contact, Content, Message, Press, User

JsonObject: TypeAlias = dict[str, Any]


def unix(instant: datetime) -> int:
    """This function will return whole seconds since 1970."""
    return int(instant.timestamp())


def user_payload(user: User) -> JsonObject:
    """This function will return a User."""
    return _known(
        id=user.user_id,
        is_bot=user.is_bot,
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
        language_code=user.language_code,
    )


def bot_payload(bot: User) -> JsonObject:
    """This function will return the User that getMe answers with."""
    return user_payload(bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def chat_payload(chat: Chat) -> JsonObject:
    """This function will return a Chat."""
    person = chat.person
    return _known(
        id=chat.chat_id,
        type=chat.kind.value,
        title=chat.title,
        first_name=person.first_name if person else None,
        last_name=person.last_name if person else None,
        username=person.username if person else None,
    )


def full_chat_payload(chat: Chat) -> JsonObject:
    """This function will return a ChatFullInfo."""
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return chat_payload(chat) | {
        "accent_color_id": chat.chat_id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, chat.kind is ChatKind.PRIVATE),
    }


def message_payload(message: Message) -> JsonObject:
    """This function will return a Message, with the message it answers but not deeper."""
    payload = _head(message) | _content(message.content)
    if message.reply_to is not None:
        payload["reply_to_message"] = _head(message.reply_to) | _content(message.reply_to.content)
    if message.keyboard:
        payload["reply_markup"] = inline_payload(message.keyboard)
    return payload


def press_payload(press: Press, person: User, message: Message) -> JsonObject:
    """This function will return a CallbackQuery; of a deleted message only the place is left."""
    if message.deleted:
        shown: JsonObject = {
            "chat": chat_payload(message.chat),
            "message_id": message.message_id,
            "date": 0,
        }
    else:
        shown = message_payload(message)
    return {
        "id": press.query_id,
        "from": user_payload(person),
        "message": shown,
        "chat_instance": str(7_000_000_000 + message.chat.chat_id),
        "data": press.data,
    }


def membership_payload(chat: Chat, person: User, bot: User, blocked: bool, at: int) -> JsonObject:
    """This function will return the ChatMemberUpdated of a person who blocks or unblocks."""
    kicked: JsonObject = {"status": "kicked", "user": user_payload(bot), "until_date": 0}
    member: JsonObject = {"status": "member", "user": user_payload(bot)}
    return {
        "chat": chat_payload(chat),
        "from": user_payload(person),
        "date": at,
        "old_chat_member": member if blocked else kicked,
        "new_chat_member": kicked if blocked else member,
    }


def _head(message: Message) -> JsonObject:
    return _known(
        message_id=message.message_id,
        date=unix(message.sent_at),
        chat=chat_payload(message.chat),
        edit_date=unix(message.edited_at) if message.edited_at else None,
        media_group_id=message.media_group_id,
        has_protected_content=message.protected or None,
    ) | {"from": user_payload(message.sender)}


def _content(content: Content) -> JsonObject:
    entities = [entity.payload() for entity in content.body.entities] or None
    prefix = "caption" if content.has_media else "text"
    named = "caption_entities" if content.has_media else "entities"
    document = content.document
    return _known(
        **{prefix: content.body.text or None, named: entities},
        photo=content.photo.payload() if content.photo else None,
        document=document.reference() | {"file_name": document.name, "mime_type": document.mime}
        if document
        else None,
        contact=_contact(content.contact) if content.contact else None,
        migrate_to_chat_id=content.migrated_to,
        migrate_from_chat_id=content.migrated_from,
    )


def _contact(contact: Contact) -> JsonObject:
    return _known(
        phone_number=contact.phone_number,
        first_name=contact.first_name,
        user_id=contact.user_id,
    )


def _known(**fields: Any) -> JsonObject:
    return {name: value for name, value in fields.items() if value is not None}
