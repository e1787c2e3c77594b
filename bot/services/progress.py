"""How a relay order goes on, shown in the messages that announced it. Rule 6.6."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.supply import SupplyDecision
from bot.services.book import LeaseBook
from bot.services.notice import common_facts, power_facts, tell
from bot.services.ports import KeyRejected
from bot.services.store import Notice, NoticeKind, OrderStatus, RelayOrder
from bot.services.stores import Unit

DROPPED = "dropped"
ALARMING_ATTEMPTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one try to carry out an order went.

    `seen_on` is what was read back, or what the vendor accepted where `is_read_back` is False.
    """

    status: OrderStatus
    seen_on: bool | None = None
    error: str | None = None
    detail: str | None = None
    offline: bool = False
    rejected: KeyRejected | None = None
    at_once: bool = False
    is_read_back: bool = True


def hand_thread(thread: str) -> str:
    """Return the thread in which staff are asked to do by hand what another thread tells of."""
    return f"hand:{thread}"


async def moved_on(
    unit: Unit, order: RelayOrder, state: str, *, now: datetime, hand_by: str | None = None
) -> Sequence[Notice]:
    """Return edits of every message that waits for the order, also of those it took over.

    `hand_by` is who switched by hand.
    """
    return [
        _edit(shown, order, state, now, hand_by)
        for thread in await unit.supplies.threads_of(order)
        for each in (thread, hand_thread(thread))
        for shown in await unit.outbox.in_thread(each)
    ]


def _edit(
    shown: Notice, order: RelayOrder, state: str, now: datetime, hand_by: str | None
) -> Notice:
    facts = {
        **shown.facts,
        **_words(shown, order, state),
        "at": now.isoformat(),
        "power_at": now.isoformat(),
        "seconds": int((now - order.created_at).total_seconds()),
        "order_id": order.id,
        "error": order.error,
        "hand_by": hand_by,
    }
    return Notice(
        key=f"order:{order.id}:{state}:{shown.thread}:{shown.person_id}",
        person_id=shown.person_id,
        kind=shown.kind,
        facts=facts,
        created_at=now,
        due_at=now,
        thread=shown.thread,
    )


def _words(shown: Notice, order: RelayOrder, state: str) -> dict[str, str]:
    if shown.kind in {NoticeKind.POWER, NoticeKind.SWITCH_BY_HAND}:
        return {"state": state}
    if state != DROPPED:
        return {"power": state}
    return {"power": "still_off" if order.turn_on else "unchanged"}


async def tell_progress(
    unit: Unit, book: LeaseBook, order: RelayOrder, attempt: Attempt, now: datetime
) -> None:
    """Edit the messages in which the change was announced. Rule 6.6."""
    state = _progress_state(order, attempt)
    news: list[Notice] = []
    if state is not None:
        shown = await moved_on(unit, order, state, now=now)
        news += [_marked(each, attempt) for each in shown]
    if state is not None and not news and order.status is OrderStatus.CONFIRMED:
        told = _unannounced(book, order, state, now)
        news += [_marked(each, attempt) for each in told]
    is_stuck = order.attempts == ALARMING_ATTEMPTS and not attempt.offline
    if attempt.status is OrderStatus.FAILED or is_stuck:
        news += _trouble(book, order, attempt, now)
    await unit.outbox.add(news)


def _marked(notice: Notice, attempt: Attempt) -> Notice:
    """Let a notice say whether the meter itself has confirmed."""
    return replace(notice, facts={**notice.facts, "only_accepted": not attempt.is_read_back})


def _unannounced(
    book: LeaseBook, order: RelayOrder, state: str, now: datetime
) -> tuple[Notice, ...]:
    """Return what tenants are told of a change that no message announced."""
    decision = SupplyDecision(on=order.turn_on, reason=order.reason)
    facts = power_facts(book, decision, now=now, state=state) | {"order_id": order.id}
    key, thread = f"order:{order.id}:{state}", order.thread
    return tell(book.tenant_ids, NoticeKind.POWER, facts, key=key, now=now, thread=thread)


def _progress_state(order: RelayOrder, attempt: Attempt) -> str | None:
    if order.status is OrderStatus.CONFIRMED:
        return "on" if order.turn_on else "off"
    if attempt.status is OrderStatus.FAILED:
        return "failed"
    return "waiting_offline" if attempt.offline else None


def _trouble(
    book: LeaseBook, order: RelayOrder, attempt: Attempt, now: datetime
) -> tuple[Notice, ...]:
    link = book.supply_meter
    facts = common_facts(book) | {
        "meter": link.meter.udf1 if link else None,
        "code": attempt.error,
        "detail": attempt.detail,
        "on": order.turn_on,
        "order_id": order.id,
    }
    key = f"trouble:order:{order.id}:{attempt.error}"
    return tell(book.staff_ids, NoticeKind.DEVICE_TROUBLE, facts, key=key, now=now)


def still_dark(book: LeaseBook, order: RelayOrder, now: datetime) -> tuple[Notice, ...]:
    """Return the alarm for a tenant who is in order and yet has no power. Rule 6.5."""
    minutes = int((now - order.created_at).total_seconds()) // 60
    facts = common_facts(book) | {
        "minutes": minutes,
        "order_id": order.id,
        "error": order.error,
        "by_hand": order.status is OrderStatus.BY_HAND,
    }
    key = f"still-dark:{order.id}"
    return tell(book.staff_ids, NoticeKind.STILL_DARK, facts, key=key, now=now)
