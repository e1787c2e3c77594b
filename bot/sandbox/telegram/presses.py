"""Taps on inline buttons: each waits for one answer, and not for ever."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import count

from bot.sandbox.telegram.changes import ChangeKind, Changes
from bot.sandbox.telegram.records import CallbackAnswer, Message, Press, User
from bot.sandbox.telegram.refusals import QUERY_TOO_OLD, bad_request

_FIRST_QUERY_ID = 4_000_000_000_000_000


class PressDesk:
    """Presses by query id. They grow too old in real time, however fast the world's clock runs."""

    def __init__(
        self,
        changes: Changes,
        *,
        lifetime_s: float,
        real: Callable[[], float] = time.monotonic,
    ) -> None:
        self._changes = changes
        self._lifetime_s = lifetime_s
        self._real = real
        self._numbers = count(_FIRST_QUERY_ID)
        self._presses: dict[str, Press] = {}
        self._real_times: dict[str, float] = {}

    def open(self, person: User, message: Message, data: str, at: datetime) -> Press:
        """This function will note a tap that waits for its answer."""
        press = Press(
            query_id=str(next(self._numbers)),
            user_id=person.user_id,
            chat_id=message.chat.chat_id,
            message_id=message.message_id,
            data=data,
            pressed_at=at,
        )
        self._presses[press.query_id] = press
        self._real_times[press.query_id] = self._real()
        return press

    def answer(self, query_id: str, answer: CallbackAnswer) -> None:
        """This function will end a tap's waiting; raises Refusal when it is over already."""
        press = self._presses.get(query_id)
        if press is None or press.answer or press.expired or self._is_old(query_id):
            raise bad_request(QUERY_TOO_OLD)
        self._presses[query_id] = replace(press, answer=answer)
        self._changes.note(ChangeKind.ANSWER, press.chat_id)

    def expire_all(self) -> None:
        """This function will make every tap too old to be answered."""
        for query_id, press in self._presses.items():
            self._presses[query_id] = replace(press, expired=True)

    def get(self, query_id: str) -> Press:
        """This function will return a tap as it stands now."""
        return self._presses[query_id]

    def of(self, user_id: int) -> tuple[Press, ...]:
        """This function will return a person's taps, oldest first."""
        return tuple(press for press in self._presses.values() if press.user_id == user_id)

    def _is_old(self, query_id: str) -> bool:
        return self._real() - self._real_times[query_id] > self._lifetime_s
