"""What a chat is made of. Everything here is a frozen value; the world replaces, never changes."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.sandbox.telegram.entities import Entity, FormattedText, as_html
from bot.sandbox.telegram.files import Photo, StoredFile
from bot.sandbox.telegram.keyboards import InlineRows


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    user_id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A private chat has a person and no title; a group has a title and no person."""

    chat_id: int
    kind: ChatKind
    title: str | None = None
    person: User | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    phone_number: str
    first_name: str
    user_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message says; below a picture or document the text is its caption."""

    body: FormattedText = field(default_factory=lambda: FormattedText(text=""))
    photo: Photo | None = None
    document: StoredFile | None = None
    contact: Contact | None = None
    migrated_to: int | None = None
    migrated_from: int | None = None

    @property
    def has_media(self) -> bool:
        return self.photo is not None or self.document is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands in the chat now; `seq` is the change that made it so."""

    message_id: int
    chat: Chat
    sender: User
    sent_at: datetime
    content: Content
    keyboard: InlineRows = ()
    reply_to: "Message | None" = None
    media_group_id: str | None = None
    protected: bool = False
    edited_at: datetime | None = None
    deleted: bool = False
    seq: int = 0

    @property
    def from_bot(self) -> bool:
        return self.sender.is_bot

    @property
    def text(self) -> str:
        """The text or the caption, without its formatting."""
        return self.content.body.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        return self.content.body.entities

    @property
    def html(self) -> str:
        """The text or the caption as safe HTML."""
        return as_html(self.content.body)

    @property
    def photo(self) -> Photo | None:
        return self.content.photo

    @property
    def document(self) -> StoredFile | None:
        return self.content.document

    @property
    def buttons(self) -> tuple[tuple[str, ...], ...]:
        """What the inline buttons say, row by row."""
        return tuple(tuple(button.text for button in row) for row in self.keyboard)

    @property
    def edited(self) -> bool:
        return self.edited_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAnswer:
    """What the person sees after a tap: a toast, an alert, or nothing but the end of waiting."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A tap on an inline button, with the bot's answer once there is one."""

    query_id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    pressed_at: datetime
    answer: CallbackAnswer | None = None
    expired: bool = False
