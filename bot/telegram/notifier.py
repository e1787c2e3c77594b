"""Shows notices in chats: what each fact is said as, and what each refusal of Telegram means."""

import logging
from datetime import time
from zoneinfo import ZoneInfo

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.i18n import Catalogues
from bot.services.messenger import (
    ChatMoved,
    ChatUnreachable,
    DeliveryUnknown,
    MessageGone,
    MessengerError,
    NoticeRefused,
    Recipient,
    RetryLater,
)
from bot.services.store import Notice
from bot.telegram.screen import Screen, edit, is_gone, is_unchanged, seconds_of, send
from bot.telegram.screens.notices import Reader, notice_screen

_LOG = logging.getLogger(__name__)

_GONE_FOREVER = "deactivated"
_NO_CHAT = ("chat not found", "user not found", "peer_id_invalid", "chat_id is empty")
_NEVER_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"})
"""Errors of the HTTP client after which the request has certainly not left."""


class Notifier:
    """The messenger of the outbox, over Telegram."""

    def __init__(
        self,
        bot: Bot,
        catalogues: Catalogues,
        *,
        default_language: str,
        default_zone: ZoneInfo,
        check_time: time,
    ) -> None:
        self._bot = bot
        self._catalogues = catalogues
        self._default_language = default_language
        self._default_zone = default_zone
        self._check_time = check_time

    async def send(self, to: Recipient, notice: Notice) -> int:
        """This function will send a notice and return the id of its message."""
        screen = self._screen(to, notice)
        try:
            return await send(self._bot, to.person.chat_id, screen)
        except TelegramError as error:
            raise trouble(error) from error

    async def edit(self, to: Recipient, message_id: int, notice: Notice) -> None:
        """This function will let a message say the notice, also when it says so already."""
        screen = self._screen(to, notice)
        try:
            await edit(self._bot, to.person.chat_id, message_id, screen)
        except BadRequest as error:
            if not is_unchanged(error):
                raise trouble(error) from error
        except TelegramError as error:
            raise trouble(error) from error

    def _screen(self, to: Recipient, notice: Notice) -> Screen:
        """Return what is shown. Raises NoticeRefused when the facts are not what they must be."""
        language = self._catalogues.match(to.person.language, self._default_language)
        try:
            zone = ZoneInfo(str(notice.facts.get("zone") or self._default_zone.key))
            speaker = self._catalogues.speaker(language, zone)
            reader = Reader(speaker=speaker, actor=to.actor, check_time=self._check_time)
            return notice_screen(notice, reader)
        except (LookupError, TypeError, ValueError, ArithmeticError) as error:
            raise NoticeRefused(detail=f"{notice.kind.value}: {error!r}") from error


def trouble(error: TelegramError) -> MessengerError:
    """Return what an error means for a message; what is ambiguous stays so."""
    if isinstance(error, RetryAfter):
        return RetryLater(seconds=seconds_of(error))
    if isinstance(error, ChatMigrated):
        return ChatMoved(new_chat_id=error.new_chat_id)
    if isinstance(error, Forbidden):
        return ChatUnreachable(forever=_GONE_FOREVER in error.message.lower())
    if isinstance(error, BadRequest):
        return _refusal(error)
    if isinstance(error, NetworkError):
        was_sent = type(error.__cause__).__name__ not in _NEVER_SENT
        return DeliveryUnknown() if was_sent else RetryLater()
    _LOG.error("Telegram accepts no message: %s", error.message)
    return RetryLater()


def _refusal(error: BadRequest) -> MessengerError:
    if is_gone(error):
        return MessageGone()
    if any(phrase in error.message.lower() for phrase in _NO_CHAT):
        return ChatUnreachable(forever=False)
    return NoticeRefused(detail=error.message)
