"""Finds the meters that a sweep is to read."""

from dataclasses import fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from bot.db.lease import lease
from bot.db.metering import installation, lease_meter, meter
from bot.db.place import place
from bot.db.reading import reading
from bot.db.types import AnyRow
from bot.domain.lease import BillingMode
from bot.domain.period import local_date
from bot.services.store import LatestChecks, SweepTarget

_anchor = reading.alias("anchor")

_TARGETS = (
    select(
        lease_meter.c.lease_id,
        lease_meter.c.meter_id,
        installation.c.device_id,
        meter.c.udf1,
        case(
            (_anchor.c.installation_id == installation.c.id, _anchor.c.taken_at),
        ).label("anchor_at"),
        place.c.timezone,
        lease.c.tariff_id.label("first_tariff_id"),
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
    .where(lease.c.mode == BillingMode.PREPAID.value, meter.c.udf1.is_not(None))
    .order_by(lease_meter.c.lease_id, lease_meter.c.meter_id)
)
_FIELDS = tuple(field.name for field in fields(SweepTarget))


def targets_query(on: datetime, latest: LatestChecks | None) -> Select[Any]:
    """Return the statement for leases that may run on a day, `runs` tells exactly.

    With `latest` only leases that were not checked since the latest check of their kind.
    """
    query = _TARGETS.where(lease.c.end_on.is_(None) | (lease.c.end_on >= on.date()))
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
    return SweepTarget(**{name: getattr(row, name) for name in _FIELDS})


def runs(row: AnyRow, at: datetime) -> bool:
    """Return whether the place's day lies in the lease. Rule 1.5."""
    today = local_date(at, ZoneInfo(row.timezone))
    return bool(row.start_on <= today and (row.end_on is None or today < row.end_on))
