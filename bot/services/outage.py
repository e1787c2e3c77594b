"""A device that cannot be reached: noted, and told to staff once an outage."""

from collections.abc import Collection
from datetime import datetime

from bot.services.book import LeaseBook, MeterLink
from bot.services.notice import common_facts, tell
from bot.services.ports import KeyRejected
from bot.services.store import Notice, NoticeKind, Transactions
from bot.services.stores import Unit


async def note_offline(
    unit: Unit, lost: Collection[tuple[LeaseBook, MeterLink]], *, now: datetime
) -> None:
    """Store that the meters' devices are offline, and tell the staff, once for each outage."""
    device_ids = {link.device_id for _, link in lost if link.device_id is not None}
    await unit.metering.set_online(device_ids, online=False, at=now)
    news: list[Notice] = []
    for book, link in lost:
        device = None if link.device_id is None else await unit.metering.device(link.device_id)
        if device is not None:
            since = device.online_changed_at
            facts = common_facts(book) | {
                "meter": link.meter.udf1,
                "since": (since or now).isoformat(),
            }
            key = f"offline:{device.id}:{since and since.isoformat()}"
            news += tell(book.staff_ids, NoticeKind.DEVICE_OFFLINE, facts, key=key, now=now)
    await unit.outbox.add(news)


async def note_online(unit: Unit, device_ids: Collection[str], *, now: datetime) -> None:
    """Store that devices answer, and try their waiting orders at once. Rule 6.5."""
    await note_reached(unit, device_ids, (), now=now)


async def note_reached(
    unit: Unit,
    back: Collection[str],
    lost: Collection[tuple[LeaseBook, MeterLink]],
    *,
    now: datetime,
) -> None:
    """Store which devices answer again and which do not, as `note_online` and `note_offline`.

    The leases are locked already; their orders are locked before devices, as everywhere.
    """
    gone = {link.device_id for _, link in lost if link.device_id is not None}
    await unit.supplies.wake(back, at=now)
    await unit.metering.lock_devices({*back, *gone})
    await unit.metering.set_online(back, online=True, at=now)
    await note_offline(unit, lost, now=now)


async def note_key_rejected(
    transactions: Transactions, error: KeyRejected, *, now: datetime
) -> None:
    """Tell the owners, once a day, that the vendor does not take our key."""
    async with transactions.begin() as unit:
        facts = {"code": error.code, "detail": error.detail}
        key = f"key-rejected:{now.date().isoformat()}"
        owners = await unit.people.owners()
        await unit.outbox.add(tell(owners, NoticeKind.KEY_REJECTED, facts, key=key, now=now))
