"""Loads all that a decision about a lease rests on, many leases at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, exists, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.device import device
from bot.db.entry import charge_line
from bot.db.lease import Leases, lease, lease_from
from bot.db.metering import installation, lease_meter, meter, meter_from
from bot.db.people import People
from bot.db.place import place, place_from, room
from bot.db.reading import reading
from bot.db.supply import supply, supply_from
from bot.db.tariff import Tariffs
from bot.db.types import AnyRow
from bot.db.week import Weeks
from bot.domain.billing import LineKind, MonthToDate, UsageKey
from bot.domain.lease import BillingMode
from bot.domain.metering import Reading, ReadingStatus, ReadingType, RegisterPoint
from bot.domain.period import local_date
from bot.domain.place import Room
from bot.domain.warning import Armed
from bot.services.book import LeaseBook, MeterLink
from bot.services.store import SweepTarget


class Books:
    """Leases with everything around them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def load(
        self, lease_ids: Collection[int], *, now: datetime, lock: bool
    ) -> Mapping[int, LeaseBook]:
        """Return the books of leases, by lease id; with `lock` nobody else may change them."""
        query = select(lease).where(lease.c.id.in_(lease_ids)).order_by(lease.c.id)
        rows = (await self._connection.execute(query.with_for_update() if lock else query)).all()
        if not rows:
            return {}
        places = await self._places({row.place_id for row in rows})
        rooms = await self._rooms({row.room_id for row in rows})
        tariffs = await Tariffs(self._connection).get({row.tariff_id for row in rows})
        links = await self._links(lease_ids)
        months = await self._months(lease_ids, _since(links, now))
        week = await Weeks(self._connection).load(lease_ids, now=now)
        tenants = await Leases(self._connection).tenants(lease_ids)
        staff = await People(self._connection).staff(places)
        return {
            row.id: LeaseBook(
                lease=lease_from(row),
                place=place_from(places[row.place_id]),
                room=rooms[row.room_id],
                tariff=tariffs[row.tariff_id],
                balance_paise=row.balance_paise,
                armed=Armed(low_given=row.low_given, last_given_paise=row.last_given_paise),
                emergency_exhausted=row.emergency_exhausted,
                checked_at=row.checked_at,
                meters=tuple(links.get(row.id, ())),
                week_cost_paise=week[row.id].cost_paise,
                week_days=week[row.id].days,
                tenant_ids=tenants.get(row.id, ()),
                staff_ids=staff.get(row.place_id, ()),
                months=months.get(row.id, {}),
            )
            for row in rows
        }

    async def targets(self, *, on: datetime) -> Sequence[SweepTarget]:
        """Return the vendor's meters of all prepaid leases that run, by lease."""
        anchor = reading.alias("anchor")
        rows = await self._connection.execute(
            select(
                lease_meter.c.lease_id,
                lease_meter.c.meter_id,
                installation.c.device_id,
                meter.c.udf1,
                case(
                    (anchor.c.installation_id == installation.c.id, anchor.c.taken_at),
                ).label("anchor_at"),
                place.c.timezone,
                lease.c.check_interval,
                lease.c.checked_at,
                lease.c.tariff_id,
                lease.c.start_on,
                lease.c.end_on,
            )
            .join(lease, lease.c.id == lease_meter.c.lease_id)
            .join(place, place.c.id == lease.c.place_id)
            .join(meter, meter.c.id == lease_meter.c.meter_id)
            .outerjoin(
                installation,
                and_(installation.c.meter_id == meter.c.id, installation.c.closed_at.is_(None)),
            )
            .outerjoin(anchor, anchor.c.id == lease_meter.c.anchor_reading_id)
            .where(
                lease.c.mode == BillingMode.PREPAID.value,
                lease.c.end_on.is_(None) | (lease.c.end_on >= on.date()),
                meter.c.udf1.is_not(None),
            )
            .order_by(lease_meter.c.lease_id, lease_meter.c.meter_id)
        )
        return [_target_from(row) for row in rows if _runs(row, on)]

    async def _places(self, place_ids: Collection[int]) -> dict[int, AnyRow]:
        rows = await self._connection.execute(select(place).where(place.c.id.in_(place_ids)))
        return {row.id: row for row in rows}

    async def _rooms(self, room_ids: Collection[int]) -> dict[int, Room]:
        rows = await self._connection.execute(select(room).where(room.c.id.in_(room_ids)))
        return {row.id: Room(id=row.id, place_id=row.place_id, name=row.name) for row in rows}

    async def _links(self, lease_ids: Collection[int]) -> dict[int, list[MeterLink]]:
        held = exists().where(reading.c.meter_id == meter.c.id, reading.c.status == text("'HELD'"))
        anchor = reading.alias("anchor")
        found = await self._connection.execute(
            select(
                lease_meter.c.lease_id,
                lease_meter.c.last_value,
                lease_meter.c.last_power_w,
                lease_meter.c.last_read_at,
                *(column.label(f"meter_{column.name}") for column in meter.c),
                *(column.label(f"anchor_{column.name}") for column in anchor.c),
                installation.c.id.label("installation_id"),
                installation.c.device_id,
                device.c.is_online,
                device.c.has_relay,
                held.label("has_held"),
            )
            .join(meter, meter.c.id == lease_meter.c.meter_id)
            .outerjoin(
                installation,
                and_(installation.c.meter_id == meter.c.id, installation.c.closed_at.is_(None)),
            )
            .outerjoin(device, device.c.id == installation.c.device_id)
            .outerjoin(anchor, anchor.c.id == lease_meter.c.anchor_reading_id)
            .where(lease_meter.c.lease_id.in_(lease_ids))
            .order_by(lease_meter.c.lease_id, meter.c.id)
        )
        rows = found.all()
        supplies = await self._supplies({row.meter_id for row in rows})
        rejected = await self._rejected(lease_ids)
        links: dict[int, list[MeterLink]] = defaultdict(list)
        for row in rows:
            aside = rejected.get((row.lease_id, row.meter_id), ())
            links[row.lease_id].append(
                replace(_link_from(row, supplies.get(row.meter_id)), rejected_at=frozenset(aside))
            )
        return links

    async def _supplies(self, meter_ids: Collection[int]) -> dict[int, AnyRow]:
        rows = await self._connection.execute(
            select(supply).where(supply.c.meter_id.in_(meter_ids))
        )
        return {row.meter_id: row for row in rows}

    async def _months(
        self, lease_ids: Collection[int], since_on: date
    ) -> dict[int, dict[date, MonthToDate]]:
        line = charge_line.c
        groups = (line.lease_id, line.month_on, line.kind, line.name)
        rows = await self._connection.execute(
            select(
                *groups,
                line.version_id,
                line.by_generator,
                func.sum(line.quantity).label("quantity"),
                func.sum(line.amount_paise).label("amount_paise"),
            )
            .where(line.lease_id.in_(lease_ids), line.month_on >= since_on)
            .group_by(*groups, line.version_id, line.by_generator)
        )
        grouped: dict[tuple[int, date], list[AnyRow]] = defaultdict(list)
        for row in rows:
            grouped[row.lease_id, row.month_on].append(row)
        months: dict[int, dict[date, MonthToDate]] = defaultdict(dict)
        for (lease_id, month_on), lines in grouped.items():
            months[lease_id][month_on] = month_from(month_on, lines)
        return months

    async def _rejected(self, lease_ids: Collection[int]) -> dict[tuple[int, int], set[datetime]]:
        """Return the instants of readings that were set aside since the last charge."""
        anchor = reading.alias("anchor")
        rows = await self._connection.execute(
            select(lease_meter.c.lease_id, lease_meter.c.meter_id, reading.c.taken_at)
            .join(anchor, anchor.c.id == lease_meter.c.anchor_reading_id)
            .join(
                reading,
                and_(
                    reading.c.meter_id == lease_meter.c.meter_id,
                    reading.c.taken_at > anchor.c.taken_at,
                    reading.c.status == ReadingStatus.REJECTED.value,
                ),
            )
            .where(lease_meter.c.lease_id.in_(lease_ids))
        )
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
            used[UsageKey(version_id=row.version_id, generator=row.by_generator)] = row.quantity
    return MonthToDate(month_on=month_on, used=used, charged_paise=dict(charged))


def _target_from(row: AnyRow) -> SweepTarget:
    known = {field.name for field in fields(SweepTarget)}
    return SweepTarget(**{name: value for name, value in row._mapping.items() if name in known})


def _runs(row: AnyRow, at: datetime) -> bool:
    """Return whether the place's day lies in the lease. Rule 1.5."""
    today = local_date(at, ZoneInfo(row.timezone))
    return bool(row.start_on <= today and (row.end_on is None or today < row.end_on))


def _since(links: Mapping[int, list[MeterLink]], now: datetime) -> date:
    """Return a day no later than the first month that a charge may touch."""
    instants = [link.anchor.point.at for each in links.values() for link in each if link.anchor]
    earliest = min([*instants, now])
    return (earliest - timedelta(days=1)).date().replace(day=1)


def _link_from(row: AnyRow, supply_row: AnyRow | None) -> MeterLink:
    return MeterLink(
        meter=meter_from(row, "meter_"),
        installation_id=row.installation_id,
        device_id=row.device_id,
        is_online=row.is_online,
        has_relay=row.has_relay,
        anchor=None if row.anchor_id is None else _anchor_from(row),
        has_held_reading=bool(row.has_held),
        supply=None if supply_row is None else supply_from(supply_row),
        last_value=row.last_value,
        last_power_w=row.last_power_w,
        last_read_at=row.last_read_at,
    )


def _anchor_from(row: AnyRow) -> Reading:
    return Reading(
        id=row.anchor_id,
        meter_id=row.anchor_meter_id,
        installation_id=row.anchor_installation_id,
        point=RegisterPoint(at=row.anchor_taken_at, value=row.anchor_value),
        type=ReadingType(row.anchor_type),
        status=ReadingStatus(row.anchor_status),
    )
