"""What a lease has to pay now, however it pays. Rules 5.3 and 7.4."""

from datetime import datetime

from bot.domain.lease import BillingMode
from bot.domain.money import PAISE_PER_RUPEE
from bot.domain.period import local_date
from bot.services.book import LeaseBook
from bot.services.outlook import counted_paise


def to_pay_paise(book: LeaseBook) -> int:
    """Return what is open of bills, or missing to the cut-off; whole rupees of what is missing.

    What open questions hold is not missing (rule 10.3). Who has moved out of a prepaid room owes
    what the balance is below zero.
    """
    below_zero_paise = max(-book.balance_paise, 0)
    if book.lease.mode is BillingMode.POSTPAID:
        return sum(each.open_paise for each in book.dues) or below_zero_paise
    if book.lease.occupancy.end_on is not None:
        return below_zero_paise
    missing = max(book.terms.cut_off_paise - counted_paise(book), 0)
    return -(-missing // PAISE_PER_RUPEE) * PAISE_PER_RUPEE


def wants_money(book: LeaseBook) -> bool:
    """Return whether something is to be paid, or soon will be."""
    if book.lease.mode is BillingMode.POSTPAID or book.lease.occupancy.end_on is not None:
        return to_pay_paise(book) > 0
    return counted_paise(book) < book.terms.low_balance_paise


def wants_power_kept(book: LeaseBook, *, now: datetime) -> bool:
    """Return whether power may go for want of money before long: a bill is overdue, or little is
    left."""
    if book.lease.mode is BillingMode.PREPAID:
        return wants_money(book)
    today_on = local_date(now, book.place.zone)
    return any(each.open_paise and each.due_on < today_on for each in book.dues)
