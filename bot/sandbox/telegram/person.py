"""A person with Telegram on a phone: what one can do there, and what one sees."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from bot.sandbox.telegram.changes import ChangeKind
from bot.sandbox.telegram.entities import FormattedText, trimmed, with_found
from bot.sandbox.telegram.keyboards import Button, ReplyKeyboard
from bot.sandbox.telegram.menus import Menu
from bot.sandbox.telegram.payloads import message_payload, press_payload
from bot.sandbox.telegram.records import CallbackAnswer, Contact, Content, Message, Press, User
from bot.sandbox.telegram.updates import UpdateKind

if TYPE_CHECKING:
    from bot.sandbox.telegram.conversation import Conversation
    from bot.sandbox.telegram.world import TelegramWorld

_T = TypeVar("_T")


class PersonCannot(Exception):
    """Something that the messenger itself would not let a person do."""


class BotIsBlocked(PersonCannot):
    """One writes to a blocked bot only after unblocking it (or with /start)."""


class NothingToSend(PersonCannot):
    """The message is empty."""


class NoSuchMessage(PersonCannot):
    """The message is not in this chat, or was deleted."""

    def __init__(self, message_id: int) -> None:
        super().__init__(message_id)
        self.message_id = message_id


class NoSuchButton(PersonCannot):
    """The message has no such button now."""

    def __init__(self, message_id: int, button: str, offered: tuple[tuple[str, ...], ...]) -> None:
        super().__init__(message_id, button, offered)
        self.message_id = message_id
        self.button = button
        self.offered = offered


class ButtonStaysOnThePhone(PersonCannot):
    """The button opens a link or copies a text: the bot learns nothing of it."""

    def __init__(self, button: Button) -> None:
        super().__init__(button)
        self.button = button


class SandboxPerson:
    """Made by `TelegramWorld.person`. Acts at once; the bot's answers come as changes."""

    def __init__(self, world: "TelegramWorld", user: User) -> None:
        self.world = world
        self.user = user

    @property
    def user_id(self) -> int:
        return self.user.user_id

    @property
    def chat_id(self) -> int:
        """The private chat with the bot, which has the number of the person."""
        return self.user.user_id

    # What the person sees

    @property
    def messages(self) -> tuple[Message, ...]:
        """Every message of the private chat in order, deleted ones marked as such."""
        return self._chat.messages

    @property
    def visible(self) -> tuple[Message, ...]:
        """The messages of the private chat that are not deleted."""
        return tuple(message for message in self.messages if not message.deleted)

    @property
    def presses(self) -> tuple[Press, ...]:
        """The person's taps with their answers, oldest first."""
        return self.world.presses.of(self.user_id)

    @property
    def reply_keyboard(self) -> ReplyKeyboard | None:
        """The keyboard that the bot offers in place of letters."""
        return self._chat.reply_keyboard

    @property
    def bot_action(self) -> str | None:
        """What the bot is doing just now, such as "typing"."""
        return self._chat.bot_action

    @property
    def blocked(self) -> bool:
        return self._chat.blocked

    @property
    def started(self) -> bool:
        """Whether the person ever wrote to the bot, without which it may not write."""
        return self._chat.started

    def commands(self) -> Menu:
        """This function will return the menu of commands that the person is offered."""
        return self.world.menus.shown_in_private(self.chat_id, self.user.language_code or "")

    # What the person does

    def send_text(
        self, text: str, *, reply_to: int | None = None, in_chat: int | None = None
    ) -> Message:
        """This function will send a text; commands in it are marked. Raises PersonCannot."""
        body = with_found(trimmed(text, ()))
        if not body.text:
            raise NothingToSend
        if body.text.partition(" ")[0] == "/start":
            self.unblock()
        return self._send(Content(body=body), reply_to=reply_to, in_chat=in_chat)

    def edit_text(self, message_id: int, text: str) -> Message:
        """This function will change a text that the person sent. Raises PersonCannot."""
        message = self._visible(message_id)
        content = Content(body=with_found(trimmed(text, ())))
        edited = self._chat.edit(message, content, (), self.world.now())
        self.world.updates.add(UpdateKind.EDITED_MESSAGE, message_payload(edited))
        return edited

    def send_photo(
        self, data: bytes, caption: str | None = None, media_group_id: str | None = None
    ) -> Message:
        """This function will send a PNG or JPEG. Raises PersonCannot and Refusal."""
        photo = self.world.files.add_photo(data)
        content = Content(body=_plain(caption), photo=photo)
        return self._send(content, media_group_id=media_group_id)

    def send_document(
        self, data: bytes, file_name: str, mime: str, caption: str | None = None
    ) -> Message:
        """This function will send a file. Raises PersonCannot and Refusal."""
        document = self.world.files.add_document(data, file_name, mime)
        return self._send(Content(body=_plain(caption), document=document))

    def send_contact(
        self, phone_number: str, *, first_name: str | None = None, user_id: int | None = None
    ) -> Message:
        """This function will share a contact, the person's own one unless a name is given."""
        own = first_name is None
        contact = Contact(
            phone_number=phone_number,
            first_name=first_name or self.user.first_name,
            user_id=self.user_id if own else user_id,
        )
        return self._send(Content(contact=contact))

    def press(self, message_id: int, button: str) -> Press:
        """This function will tap a button, named by what it says or by its callback data.

        Raises PersonCannot when there is no such button or the bot learns nothing of it.
        """
        found = self._button(self._visible(message_id), button)
        if found.callback_data is None:
            raise ButtonStaysOnThePhone(found)
        return self.press_data(message_id, found.callback_data)

    def press_data(self, message_id: int, data: str) -> Press:
        """This function will send any callback data: an old phone, or a forged client.

        Raises NoSuchMessage.
        """
        message = self._chat.find_even_deleted(message_id)
        if message is None or not message.from_bot:
            raise NoSuchMessage(message_id)
        press = self.world.presses.open(self.user, message, data, self.world.now())
        payload = press_payload(press, self.user, message)
        self.world.updates.add(UpdateKind.CALLBACK_QUERY, payload)
        return press

    def answer_to(self, press: Press) -> CallbackAnswer | None:
        """This function will return what the bot answered to a tap, if it has."""
        return self.world.presses.get(press.query_id).answer

    def block(self) -> None:
        """This function will block the bot."""
        self.world.set_blocked(self.user_id, blocked=True)

    def unblock(self) -> None:
        """This function will unblock the bot."""
        self.world.set_blocked(self.user_id, blocked=False)

    async def until(
        self, condition: Callable[["SandboxPerson"], _T | None], *, timeout_s: float = 5
    ) -> _T:
        """This function will wait until the condition holds and return its value.

        Raises TimeoutError.
        """
        async with asyncio.timeout(timeout_s):
            seq = self.world.changes.seq
            while not (value := condition(self)):
                seq = await self.world.changed(seq)
        return value

    @property
    def _chat(self) -> "Conversation":
        return self.world.conversations[self.chat_id]

    def _send(
        self,
        content: Content,
        *,
        reply_to: int | None = None,
        in_chat: int | None = None,
        media_group_id: str | None = None,
    ) -> Message:
        conversation = self.world.conversations[in_chat] if in_chat else self._chat
        if conversation.blocked:
            raise BotIsBlocked
        if not conversation.started:
            conversation.started = True
            self.world.changes.note(ChangeKind.PERSON, self.chat_id)
        answered = None if reply_to is None else conversation.find(reply_to)
        return self.world.receive(
            conversation, self.user, content, reply_to=answered, media_group_id=media_group_id
        )

    def _visible(self, message_id: int) -> Message:
        message = self._chat.find(message_id)
        if message is None:
            raise NoSuchMessage(message_id)
        return message

    def _button(self, message: Message, wanted: str) -> Button:
        buttons = [button for row in message.keyboard for button in row]
        for button in buttons:
            if wanted in {button.text, button.callback_data}:
                return button
        raise NoSuchButton(message.message_id, wanted, message.buttons)


def _plain(caption: str | None) -> FormattedText:
    return with_found(trimmed(caption or "", ()))
