"""What a row of an onboarding file has to agree with: its meter, its price, the rest."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from bot.domain.meter import SERVICES_OF
from bot.domain.metering import UNITS, Meter
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.service_kind import Medium
from bot.services.exchange.lease_rows import LeaseRow
from bot.services.exchange.problem import ProblemKind, RowProblem, shown
from bot.services.place import name_key
from bot.services.surroundings import Surroundings, flat_rate


class Unfit(Exception):
    """A row does not go with the rest of the file, or with what is in the store."""

    def __init__(self, kind: ProblemKind, column: str | None = None, **facts: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.column = column
        self.facts = facts


def problem_of(row: LeaseRow, unfit: Unfit) -> RowProblem:
    """Return the problem with the cell that it is about."""
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


def medium_of(row: LeaseRow, meter: Meter | None = None) -> Medium:
    """Return what a row's meter counts; of a new one that is the usual for its type."""
    if meter is not None:
        return meter.medium
    return Medium(service=SERVICES_OF[row.type][0], unit=UNITS[row.type])


def require_free_meter(
    around: Surroundings, row: LeaseRow, place: Place | None, start_at: datetime
) -> None:
    """Raises Unfit for a meter that is another one's, or was read later, or as more."""
    meter = around.meter(row)
    if meter is None:
        return
    if place is None or meter.place_id != place.id:
        raise Unfit(ProblemKind.METER_ELSEWHERE, "meter")
    if around.meter_leases.get(meter.id):
        raise Unfit(ProblemKind.METER_TAKEN, "meter")
    if meter.type is not row.type:
        raise Unfit(ProblemKind.METER_OTHER_TYPE, "type", type=meter.type.value)
    last = around.latest.get(meter.id)
    if last is None:
        return
    if last.point.at > start_at:
        day = local_date(last.point.at, place.zone).isoformat()
        raise Unfit(ProblemKind.STARTS_BEFORE_LAST, "start_on", day=day)
    if row.opening_reading is not None and row.opening_reading < last.point.value:
        last_value = f"{last.point.value:f}"
        raise Unfit(ProblemKind.READING_BELOW_LAST, "opening_reading", last=last_value)


class Prices:
    """The flat tariffs that the rows of a file can have; each medium has its own."""

    def __init__(self, rows: Iterable[LeaseRow], around: Surroundings) -> None:
        self._around = around
        self._rates: dict[tuple[str, Medium], set[Decimal]] = defaultdict(set)
        for row in rows:
            if row.rate_paise is not None:
                self._rates[name_key(row.place), medium_of(row)].add(row.rate_paise)

    def of(self, row: LeaseRow, place: Place | None, medium: Medium) -> tuple[int | None, Decimal]:
        """Return the tariff, None where it has to be made, and the rate in paise.

        Raises Unfit where there is none, or a choice.
        """
        tariffs = self._around.tariffs[place.id] if place is not None else ()
        known = [each for each in tariffs if each.medium == medium]
        flat = {
            rate: tariff.id
            for tariff in known
            if len(tariff.versions) == 1 and (rate := flat_rate(tariff)) is not None
        }
        if row.rate_paise is not None:
            return flat.get(row.rate_paise), row.rate_paise
        new = self._rates[name_key(row.place), medium] - flat.keys()
        if len(known) == 1 and not new:
            return known[0].id, flat_rate(known[0]) or Decimal(0)
        if len(new) == 1 and not known:
            return None, next(iter(new))
        count = len(known) + len(new)
        if not count:
            raise Unfit(ProblemKind.NO_TARIFF, "rate")
        raise Unfit(ProblemKind.NO_RATE, "rate", count=str(count))
