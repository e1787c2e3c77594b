"""A card in a chat: what it says, its buttons, and how it takes the place of an older one."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from telegram import (
    Bot,
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.telegram.callbacks import Press, encode

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_LONGEST_WAIT_S = 30
_UNCHANGED = "message is not modified"
_TOO_OLD = ("query is too old", "query id is invalid", "query_id_invalid")
_CANNOT_EDIT = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
MAX_TOAST_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A label, and one of: what a tap asks for, a link, a text to copy."""

    label: str
    press: Press | None = None
    url: str | None = None
    copies: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A card: HTML, buttons, perhaps a PNG above the text; `toast` is said over the chat."""

    html: str
    buttons: Rows = ()
    photo: bytes | None = None
    toast: str | None = None


def rows_of(*buttons: Button | None, width: int = 2) -> Rows:
    """Return the buttons in rows; None is left out."""
    kept = [button for button in buttons if button is not None]
    return tuple(tuple(kept[at : at + width]) for at in range(0, len(kept), width))


class Window:
    """The place in a chat where one update is answered."""

    def __init__(self, bot: Bot, chat_id: int, query: CallbackQuery | None = None) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._query = query
        self._is_answered = False
        self.leaves_pressed = False

    @property
    def pressed(self) -> Message | None:
        """The message whose button was tapped, if Telegram still lets it be changed."""
        message = None if self._query is None else self._query.message
        return message if isinstance(message, Message) else None

    async def show(self, screen: Screen, *, fresh: bool = False) -> int:
        """This function will show a card in place of the tapped one, or send it.

        It returns the id of the message; `fresh` leaves the tapped one as it is.
        """
        pressed = None if fresh or self.leaves_pressed else self.pressed
        if pressed is None or pressed.document is not None:
            return await self._send(screen)
        if bool(pressed.photo) != (screen.photo is not None):
            message_id = await self._send(screen)
            await self._remove(pressed)
            return message_id
        try:
            await self._edit(pressed, screen)
        except BadRequest as error:
            if is_unchanged(error):
                return pressed.message_id
            if not is_gone(error):
                raise
            return await self._send(screen)
        return pressed.message_id

    async def change(self, message_id: int, screen: Screen) -> None:
        """This function will show a card in place of an earlier one of this chat."""
        try:
            await edit(self._bot, self._chat_id, message_id, screen)
        except RetryAfter as error:
            await asyncio.sleep(_seconds(error))
            await edit(self._bot, self._chat_id, message_id, screen)
        except BadRequest as error:
            if is_gone(error):
                await self._send(screen)
            elif not is_unchanged(error):
                raise

    async def withdraw(self, message_id: int) -> None:
        """This function will take an earlier message of this chat back, if it still can."""
        with suppress(BadRequest):
            await self._bot.delete_message(self._chat_id, message_id)

    async def disarm(self, message_id: int) -> None:
        """This function will take the buttons off an earlier message of this chat, if it can."""
        with suppress(TelegramError):
            await self._bot.edit_message_reply_markup(self._chat_id, message_id)

    async def give(self, file: InputFile) -> None:
        """This function will send a file, below what is there."""
        try:
            await self._bot.send_document(self._chat_id, file)
        except RetryAfter as error:
            await asyncio.sleep(_seconds(error))
            await self._bot.send_document(self._chat_id, file)

    async def toast(self, text: str | None = None, *, alert: bool = False) -> None:
        """This function will end the waiting of a tap, once; other updates have none."""
        if self._query is None or self._is_answered:
            return
        self._is_answered = True
        shown = text if text is None else text[:MAX_TOAST_CHARACTERS]
        try:
            await self._bot.answer_callback_query(self._query.id, shown, show_alert=alert)
        except BadRequest as error:
            if not _means(error, *_TOO_OLD):
                raise

    async def _send(self, screen: Screen) -> int:
        try:
            return await send(self._bot, self._chat_id, screen)
        except RetryAfter as error:
            await asyncio.sleep(_seconds(error))
            return await send(self._bot, self._chat_id, screen)

    async def _edit(self, message: Message, screen: Screen) -> None:
        try:
            await edit(self._bot, message.chat_id, message.message_id, screen)
        except RetryAfter as error:
            await asyncio.sleep(_seconds(error))
            await edit(self._bot, message.chat_id, message.message_id, screen)

    async def _remove(self, message: Message) -> None:
        """A message older than two days cannot be removed: its buttons go, then."""
        try:
            await self._bot.delete_message(message.chat_id, message.message_id)
        except BadRequest:
            try:
                await self._bot.edit_message_reply_markup(message.chat_id, message.message_id)
            except BadRequest as error:
                if not is_unchanged(error) and not is_gone(error):
                    raise


async def send(bot: Bot, chat_id: int, screen: Screen) -> int:
    """This function will send a screen as a new message and return its id."""
    markup = _markup(screen.buttons)
    if screen.photo is not None:
        sent = await bot.send_photo(
            chat_id,
            InputFile(screen.photo, filename="picture.png"),
            caption=screen.html,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
        )
    else:
        sent = await bot.send_message(
            chat_id,
            screen.html,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            link_preview_options=_NO_PREVIEW,
        )
    return sent.message_id


async def edit(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> None:
    """This function will replace a message of the same kind. Raises BadRequest."""
    markup = _markup(screen.buttons)
    if screen.photo is not None:
        media = InputMediaPhoto(screen.photo, screen.html, parse_mode=ParseMode.HTML)
        await bot.edit_message_media(media, chat_id, message_id, reply_markup=markup)
    else:
        await bot.edit_message_text(
            screen.html,
            chat_id,
            message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            link_preview_options=_NO_PREVIEW,
        )


def _markup(rows: Rows) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup([list(map(_button, row)) for row in rows]) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        button.label,
        url=button.url,
        callback_data=None if button.press is None else encode(button.press),
        copy_text=None if button.copies is None else CopyTextButton(button.copies),
    )


def is_unchanged(error: BadRequest) -> bool:
    """Return whether a message could not be edited only because it says this already."""
    return _means(error, _UNCHANGED)


def is_gone(error: BadRequest) -> bool:
    """Return whether a message cannot be edited any more."""
    return _means(error, *_CANNOT_EDIT)


def seconds_of(error: RetryAfter) -> float:
    """Return how long to wait; PTB is about to turn the number into a timedelta."""
    wait = error.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()


def _means(error: BadRequest, *phrases: str) -> bool:
    said = error.message.lower()
    return any(phrase in said for phrase in phrases)


def _seconds(error: RetryAfter) -> float:
    return min(seconds_of(error), _LONGEST_WAIT_S)
