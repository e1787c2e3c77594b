"""Loads all that a decision about a lease rests on, many leases at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.book_queries import (
    HEADS,
    LINKS,
    LOCKS,
    MONTHS,
    RECENT,
    REJECTED,
    WEEK,
    part,
)
from bot.db.due import Dues
from bot.db.lease import Leases, lease_from
from bot.db.lease_tariff import LeaseTariffs
from bot.db.meter import meter_from
from bot.db.people import People
from bot.db.place import place_from
from bot.db.relay import supply_from
from bot.db.targets import runs, target_from, targets_query
from bot.db.types import AnyRow
from bot.domain.billing import LineKind, MonthToDate, UsageKey
from bot.domain.dues import Due
from bot.domain.lease import BillingMode
from bot.domain.metering import Reading, ReadingStatus, ReadingType, RegisterPoint
from bot.domain.period import start_of
from bot.domain.place import Room
from bot.domain.service_kind import ServiceKind
from bot.domain.timeline import Timelines
from bot.domain.warning import Armed, cost_before
from bot.services.book import LeaseBook, MeterLink, MonthKey
from bot.services.store import LatestChecks, SweepTarget

ALMOST = timedelta(hours=1)
"""A check a little before the full day counts as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What belongs to leases, by lease id."""

    timelines: Mapping[int, Timelines]
    links: Mapping[int, list[MeterLink]]
    months: Mapping[int, dict[MonthKey, MonthToDate]]
    week_paise: Mapping[int, int]
    metered_since: Mapping[int, datetime]
    dues: Mapping[int, tuple[Due, ...]]


class Books:
    """Leases with everything around them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def load(
        self, lease_ids: Collection[int], *, now: datetime, lock: bool
    ) -> Mapping[int, LeaseBook]:
        """Return the books of leases, by lease id; with `lock` nobody else may change them."""
        if lock:
            await self._lock(lease_ids)
        books = await self._read(lease_ids, now, lock=lock)
        if not books:
            return {}
        tenants = await Leases(self._connection).tenants(lease_ids)
        staff = await People(self._connection).staff({each.place.id for each in books.values()})
        return {
            lease_id: replace(
                book,
                tenant_ids=tenants.get(lease_id, ()),
                staff_ids=staff.get(book.place.id, ()),
            )
            for lease_id, book in books.items()
        }

    async def look(self, lease_id: int, *, now: datetime) -> LeaseBook | None:
        """Return the book of one lease to be shown, without the people around it."""
        return (await self._read([lease_id], now, lock=False)).get(lease_id)

    async def _lock(self, lease_ids: Collection[int]) -> None:
        """What is read together with a lock may be older than the lock: so it is read after it.

        Where one writes at a time, there is nothing to lock.
        """
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(LOCKS, {"lease_ids": list(lease_ids)})

    async def _read(
        self, lease_ids: Collection[int], now: datetime, *, lock: bool
    ) -> dict[int, LeaseBook]:
        ids = {"lease_ids": list(lease_ids)}
        week_at = now - WEEK
        rows = (await self._connection.execute(HEADS, {**ids, "since_at": week_at})).all()
        if not rows:
            return {}
        found = (await self._connection.execute(LINKS, ids)).all()
        links = await self._links(found, ids)
        around = _Around(
            timelines=await LeaseTariffs(self._connection).timelines(
                {row.lease_id: row.lease_tariff_id for row in rows},
                changed=[row.lease_id for row in rows if row.has_changed_tariff],
                lock=lock,
            ),
            links=links,
            months=await self._months(ids, _since(links, now)),
            week_paise=await self._week_paise(rows, links, week_at),
            metered_since=_first_readings(found),
            dues=await Dues(self._connection).dues(
                [row.lease_id for row in rows if row.lease_mode == BillingMode.POSTPAID.value]
            ),
        )
        return {row.lease_id: _book_from(row, around, now) for row in rows}

    async def targets(
        self, *, on: datetime, latest: LatestChecks | None = None
    ) -> Sequence[SweepTarget]:
        """Return the vendor's meters of all leases that run, by lease.

        With `latest` only of those that were not checked since then.
        """
        rows = await self._connection.execute(targets_query(on, latest))
        return [target_from(row) for row in rows if runs(row, on)]

    async def _links(
        self, rows: Sequence[AnyRow], ids: Mapping[str, Any]
    ) -> dict[int, list[MeterLink]]:
        has_rejected = any(row.has_rejected for row in rows)
        rejected = await self._rejected(ids) if has_rejected else {}
        links: dict[int, list[MeterLink]] = defaultdict(list)
        for row in rows:
            aside = rejected.get((row.lease_id, row.meter_id), ())
            links[row.lease_id].append(_link_from(row, frozenset(aside)))
        return links

    async def _week_paise(
        self, heads: Sequence[AnyRow], links: Mapping[int, list[MeterLink]], since_at: datetime
    ) -> dict[int, int]:
        """Return what the use of a week cost; what people read now and then is spread evenly."""
        paise = {row.lease_id: -int(row.week_paise or 0) for row in heads}
        lumpy = [
            lease_id
            for lease_id, own in links.items()
            if any(each.meter.udf1 is None and each.meter.is_charged for each in own)
        ]
        if not lumpy:
            return paise
        asked = {"lease_ids": lumpy, "since_at": since_at}
        for row in await self._connection.execute(RECENT, asked):
            if "from_at" in row.why:
                paise[row.lease_id] -= cost_before(
                    -row.tenant_paise,
                    from_at=datetime.fromisoformat(row.why["from_at"]),
                    to_at=row.occurred_at,
                    since_at=since_at,
                )
        return paise

    async def _months(
        self, ids: Mapping[str, Any], since_on: date
    ) -> dict[int, dict[MonthKey, MonthToDate]]:
        rows = await self._connection.execute(MONTHS, {**ids, "since_on": since_on})
        grouped: dict[tuple[int, str, date], list[AnyRow]] = defaultdict(list)
        for row in rows:
            grouped[row.lease_id, row.service, row.month_on].append(row)
        months: dict[int, dict[MonthKey, MonthToDate]] = defaultdict(dict)
        for (lease_id, service, month_on), lines in grouped.items():
            months[lease_id][ServiceKind(service), month_on] = month_from(month_on, lines)
        return months

    async def _rejected(self, ids: Mapping[str, Any]) -> dict[tuple[int, int], set[datetime]]:
        """Return the instants of readings that were set aside since the last charge."""
        rows = await self._connection.execute(REJECTED, ids)
        found: dict[tuple[int, int], set[datetime]] = defaultdict(set)
        for row in rows:
            found[row.lease_id, row.meter_id].add(row.taken_at)
        return found


def month_from(month_on: date, lines: Iterable[AnyRow]) -> MonthToDate:
    """Return the month that grouped charge lines add up to."""
    used: dict[UsageKey, Any] = {}
    charged: dict[tuple[LineKind, str], int] = defaultdict(int)
    for row in lines:
        kind = LineKind(row.kind)
        charged[kind, row.name] += int(row.amount_paise)
        if kind is LineKind.ENERGY:
            key = UsageKey(
                version_id=row.version_id, generator=row.by_generator, since_on=row.since_on
            )
            used[key] = row.quantity
    return MonthToDate(month_on=month_on, used=used, charged_paise=dict(charged))


def _since(links: Mapping[int, list[MeterLink]], now: datetime) -> date:
    """Return a day no later than the first month that a charge may touch."""
    instants = [link.anchor.point.at for each in links.values() for link in each if link.anchor]
    earliest = min([*instants, now])
    return (earliest - timedelta(days=1)).date().replace(day=1)


def _link_from(row: AnyRow, rejected_at: frozenset[datetime]) -> MeterLink:
    return MeterLink(
        meter=meter_from(row, "meter_"),
        installation_id=row.installation_id,
        device_id=row.device_id,
        is_online=row.is_online,
        has_relay=row.has_relay,
        anchor=None if row.anchor_id is None else _anchor_from(row),
        has_held_reading=bool(row.has_held),
        supply=None if row.supply_meter_id is None else supply_from(part(row, "supply_")),
        last_value=row.last_value,
        last_power_w=row.last_power_w,
        last_read_at=row.last_read_at,
        rejected_at=rejected_at,
        awaits_hand=bool(row.awaits_hand),
    )


def _anchor_from(row: AnyRow) -> Reading:
    return Reading(
        id=row.anchor_id,
        meter_id=row.anchor_meter_id,
        installation_id=row.anchor_installation_id,
        point=RegisterPoint(at=row.anchor_taken_at, value=row.anchor_value),
        type=ReadingType(row.anchor_type),
        status=ReadingStatus(row.anchor_status),
        reader_name=row.anchor_reader_name,
    )


def _first_readings(rows: Sequence[AnyRow]) -> dict[int, datetime]:
    """Return when the first of each lease's meters was read for the first time."""
    found: dict[int, datetime] = {}
    for row in rows:
        if row.first_at is not None:
            found[row.lease_id] = min(row.first_at, found.get(row.lease_id, row.first_at))
    return found


def _book_from(row: AnyRow, around: _Around, now: datetime) -> LeaseBook:
    head = part(row, "lease_")
    let, where = lease_from(head), place_from(part(row, "place_"))
    since = max(around.metered_since.get(let.id, now), start_of(let.occupancy.start_on, where.zone))
    return LeaseBook(
        lease=let,
        place=where,
        room=Room(id=let.room_id, place_id=let.place_id, name=row.room_name),
        timelines=around.timelines[let.id],
        balance_paise=head.balance_paise,
        armed=Armed(low_given=head.low_given, last_given_paise=head.last_given_paise),
        emergency_exhausted=head.emergency_exhausted,
        checked_at=head.checked_at,
        meters=tuple(around.links.get(let.id, ())),
        week_cost_paise=around.week_paise.get(let.id, 0),
        week_days=_days_of_week(since, now),
        tenant_ids=(),
        staff_ids=(),
        dues=around.dues.get(let.id, ()),
        disputed_paise=head.disputed_paise,
        months=around.months.get(let.id, {}),
    )


def _days_of_week(since: datetime, now: datetime) -> int:
    """Return on how many days of the last week a lease was metered, at least one. Rule 5.7."""
    return min(max((now - since + ALMOST).days, 1), WEEK.days)
