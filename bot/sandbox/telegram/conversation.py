"""One chat: its messages by number, and whether the bot may write into it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.sandbox.telegram.changes import ChangeKind, Changes
from bot.sandbox.telegram.keyboards import Button, Markup, ReplyKeyboard
from bot.sandbox.telegram.records import Chat, ChatKind, Content, Message, User
from bot.sandbox.telegram.refusals import Refusal, bad_request, forbidden


class Conversation:
    """The state of a chat. Messages are numbered from 1; deleted ones stay, marked."""

    def __init__(self, chat: Chat, changes: Changes) -> None:
        self.chat = chat
        self.started = chat.kind is not ChatKind.PRIVATE
        self.blocked = False
        self.deactivated = False
        self.migrated_to: int | None = None
        self.reply_keyboard: ReplyKeyboard | None = None
        self.bot_action: str | None = None
        self._changes = changes
        self._messages: dict[int, Message] = {}

    @property
    def messages(self) -> tuple[Message, ...]:
        """Every message, in the order in which they were sent."""
        return tuple(self._messages.values())

    def post(
        self,
        sender: User,
        content: Content,
        at: datetime,
        markup: Markup | None = None,
        **details: Any,
    ) -> Message:
        """This function will add a message and return it."""
        markup = markup or Markup()
        if markup.reply is not None:
            self.reply_keyboard = markup.reply if markup.reply.rows else None
        if sender.is_bot:
            self.bot_action = None
        message = Message(
            message_id=len(self._messages) + 1,
            chat=self.chat,
            sender=sender,
            sent_at=at,
            content=content,
            keyboard=markup.inline,
            **details,
        )
        return self._store(message, ChangeKind.MESSAGE)

    def edit(
        self,
        message: Message,
        content: Content,
        keyboard: tuple[tuple[Button, ...], ...],
        at: datetime,
    ) -> Message:
        """This function will replace what a message says; a new keyboard alone is no edit mark."""
        edited_at = message.edited_at if content == message.content else at
        edited = replace(message, content=content, keyboard=keyboard, edited_at=edited_at)
        return self._store(edited, ChangeKind.EDIT)

    def delete(self, message: Message) -> None:
        """This function will take a message out of sight."""
        self._store(replace(message, deleted=True), ChangeKind.DELETION)

    def act(self, action: str) -> None:
        """This function will show what the bot is doing ("typing", …) until its next message."""
        self.bot_action = action
        self._changes.note(ChangeKind.ACTION, self.chat.chat_id)

    def find(self, message_id: int) -> Message | None:
        """This function will return a message unless it is deleted or never was."""
        message = self._messages.get(message_id)
        return None if message is None or message.deleted else message

    def find_even_deleted(self, message_id: int) -> Message | None:
        """This function will return a message, deleted or not."""
        return self._messages.get(message_id)

    def obstacle(self) -> Refusal | None:
        """This function will return why the bot may not write here, if it may not."""
        if self.migrated_to is not None:
            return Refusal(
                400,
                bad_request("group chat was upgraded to a supergroup chat").description,
                migrate_to_chat_id=self.migrated_to,
            )
        if self.deactivated:
            return forbidden("user is deactivated")
        if self.blocked:
            return forbidden("bot was blocked by the user")
        if not self.started:
            return forbidden("bot can't initiate conversation with a user")
        return None

    def _store(self, message: Message, kind: ChangeKind) -> Message:
        stored = replace(message, seq=self._changes.note(kind, self.chat.chat_id))
        self._messages[message.message_id] = stored
        return stored
