"""Finds the meters that a sweep is to read."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from bot.db.lease import lease
from bot.db.meter import installation, lease_meter, meter
from bot.db.place import place
from bot.db.reading import reading
from bot.db.types import AnyRow
from bot.domain.lease import BillingMode
from bot.domain.meter import BillingType, MeterStatus
from bot.domain.period import local_date, start_of
from bot.domain.service_kind import ServiceKind
from bot.services.store import LatestChecks, SweepTarget

LOOK_BACK = timedelta(days=7)
"""For how long history is asked for the last close of a lease that has ended."""

_anchor = reading.alias("anchor")

_TARGETS = (
    select(
        lease_meter.c.lease_id,
        lease_meter.c.meter_id,
        installation.c.device_id,
        meter.c.udf1,
        meter.c.service,
        case(
            (_anchor.c.installation_id == installation.c.id, _anchor.c.taken_at),
        ).label("anchor_at"),
        place.c.timezone,
        lease.c.tariff_id.label("first_tariff_id"),
        (lease.c.mode == BillingMode.POSTPAID.value).label("billed_later"),
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
    .outerjoin(_anchor, _anchor.c.id == lease_meter.c.anchor_reading_id)
    .where(
        meter.c.udf1.is_not(None),
        meter.c.status == MeterStatus.ACTIVE.value,
        meter.c.billing_type == BillingType.INDIVIDUAL.value,
        lease_meter.c.share_ppm.is_(None),
    )
    .order_by(lease_meter.c.lease_id, lease_meter.c.meter_id)
)
_FIELDS = tuple(field.name for field in fields(SweepTarget))


def targets_query(on: datetime, latest: LatestChecks | None) -> Select[Any]:
    """Return the statement for leases that may have use to charge, `runs` tells exactly.

    With `latest` only leases that were not checked since the latest check of their kind.
    """
    ended_late = lease.c.end_on >= on.date() - LOOK_BACK
    query = _TARGETS.where(lease.c.end_on.is_(None) | ended_late)
    return query if latest is None else query.where(_is_due(latest))


def _is_due(latest: LatestChecks) -> ColumnElement[bool]:
    kinds = (
        (lease.c.check_interval == interval.value)
        & (place.c.timezone == zone.key)
        & (lease.c.checked_at < at)
        for (interval, zone), at in latest.items()
    )
    return or_(lease.c.checked_at.is_(None), *kinds)


def target_from(row: AnyRow) -> SweepTarget:
    """Return the target of a row."""
    values = {name: getattr(row, name) for name in _FIELDS}
    flags = {"service": ServiceKind(row.service), "billed_later": bool(row.billed_later)}
    return SweepTarget(**values | flags)


def runs(row: AnyRow, at: datetime) -> bool:
    """Return whether the place's day lies in the lease, or the lease is not charged to its end.

    Rules 1.5 and 5.5: a check that was missed is made up for, also the last one.
    """
    zone = ZoneInfo(row.timezone)
    if row.end_on is None or local_date(at, zone) < row.end_on:
        return bool(row.start_on <= local_date(at, zone))
    is_left = row.anchor_at is not None and row.anchor_at < start_of(row.end_on, zone)
    return is_left and not row.billed_later
