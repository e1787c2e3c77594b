"""All that a decision about one lease's money and power rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from bot.domain.billing import MonthToDate
from bot.domain.lease import Lease
from bot.domain.metering import Meter, Reading
from bot.domain.place import Place, Room
from bot.domain.supply import Hold, SupplyReason
from bot.domain.terms import Terms, terms_of
from bot.domain.timeline import Timeline
from bot.domain.warning import Armed


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyState:
    """What a meter's relay should be, by whom, and what it was last seen to be.

    `review_at` is when time alone may change what it should be.
    """

    meter_id: int
    desired_on: bool
    reason: SupplyReason
    decided_at: datetime
    hold: Hold = Hold.NONE
    hold_until: datetime | None = None
    hold_by: int | None = None
    hold_reason: str | None = None
    review_at: datetime | None = None
    actual_on: bool | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterLink:
    """A meter of a lease: its device now, and the reading up to which all is charged.

    `rejected_at` are the instants, after that reading, of readings that a manager set aside.
    """

    meter: Meter
    installation_id: int | None
    device_id: str | None
    is_online: bool | None
    has_relay: bool | None
    anchor: Reading | None
    has_held_reading: bool
    supply: SupplyState | None
    last_value: Decimal | None = None
    last_power_w: Decimal | None = None
    last_read_at: datetime | None = None
    rejected_at: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseBook:
    """One lease with its place, tariffs, meters and money, as loaded under lock."""

    lease: Lease
    place: Place
    room: Room
    timeline: Timeline
    balance_paise: int
    armed: Armed
    emergency_exhausted: bool
    checked_at: datetime | None
    meters: tuple[MeterLink, ...]
    week_cost_paise: int
    week_days: int
    tenant_ids: tuple[int, ...]
    staff_ids: tuple[int, ...]
    months: Mapping[date, MonthToDate] = field(default_factory=dict)

    def month(self, month_on: date) -> MonthToDate:
        """Return the month so far; an empty one when nothing was used in it."""
        return self.months.get(month_on) or MonthToDate(month_on=month_on)

    @property
    def terms(self) -> Terms:
        """What holds for the lease: its own terms, else the rules of the place."""
        return terms_of(self.lease, self.place)

    @property
    def supply_meter(self) -> MeterLink | None:
        """The meter whose relay gives this lease power."""
        return next((link for link in self.meters if link.meter.udf1 is not None), None)
