"""The statements of a lease's book, built once: building them took longer than running them."""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import BindParameter, Label, and_, bindparam, exists, func, select

from bot.db.device import device
from bot.db.entry import charge_line, entry
from bot.db.lease import lease
from bot.db.lease_tariff import WAS_GIVEN
from bot.db.meter import installation, lease_meter, meter
from bot.db.place import place, room
from bot.db.reading import reading
from bot.db.relay import BY_HAND, relay_order, supply
from bot.db.types import AnyRow, written_out
from bot.domain.ledger import EntryKind
from bot.domain.metering import ReadingStatus, ReadingType

WEEK = timedelta(days=7)

_IDS: BindParameter[int] = bindparam("lease_ids", expanding=True)
_anchor = reading.alias("anchor")


class _Part:
    """The columns of one table in a row of several, under their own names."""

    __slots__ = ("_prefix", "_values")

    def __init__(self, row: AnyRow, prefix: str) -> None:
        self._values = row._mapping
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        return self._values[self._prefix + name]


def part(row: AnyRow, prefix: str) -> AnyRow:
    """Return the columns of a row whose labels have the prefix, as a row of their own."""
    return cast(AnyRow, _Part(row, prefix))


def _labelled(source: Any, prefix: str) -> list[Label[Any]]:
    return [column.label(prefix + column.name) for column in source.c]


def _set_aside() -> Any:
    """Readings of a lease's meter that a manager rejected since the last charge."""
    return and_(
        reading.c.meter_id == lease_meter.c.meter_id,
        reading.c.taken_at > _anchor.c.taken_at,
        reading.c.status == written_out(ReadingStatus.REJECTED),
    )


def _first_reading_at() -> Any:
    return (
        select(reading.c.taken_at)
        .where(reading.c.meter_id == lease_meter.c.meter_id)
        .order_by(reading.c.taken_at)
        .limit(1)
        .scalar_subquery()
    )


def _held() -> Any:
    """What a device showed waits, and all after it; what a person said takes its place later."""
    is_held = reading.c.status == written_out(ReadingStatus.HELD)
    is_own = reading.c.type == written_out(ReadingType.AUTOMATIC)
    return exists().where(reading.c.meter_id == meter.c.id, is_held, is_own)


def _awaits_hand() -> Any:
    return exists().where(relay_order.c.meter_id == meter.c.id, relay_order.c.status == BY_HAND)


_undone = entry.alias("undone")

_IS_RECENT = and_(
    entry.c.kind == written_out(EntryKind.DEDUCTION),
    entry.c.occurred_at > bindparam("since_at"),
    ~exists().where(_undone.c.reverses_id == entry.c.id),
)

_WEEK_PAISE = (
    select(func.sum(entry.c.tenant_paise))
    .where(entry.c.lease_id == lease.c.id, _IS_RECENT)
    .correlate(lease)
    .scalar_subquery()
)

HEADS = (
    select(
        *_labelled(lease, "lease_"),
        *_labelled(place, "place_"),
        room.c.name.label("room_name"),
        WAS_GIVEN.label("has_changed_tariff"),
        _WEEK_PAISE.label("week_paise"),
    )
    .join(place, place.c.id == lease.c.place_id)
    .join(room, room.c.id == lease.c.room_id)
    .where(lease.c.id.in_(_IDS))
    .order_by(lease.c.id)
)
LOCKS = select(lease.c.id).where(lease.c.id.in_(_IDS)).order_by(lease.c.id).with_for_update()

LINKS = (
    select(
        lease_meter.c.lease_id,
        lease_meter.c.last_value,
        lease_meter.c.last_power_w,
        lease_meter.c.last_read_at,
        *_labelled(meter, "meter_"),
        *_labelled(_anchor, "anchor_"),
        *_labelled(supply, "supply_"),
        installation.c.id.label("installation_id"),
        installation.c.device_id,
        device.c.is_online,
        device.c.has_relay,
        _held().label("has_held"),
        _awaits_hand().label("awaits_hand"),
        exists().where(_set_aside()).label("has_rejected"),
        _first_reading_at().label("first_at"),
    )
    .join(meter, meter.c.id == lease_meter.c.meter_id)
    .outerjoin(
        installation,
        and_(installation.c.meter_id == meter.c.id, installation.c.closed_at.is_(None)),
    )
    .outerjoin(device, device.c.id == installation.c.device_id)
    .outerjoin(_anchor, _anchor.c.id == lease_meter.c.anchor_reading_id)
    .outerjoin(supply, supply.c.meter_id == meter.c.id)
    .where(lease_meter.c.lease_id.in_(_IDS), lease_meter.c.share_ppm.is_(None))
    .order_by(lease_meter.c.lease_id, meter.c.id)
)

REJECTED = (
    select(lease_meter.c.lease_id, lease_meter.c.meter_id, reading.c.taken_at)
    .join(_anchor, _anchor.c.id == lease_meter.c.anchor_reading_id)
    .join(reading, _set_aside())
    .where(lease_meter.c.lease_id.in_(_IDS))
)

_GROUPS = (
    charge_line.c.lease_id,
    charge_line.c.service,
    charge_line.c.month_on,
    charge_line.c.kind,
    charge_line.c.name,
    charge_line.c.version_id,
    charge_line.c.by_generator,
    charge_line.c.since_on,
)

MONTHS = (
    select(
        *_GROUPS,
        func.sum(charge_line.c.quantity).label("quantity"),
        func.sum(charge_line.c.amount_paise).label("amount_paise"),
    )
    .where(charge_line.c.lease_id.in_(_IDS), charge_line.c.month_on >= bindparam("since_on"))
    .group_by(*_GROUPS)
)

RECENT = select(entry.c.lease_id, entry.c.tenant_paise, entry.c.occurred_at, entry.c.why).where(
    entry.c.lease_id.in_(_IDS), _IS_RECENT
)
