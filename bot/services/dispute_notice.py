"""Who is told of what was said and done about a question. Rule 10.4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.dispute import Dispute, StepKind
from bot.services.book import LeaseBook
from bot.services.cause import Cause
from bot.services.dispute_item import item_of
from bot.services.notice import common_facts, tell
from bot.services.store import Notice, NoticeKind
from bot.services.stores import Unit

_TO_STAFF = frozenset({StepKind.OPENED, StepKind.ADDED, StepKind.ANSWERED, StepKind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Said:
    """A step as others hear of it; money in paise."""

    kind: StepKind
    words: str | None = None
    credit_paise: int = 0
    credit_note: str | None = None


async def dispute_facts(
    unit: Unit, book: LeaseBook, dispute: Dispute, *, event: str
) -> dict[str, object]:
    """Return what every notice about a question says."""
    item = await item_of(unit, dispute.item, dispute.item_id, dispute.lease_id)
    return common_facts(book) | {
        "dispute_id": dispute.id,
        "number": dispute.number,
        "event": event,
        "about": dict(item.facts),
        "disputed_paise": dispute.disputed_paise,
        "held_paise": dispute.held_paise,
        "opened_at": dispute.opened_at.isoformat(),
        "answer_by": dispute.answer_by.isoformat(),
        "decide_by": dispute.decide_by.isoformat(),
    }


async def dispute_notices(
    unit: Unit,
    before: LeaseBook,
    book: LeaseBook,
    dispute: Dispute,
    said: Said,
    cause: Cause,
    now: datetime,
) -> Sequence[Notice]:
    """Return the word to everybody else on a step: to staff on a tenant's, and to the tenants."""
    names = await unit.people.get({cause.actor.person_id})
    facts: Mapping[str, object] = await dispute_facts(
        unit, book, dispute, event=said.kind.value
    ) | {
        "words": said.words,
        "credit_paise": said.credit_paise,
        "credit_note": said.credit_note,
        "before_paise": before.balance_paise,
        "after_paise": book.balance_paise,
        "by": next((each.name for each in names.values()), None),
    }
    people = book.tenant_ids
    if said.kind in _TO_STAFF:
        people = (*people, *book.staff_ids)
    others = [each for each in dict.fromkeys(people) if each != cause.actor.person_id]
    key = f"dispute:{dispute.id}:{said.kind.value}:{now.isoformat()}"
    return tell(others, NoticeKind.DISPUTE, facts, key=key, now=now)
