"""Should this room have power? One pure decision. Section 6."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

from bot.domain.lease import BillingMode
from bot.domain.period import close_of, local_date
from bot.domain.protection import ProtectedHours

MOST_REPRIEVES = 100
"""So many hours and days that put a cut off are looked through for their end."""


class Hold(Enum):
    """What a manager has fixed, above the rules."""

    NONE = "none"
    ON = "on"
    OFF = "off"


class SupplyReason(Enum):
    """Why power should be on or off."""

    HOLD_OFF = "hold_off"
    HOLD_ON = "hold_on"
    PROTECTED_TENANT = "protected_tenant"
    PROTECTED_HOURS = "protected_hours"
    HOLIDAY = "holiday"
    GRACE = "grace"
    BELOW_CUT_OFF = "below_cut_off"
    EMERGENCY_CREDIT = "emergency_credit"
    OVERDUE = "overdue"
    IN_ORDER = "in_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyFacts:
    """All that the decision depends on; money in paise.

    `hold_until` ends a hold ON by itself; a hold OFF is for safety and only a manager ends it.
    `overdue_from_at` is when more will be overdue if nobody pays.
    """

    now: datetime
    zone: ZoneInfo
    mode: BillingMode
    balance_paise: int
    cut_off_paise: int
    is_on: bool
    emergency_left_paise: int = 0
    disputed_paise: int = 0
    overdue_paise: int = 0
    overdue_from_at: datetime | None = None
    hold: Hold = Hold.NONE
    hold_until: datetime | None = None
    is_protected: bool = False
    protected_hours: ProtectedHours | None = None
    holidays: frozenset[date] = field(default_factory=frozenset)
    grace_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyDecision:
    """The desired state of the relay, and why."""

    on: bool
    reason: SupplyReason


def decide(facts: SupplyFacts) -> SupplyDecision:
    """Return whether power should be on. Precedence of rule 6.2, highest first."""
    held = _by_hold(facts)
    if held is not None:
        return held
    if facts.is_protected:
        return SupplyDecision(on=True, reason=SupplyReason.PROTECTED_TENANT)
    by_money = _by_money(facts)
    if by_money.on:
        return by_money
    spared = _spared(facts)
    return by_money if spared is None else SupplyDecision(on=True, reason=spared)


def review_at(facts: SupplyFacts, reason: SupplyReason) -> datetime | None:
    """Return when time alone may change a decision made for this reason; None when it never does.

    Only ends are looked for: where protection begins, no power is switched.
    """
    if reason is SupplyReason.HOLD_ON:
        return facts.hold_until
    if reason is SupplyReason.IN_ORDER and facts.mode is BillingMode.POSTPAID:
        return facts.overdue_from_at
    if reason is SupplyReason.PROTECTED_HOURS and facts.protected_hours is not None:
        return facts.protected_hours.next_end_at(facts.now, facts.zone)
    if reason is SupplyReason.HOLIDAY:
        return close_of(local_date(facts.now, facts.zone), facts.zone)
    return facts.grace_until if reason is SupplyReason.GRACE else None


def cut_at(facts: SupplyFacts, due_at: datetime) -> datetime | None:
    """Return when a cut begins for which the money is short from an instant on.

    None where nothing but a person would begin it, or nobody can say when.
    """
    at = due_at
    for _ in range(MOST_REPRIEVES):
        short = replace(
            facts,
            now=at,
            mode=BillingMode.PREPAID,
            is_on=True,
            balance_paise=facts.cut_off_paise - 1,
            emergency_left_paise=0,
            disputed_paise=0,
        )
        decision = decide(short)
        until = review_at(short, decision.reason) if decision.on else at
        if not decision.on or until is None:
            return until
        at = until
    return None


def _by_hold(facts: SupplyFacts) -> SupplyDecision | None:
    if facts.hold is Hold.OFF:
        return SupplyDecision(on=False, reason=SupplyReason.HOLD_OFF)
    has_ended = facts.hold_until is not None and facts.hold_until <= facts.now
    if facts.hold is Hold.ON and not has_ended:
        return SupplyDecision(on=True, reason=SupplyReason.HOLD_ON)
    return None


def _spared(facts: SupplyFacts) -> SupplyReason | None:
    """Return what keeps a cut from starting; a room that is off already stays off."""
    local = facts.now.astimezone(facts.zone)
    if facts.is_on and facts.protected_hours and facts.protected_hours.covers(local):
        return SupplyReason.PROTECTED_HOURS
    if facts.is_on and local.date() in facts.holidays:
        return SupplyReason.HOLIDAY
    if facts.grace_until is not None and facts.now < facts.grace_until:
        return SupplyReason.GRACE
    return None


def _by_money(facts: SupplyFacts) -> SupplyDecision:
    if facts.mode is BillingMode.POSTPAID:
        owing = facts.overdue_paise - facts.disputed_paise > 0
        reason = SupplyReason.OVERDUE if owing else SupplyReason.IN_ORDER
        return SupplyDecision(on=not owing, reason=reason)
    counted = facts.balance_paise + facts.disputed_paise
    if counted >= facts.cut_off_paise:
        return SupplyDecision(on=True, reason=SupplyReason.IN_ORDER)
    if counted >= facts.cut_off_paise - facts.emergency_left_paise:
        return SupplyDecision(on=True, reason=SupplyReason.EMERGENCY_CREDIT)
    return SupplyDecision(on=False, reason=SupplyReason.BELOW_CUT_OFF)


def emergency_left(
    *, allowed_paise: int, was_exhausted: bool, balance_paise: int, cut_off_paise: int
) -> tuple[int, bool]:
    """Return the emergency credit available now, and whether it is exhausted.

    Once used up it is available again only after the balance is back at the cut-off; a credit
    of nothing cannot be used up. Rule 6.3. `balance_paise` counts open disputes (rule 10.3).
    """
    if balance_paise >= cut_off_paise:
        return allowed_paise, False
    is_overdrawn = balance_paise < cut_off_paise - allowed_paise
    exhausted = was_exhausted or (allowed_paise > 0 and is_overdrawn)
    return (0 if exhausted else allowed_paise), exhausted
