"""What staff see of a room: pure facts, worked out from its lease's book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.lease import BillingMode
from bot.domain.people import Actor, Permission
from bot.domain.supply import Hold, SupplyReason
from bot.services.book import LeaseBook
from bot.services.home_card import Power, charges_among, energy_of, power_of
from bot.services.outlook import overdue_of
from bot.services.room_name import RoomName
from bot.services.store import BookedEntry, Device, OrderStatus, RelayOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMoney:
    """What a tenant holds, in paise; only for those who may see it.

    `overdue_paise` is what power may be cut for now, of a lease that is billed; `due_paise` is what
    its bills wait for, the oldest of them by `due_on`.
    """

    currency: str
    balance_paise: int
    cut_off_paise: int
    low_balance_paise: int
    mode: BillingMode
    overdue_paise: int = 0
    due_paise: int = 0
    due_on: date | None = None

    @property
    def is_short(self) -> bool:
        """Whether the balance is below the cut-off."""
        return self.mode is BillingMode.PREPAID and self.balance_paise < self.cut_off_paise

    @property
    def is_low(self) -> bool:
        """Whether the balance is below the low mark."""
        return self.mode is BillingMode.PREPAID and self.balance_paise < self.low_balance_paise


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLine:
    """A room in the list."""

    name: RoomName
    power: Power = Power.UNKNOWN
    awaits_hand: bool = False
    is_offline: bool = False
    money: RoomMoney | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSupply:
    """The switch of a room, as it is and as it should be."""

    power: Power
    reason: SupplyReason | None
    decided_at: datetime | None
    confirmed_at: datetime | None
    power_w: Decimal | None
    hold: Hold
    hold_until: datetime | None
    hold_by: str | None
    hold_note: str | None
    review_at: datetime | None
    can_switch: bool
    order: RelayOrder | None
    confirmed_by: str | None = None

    @property
    def awaits_hand(self) -> RelayOrder | None:
        """The order that a person is to carry out, and has not yet. Rule 6.7."""
        is_by_hand = self.order is not None and self.order.status is OrderStatus.BY_HAND
        return self.order if is_by_hand else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMeter:
    """The measuring point of a room, and when it was read."""

    meter_id: int
    udf1: str | None
    device_id: str | None
    is_offline: bool
    offline_since_at: datetime | None
    last_value: Decimal | None
    unit: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomWeek:
    """Use of the main service and its cost in the last seven days."""

    energy: Decimal
    unit: str
    cost_paise: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomCard:
    """A room at a glance; `lease_id` None = vacant; what the person may not see is None."""

    room_id: int
    room: str
    place_id: int
    place: str
    zone: ZoneInfo
    now: datetime
    may: frozenset[Permission]
    lease_id: int | None = None
    tenant: str = ""
    phone: str | None = None
    mode: BillingMode | None = None
    tenants_joined: int = 0
    money: RoomMoney | None = None
    last_payment: BookedEntry | None = None
    week: RoomWeek | None = None
    supply: RoomSupply | None = None
    meter: RoomMeter | None = None

    @property
    def is_vacant(self) -> bool:
        """Whether nobody rents the room."""
        return self.lease_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundLease:
    """What a card needs beside the lease's book."""

    week: Sequence[BookedEntry]
    last_payment: BookedEntry | None
    order: RelayOrder | None
    device: Device | None
    hold_by: str | None
    confirmed_by: str | None = None


def permissions_at(actor: Actor, place_id: int) -> frozenset[Permission]:
    """Return all that a person may do at a place."""
    return frozenset(each for each in Permission if actor.may(each, place_id))


def room_line(
    name: RoomName, book: LeaseBook | None, *, sees_money: bool, now: datetime
) -> RoomLine:
    """Return a room's line in the list."""
    if book is None:
        return RoomLine(name=name)
    link = book.supply_meter
    return RoomLine(
        name=name,
        power=power_of(link),
        awaits_hand=link is not None and link.awaits_hand,
        is_offline=link is not None and link.is_online is False,
        money=_money(book, now) if sees_money else None,
    )


def room_card(
    name: RoomName, book: LeaseBook, around: AroundLease, *, actor: Actor, now: datetime
) -> RoomCard:
    """Return the card of a room that is let."""
    may = permissions_at(actor, name.place_id)
    sees_money = Permission.SEE_MONEY in may
    is_charged = book.lease.mode is BillingMode.PREPAID
    return RoomCard(
        room_id=name.room_id,
        room=name.room,
        place_id=name.place_id,
        place=name.place,
        zone=book.place.zone,
        now=now,
        may=may,
        lease_id=book.lease.id,
        tenant=book.lease.tenant_name,
        phone=book.lease.phone,
        mode=book.lease.mode,
        tenants_joined=len(book.tenant_ids),
        money=_money(book, now) if sees_money else None,
        last_payment=around.last_payment if sees_money else None,
        week=_week(book, around.week) if sees_money and is_charged else None,
        supply=_supply(book, around),
        meter=_meter(book, around),
    )


def _money(book: LeaseBook, now: datetime) -> RoomMoney:
    return RoomMoney(
        currency=book.place.currency,
        balance_paise=book.balance_paise,
        cut_off_paise=book.terms.cut_off_paise,
        low_balance_paise=book.terms.low_balance_paise,
        mode=book.lease.mode,
        overdue_paise=overdue_of(book, now=now),
        due_paise=sum(each.open_paise for each in book.dues),
        due_on=min((each.due_on for each in book.dues if each.open_paise), default=None),
    )


def _week(book: LeaseBook, entries: Sequence[BookedEntry]) -> RoomWeek:
    service = book.main_service
    charged = charges_among(entries, service)
    units = [each.meter.unit for each in book.meters if each.meter.service is service]
    return RoomWeek(
        energy=energy_of(charged),
        unit=units[0] if units else "kWh",
        cost_paise=-sum(each.tenant_paise for each in charged),
    )


def _supply(book: LeaseBook, around: AroundLease) -> RoomSupply | None:
    link = book.supply_meter
    if link is None:
        return None
    state = link.supply
    return RoomSupply(
        power=power_of(link),
        reason=None if state is None else state.reason,
        decided_at=None if state is None else state.decided_at,
        confirmed_at=None if state is None else state.confirmed_at,
        power_w=link.last_power_w,
        hold=Hold.NONE if state is None else state.hold,
        hold_until=None if state is None else state.hold_until,
        hold_by=around.hold_by,
        hold_note=None if state is None else state.hold_reason,
        review_at=None if state is None else state.review_at,
        can_switch=not link.by_hand,
        order=around.order,
        confirmed_by=around.confirmed_by,
    )


def _meter(book: LeaseBook, around: AroundLease) -> RoomMeter | None:
    link = book.supply_meter or (book.meters[0] if book.meters else None)
    if link is None:
        return None
    is_offline = link.is_online is False
    since_at = around.device.online_changed_at if is_offline and around.device else None
    return RoomMeter(
        meter_id=link.meter.id,
        udf1=link.meter.udf1,
        device_id=link.device_id,
        is_offline=is_offline,
        offline_since_at=since_at,
        last_value=link.last_value,
        unit=link.meter.unit,
        read_at=link.last_read_at,
    )
