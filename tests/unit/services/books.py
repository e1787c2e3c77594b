"""A lease's book, as it would come out of the store."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.billing import MonthToDate
from bot.domain.deduction import Sighting
from bot.domain.lease import BillingMode, CheckInterval, Lease, Occupancy
from bot.domain.metering import Meter, MeterTerms, MeterType, Reading, ReadingType, RegisterPoint
from bot.domain.place import Place, Room
from bot.domain.supply import Hold, SupplyReason
from bot.domain.tariff import Slab, Tariff, TariffVersion
from bot.domain.timeline import Timeline
from bot.domain.warning import Armed
from bot.services.book import LeaseBook, MeterLink, MonthKey, SupplyState
from bot.services.check import Observation

KOLKATA = ZoneInfo("Asia/Kolkata")
OPENED_AT = datetime(2025, 11, 11, 18, 29, tzinfo=UTC)
VERSION = TariffVersion(
    id=1, from_on=date(2025, 1, 1), slabs=(Slab(up_to=None, rate_paise=Decimal(650)),)
)
TARIFF = Tariff(id=1, name="Home", versions=(VERSION,))
PLACE = Place(id=1, name="Lakeside", zone=KOLKATA, currency="INR")
LEASE = Lease(
    id=1,
    place_id=1,
    room_id=1,
    tenant_name="Asha",
    phone=None,
    mode=BillingMode.PREPAID,
    occupancy=Occupancy(start_on=date(2025, 11, 1)),
    tariff_id=1,
    check_interval=CheckInterval.DAILY,
    cut_off_paise=10_000,
    low_balance_paise=50_000,
)


def a_supply(
    *,
    on: bool = True,
    actual_on: bool | None = True,
    hold: Hold = Hold.NONE,
    hold_until: datetime | None = None,
) -> SupplyState:
    return SupplyState(
        meter_id=1,
        desired_on=on,
        reason=SupplyReason.IN_ORDER if on else SupplyReason.BELOW_CUT_OFF,
        decided_at=OPENED_AT,
        actual_on=actual_on,
        confirmed_at=None if actual_on is None else OPENED_AT,
        hold=hold,
        hold_until=hold_until,
    )


def an_anchor(value: str = "1450.0", at: datetime = OPENED_AT, installation_id: int = 1) -> Reading:
    return Reading(
        id=1,
        meter_id=1,
        installation_id=installation_id,
        point=RegisterPoint(at=at, value=Decimal(value)),
        type=ReadingType.MANUAL,
    )


def a_link(
    *,
    supply: SupplyState | None = None,
    anchor: Reading | None = None,
    has_relay: bool | None = True,
    terms: MeterTerms | None = None,
    has_held_reading: bool = False,
) -> MeterLink:
    return MeterLink(
        meter=Meter(
            id=1,
            place_id=1,
            room_id=1,
            udf1="302",
            type=MeterType.ELECTRICITY,
            unit="kWh",
            terms=terms or MeterTerms(),
        ),
        installation_id=1,
        device_id="dev-1",
        is_online=True,
        has_relay=has_relay,
        anchor=anchor,
        has_held_reading=has_held_reading,
        supply=supply,
    )


def a_book(
    link: MeterLink | None = None,
    *,
    lease: Lease = LEASE,
    tariff: Tariff = TARIFF,
    place: Place = PLACE,
    balance_paise: int = 300_000,
    armed: Armed | None = None,
    emergency_exhausted: bool = False,
    week_cost_paise: int = 0,
    week_days: int = 7,
    months: Mapping[MonthKey, MonthToDate] | None = None,
) -> LeaseBook:
    return LeaseBook(
        lease=lease,
        place=place,
        room=Room(id=1, place_id=1, name="Room 302"),
        timelines={tariff.medium.service: Timeline.of(tariff)},
        balance_paise=balance_paise,
        armed=armed or Armed(),
        emergency_exhausted=emergency_exhausted,
        checked_at=None,
        meters=() if link is None else (link,),
        week_cost_paise=week_cost_paise,
        week_days=week_days,
        tenant_ids=(10, 11),
        staff_ids=(20, 21),
        months=months or {},
    )


def seen(
    *points: tuple[datetime, str],
    device_id: str = "dev-1",
    relay_on: bool | None = True,
    is_live: bool = True,
) -> Observation:
    """Return what a device showed; the last point is live."""
    sightings = [Sighting(point=RegisterPoint(at=at, value=Decimal(value))) for at, value in points]
    return Observation(
        lease_id=1,
        meter_id=1,
        device_id=device_id,
        at=points[-1][0],
        sightings=tuple(sightings),
        relay_on=relay_on if is_live else None,
        is_live=is_live,
    )
