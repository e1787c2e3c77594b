"""The steps of a conversation, kept in the store so that a restart forgets nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.services.cause import AlreadyHandled, ButtonSpent, Cause
from bot.services.ports import Clock
from bot.services.store import Dialog, Transactions
from bot.services.stores import Unit

CONFIRMABLE_FOR = timedelta(days=1)
"""What a question told of balances and power is not true for longer than a day."""


class QuestionOver(Exception):
    """The question was cancelled, followed by something else, or asked too long ago."""


class Dialogs:
    """At most one dialog per person is under way."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock
        self._moved: dict[int, bool] = {}

    async def current(self, *, person_id: int) -> Dialog | None:
        """This function will return the step at which a person's dialog stands."""
        async with self._transactions.read() as unit:
            return await unit.chats.dialog(person_id)

    async def go_to(self, *, person_id: int, step: str, facts: Mapping[str, object]) -> None:
        """This function will begin a dialog, or move it to a step; facts are JSON values."""
        async with self._transactions.begin() as unit:
            await unit.chats.save_dialog(person_id, step=step, facts=facts, at=self._clock.now())
        self._moved[person_id] = True

    async def ask(
        self, *, person_id: int, step: str, nonce: str, facts: Mapping[str, object]
    ) -> None:
        """This function will remember the question that a confirming button will answer."""
        await self.go_to(person_id=person_id, step=step, facts={**facts, "nonce": nonce})

    async def answered(self, *, cause: Cause) -> Dialog:
        """This function will return the question that a confirming button answers.

        Raises AlreadyHandled, ButtonSpent, and QuestionOver when it does not stand any more.
        """
        async with self._transactions.read() as unit:
            await _require_new(unit, cause)
            dialog = await unit.chats.dialog(cause.actor.person_id)
        if dialog is None or cause.nonce is None or dialog.facts.get("nonce") != cause.nonce:
            raise QuestionOver
        return dialog

    async def require_fresh(self, *, cause: Cause, asked_at: datetime | None) -> None:
        """This function will pass on answers to what was asked within a day, as of `asked_at`.

        Nobody knows any more when a very old question was asked. Raises QuestionOver, or
        AlreadyHandled and ButtonSpent for an answer that was given in time before.
        """
        if asked_at is not None and self._clock.now() - asked_at <= CONFIRMABLE_FOR:
            return
        async with self._transactions.read() as unit:
            await _require_new(unit, cause)
        raise QuestionOver

    async def end(self, *, person_id: int) -> bool:
        """This function will forget a person's dialog; it returns False when there was none."""
        if await self.current(person_id=person_id) is None:
            return False
        async with self._transactions.begin() as unit:
            await unit.chats.end_dialog(person_id)
        self._moved[person_id] = False
        return True

    def moved(self, *, person_id: int) -> bool | None:
        """This function will return whether a person is asked something by now.

        It returns None when nothing has changed since this was last called in this process.
        """
        return self._moved.pop(person_id, None)


async def _require_new(unit: Unit, cause: Cause) -> None:
    if cause.update_id is not None and await unit.chats.is_handled(cause.update_id):
        raise AlreadyHandled
    if cause.nonce is not None and await unit.chats.is_spent(cause.nonce):
        raise ButtonSpent
