"""Who owes what, and for how long."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.dues import Age, age_of
from bot.domain.lease import BillingMode
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.walk import walk_key
from bot.services.book import LeaseBook
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseDues:
    """What a lease owes, in paise: for bills by their age, and besides.

    `besides_paise` is what a prepaid lease is below zero by, or what no bill asks for yet.
    """

    book: LeaseBook
    by_age: Mapping[Age, int]
    besides_paise: int
    oldest_on: date | None = None

    @property
    def is_prepaid(self) -> bool:
        """Whether it owes although it pays beforehand."""
        return self.book.lease.mode is BillingMode.PREPAID

    @property
    def overdue_paise(self) -> int:
        """What should have been paid by now."""
        return sum(paise for age, paise in self.by_age.items() if age is not Age.NOT_DUE)

    @property
    def total_paise(self) -> int:
        """Everything that it owes."""
        return sum(self.by_age.values()) + self.besides_paise


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """What the leases of a place owe on a day; the longest overdue come first."""

    place: Place
    today_on: date
    leases: tuple[LeaseDues, ...] = ()

    @property
    def by_age(self) -> Mapping[Age, int]:
        """What is owed for bills, by their age."""
        return _sum(each.by_age for each in self.leases)

    @property
    def below_zero_paise(self) -> int:
        """What leases owe that pay beforehand."""
        return sum(each.besides_paise for each in self.leases if each.is_prepaid)

    @property
    def unbilled_paise(self) -> int:
        """What no bill asks for yet."""
        return sum(each.besides_paise for each in self.leases if not each.is_prepaid)

    @property
    def overdue_paise(self) -> int:
        """What should have been paid by now."""
        return sum(each.overdue_paise for each in self.leases)

    @property
    def total_paise(self) -> int:
        """Everything that is owed."""
        return sum(each.total_paise for each in self.leases)


async def dues_of(unit: Unit, place: Place, *, now: datetime) -> Dues:
    """Return who owes what at a place now."""
    today_on = local_date(now, place.zone)
    books = await unit.books.load(await unit.accounts.owing(place.id), now=now, lock=False)
    found = await unit.invoices.dues(books.keys())
    leases = []
    for lease_id, book in books.items():
        is_billed = book.lease.mode is BillingMode.POSTPAID
        bills = [due for due in found.get(lease_id, ()) if is_billed and due.open_paise]
        by_age = _sum({age_of(due.due_on, today_on): due.open_paise} for due in bills)
        leases.append(
            LeaseDues(
                book=book,
                by_age=by_age,
                besides_paise=-book.balance_paise - sum(by_age.values()),
                oldest_on=min((due.due_on for due in bills), default=None),
            )
        )
    return Dues(place=place, today_on=today_on, leases=tuple(sorted(leases, key=_worst_first)))


def _sum(parts: Iterable[Mapping[Age, int]]) -> Mapping[Age, int]:
    sums: Counter[Age] = Counter()
    for part in parts:
        sums.update(part)
    return {age: sums[age] for age in Age if sums[age]}


def _worst_first(each: LeaseDues) -> tuple[bool, date, int, object]:
    oldest_on = each.oldest_on or date.max
    return each.oldest_on is None, oldest_on, -each.total_paise, walk_key(each.book.room.name)
