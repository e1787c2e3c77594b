"""A tenant questions something: its steps, what it holds, and its time limits. Section 10."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

ANSWER_WITHIN = timedelta(days=3)
"""So long staff may take to say anything at all."""
DECIDE_WITHIN = timedelta(days=10)
"""So long it may take until the tenant knows how it ended."""
REMIND_BEFORE = timedelta(days=2)


class ItemKind(Enum):
    """What can be questioned. Rule 10.1."""

    ENTRY = "entry"
    INVOICE = "invoice"
    READING = "reading"
    ALERT = "alert"


class DisputeState(Enum):
    """How far a question has come; ASKED waits for the tenant."""

    OPEN = "open"
    ASKED = "asked"
    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be settled."""
        return self in OPEN_STATES


OPEN_STATES = frozenset({DisputeState.OPEN, DisputeState.ASKED})


class StepKind(Enum):
    """What somebody did about it; ADDED are more words of the tenant that nobody asked for."""

    OPENED = "opened"
    ADDED = "added"
    ASKED = "asked"
    ANSWERED = "answered"
    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Nudge(Enum):
    """Who is reminded of what, in the order in which it comes due."""

    ANSWER = "answer"
    DECISION = "decision"
    OWNER = "owner"


_AFTER: Mapping[StepKind, DisputeState] = {
    StepKind.ADDED: DisputeState.OPEN,
    StepKind.ASKED: DisputeState.ASKED,
    StepKind.ANSWERED: DisputeState.OPEN,
    StepKind.UPHELD: DisputeState.UPHELD,
    StepKind.PARTLY: DisputeState.PARTLY,
    StepKind.REJECTED: DisputeState.REJECTED,
    StepKind.WITHDRAWN: DisputeState.WITHDRAWN,
}
VERDICTS = frozenset({StepKind.UPHELD, StepKind.PARTLY, StepKind.REJECTED})


class DisputeClosed(Exception):
    """Nothing is decided twice: it was settled, or withdrawn, before."""

    def __init__(self, number: str, state: DisputeState) -> None:
        super().__init__(number, state)
        self.number = number
        self.state = state


class CreditOutOfRange(ValueError):
    """Who is right in part gets something, and less than all that was questioned."""

    def __init__(self, amount_paise: int, *, most_paise: int) -> None:
        super().__init__(amount_paise, most_paise)
        self.amount_paise = amount_paise
        self.most_paise = most_paise


class DisputedTooMuch(ValueError):
    """No more can be questioned than the item comes to."""

    def __init__(self, amount_paise: int, *, most_paise: int) -> None:
        super().__init__(amount_paise, most_paise)
        self.amount_paise = amount_paise
        self.most_paise = most_paise


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A question about one item of a lease; money in paise, `serial` counts per place.

    `item_id` is the id of the entry, the bill, the reading or the notice; `entry_id` the charge
    that it is about, if there is one. `held_paise` counts for nothing while it is open (rule 10.3),
    `credited_paise` is what the tenant got back in the end, `answered_at` when staff first spoke.
    """

    id: int
    place_id: int
    serial: int
    lease_id: int
    item: ItemKind
    item_id: int
    entry_id: int | None
    opened_by: int
    opened_at: datetime
    disputed_paise: int
    held_paise: int
    state: DisputeState = DisputeState.OPEN
    answered_at: datetime | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    credited_paise: int = 0
    nudged: Nudge | None = None

    @property
    def number(self) -> str:
        """How people call it; the same only once in a place."""
        return f"D-{self.serial:04}"

    @property
    def answer_by(self) -> datetime:
        """Until when staff say something."""
        return self.opened_at + ANSWER_WITHIN

    @property
    def decide_by(self) -> datetime:
        """Until when it is settled."""
        return self.opened_at + DECIDE_WITHIN

    @property
    def waits_for_answer(self) -> bool:
        """Whether nobody of the staff has said anything yet."""
        return self.state.is_open and self.answered_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeStep:
    """Something that was said or done, once and for all; `person_id` None where time did it."""

    dispute_id: int
    at: datetime
    person_id: int | None
    kind: StepKind
    words: str | None = None
    photo_id: int | None = None
    amount_paise: int | None = None
    id: int = 0


def held_paise(*, item_paise: int, disputed_paise: int, held_already_paise: int = 0) -> int:
    """Return what an open question takes out of the reckoning. Rule 10.3.

    It is what is questioned, at most what the item comes to, less what other open questions hold
    of the same money. Never negative.
    """
    questioned = min(max(item_paise, 0), max(disputed_paise, 0))
    free = max(item_paise, 0) - max(held_already_paise, 0)
    return max(min(questioned, free), 0)


def after(dispute: Dispute, step: StepKind) -> DisputeState:
    """Return how far it has come after a step. Raises DisputeClosed."""
    if not dispute.state.is_open:
        raise DisputeClosed(dispute.number, dispute.state)
    return _AFTER[step]


def said_by_tenant(state: DisputeState) -> StepKind:
    """Return what words of a tenant are: an answer if one was asked for."""
    return StepKind.ANSWERED if state is DisputeState.ASKED else StepKind.ADDED


def credit_paise(
    dispute: Dispute, verdict: StepKind, *, left_paise: int, amount_paise: int | None
) -> int:
    """Return what the tenant gets back: never more than was questioned, or is left of the item.

    `left_paise` is what the item comes to now. Raises CreditOutOfRange.
    """
    most_paise = max(min(dispute.disputed_paise, left_paise), 0)
    if verdict is StepKind.UPHELD:
        return most_paise
    if verdict is StepKind.REJECTED:
        return 0
    if amount_paise is None or not 0 < amount_paise < most_paise:
        raise CreditOutOfRange(amount_paise or 0, most_paise=most_paise)
    return amount_paise


def nudge_due(dispute: Dispute, *, now: datetime) -> Nudge | None:
    """Return of what somebody has to be reminded now, the most urgent that was not said yet."""
    if not dispute.state.is_open:
        return None
    order = list(Nudge)
    said = -1 if dispute.nudged is None else order.index(dispute.nudged)
    due_at = {
        Nudge.ANSWER: dispute.answer_by if dispute.waits_for_answer else None,
        Nudge.DECISION: dispute.decide_by - REMIND_BEFORE,
        Nudge.OWNER: dispute.decide_by,
    }
    due = [each for each in order if (at := due_at[each]) is not None and at <= now]
    return due[-1] if due and order.index(due[-1]) > said else None
