"""What notices about a lease have in common: their facts, and one notice for each person."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.lease import BillingMode
from bot.domain.meter import MeterSheet
from bot.domain.place import Place
from bot.domain.supply import SupplyDecision, SupplyReason
from bot.services.book import LeaseBook
from bot.services.outlook import overdue_of
from bot.services.store import Notice, NoticeKind


def common_facts(book: LeaseBook) -> dict[str, object]:
    """Return what every notice about a lease says."""
    return {
        "place": book.place.name,
        "zone": book.place.zone.key,
        "room": book.room.name,
        "lease_id": book.lease.id,
        "currency": book.place.currency,
        "balance_paise": book.balance_paise,
        "cut_off_paise": book.terms.cut_off_paise,
        "tenant": book.lease.tenant_name,
    }


def owing_facts(book: LeaseBook, *, now: datetime) -> dict[str, object]:
    """Return what is to be paid for the power of a lease that is billed; nothing else for others.

    It is what is overdue so far that power may go, less what is disputed.
    """
    if book.lease.mode is BillingMode.PREPAID:
        return {}
    return {"overdue_paise": overdue_of(book, now=now)}


def meter_facts(sheet: MeterSheet, place: Place, room: str | None) -> dict[str, object]:
    """Return what every notice about a meter says that no lease has, called by its own name."""
    return {
        "meter": sheet.name,
        "unit": sheet.unit,
        "place": place.name,
        "zone": place.zone.key,
        "room": room or sheet.name,
        "lease_id": None,
        "currency": place.currency,
    }


def told_of_power(book: LeaseBook, decision: SupplyDecision) -> Sequence[int]:
    """Return who hears of a decision: tenants, and of a cut for a bill the staff too, whom the
    tenants will call."""
    if decision.reason is not SupplyReason.OVERDUE:
        return book.tenant_ids
    return list(dict.fromkeys((*book.tenant_ids, *book.staff_ids)))


def power_facts(
    book: LeaseBook, decision: SupplyDecision, *, now: datetime, state: str
) -> dict[str, object]:
    """Return the facts of a POWER notice."""
    return common_facts(book) | {
        **owing_facts(book, now=now),
        "on": decision.on,
        "state": state,
        "reason": decision.reason.value,
        "at": now.isoformat(),
        "since": now.isoformat(),
        "seconds": None,
        "by": None,
        "hold_until": None,
        "note": None,
        "error": None,
    }


def tell(
    people: Sequence[int],
    kind: NoticeKind,
    facts: Mapping[str, object],
    *,
    key: str,
    now: datetime,
    thread: str | None = None,
) -> tuple[Notice, ...]:
    """Return one notice for each person; the key makes it once for each."""
    return tuple(
        Notice(
            key=f"{key}:{person_id}",
            person_id=person_id,
            kind=kind,
            facts=facts,
            created_at=now,
            due_at=now,
            thread=thread,
        )
        for person_id in people
    )
