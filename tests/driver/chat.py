"""A person's chat with the bot, for journeys: act, wait for what the bot does, look at it."""

from collections.abc import Callable
from typing import TypeVar

from bot.sandbox.telegram import SandboxPerson
from bot.sandbox.telegram.menus import Menu
from bot.sandbox.telegram.person import NoSuchButton
from bot.sandbox.telegram.records import CallbackAnswer, Message, Press

_T = TypeVar("_T")


class Chat:
    """Every acting method waits for the bot's next message or edit and returns it."""

    def __init__(self, person: SandboxPerson, *, timeout_s: float = 10) -> None:
        self.person = person
        self.timeout_s = timeout_s

    # Acting

    async def say(self, text: str) -> Message:
        """This function will send a text and return the bot's next message or edit."""
        return await self._answered(lambda: self.person.send_text(text))

    async def press(self, label: str, *, on: Message | None = None) -> Message:
        """This function will tap a button and return the bot's next message or edit.

        The label may be a part of what the button says. Without `on`, the newest message that
        has such a button is meant. Raises NoSuchButton.
        """
        return await self._answered(lambda: self._tap(label, on))

    async def tap(self, label: str, *, on: Message | None = None) -> CallbackAnswer:
        """This function will tap a button and return the toast or alert that answers it."""
        return await self.answer_to(self._tap(label, on))

    async def forge(self, data: str, *, on: Message | None = None) -> CallbackAnswer:
        """This function will send any callback data as if from a message, and return the answer."""
        target = on or self.last
        return await self.answer_to(self.person.press_data(target.message_id, data))

    async def photo(self, data: bytes, caption: str | None = None) -> Message:
        """This function will send a picture and return the bot's next message or edit."""
        return await self._answered(lambda: self.person.send_photo(data, caption))

    async def document(
        self, data: bytes, file_name: str, mime: str = "application/octet-stream"
    ) -> Message:
        """This function will send a file and return the bot's next message or edit."""
        return await self._answered(lambda: self.person.send_document(data, file_name, mime))

    # Waiting

    async def next(self, *, after: int) -> Message:
        """This function will wait for a message or edit of the bot after a sequence number."""
        return await self.until(lambda _: self._first_after(after))

    async def hears(self, part: str, *, after: int = 0) -> Message:
        """This function will wait for a message of the bot that contains a text."""
        return await self.until(lambda _: self._saying(part, after))

    async def answer_to(self, press: Press) -> CallbackAnswer:
        """This function will wait for the answer to a tap."""
        return await self.until(lambda chat: chat.person.answer_to(press))

    async def until(self, condition: Callable[["Chat"], _T | None]) -> _T:
        """This function will wait until the condition is true of this chat, and return it."""
        return await self.person.until(lambda _: condition(self), timeout_s=self.timeout_s)

    # Looking

    @property
    def seq(self) -> int:
        """The number of the last change anywhere, to wait for what comes after it."""
        return self.person.world.changes.seq

    @property
    def all(self) -> tuple[Message, ...]:
        """What the bot has written and not deleted, oldest first."""
        return tuple(message for message in self.person.visible if message.from_bot)

    @property
    def last(self) -> Message:
        """The message that the bot wrote or edited last."""
        assert self.all, "the bot has not written anything"
        return max(self.all, key=lambda message: message.seq)

    @property
    def text(self) -> str:
        """What the last message says."""
        return self.last.text

    @property
    def buttons(self) -> list[str]:
        """What the buttons of the last message say, in reading order."""
        return [label for row in self.last.buttons for label in row]

    @property
    def menu(self) -> Menu:
        """The commands that the person is offered."""
        return self.person.commands()

    def transcript(self) -> str:
        """This function will write the whole chat as lines, for the message of a failed test."""
        names = {True: "bot", False: self.person.user.first_name}
        return "\n".join(
            f"{names[m.from_bot]}: {m.text} {list(m.buttons) or ''}".rstrip()
            for m in self.person.visible
        )

    async def _answered(self, act: Callable[[], object]) -> Message:
        """Return what answers; that an answered question loses its buttons is no answer."""
        seen, before = self.seq, {each.message_id: each.text for each in self.all}
        act()

        def answer(chat: Chat) -> Message | None:
            new = [each for each in chat.all if each.seq > seen]
            said = [
                each for each in new if each.keyboard or before.get(each.message_id) != each.text
            ]
            return min(said, key=lambda each: each.seq, default=None)

        return await self.until(answer)

    def _tap(self, label: str, on: Message | None) -> Press:
        message, data = self._find(label, on)
        return self.person.press_data(message.message_id, data)

    def _find(self, label: str, on: Message | None) -> tuple[Message, str]:
        """A whole label wins over a part of one, and a newer message over an older one."""
        candidates = [on] if on else sorted(self.all, key=lambda m: -m.seq)
        for matches in (str.__eq__, str.__contains__):
            for message in candidates:
                for button in (button for row in message.keyboard for button in row):
                    if button.callback_data is not None and matches(button.text, label):
                        return message, button.callback_data
        raise NoSuchButton(self.last.message_id, label, self.last.buttons)

    def _first_after(self, seq: int) -> Message | None:
        new = [message for message in self.all if message.seq > seq]
        return min(new, key=lambda message: message.seq, default=None)

    def _saying(self, part: str, seq: int) -> Message | None:
        found = [m for m in self.all if m.seq > seq and part in m.text]
        return max(found, key=lambda message: message.seq, default=None)
