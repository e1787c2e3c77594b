"""What is read but has no price: staff are told once which tariff is missing."""

from datetime import datetime

from bot.domain.period import local_date
from bot.services.book import LeaseBook
from bot.services.notice import common_facts, tell
from bot.services.store import NoticeKind
from bot.services.stores import Unit


async def tell_missing_price(
    unit: Unit, book: LeaseBook, meter_id: int, *, read_at: datetime, now: datetime
) -> None:
    """Tell staff that a reading is kept, and charged once its lease has a tariff for it.

    Once for each lease and service, and again when a tariff came that begins too late.
    """
    link = book.link_to(meter_id)
    since_at = read_at if link.anchor is None else link.anchor.point.at
    if book.has_price(link.meter, since_at):
        return
    medium, since_on = link.meter.medium, local_date(since_at, book.place.zone)
    facts = common_facts(book) | {
        "meter": link.meter.label,
        "service": medium.service.value,
        "unit": medium.unit,
        "since": since_on.isoformat(),
    }
    found = book.timelines.get(medium.service)
    begins = "never" if found is None else f"{found.medium.unit}:{found.begins_on.isoformat()}"
    key = f"no-price:{book.lease.id}:{medium.service.value}:{medium.unit}:{begins}"
    await unit.outbox.add(tell(book.staff_ids, NoticeKind.PRICE_MISSING, facts, key=key, now=now))
