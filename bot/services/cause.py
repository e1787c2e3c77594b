"""What set a use case off, so that the same thing twice is the same as once. Rule 2.3."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import Actor
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Who asked, by which update of the chat, with which confirming button."""

    actor: Actor
    update_id: int | None = None
    nonce: str | None = None

    @property
    def actor_id(self) -> int | None:
        """The person who asked; None when time did."""
        return self.actor.person_id or None


CLOCK = Cause(actor=Actor(person_id=0))
"""Nobody asked: its time has come."""


class AlreadyHandled(Exception):
    """This very update was handled before: there is nothing left to do or say."""


class ButtonSpent(Exception):
    """The confirming button was pressed before, by this person or another."""


async def mark_handled(unit: Unit, cause: Cause, *, now: datetime) -> None:
    """Spend the update and the button in the transaction of their effect.

    Raises AlreadyHandled or ButtonSpent.
    """
    if cause.update_id is not None and not await unit.chats.is_new(cause.update_id, at=now):
        raise AlreadyHandled
    if cause.nonce is not None:
        person_id = cause.actor.person_id
        if not await unit.chats.spend(cause.nonce, person_id=person_id, at=now):
            raise ButtonSpent
