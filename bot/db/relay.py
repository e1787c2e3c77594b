"""The tables of what relays should be, and of the orders that make them so."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Text, text

from bot.db.metadata import row_id, table, to
from bot.db.types import AnyRow, Flag, Id, UtcDateTime, written_out
from bot.domain.supply import Hold, SupplyReason
from bot.services.book import SupplyState
from bot.services.ports import Lane
from bot.services.store import OrderStatus, RelayOrder

supply = table(
    "supply",
    Column("meter_id", Id, ForeignKey("meter.id"), primary_key=True),
    Column("desired_on", Flag, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("hold", Text, nullable=False),
    Column("hold_until", UtcDateTime),
    to("person", "hold_by", optional=True),
    Column("hold_reason", Text),
    Column("review_at", UtcDateTime),
    Column("actual_on", Flag),
    Column("confirmed_at", UtcDateTime),
    to("person", "confirmed_by", optional=True),
    Index("ix_supply_review", "review_at"),
)

_IS_OPEN = text("status IN ('PENDING', 'WAITING', 'BY_HAND')")

relay_order = table(
    "relay_order",
    row_id(),
    to("meter", "meter_id"),
    to("lease", "lease_id", optional=True),
    Column("turn_on", Flag, nullable=False),
    Column("reason", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("lane", Id, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Id, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),
    Column("error", Text),
    Column("alerted_at", UtcDateTime),
    to("person", "requested_by", optional=True),
    to("person", "confirmed_by", optional=True),
    Index(
        "uq_relay_order_open",
        "meter_id",
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    ),
    Index(
        "ix_relay_order_by_hand",
        "meter_id",
        sqlite_where=text("status = 'BY_HAND'"),
        postgresql_where=text("status = 'BY_HAND'"),
    ),
    Index("ix_relay_order_due", "status", "due_at"),
    Index("ix_relay_order_meter", "meter_id", "id"),
    Index("ix_relay_order_lease", "lease_id"),
)


TO_METERS = (written_out(OrderStatus.PENDING), written_out(OrderStatus.WAITING))
BY_HAND = written_out(OrderStatus.BY_HAND)
OPEN = (*TO_METERS, BY_HAND)


def supply_from(row: AnyRow) -> SupplyState:
    """Return the supply of a row that holds the supply's columns."""
    return SupplyState(
        meter_id=row.meter_id,
        desired_on=row.desired_on,
        reason=SupplyReason(row.reason),
        decided_at=row.decided_at,
        hold=Hold(row.hold),
        hold_until=row.hold_until,
        hold_by=row.hold_by,
        hold_reason=row.hold_reason,
        review_at=row.review_at,
        actual_on=row.actual_on,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
    )


def supply_columns(state: SupplyState) -> dict[str, Any]:
    """Return the row of a supply."""
    return {
        "meter_id": state.meter_id,
        "desired_on": state.desired_on,
        "reason": state.reason.value,
        "decided_at": state.decided_at,
        "hold": state.hold.value,
        "hold_until": state.hold_until,
        "hold_by": state.hold_by,
        "hold_reason": state.hold_reason,
        "review_at": state.review_at,
        "actual_on": state.actual_on,
        "confirmed_at": state.confirmed_at,
        "confirmed_by": state.confirmed_by,
    }


def order_from(row: AnyRow) -> RelayOrder:
    """Return the order of a row."""
    values = dict(row._mapping)
    return RelayOrder(
        **values
        | {
            "reason": SupplyReason(row.reason),
            "status": OrderStatus(row.status),
            "lane": Lane(row.lane),
        }
    )
