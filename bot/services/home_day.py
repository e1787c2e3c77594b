"""What was used today, as far as somebody has looked at the meter today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.period import local_date, start_of
from bot.domain.service_kind import ServiceKind
from bot.services.book import LeaseBook
from bot.services.check import Step
from bot.services.stores.usage import Charged

A_CHECK_BEFORE_MIDNIGHT = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Use and its cost in a span that began at an instant; what of the cost is not charged yet."""

    since_at: datetime
    energy_kwh: Decimal
    cost_paise: int
    uncharged_paise: int = 0


def of_electricity(book: LeaseBook, steps: Iterable[Step]) -> list[Step]:
    """Return the charges for electricity among some."""
    electric = _electric(book)
    return [step for step in steps if step.reading.meter_id in electric]


def today_of(
    book: LeaseBook, charged: Charged, steps: Sequence[Step], now: datetime
) -> Spent | None:
    """Return today's use up to the last reading; None when nobody has read a meter today."""
    zone = book.place.zone
    today_on, midnight = local_date(now, zone), start_of(local_date(now, zone), zone)
    if not _is_read_since(book, midnight):
        return None
    open_steps = [step for step in of_electricity(book, steps) if step.stretch.on == today_on]
    since = min([midnight, *(step.stretch.start.at for step in open_steps)])
    is_today = midnight - since <= A_CHECK_BEFORE_MIDNIGHT
    quantities = [charged.today_quantity, *(step.charge.quantity for step in open_steps)]
    uncharged = sum(step.charge.total_paise for step in open_steps)
    return Spent(
        since_at=midnight if is_today else since,
        energy_kwh=sum(quantities, Decimal(0)),
        cost_paise=charged.today_paise + uncharged,
        uncharged_paise=uncharged,
    )


def _is_read_since(book: LeaseBook, at: datetime) -> bool:
    electric = _electric(book)
    links = (each for each in book.meters if each.meter.id in electric)
    return any(each.last_read_at is not None and each.last_read_at > at for each in links)


def _electric(book: LeaseBook) -> set[int]:
    return {each.meter.id for each in book.meters if each.meter.service is ServiceKind.ELECTRICITY}
