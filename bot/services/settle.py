"""After money or rules changed: what a lease's power should be, and who is told what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.lease import BillingMode
from bot.domain.period import local_date
from bot.domain.supply import (
    Hold,
    SupplyDecision,
    SupplyFacts,
    decide,
    review_at,
)
from bot.domain.warning import Armed, warnings
from bot.services.book import LeaseBook, MeterLink, SupplyState
from bot.services.notice import common_facts as common_facts
from bot.services.notice import power_facts, told_of_power
from bot.services.notice import tell as tell
from bot.services.outlook import (
    counted_paise,
    credit_of,
    cut_below_paise,
    lease_forecast,
    reprieve_facts,
    supply_facts,
    time_to_cut,
)
from bot.services.ports import Lane
from bot.services.progress import DROPPED, hand_thread, moved_on
from bot.services.store import (
    TAKEN_OVER,
    LeaseProgress,
    Notice,
    NoticeKind,
    OrderStatus,
    RelayOrder,
)
from bot.services.stores import Unit

SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What to store after a decision; `order` replaces an open one for the other direction.

    `is_announced`: a message of its own waits for the order.
    """

    book: LeaseBook
    decision: SupplyDecision
    supply: SupplyState | None
    order: RelayOrder | None
    progress: LeaseProgress
    notices: tuple[Notice, ...]
    is_announced: bool = False

    @property
    def is_news(self) -> bool:
        """Whether there is anything to store."""
        before = self.book.supply_meter.supply if self.book.supply_meter else None
        return bool(self.notices or self.order) or self.supply not in {None, before}

    @property
    def by_hand(self) -> bool:
        """Whether a person must switch, because the device has no relay. Rule 6.7."""
        link = self.book.supply_meter
        return link is not None and link.by_hand


def settle(
    book: LeaseBook,
    *,
    now: datetime,
    thread: str | None = None,
    lane: Lane | None = None,
    requested_by: int | None = None,
    checked: bool = False,
) -> Settlement:
    """Decide about power and warnings from the book as it stands. Rules 5.3, 5.7, section 6.

    `thread` names the message in which the change is told, if the cause has one of its own
    (then no separate notice of the coming switch is made). The power of a room whose lease has
    ended is not this lease's matter any more.
    """
    link = None if has_ended(book, now=now) else book.supply_meter
    around = supply_facts(book, link, now=now)
    decision = decide(around)
    supply = _decided(link, decision, now, review_at(around, decision.reason))
    own_thread = thread or f"power:{book.lease.id}:{now.isoformat()}"
    order = _order(book, link, supply, now, own_thread, lane, requested_by)
    armed, warned = _warnings(book, decision, around)
    told = _switching(book, link, decision, now, own_thread)
    if thread is not None:
        told = tuple(each for each in told if each.kind is NoticeKind.SWITCH_BY_HAND)
    return Settlement(
        book=book,
        decision=decision,
        supply=supply,
        order=order,
        progress=LeaseProgress(
            lease_id=book.lease.id,
            armed=armed,
            emergency_exhausted=credit_of(book)[1],
            checked_at=now if checked else book.checked_at,
        ),
        notices=(*warned, *told),
        is_announced=thread is not None,
    )


def has_ended(book: LeaseBook, *, now: datetime) -> bool:
    """Return whether the tenants have moved out."""
    end_on = book.lease.occupancy.end_on
    return end_on is not None and local_date(now, book.place.zone) >= end_on


def _decided(
    link: MeterLink | None, decision: SupplyDecision, now: datetime, look_again_at: datetime | None
) -> SupplyState | None:
    """Return the supply as decided; a hold that has run out is taken off."""
    if link is None:
        return None
    before = link.supply or SupplyState(
        meter_id=link.meter.id,
        desired_on=decision.on,
        reason=decision.reason,
        decided_at=now,
    )
    has_ended = before.hold_until is not None and before.hold_until <= now
    if before.hold is Hold.ON and has_ended:
        before = replace(before, hold=Hold.NONE, hold_until=None, hold_by=None, hold_reason=None)
    decided = replace(
        before, desired_on=decision.on, reason=decision.reason, review_at=look_again_at
    )
    return decided if before.desired_on == decision.on else replace(decided, decided_at=now)


def _order(
    book: LeaseBook,
    link: MeterLink | None,
    supply: SupplyState | None,
    now: datetime,
    thread: str,
    lane: Lane | None,
    requested_by: int | None,
) -> RelayOrder | None:
    """Return the order that is needed, if desired and actual state differ.

    Without a relay it is one to a person. Rule 6.7.
    """
    if link is None or supply is None:
        return None
    was = link.supply
    changed = was is not None and was.desired_on != supply.desired_on
    differs = supply.actual_on is not None and supply.actual_on != supply.desired_on
    differs = differs or link.awaits_hand
    unseen = (was is None or link.by_hand) and not supply.desired_on and supply.actual_on is None
    is_unsure = supply.actual_on is not supply.desired_on or supply.hold is not Hold.NONE
    asked = requested_by is not None and is_unsure
    if not (changed or differs or unseen or asked):
        return None
    automatic = Lane.RESTORE if supply.desired_on else Lane.CUT
    return RelayOrder(
        meter_id=supply.meter_id,
        lease_id=book.lease.id,
        turn_on=supply.desired_on,
        reason=supply.reason,
        thread=thread,
        lane=automatic if lane is None else lane,
        created_at=now,
        due_at=now,
        status=OrderStatus.BY_HAND if link.by_hand else OrderStatus.PENDING,
        requested_by=requested_by,
    )


def _warnings(
    book: LeaseBook, decision: SupplyDecision, around: SupplyFacts
) -> tuple[Armed, tuple[Notice, ...]]:
    """Return what has been warned of, and the warnings due. A cut speaks for itself."""
    now = around.now
    if book.lease.mode is not BillingMode.PREPAID or has_ended(book, now=now):
        return book.armed, ()
    outlook = lease_forecast(book)
    cut_below = cut_below_paise(book)
    due = warnings(
        balance_paise=counted_paise(book),
        # Who is spared is warned of what comes when that ends, like who is not short yet.
        cut_off_paise=min(cut_below, counted_paise(book)) if decision.on else cut_below,
        low_balance_paise=book.terms.low_balance_paise,
        forecast=replace(outlook, lasts=time_to_cut(around, outlook.lasts)),
        check_every=book.lease.check_interval.length,
        armed=book.armed,
    )
    if not decision.on or not (due.low or due.last):
        return due.armed, ()
    kind = NoticeKind.LAST_WARNING if due.last else NoticeKind.LOW
    lasts = outlook.lasts
    facts = common_facts(book) | {
        "cut_off_paise": cut_below,
        "daily_cost_paise": outlook.daily_cost_paise,
        "days_left": None if lasts is None else str(days_in(lasts)),
        "cut_at": None if lasts is None else (now + lasts).isoformat(),
        "check_time_matters": book.lease.check_interval.value,
    }
    facts |= reprieve_facts(around)
    key = f"{kind.value}:{book.lease.id}:{now.isoformat()}"
    return due.armed, tell(book.tenant_ids, kind, facts, key=key, now=now)


def days_in(lasts: timedelta) -> Decimal:
    """Return a span in days, to one decimal."""
    return (Decimal(lasts // timedelta(minutes=1)) / 1440).quantize(Decimal("0.1"))


def _switching(
    book: LeaseBook,
    link: MeterLink | None,
    decision: SupplyDecision,
    now: datetime,
    thread: str,
) -> tuple[Notice, ...]:
    """Return what tenants are told before the meter confirms ("will be", rule 6.6), and what
    a manager has to do by hand (rule 6.7)."""
    was_on = link is None or link.supply is None or link.supply.desired_on
    if link is None or was_on == decision.on:
        return ()
    state = "by_hand" if link.by_hand else "sent"
    facts, key = power_facts(book, decision, now=now, state=state), f"{thread}:sent"
    people = told_of_power(book, decision)
    told = tell(people, NoticeKind.POWER, facts, key=key, now=now, thread=thread)
    if not link.by_hand:
        return told
    hand, key = hand_thread(thread), f"by-hand:{thread}"
    asked = tell(book.staff_ids, NoticeKind.SWITCH_BY_HAND, facts, key=key, now=now, thread=hand)
    return (*told, *asked)


async def store(unit: Unit, settlements: Sequence[Settlement]) -> Mapping[int, RelayOrder]:
    """Store what was decided, in the transaction of its cause; return new orders by lease.

    An open order in the same direction goes on; one in the other direction is dropped.
    """
    await unit.leases.save_progress([each.progress for each in settlements])
    changed = [each.supply for each in settlements if each.supply and each.is_news]
    await unit.supplies.save(changed)
    orders: dict[int, RelayOrder] = {}
    for each in settlements:
        ordered = await _store_order(unit, each)
        if ordered is not None:
            orders[each.book.lease.id] = ordered
    await unit.outbox.add(
        [
            _with_order(notice, orders.get(each.book.lease.id))
            for each in settlements
            for notice in each.notices
        ]
    )
    return orders


def _with_order(notice: Notice, order: RelayOrder | None) -> Notice:
    """Let who is asked to switch by hand say of which order that it is done."""
    if order is None or notice.kind is not NoticeKind.SWITCH_BY_HAND:
        return notice
    return replace(notice, facts={**notice.facts, "order_id": order.id})


async def _store_order(unit: Unit, each: Settlement) -> RelayOrder | None:
    link, supply = each.book.supply_meter, each.supply
    if link is None or supply is None:
        return None
    reverted = link.supply is not None and link.supply.desired_on != supply.desired_on
    if each.order is None and not reverted:
        return None
    before = await unit.supplies.open_order(supply.meter_id)
    if before is not None and each.order and before.turn_on is each.order.turn_on:
        is_anothers = OrderStatus.BY_HAND in {before.status, each.order.status}
        is_anothers = is_anothers and before.status is not each.order.status
        is_followed = each.is_announced or is_anothers
        return await _go_on(unit, before, each.order) if is_followed else before
    if before is not None:
        await unit.supplies.drop_open(supply.meter_id, error=SUPERSEDED)
        await unit.outbox.add(await moved_on(unit, before, DROPPED, now=supply.decided_at))
    return None if each.order is None else await unit.supplies.order(each.order)


async def _go_on(unit: Unit, before: RelayOrder, new: RelayOrder) -> RelayOrder:
    """Let a new order take over an open one: both messages hear of it, and who has waited since
    the first one has waited that long. Rule 6.5."""
    await unit.supplies.drop_open(before.meter_id, error=TAKEN_OVER)
    since_at = before.created_at if new.requested_by is None else new.created_at
    ordered = await unit.supplies.order(replace(new, created_at=since_at))
    ordered = replace(ordered, alerted_at=before.alerted_at)
    await unit.supplies.save_order(ordered)
    return ordered
