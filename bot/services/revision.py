"""A lease under other terms: what becomes of its warnings, its credit and its power."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.lease import Lease
from bot.domain.place import Place
from bot.domain.warning import is_cut_near, rearmed
from bot.services.book import LeaseBook
from bot.services.outlook import lease_forecast, supply_facts, time_to_cut
from bot.services.settle import Settlement
from bot.services.store import NoticeKind

WARNINGS = frozenset({NoticeKind.LOW, NoticeKind.LAST_WARNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What a change of terms does at once: the rooms that it cuts and lights, in order, and how
    many leases are warned that were not before."""

    cut: tuple[str, ...] = ()
    lit: tuple[str, ...] = ()
    warned: int = 0


def revised(book: LeaseBook, *, lease: Lease, place: Place, now: datetime) -> LeaseBook:
    """Return the book under other terms, ready to be decided about.

    Who is granted more emergency credit has not used that up, whatever became of the lesser one.
    """
    after = replace(book, lease=lease, place=place)
    grew = after.terms.emergency_credit_paise > book.terms.emergency_credit_paise
    outlook, around = lease_forecast(after), supply_facts(after, after.supply_meter, now=now)
    until_cut = replace(outlook, lasts=time_to_cut(around, outlook.lasts))
    near = is_cut_near(until_cut, lease.check_interval.length)
    return replace(
        after,
        armed=rearmed(book.armed, is_near=near),
        emergency_exhausted=book.emergency_exhausted and not grew,
    )


def consequences(settled: Iterable[Settlement]) -> Consequences:
    """Return what decisions do, before any meter confirms it."""
    cut, lit, warned = [], [], 0
    for each in settled:
        link = each.book.supply_meter
        was_on = link is None or link.supply is None or link.supply.desired_on
        if each.supply is not None and was_on and not each.decision.on:
            cut.append(each.book.room.name)
        if each.supply is not None and not was_on and each.decision.on:
            lit.append(each.book.room.name)
        warned += any(notice.kind in WARNINGS for notice in each.notices)
    return Consequences(cut=tuple(cut), lit=tuple(lit), warned=warned)
