"""Rows of an onboarding file that give a lease a further meter: gas beside electricity."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.metering import Meter
from bot.domain.place import Place
from bot.domain.service_kind import Medium
from bot.services.exchange.lease_rows import LeaseRow
from bot.services.exchange.problem import ProblemKind
from bot.services.place import name_key
from bot.services.row_fit import Prices, Unfit, medium_of, require_free_meter
from bot.services.surroundings import Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseLine:
    """The row of a lease to which a further meter belongs; `lease_id` is None for a new one.

    The lease began on `since_on`, the meter counts for it from `start_at` on.
    """

    row: LeaseRow
    place: Place | None
    since_on: date
    start_at: datetime
    lease_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherMeter:
    """One good row for a further meter of the lease of another line.

    `is_known` when the lease has it already. `meter` and `tariff_id` are None where they have to
    be made; the rate is in paise per unit. `gives_tariff` unless the lease has one already.
    """

    row: LeaseRow
    of_line: int
    lease_id: int | None
    meter: Meter | None
    medium: Medium
    tariff_id: int | None
    rate_paise: Decimal
    start_at: datetime
    gives_tariff: bool = True
    is_known: bool = False


def further_meter(
    row: LeaseRow, of: LeaseLine, around: Surroundings, prices: Prices
) -> FurtherMeter:
    """Return what a row adds to the lease of an earlier row, of which it changes nothing.

    Raises Unfit.
    """
    _require_agreement(row, of)
    meter = around.meter(row)
    medium = medium_of(row, meter)
    lease_id, start_at = of.lease_id, of.start_at
    is_known = (
        meter is not None
        and lease_id is not None
        and lease_id in around.meter_leases.get(meter.id, ())
    )
    if is_known:
        assert meter is not None
        assert lease_id is not None
        _require_same(row, meter, lease_id, start_at, around)
    else:
        require_free_meter(around, row, of.place, start_at)
    has_tariff = lease_id is not None and medium.service in around.timelines[lease_id]
    if lease_id is not None and has_tariff and not is_known:
        _require_rate(row, around.rate(lease_id, medium.service))
    needs_price = not (has_tariff or is_known)
    priced = prices.of(row, of.place, medium) if needs_price else (None, Decimal(0))
    return FurtherMeter(
        row=row,
        of_line=of.row.line,
        lease_id=lease_id,
        meter=meter,
        medium=medium,
        tariff_id=priced[0],
        rate_paise=priced[1],
        start_at=start_at,
        gives_tariff=needs_price,
        is_known=is_known,
    )


def _require_agreement(row: LeaseRow, of: LeaseLine) -> None:
    """Raises Unfit for a row that says something else of the lease than its own row does."""
    main = of.row
    given = {
        "phone": (row.phone, main.phone),
        "cut_off": (row.cut_off_paise, main.cut_off_paise),
        "low_balance": (row.low_balance_paise, main.low_balance_paise),
        "billing_day": (row.billing_day, main.billing_day),
        "opening_balance": (row.opening_balance_paise or None, main.opening_balance_paise),
    }
    differs = any(wanted is not None and wanted != found for wanted, found in given.values())
    is_early = row.start_on is not None and row.start_on < of.since_on
    same_tenant = name_key(row.tenant) == name_key(main.tenant)
    if differs or is_early or not same_tenant or row.mode is not main.mode:
        raise Unfit(ProblemKind.ROOM_TWICE, "room", other=str(main.line))


def _require_same(
    row: LeaseRow, meter: Meter, lease_id: int, start_at: datetime, around: Surroundings
) -> None:
    """Raises Unfit for a meter that the lease has on other terms."""
    differing = list(_differing(row, meter, lease_id, start_at, around))
    if differing:
        raise Unfit(ProblemKind.TERMS_DIFFER, None, columns=", ".join(differing))


def _differing(
    row: LeaseRow, meter: Meter, lease_id: int, start_at: datetime, around: Surroundings
) -> Iterator[str]:
    opening = around.openings.get((lease_id, meter.id))
    if meter.type is not row.type:
        yield "type"
    if row.rate_paise not in {None, around.rate(lease_id, meter.service)}:
        yield "rate"
    if row.start_on is not None and opening is not None and opening.point.at != start_at:
        yield "start_on"
    if row.opening_reading is not None and (
        opening is None or opening.point.value != row.opening_reading
    ):
        yield "opening_reading"


def _require_rate(row: LeaseRow, known: Decimal | None) -> None:
    if row.rate_paise not in {None, known}:
        raise Unfit(ProblemKind.TERMS_DIFFER, None, columns="rate")
