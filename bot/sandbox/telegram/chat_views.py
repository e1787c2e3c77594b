"""Messages and people as the page of the sandbox wants them: plain JSON."""

from typing import Any

from bot.sandbox.telegram.files import StoredFile
from bot.sandbox.telegram.keyboards import Button, ReplyKeyboard
from bot.sandbox.telegram.person import SandboxPerson
from bot.sandbox.telegram.records import Message, Press


def person_view(person: SandboxPerson) -> dict[str, Any]:
    """This function will describe a person and the state of the chat with the bot."""
    return {
        "user_id": person.user_id,
        "first_name": person.user.first_name,
        "last_name": person.user.last_name,
        "language_code": person.user.language_code,
        "started": person.started,
        "blocked": person.blocked,
    }


def message_view(message: Message) -> dict[str, Any]:
    """This function will describe a message; of a deleted one only its place is left."""
    place = {"message_id": message.message_id, "seq": message.seq, "deleted": message.deleted}
    if message.deleted:
        return place
    photo, contact, answered = message.photo, message.content.contact, message.reply_to
    return place | {
        "at": message.sent_at.isoformat(),
        "from_bot": message.from_bot,
        "sender": message.sender.first_name,
        "edited": message.edited,
        "text": message.text,
        "html": message.html,
        "buttons": [[_button(button) for button in row] for row in message.keyboard],
        "photo": {"file_id": photo.full.file_id, "width": photo.width, "height": photo.height}
        if photo
        else None,
        "document": _document(message.document) if message.document else None,
        "contact": {"phone_number": contact.phone_number, "first_name": contact.first_name}
        if contact
        else None,
        "media_group_id": message.media_group_id,
        "reply_to": {"message_id": answered.message_id, "text": answered.text}
        if answered
        else None,
    }


def press_view(press: Press) -> dict[str, Any]:
    """This function will describe a tap and what the bot answered to it."""
    answer = press.answer
    return {
        "query_id": press.query_id,
        "message_id": press.message_id,
        "answer": {"text": answer.text, "show_alert": answer.show_alert, "url": answer.url}
        if answer
        else None,
    }


def shown_keyboard(keyboard: ReplyKeyboard | None) -> dict[str, Any] | None:
    """This function will describe the keyboard that stands in place of letters."""
    if keyboard is None:
        return None
    rows = [[{"text": b.text, "action": b.action.value} for b in row] for row in keyboard.rows]
    return {"rows": rows, "one_time": keyboard.one_time, "placeholder": keyboard.placeholder}


def _button(button: Button) -> dict[str, Any]:
    kinds = {
        "callback": button.callback_data,
        "url": button.url,
        "copy": button.copy_text,
        "web_app": button.web_app_url,
    }
    kind, value = next(((k, v) for k, v in kinds.items() if v is not None), ("other", None))
    return {"text": button.text, "kind": kind, "value": value, "style": button.style}


def _document(document: StoredFile) -> dict[str, Any]:
    return {
        "file_id": document.file_id,
        "name": document.name,
        "mime": document.mime,
        "size_bytes": len(document.data),
    }
