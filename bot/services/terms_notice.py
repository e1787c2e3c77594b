"""Tenants hear of it when what holds for them changes: their terms, and what they pay."""

from collections.abc import Iterable
from datetime import date, datetime

from bot.domain.place import Place
from bot.domain.rule import Rule, Value, lease_value, place_value
from bot.domain.tariff import Tariff, TariffVersion
from bot.services.book import LeaseBook
from bot.services.lease_tariff import RoomTariff
from bot.services.notice import common_facts, tell
from bot.services.rule_edit import fact_of
from bot.services.store import Notice, NoticeKind
from bot.services.stores import Unit
from bot.services.tariff import version_in_force
from bot.services.tariff_terms import terms_facts

OURS = frozenset(
    {Rule.READING_WINDOW, Rule.PHOTOS_KEPT, Rule.GRACE, Rule.DUE_DAYS, Rule.REMINDER_DAYS}
)
"""What managers set for a place that tells tenants nothing of their power or money.

When a bill is to be paid stands on the bill."""


def effective(book: LeaseBook, rule: Rule) -> Value:
    """Return what holds for a lease, its own or its place's."""
    terms = book.terms
    match rule:
        case Rule.CUT_OFF:
            return terms.cut_off_paise
        case Rule.LOW_BALANCE:
            return terms.low_balance_paise
        case Rule.EMERGENCY_CREDIT:
            return terms.emergency_credit_paise
        case Rule.PROTECTED_HOURS:
            return () if terms.protected_hours is None else (terms.protected_hours,)
        case Rule.HOLIDAYS | Rule.READING_WINDOW | Rule.PHOTOS_KEPT:
            return place_value(book.place, rule)
        case Rule.DUE_DAYS | Rule.REMINDER_DAYS:
            return place_value(book.place, rule)
        case _:
            return lease_value(book.lease, rule)


def terms_told(
    pairs: Iterable[tuple[LeaseBook, LeaseBook]], rule: Rule, *, now: datetime
) -> list[Notice]:
    """Return a word to the tenants of every lease for which the rule says something else now."""
    told: list[Notice] = []
    for before, after in pairs:
        was, is_now = effective(before, rule), effective(after, rule)
        if was == is_now:
            continue
        facts = common_facts(after) | {
            "rule": rule.value,
            "was": fact_of(was),
            "value": fact_of(is_now),
        }
        key = f"terms:{after.lease.id}:{rule.value}:{now.isoformat()}"
        told += tell(after.tenant_ids, NoticeKind.TERMS_CHANGED, facts, key=key, now=now)
    return told


async def tell_price(
    unit: Unit,
    place: Place,
    tariff: Tariff,
    *,
    before: TariffVersion | None,
    after: TariffVersion,
    from_on: date,
    now: datetime,
    is_withdrawn: bool = False,
) -> None:
    """Tell the tenants who have a tariff on a day that its price changes then, or not after all."""
    leases = await unit.leases.running_at(place.id)
    first = {lease.id: lease.tariff_id for lease in leases.values()}
    timelines = await unit.lease_tariffs.timelines(first)
    service = tariff.medium.service
    having = [
        lease_id
        for lease_id, own in timelines.items()
        if service in own and own[service].has(tariff.id, from_on)
    ]
    told: list[Notice] = []
    for book in (await unit.books.load(having, now=now, lock=False)).values():
        told += _of_price(book, tariff, before, after, from_on, now, is_withdrawn=is_withdrawn)
    await unit.outbox.add(told)


async def tell_tariff(
    unit: Unit, tariff: Tariff, rooms: Iterable[RoomTariff], *, from_on: date, now: datetime
) -> None:
    """Tell tenants who get another tariff what they pay from a day on, unless that is the same."""
    after = version_in_force(tariff, from_on)
    assert after is not None
    given = {room.lease_id: room for room in rooms}
    told: list[Notice] = []
    for lease_id, book in (await unit.books.load(list(given), now=now, lock=False)).items():
        had = given[lease_id].tariff_on(from_on, tariff.medium)
        before = None if had is None else version_in_force(had, from_on)
        if before is None or not before.costs_as(after):
            told += _of_price(book, tariff, before, after, from_on, now)
    await unit.outbox.add(told)


def _of_price(
    book: LeaseBook,
    tariff: Tariff,
    before: TariffVersion | None,
    after: TariffVersion,
    from_on: date,
    now: datetime,
    *,
    is_withdrawn: bool = False,
) -> tuple[Notice, ...]:
    facts = common_facts(book) | {
        "service": tariff.medium.service.value,
        "unit": tariff.medium.unit,
        "from_on": from_on.isoformat(),
        "before": None if before is None else terms_facts(before),
        "after": terms_facts(after),
        "is_withdrawn": is_withdrawn,
    }
    kind = "price-stays" if is_withdrawn else "price"
    key = f"{kind}:{book.lease.id}:{tariff.id}:{from_on.isoformat()}:{now.isoformat()}"
    return tell(book.tenant_ids, NoticeKind.PRICE_CHANGED, facts, key=key, now=now)
