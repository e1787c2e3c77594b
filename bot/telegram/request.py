"""An update of Telegram as one thing that a person did."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from telegram import CallbackQuery, Chat, Document, Message, Update, User

_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?", re.DOTALL)


class Kind(Enum):
    """What was done."""

    COMMAND = "command"
    TAP = "tap"
    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that a person sent; it is fetched by its id."""

    file_id: str
    name: str | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person did, in which chat.

    `text` is what was typed, or what follows the command, or the caption of an upload; `data`
    is what the tapped button carries, which Telegram last showed at `shown_at`, as far as it still
    knows. `album` is the same for all pictures sent together.
    """

    update_id: int
    user: User
    chat: Chat
    kind: Kind
    text: str = ""
    command: str | None = None
    addressee: str | None = None
    data: str = ""
    shown_at: datetime | None = None
    upload: Upload | None = None
    album: str | None = None
    query: CallbackQuery | None = None

    @property
    def is_private(self) -> bool:
        """Whether nobody else reads along."""
        return self.chat.type == Chat.PRIVATE


def request_of(update: Update) -> Request | None:
    """Return what a person did; None when there is nothing to answer."""
    query, message = update.callback_query, update.message
    if query is not None:
        return _tap(update.update_id, query)
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    return _said(update.update_id, message, message.from_user)


def _tap(update_id: int, query: CallbackQuery) -> Request:
    chat = query.message.chat if query.message else Chat(query.from_user.id, Chat.PRIVATE)
    return Request(
        update_id=update_id,
        user=query.from_user,
        chat=chat,
        kind=Kind.TAP,
        data=query.data or "",
        shown_at=_shown_at(query),
        query=query,
    )


def _shown_at(query: CallbackQuery) -> datetime | None:
    message = query.message
    return message.edit_date or message.date if isinstance(message, Message) else None


def _said(update_id: int, message: Message, user: User) -> Request:
    command = _COMMAND.fullmatch(message.text or "")
    if command is not None:
        return Request(
            update_id=update_id,
            user=user,
            chat=message.chat,
            kind=Kind.COMMAND,
            command=command[1].lower(),
            addressee=command[2],
            text=(command[3] or "").strip(),
        )
    kind, upload = _content(message)
    return Request(
        update_id=update_id,
        user=user,
        chat=message.chat,
        kind=kind,
        text=(message.text or message.caption or "").strip(),
        upload=upload,
        album=message.media_group_id,
    )


def _content(message: Message) -> tuple[Kind, Upload | None]:
    if message.text:
        return Kind.TEXT, None
    if message.photo:
        largest = message.photo[-1]
        return Kind.PHOTO, Upload(file_id=largest.file_id, size_bytes=largest.file_size)
    if message.document:
        kind = Kind.PHOTO if _is_picture(message.document) else Kind.DOCUMENT
        return kind, _document(message.document)
    return Kind.OTHER, None


def _document(document: Document) -> Upload:
    return Upload(file_id=document.file_id, name=document.file_name, size_bytes=document.file_size)


def _is_picture(document: Document) -> bool:
    """Return whether a file is a picture that was sent uncompressed."""
    name, mime = (document.file_name or "").lower(), document.mime_type or ""
    return mime.startswith("image/") or name.endswith(_PICTURES)
