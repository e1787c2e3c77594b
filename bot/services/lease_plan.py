"""What an onboarding file would do to the store as it stands. Nothing is written here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from bot.domain.lease import Lease
from bot.domain.metering import Meter, MeterType
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date, start_of
from bot.domain.place import Place, Room
from bot.domain.service_kind import Medium
from bot.domain.terms import terms_of
from bot.services.exchange.lease_rows import LeaseRow, ParsedLeases, doubles
from bot.services.exchange.problem import ProblemKind, RowProblem
from bot.services.further_meter import FurtherMeter, LeaseLine, further_meter
from bot.services.place import PlaceDefaults, name_key
from bot.services.row_fit import Prices, Unfit, medium_of, problem_of, require_free_meter
from bot.services.surroundings import Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasePlan:
    """One good row; `lease_id` is there when the lease is, on the same terms.

    `place`, `room`, `meter` and `tariff_id` are None where they have to be made; `start_at` is
    the instant of the opening reading; the rate is in paise per unit.
    """

    row: LeaseRow
    place: Place | None
    room: Room | None
    meter: Meter | None
    tariff_id: int | None
    rate_paise: Decimal
    medium: Medium
    currency: str
    start_on: date
    start_at: datetime
    cut_off_paise: int
    low_balance_paise: int
    lease_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """The rows that can be taken, and why the others cannot, in the order of the file."""

    leases: tuple[LeasePlan, ...]
    problems: tuple[RowProblem, ...]
    meters: tuple[FurtherMeter, ...] = ()
    deviceless: tuple[LeaseRow, ...] = ()
    """Rows to be taken whose meter has no device at Qube, as far as its devices are known."""

    @property
    def new(self) -> tuple[LeasePlan, ...]:
        """The leases that are not in the store yet."""
        return tuple(plan for plan in self.leases if plan.lease_id is None)

    @property
    def unchanged(self) -> tuple[LeasePlan, ...]:
        """The leases that are there already, on the same terms."""
        return tuple(plan for plan in self.leases if plan.lease_id is not None)

    @property
    def new_meters(self) -> tuple[FurtherMeter, ...]:
        """The further meters that their leases do not have yet."""
        return tuple(each for each in self.meters if not each.is_known)

    @property
    def does_something(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.new or self.new_meters)


class Planner:
    """Holds the rows of one file against each other and against the store."""

    def __init__(
        self,
        parsed: ParsedLeases,
        around: Surroundings,
        *,
        defaults: PlaceDefaults,
        actor: Actor | None,
        now: datetime,
    ) -> None:
        self._parsed = parsed
        self._around = around
        self._defaults = defaults
        self._actor = actor
        self._now = now
        self._first_of = first_lines(parsed.rows)
        self._service_twice = doubles(parsed.rows, lambda row: (*_room_key(row), row.type))
        self._meter_twice = doubles(parsed.rows, _meter_key)
        self._prices = Prices(parsed.rows, around)

    def plan(self) -> ImportPlan:
        """Return what can be done, row by row; all of a row's own problems are in it too."""
        plans: dict[int, LeasePlan] = {}
        meters: list[FurtherMeter] = []
        problems = list(self._parsed.problems)
        for row in sorted(self._parsed.rows, key=self._is_further):
            try:
                if self._is_further(row):
                    meters.append(self._meter_of(row, plans))
                else:
                    plans[row.line] = self._plan_of(row)
            except Unfit as unfit:
                problems.append(problem_of(row, unfit))
        problems.sort(key=lambda problem: problem.line)
        plan = ImportPlan(
            leases=tuple(plans.values()), problems=tuple(problems), meters=tuple(meters)
        )
        return replace(plan, deviceless=self._deviceless(plan))

    def _deviceless(self, plan: ImportPlan) -> tuple[LeaseRow, ...]:
        names = self._around.qube_names
        rows = [*(each.row for each in plan.new), *(each.row for each in plan.new_meters)]
        taken = sorted(rows, key=_line)
        told = (row for row in taken if row.type is MeterType.ELECTRICITY)
        return tuple(row for row in told if names and row.meter not in names)

    def _is_further(self, row: LeaseRow) -> bool:
        """Return whether a row gives a further meter to the lease of another row."""
        return self._first_of[_room_key(row)] != row.line

    def _meter_of(self, row: LeaseRow, plans: Mapping[int, LeasePlan]) -> FurtherMeter:
        self._require_single(row)
        line = self._first_of[_room_key(row)]
        if line not in plans:
            raise Unfit(ProblemKind.ROOM_TWICE, "room", other=str(line))
        of, lease = plans[line], self._around.lease(row)
        start_at = of.start_at
        if row.start_on is not None:
            _, start_at = self._start(row, of.place)
        return further_meter(
            row,
            LeaseLine(
                row=of.row,
                place=of.place,
                since_on=of.start_on if lease is None else lease.occupancy.start_on,
                start_at=start_at,
                lease_id=of.lease_id,
            ),
            self._around,
            self._prices,
        )

    def _plan_of(self, row: LeaseRow) -> LeasePlan:
        self._require_single(row)
        place = self._around.place(row)
        self._require_permission(place)
        lease = self._around.lease(row)
        if place is not None and lease is not None:
            self._require_same(row, place, lease)
        start_on, start_at = self._start(row, place)
        if lease is None:
            require_free_meter(self._around, row, place, start_at)
        tariff_id, rate_paise = self._price(row, place, lease)
        cut_off, low_balance = self._thresholds(row, place)
        return LeasePlan(
            row=row,
            place=place,
            room=self._around.room(row),
            meter=self._around.meter(row),
            tariff_id=tariff_id,
            rate_paise=rate_paise,
            medium=medium_of(row, self._around.meter(row)),
            currency=(place or self._defaults).currency,
            start_on=start_on,
            start_at=start_at,
            cut_off_paise=cut_off,
            low_balance_paise=low_balance,
            lease_id=None if lease is None else lease.id,
        )

    def _require_single(self, row: LeaseRow) -> None:
        if row.line in self._service_twice:
            other = str(self._service_twice[row.line])
            raise Unfit(ProblemKind.ROOM_TWICE, "room", other=other)
        if row.line in self._meter_twice:
            other = str(self._meter_twice[row.line])
            raise Unfit(ProblemKind.METER_TWICE, "meter", other=other)

    def _require_permission(self, place: Place | None) -> None:
        if self._actor is None:
            return
        allowed = self._actor.places(Permission.ONBOARD)
        if allowed is not None and (place is None or place.id not in allowed):
            raise Unfit(ProblemKind.NOT_YOURS, "place")

    def _require_same(self, row: LeaseRow, place: Place, lease: Lease) -> None:
        if name_key(row.tenant) != name_key(lease.tenant_name):
            raise Unfit(ProblemKind.ROOM_LET, "room", tenant=lease.tenant_name)
        differing = list(self._differing(row, place, lease))
        if differing:
            raise Unfit(ProblemKind.TERMS_DIFFER, None, columns=", ".join(differing))

    def _differing(self, row: LeaseRow, place: Place, lease: Lease) -> Iterator[str]:
        """Yield the columns whose cells say something else than the lease; empty ones agree."""
        terms = terms_of(lease, place)
        around, meter = self._around, self._around.meter(row)
        is_its = meter is not None and lease.id in around.meter_leases.get(meter.id, ())
        if meter is None or not is_its:
            yield "meter"
        elif meter.type is not row.type:
            yield "type"
        if row.mode is not lease.mode:
            yield "mode"
        if row.opening_balance_paise != around.opening_balance_paise(lease):
            yield "opening_balance"
        opening = None if meter is None else around.openings.get((lease.id, meter.id))
        service = medium_of(row, meter).service
        given = {
            "phone": (row.phone, lease.phone),
            "rate": (row.rate_paise, around.rate(lease.id, service)),
            "start_on": (row.start_on, lease.occupancy.start_on),
            "opening_reading": (
                row.opening_reading if is_its else None,
                opening and opening.point.value,
            ),
            "cut_off": (row.cut_off_paise, terms.cut_off_paise),
            "low_balance": (
                row.low_balance_paise,
                lease.low_balance_paise or terms.low_balance_paise,
            ),
            "billing_day": (row.billing_day, lease.billing_day),
        }
        for column, (wanted, found) in given.items():
            if wanted is not None and wanted != found:
                yield column

    def _start(self, row: LeaseRow, place: Place | None) -> tuple[date, datetime]:
        zone = (place or self._defaults).zone
        today = local_date(self._now, zone)
        if row.start_on is None:
            return today, self._now
        if row.start_on > today:
            raise Unfit(ProblemKind.DATE_IN_FUTURE, "start_on", today=today.isoformat())
        return row.start_on, start_of(row.start_on, zone)

    def _price(
        self, row: LeaseRow, place: Place | None, lease: Lease | None
    ) -> tuple[int | None, Decimal]:
        if lease is not None:
            return lease.tariff_id, row.rate_paise or Decimal(0)
        return self._prices.of(row, place, medium_of(row, self._around.meter(row)))

    def _thresholds(self, row: LeaseRow, place: Place | None) -> tuple[int, int]:
        usual = place or self._defaults.place(row.place)
        cut_off = usual.cut_off_paise if row.cut_off_paise is None else row.cut_off_paise
        if row.low_balance_paise is None:
            return cut_off, max(usual.low_balance_paise, cut_off)
        if row.low_balance_paise < cut_off:
            raise Unfit(ProblemKind.LOW_BELOW_CUT_OFF, "low_balance")
        return cut_off, row.low_balance_paise


def first_lines(rows: Iterable[LeaseRow]) -> dict[tuple[str, str], int]:
    """Return the line of each room's lease: that of its electricity, else its first one."""
    found: dict[tuple[str, str], LeaseRow] = {}
    for row in rows:
        first = found.setdefault(_room_key(row), row)
        is_electric = row.type is MeterType.ELECTRICITY
        if is_electric and first.type is not MeterType.ELECTRICITY:
            found[_room_key(row)] = row
    return {key: row.line for key, row in found.items()}


def _line(row: LeaseRow) -> int:
    return row.line


def _meter_key(row: LeaseRow) -> tuple[str, str]:
    """Qube's names are unique, those that people give are so within their place."""
    is_told = row.type is MeterType.ELECTRICITY
    return ("", row.meter) if is_told else (name_key(row.place), name_key(row.meter))


def _room_key(row: LeaseRow) -> tuple[str, str]:
    return name_key(row.place), name_key(row.room)
