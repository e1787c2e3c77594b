"""All that a decision about one lease's money and power rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from bot.domain.billing import MonthToDate
from bot.domain.dues import Due
from bot.domain.lease import Lease
from bot.domain.metering import Meter, Reading
from bot.domain.period import local_date
from bot.domain.place import Place, Room
from bot.domain.service_kind import Medium, ServiceKind
from bot.domain.supply import Hold, SupplyReason
from bot.domain.terms import Terms, terms_of
from bot.domain.timeline import Timeline, Timelines
from bot.domain.warning import Armed

MonthKey: TypeAlias = tuple[ServiceKind, date]
"""Use is added up per service and month: a cubic metre is no unit of another slab."""


class ServiceWithoutTariff(LookupError):
    """The lease has no tariff for what its meter counts."""

    def __init__(self, medium: Medium) -> None:
        super().__init__(medium)
        self.medium = medium


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyState:
    """What a meter's relay should be, by whom, and what it was last seen to be.

    `review_at` is when time alone may change what it should be. `confirmed_by` is who says so,
    where a person switches it.
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
    confirmed_by: int | None = None

    def seen(self, on: bool | None, at: datetime | None, *, by: int | None = None) -> "SupplyState":
        """Return the state with what the relay was found to be, by whom if not by the meter."""
        return replace(self, actual_on=on, confirmed_at=at, confirmed_by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterLink:
    """A meter of a lease: its device now, and the reading up to which all is charged.

    `rejected_at` are the instants, after that reading, of readings that a manager set aside.
    `awaits_hand`: a person was asked to switch it, and nobody has said yet that it is done.
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
    awaits_hand: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether a person switches it, because the device has no relay. Rule 6.7."""
        return self.has_relay is False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseBook:
    """One lease with its place, tariffs, meters and money, as loaded under lock.

    `dues` are the bills of a postpaid lease, oldest first; `disputed_paise` is what open disputes
    hold.
    """

    lease: Lease
    place: Place
    room: Room
    timelines: Timelines
    balance_paise: int
    armed: Armed
    emergency_exhausted: bool
    checked_at: datetime | None
    meters: tuple[MeterLink, ...]
    week_cost_paise: int
    week_days: int
    tenant_ids: tuple[int, ...]
    staff_ids: tuple[int, ...]
    dues: tuple[Due, ...] = ()
    disputed_paise: int = 0
    months: Mapping[MonthKey, MonthToDate] = field(default_factory=dict)

    def month(self, month_on: date, service: ServiceKind = ServiceKind.ELECTRICITY) -> MonthToDate:
        """Return the month of a service so far; an empty one when nothing was used in it."""
        return self.months.get((service, month_on)) or MonthToDate(month_on=month_on)

    def link_to(self, meter_id: int) -> MeterLink:
        """Return a meter that the lease has."""
        return next(each for each in self.meters if each.meter.id == meter_id)

    def prices_of(self, meter: Meter) -> Timeline:
        """Return what the lease pays for what a meter counts.

        Prices of another unit are none. Raises ServiceWithoutTariff.
        """
        timeline = self.timelines.get(meter.service)
        if timeline is None or timeline.medium != meter.medium:
            raise ServiceWithoutTariff(meter.medium)
        return timeline

    def has_price(self, meter: Meter, since_at: datetime) -> bool:
        """Return whether the lease has a tariff for what a meter counts, since an instant."""
        try:
            begins_on = self.prices_of(meter).begins_on
        except ServiceWithoutTariff:
            return False
        return begins_on <= local_date(since_at, self.place.zone)

    @property
    def terms(self) -> Terms:
        """What holds for the lease: its own terms, else the rules of the place."""
        return terms_of(self.lease, self.place)

    @property
    def supply_meter(self) -> MeterLink | None:
        """The meter whose relay gives this lease power, one for electricity if there is one."""
        devices = [link for link in self.meters if link.meter.udf1 is not None]
        electric = (each for each in devices if each.meter.service is ServiceKind.ELECTRICITY)
        return next(electric, devices[0] if devices else None)

    @property
    def main_service(self) -> ServiceKind:
        """What a lease uses above all: electricity where it has any."""
        kinds = [each.meter.service for each in self.meters] or [ServiceKind.ELECTRICITY]
        return ServiceKind.ELECTRICITY if ServiceKind.ELECTRICITY in kinds else kinds[0]
