"""Things that go wrong on order, so that a bot's answer to them can be looked at."""

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.telegram.refusals import Refusal, plain_refusal, too_many_requests


class Fault(StrEnum):
    """What happens to a request in place of an answer."""

    DROP_BEFORE_EFFECT = "drop_before_effect"
    DROP_AFTER_EFFECT = "drop_after_effect"
    STALL = "stall"
    STALL_AFTER_EFFECT = "stall_after_effect"

    @property
    def has_effect(self) -> bool:
        return self in {Fault.DROP_AFTER_EFFECT, Fault.STALL_AFTER_EFFECT}

    @property
    def stalls(self) -> bool:
        return self in {Fault.STALL, Fault.STALL_AFTER_EFFECT}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRefusal:
    """An error code that the next request is answered with."""

    error_code: int
    retry_after_s: int = 1

    def refusal(self) -> Refusal:
        """This function will return what the API would say with this code."""
        if self.error_code == 429:
            return too_many_requests(self.retry_after_s)
        return plain_refusal(self.error_code)


class FaultPlan:
    """Faults in the order in which they were asked for, by method (case does not matter)."""

    def __init__(self) -> None:
        self._planned: dict[str, deque[Fault | PlannedRefusal]] = defaultdict(deque)

    def add(self, method: str, fault: Fault | PlannedRefusal, times: int) -> None:
        """This function will let the next calls of a method end in the fault."""
        self._planned[method.lower()].extend([fault] * times)

    def take(self, method: str) -> Fault | PlannedRefusal | None:
        """This function will return and forget the fault that a call has to meet now."""
        planned = self._planned[method.lower()]
        return planned.popleft() if planned else None
