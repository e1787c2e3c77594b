"""The steps of a conversation, kept in the store so that a restart forgets nothing."""

from collections.abc import Mapping

from bot.services.ports import Clock
from bot.services.store import Dialog, Transactions


class Dialogs:
    """At most one dialog per person is under way."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def current(self, *, person_id: int) -> Dialog | None:
        """This function will return the step at which a person's dialog stands."""
        async with self._transactions.read() as unit:
            return await unit.chats.dialog(person_id)

    async def go_to(self, *, person_id: int, step: str, facts: Mapping[str, object]) -> None:
        """This function will begin a dialog, or move it to a step; facts are JSON values."""
        async with self._transactions.begin() as unit:
            await unit.chats.save_dialog(person_id, step=step, facts=facts, at=self._clock.now())

    async def end(self, *, person_id: int) -> bool:
        """This function will forget a person's dialog; it returns False when there was none."""
        if await self.current(person_id=person_id) is None:
            return False
        async with self._transactions.begin() as unit:
            await unit.chats.end_dialog(person_id)
        return True
