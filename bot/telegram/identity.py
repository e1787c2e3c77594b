"""A bot that only speaks, and which bot a token belongs to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

_PATIENCE_S = 10


class TokenRejected(Exception):
    """Telegram does not know the token."""


class TelegramUnreachable(Exception):
    """Telegram gave no usable answer; `reason` is what its library says."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A bot as its users see it."""

    username: str
    name: str

    def invitation_link(self, token: str) -> str:
        """Return the link that begins a chat with an invitation."""
        return f"https://t.me/{self.username}?start={token}"


@asynccontextmanager
async def speaking_bot(*, token: str, api_url: str) -> AsyncIterator[Bot]:
    """This function will yield a client for a token, which has told who it is.

    Raises telegram.error.TelegramError, of which InvalidToken is one.
    """
    request = HTTPXRequest(connect_timeout=_PATIENCE_S, read_timeout=_PATIENCE_S)
    async with Bot(token, base_url=f"{api_url}/bot", request=request) as bot:
        yield bot


async def whoami(*, token: str, api_url: str) -> Identity:
    """This function will ask Telegram who the token is. Raises TokenRejected or
    TelegramUnreachable."""
    try:
        async with speaking_bot(token=token, api_url=api_url) as bot:
            return Identity(username=bot.username, name=bot.first_name)
    except InvalidToken:
        raise TokenRejected from None
    except TelegramError as error:
        raise TelegramUnreachable(error.message) from None
