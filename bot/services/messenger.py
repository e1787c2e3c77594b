"""The port through which people are told things, and how it can fail."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.people import Actor
from bot.services.store import Notice, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who is told, and what they are: a tenant and a manager hear the same fact differently."""

    person: Person
    actor: Actor


class MessengerError(Exception):
    """A message could not be shown."""


class ChatUnreachable(MessengerError):
    """The person does not let us write; `forever` when their account is gone."""

    def __init__(self, *, forever: bool) -> None:
        super().__init__(forever)
        self.forever = forever


class RetryLater(MessengerError):
    """Nothing was shown, for now: try again, after `seconds` if they are known.

    `whole` when nobody else can be written to either.
    """

    def __init__(self, *, seconds: float | None = None, whole: bool = True) -> None:
        super().__init__(seconds, whole)
        self.seconds = seconds
        self.whole = whole


class DeliveryUnknown(MessengerError):
    """No answer came: it may have been shown."""


class MessageGone(MessengerError):
    """The message to be edited is not there, or cannot be edited any more."""


class ChatMoved(MessengerError):
    """The chat goes on under another number."""

    def __init__(self, *, new_chat_id: int) -> None:
        super().__init__(new_chat_id)
        self.new_chat_id = new_chat_id


class NoticeRefused(MessengerError):
    """The notice cannot be shown as it is, now or ever; `detail` is for the log."""

    def __init__(self, *, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Messenger(Protocol):
    """Shows notices to people. Both methods raise MessengerError."""

    async def send(self, to: Recipient, notice: Notice) -> int:
        """Show a notice as a new message, and return the id of the message.

        Never repeats by itself. Raises DeliveryUnknown when no answer came.
        """
        ...

    async def edit(self, to: Recipient, message_id: int, notice: Notice) -> None:
        """Show a notice in place of what a message said before.

        Raises MessageGone when there is no such message to be edited.
        """
        ...
