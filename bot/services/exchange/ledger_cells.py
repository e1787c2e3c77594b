"""What an entry of the ledger does to the accounts, as cells."""

from datetime import date

from bot.domain.deduction import day_of_end
from bot.domain.ledger import AccountKind
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.services.account_record import Accounted
from bot.services.exchange.rows import money_cell

OTHER_ACCOUNTS = tuple(kind for kind in AccountKind if kind is not AccountKind.RECEIVABLE)
"""With the amount of an entry, what it posted to these sums to zero."""
ACCOUNT_COLUMNS = ("accounted_on", "tenant", *(kind.value for kind in OTHER_ACCOUNTS))


def accounted_on(each: Accounted, place: Place) -> date:
    """This function will return the day on which an entry counts in the books."""
    return day_of_end(each.at, place.zone) if each.ends_a_day else local_date(each.at, place.zone)


def posted_cells(each: Accounted) -> tuple[str, ...]:
    """This function will return what an entry posted to each account but the tenant's own."""
    return tuple(money_cell(each.postings.get(kind, 0)) for kind in OTHER_ACCOUNTS)
