"""What a tenant may pay, how long it lasts, and where it is paid to. Nothing is credited by it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.lease import BillingMode
from bot.domain.people import Actor
from bot.domain.period import local_date
from bot.domain.top_up import days_of, sums
from bot.services.book import LeaseBook
from bot.services.claim_check import own_book
from bot.services.outlook import counted_paise, cut_below_paise, lease_forecast
from bot.services.owing import to_pay_paise
from bot.services.ports import Clock
from bot.services.settle import has_ended
from bot.services.store import Transactions
from bot.services.upi import Payee, payee_in, room_note, upi_link


class NothingToPay(Exception):
    """The tenant has moved out and owes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUp:
    """What a lease may pay now; money in paise.

    `missing_paise` lies between a prepaid balance and the cut-off. `due_paise` is what is open of
    bills, `overdue_paise` the part that is late, and `due_on` the day of the oldest.
    """

    book: LeaseBook
    is_prepaid: bool
    missing_paise: int
    daily_cost_paise: int
    to_pay_paise: int
    due_paise: int
    overdue_paise: int
    due_on: date | None
    payee: Payee | None

    @property
    def presets_paise(self) -> tuple[int, ...]:
        """The amounts that come to mind, the smallest first."""
        if self.is_prepaid:
            return sums(daily_cost_paise=self.daily_cost_paise, missing_paise=self.missing_paise)
        return tuple(sorted({self.overdue_paise, self.to_pay_paise} - {0}))

    @property
    def note(self) -> str:
        """What comes back on the bank's statement, and names the room there."""
        return room_note(self.book.room.name, self.book.place.name)

    def lasts_days(self, amount_paise: int) -> Decimal | None:
        """Return for how many days an amount lasts, None where that cannot be told."""
        if not self.is_prepaid:
            return None
        return days_of(
            amount_paise,
            daily_cost_paise=self.daily_cost_paise,
            missing_paise=self.missing_paise,
        )

    def link(self, amount_paise: int) -> str | None:
        """Return what a code holds for a phone to pay an amount, None without an address."""
        if self.payee is None:
            return None
        return upi_link(self.payee, amount_paise=amount_paise, note=self.note)


class TopUps:
    """Tells tenants what they may pay. Reads only: a payment is what staff record. Rule 9.2."""

    def __init__(self, transactions: Transactions, clock: Clock, payee: Payee | None) -> None:
        self._transactions = transactions
        self._clock = clock
        self._payee = payee

    async def offer(self, *, actor: Actor, lease_id: int) -> TopUp:
        """This function will return what a tenant may pay.

        Raises LeaseUnknown for anybody else, and NothingToPay.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            books = await unit.books.load([lease_id], now=now, lock=False)
        book = own_book(books.get(lease_id), actor, lease_id)
        if has_ended(book, now=now) and not to_pay_paise(book):
            raise NothingToPay
        return _top_up(book, payee_in(self._payee, book.place.currency), now)


def _top_up(book: LeaseBook, payee: Payee | None, now: datetime) -> TopUp:
    today_on = local_date(now, book.place.zone)
    waiting = [each for each in book.dues if each.open_paise]
    is_prepaid = book.lease.mode is BillingMode.PREPAID and not has_ended(book, now=now)
    return TopUp(
        book=book,
        is_prepaid=is_prepaid,
        missing_paise=max(cut_below_paise(book) - counted_paise(book), 0) if is_prepaid else 0,
        daily_cost_paise=lease_forecast(book).daily_cost_paise,
        to_pay_paise=to_pay_paise(book),
        due_paise=sum(each.open_paise for each in waiting),
        overdue_paise=sum(each.open_paise for each in waiting if each.due_on < today_on),
        due_on=min((each.due_on for each in waiting), default=None),
        payee=payee,
    )
