"""What an onboarding file would do to the store as it stands. Nothing is written here."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.lease import Lease
from bot.domain.metering import Meter
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date, start_of
from bot.domain.place import Place, Room
from bot.domain.terms import terms_of
from bot.services.exchange.lease_rows import LeaseRow, ParsedLeases, doubles
from bot.services.exchange.problem import ProblemKind, RowProblem, shown
from bot.services.place import PlaceDefaults, name_key
from bot.services.surroundings import Surroundings, flat_rate


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

    @property
    def new(self) -> tuple[LeasePlan, ...]:
        """The leases that are not in the store yet."""
        return tuple(plan for plan in self.leases if plan.lease_id is None)

    @property
    def unchanged(self) -> tuple[LeasePlan, ...]:
        """The leases that are there already, on the same terms."""
        return tuple(plan for plan in self.leases if plan.lease_id is not None)


class _Unfit(Exception):
    """A row does not go with the rest of the file, or with what is in the store."""

    def __init__(self, kind: ProblemKind, column: str | None = None, **facts: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.column = column
        self.facts = facts


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
        self._room_twice = doubles(
            parsed.rows, lambda row: (name_key(row.place), name_key(row.room))
        )
        self._meter_twice = doubles(parsed.rows, lambda row: row.meter)
        self._rates: dict[str, set[Decimal]] = defaultdict(set)
        for row in parsed.rows:
            if row.rate_paise is not None:
                self._rates[name_key(row.place)].add(row.rate_paise)

    def plan(self) -> ImportPlan:
        """Return what can be done, row by row; all of a row's own problems are in it too."""
        plans: list[LeasePlan] = []
        problems = list(self._parsed.problems)
        for row in self._parsed.rows:
            try:
                plans.append(self._plan_of(row))
            except _Unfit as unfit:
                problems.append(_problem(row, unfit))
        problems.sort(key=lambda problem: problem.line)
        return ImportPlan(leases=tuple(plans), problems=tuple(problems))

    def _plan_of(self, row: LeaseRow) -> LeasePlan:
        self._require_single(row)
        place = self._around.place(row)
        self._require_permission(place)
        lease = self._around.lease(row)
        if place is not None and lease is not None:
            self._require_same(row, place, lease)
        start_on, start_at = self._start(row, place)
        if lease is None:
            self._require_free_meter(row, place, start_at)
        tariff_id, rate_paise = self._price(row, place, lease)
        cut_off, low_balance = self._thresholds(row, place)
        return LeasePlan(
            row=row,
            place=place,
            room=self._around.room(row),
            meter=self._around.meters.get(row.meter),
            tariff_id=tariff_id,
            rate_paise=rate_paise,
            currency=(place or self._defaults).currency,
            start_on=start_on,
            start_at=start_at,
            cut_off_paise=cut_off,
            low_balance_paise=low_balance,
            lease_id=None if lease is None else lease.id,
        )

    def _require_single(self, row: LeaseRow) -> None:
        if row.line in self._room_twice:
            other = str(self._room_twice[row.line])
            raise _Unfit(ProblemKind.ROOM_TWICE, "room", other=other)
        if row.line in self._meter_twice:
            other = str(self._meter_twice[row.line])
            raise _Unfit(ProblemKind.METER_TWICE, "meter", other=other)

    def _require_permission(self, place: Place | None) -> None:
        if self._actor is None:
            return
        allowed = self._actor.places(Permission.ONBOARD)
        if allowed is not None and (place is None or place.id not in allowed):
            raise _Unfit(ProblemKind.NOT_YOURS, "place")

    def _require_same(self, row: LeaseRow, place: Place, lease: Lease) -> None:
        if name_key(row.tenant) != name_key(lease.tenant_name):
            raise _Unfit(ProblemKind.ROOM_LET, "room", tenant=lease.tenant_name)
        differing = list(self._differing(row, place, lease))
        if differing:
            raise _Unfit(ProblemKind.TERMS_DIFFER, None, columns=", ".join(differing))

    def _differing(self, row: LeaseRow, place: Place, lease: Lease) -> Iterator[str]:
        """Yield the columns whose cells say something else than the lease; empty ones agree."""
        terms = terms_of(lease, place)
        around, meter = self._around, self._around.meters.get(row.meter)
        if meter is None or lease.id not in around.meter_leases.get(meter.id, ()):
            yield "meter"
        elif meter.type is not row.type:
            yield "type"
        if row.mode is not lease.mode:
            yield "mode"
        if row.opening_balance_paise != around.opening_balance_paise(lease):
            yield "opening_balance"
        opening = around.openings.get(lease.id)
        given = {
            "phone": (row.phone, lease.phone),
            "rate": (row.rate_paise, flat_rate(around.tariff(lease))),
            "start_on": (row.start_on, lease.occupancy.start_on),
            "opening_reading": (row.opening_reading, opening and opening.point.value),
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
            raise _Unfit(ProblemKind.DATE_IN_FUTURE, "start_on", today=today.isoformat())
        return row.start_on, start_of(row.start_on, zone)

    def _require_free_meter(self, row: LeaseRow, place: Place | None, start_at: datetime) -> None:
        meter = self._around.meters.get(row.meter)
        if meter is None:
            return
        if place is None or meter.place_id != place.id:
            raise _Unfit(ProblemKind.METER_ELSEWHERE, "meter")
        if self._around.meter_leases.get(meter.id):
            raise _Unfit(ProblemKind.METER_TAKEN, "meter")
        if meter.type is not row.type:
            raise _Unfit(ProblemKind.METER_OTHER_TYPE, "type", type=meter.type.value)
        last = self._around.latest.get(meter.id)
        if last is None:
            return
        if last.point.at > start_at:
            day = local_date(last.point.at, place.zone).isoformat()
            raise _Unfit(ProblemKind.STARTS_BEFORE_LAST, "start_on", day=day)
        if row.opening_reading is not None and row.opening_reading < last.point.value:
            last_value = f"{last.point.value:f}"
            raise _Unfit(ProblemKind.READING_BELOW_LAST, "opening_reading", last=last_value)

    def _price(
        self, row: LeaseRow, place: Place | None, lease: Lease | None
    ) -> tuple[int | None, Decimal]:
        known = self._around.tariffs[place.id] if place is not None else ()
        if lease is not None:
            return lease.tariff_id, row.rate_paise or Decimal(0)
        flat = {
            rate: tariff.id
            for tariff in known
            if len(tariff.versions) == 1 and (rate := flat_rate(tariff)) is not None
        }
        if row.rate_paise is not None:
            return flat.get(row.rate_paise), row.rate_paise
        new = self._rates[name_key(row.place)] - flat.keys()
        if len(known) == 1 and not new:
            return known[0].id, flat_rate(known[0]) or Decimal(0)
        if len(new) == 1 and not known:
            return None, next(iter(new))
        raise _Unfit(ProblemKind.NO_RATE, "rate", count=str(len(known) + len(new)))

    def _thresholds(self, row: LeaseRow, place: Place | None) -> tuple[int, int]:
        usual = place or self._defaults.place(row.place)
        cut_off = usual.cut_off_paise if row.cut_off_paise is None else row.cut_off_paise
        if row.low_balance_paise is None:
            return cut_off, max(usual.low_balance_paise, cut_off)
        if row.low_balance_paise < cut_off:
            raise _Unfit(ProblemKind.LOW_BELOW_CUT_OFF, "low_balance")
        return cut_off, row.low_balance_paise


def _problem(row: LeaseRow, unfit: _Unfit) -> RowProblem:
    values: dict[str, Callable[[], str]] = {
        "place": lambda: row.place,
        "room": lambda: row.room,
        "meter": lambda: row.meter,
        "type": lambda: row.type.value,
        "opening_reading": lambda: f"{row.opening_reading or 0:f}",
        "start_on": lambda: row.start_on.isoformat() if row.start_on else "",
    }
    value = values[unfit.column]() if unfit.column in values else ""
    return RowProblem(
        line=row.line,
        kind=unfit.kind,
        column=unfit.column,
        value=shown(value),
        facts=unfit.facts,
    )
