"""What the meters of a shared use counted in its days. Rules 8.1 and 8.4."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.allocation import Span
from bot.domain.meter import MeterSheet, MeterStatus
from bot.domain.meter_tree import Residual, residual
from bot.domain.metered_use import Counter, CounterUnknown, Use, use_between
from bot.domain.metering import (
    Installation,
    ReadingType,
    RegisterPoint,
    RegisterWentBackwards,
)
from bot.domain.period import close_of, start_of
from bot.services.allocation_record import Allocation
from bot.services.meter_close import History
from bot.services.meter_history import MeterHistories
from bot.services.ports import GatewayError, Lane
from bot.services.stores import Unit

INSTANT = timedelta(microseconds=1)


@dataclass(slots=True, kw_only=True)
class Histories:
    """What the vendor told, by meter id; `wanted` are the devices that should be asked besides."""

    told: dict[int, History] = field(default_factory=dict)
    wanted: dict[int, str | None] = field(default_factory=dict)


async def ask_wanted(
    histories: Histories, vendor: MeterHistories, span: Span, *, lane: Lane
) -> None:
    """Ask the vendor for the closes of the days of a span, where they are wanted."""
    for meter_id, device_id in histories.wanted.items():
        with suppress(GatewayError):
            histories.told[meter_id] = await vendor.ask(
                meter_id,
                device_id,
                from_on=span.from_on - timedelta(days=1),
                to_on=span.to_on,
                lane=lane,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A meter of which no reading tells what it showed at the close of a day; `fell`: it showed
    less later than before, and nothing explains it."""

    sheet: MeterSheet
    on: date
    fell: bool = False


class UseUnknown(Exception):
    """Readings are missing; `rooms` are the names of the place's rooms, by id."""

    def __init__(self, missing: Sequence[Missing], rooms: Mapping[int, str]) -> None:
        super().__init__(missing)
        self.missing = tuple(missing)
        self.rooms = rooms


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedUse:
    """What was counted in a span: in all, and up to the close of each day on which prices change.

    `ends` are the counters at the end, by meter: (installation, value); the next span begins with
    them. `first` and `last` are those of the meter itself. `residual` is there for what no
    sub-meter counted.
    """

    quantity: Decimal
    pieces: tuple[tuple[date, Decimal], ...]
    first: RegisterPoint
    last: RegisterPoint
    ends: Mapping[int, tuple[int, Decimal]]
    residual: Residual | None = None


@dataclass(slots=True, kw_only=True)
class Survey:
    """Looks at readings of the store, and of the vendor where those are not close enough.

    `is_report`: nothing is charged by it, so a reading of the last day may stand for its close.
    """

    unit: Unit
    zone: ZoneInfo
    histories: Histories
    devices: Mapping[int, str | None]
    before: Allocation | None = None
    trusts_estimates: bool = True
    is_report: bool = False
    missing: list[Missing] = field(default_factory=list)

    async def use(
        self, sheet: MeterSheet, instants: Sequence[datetime], *, is_own: bool = False
    ) -> Use | None:
        """Return what a meter counted from the first of some instants on, None where that is not
        known: what is missing is noted.

        A room's `is_own` meter that was read first in that time has counted since then; one that
        was taken away has counted until it was read last.
        """
        counters = await self.counters(sheet, instants)
        is_gone = sheet.status is MeterStatus.RETIRED
        if not is_gone:
            self._want(sheet, counters, instants)
        if (is_own or is_gone) and counters and counters[0].points:
            first_at = counters[0].points[0].at
            instants = tuple(max(at, first_at) for at in instants)
        if is_gone and counters and counters[-1].points:
            last_at = counters[-1].points[-1].at
            instants = tuple(min(at, last_at) for at in instants)
        try:
            return use_between(counters, instants)
        except CounterUnknown as error:
            self._note(sheet, error.at, fell=False)
        except RegisterWentBackwards:
            self._note(sheet, instants[-1], fell=True)
        return None

    async def counters(
        self, sheet: MeterSheet, instants: Sequence[datetime]
    ) -> tuple[Counter, ...]:
        """Return a meter's installations with what they showed around some instants."""
        installed = await self.unit.chains.installations(sheet.id)
        return tuple([await self._counter(sheet, each, instants) for each in installed])

    async def _counter(
        self, sheet: MeterSheet, installation: Installation, instants: Sequence[datetime]
    ) -> Counter:
        points = {} if installation.closed_at else self._told(sheet, installation)
        chains, key = self.unit.chains, installation.id
        found = list(await self.unit.metering.ends_of(key))
        for at in instants:
            found += [
                await chains.at(key, at),
                await chains.before(key, at),
                await chains.after(key, at),
            ]
        points |= {
            each.point.at: each.point
            for each in found
            if each is not None
            and (self.trusts_estimates or each.type is not ReadingType.ESTIMATED)
        }
        return Counter(
            installation_id=key,
            points=tuple(points[at] for at in sorted(points)),
            terms=installation.terms(sheet.terms),
            is_closed=installation.closed_at is not None,
            is_by_hand=sheet.udf1 is None or self.is_report,
            agreed=self._agreed(sheet.id, key),
        )

    def _want(
        self, sheet: MeterSheet, counters: Sequence[Counter], instants: Sequence[datetime]
    ) -> None:
        """Note that a device may know better than the readings that are stored."""
        if sheet.udf1 is None or sheet.id in self.histories.told:
            return
        if not all(any(each.is_known_closely(at) for each in counters) for at in instants):
            self.histories.wanted[sheet.id] = self.devices.get(sheet.id)

    def _told(self, sheet: MeterSheet, installation: Installation) -> dict[datetime, RegisterPoint]:
        """What another device told is none of this one's."""
        history = self.histories.told.get(sheet.id)
        if history is None or history.device_id != installation.device_id:
            return {}
        return {
            at: RegisterPoint(at=at, value=value)
            for on, value in history.closes.items()
            for at in (close_of(on, self.zone),)
        }

    def _agreed(self, meter_id: int, installation_id: int) -> Mapping[datetime, Decimal]:
        """Return with what the split of the days before ended. Rule 7.1, to the digit."""
        if self.before is None:
            return {}
        ends = self.before.facts.get("ends")
        end = ends.get(str(meter_id)) if isinstance(ends, dict) else None
        if end is None or end[0] != installation_id:
            return {}
        return {close_of(self.before.span.to_on, self.zone): Decimal(end[1])}

    def _note(self, sheet: MeterSheet, at: datetime, *, fell: bool) -> None:
        on = (at - INSTANT).astimezone(self.zone).date()
        missing = Missing(sheet=sheet, on=on, fell=fell)
        if missing not in self.missing:
            self.missing.append(missing)


def instants_of(span: Span, cuts: Sequence[date], zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the beginning of a span, the closes after which prices change, and its end."""
    inside = (close_of(on, zone) for on in cuts)
    return (start_of(span.from_on, zone), *inside, close_of(span.to_on, zone))


async def shared_use(
    survey: Survey,
    sheet: MeterSheet,
    subs: Sequence[MeterSheet],
    *,
    span: Span,
    cuts: Sequence[date],
) -> SharedUse | None:
    """Return what a meter counted in a span, less what its sub-meters did; None where that is not
    known: the survey has noted what is missing."""
    instants = instants_of(span, cuts, survey.zone)
    main = await survey.use(sheet, instants)
    below = {each.id: await survey.use(each, instants) for each in subs}
    if main is None or not all(below.values()):
        return None
    uses = {sheet.id: main, **{at: use for at, use in below.items() if use is not None}}
    left = None
    if subs:
        left = residual(main.counted[-1], (uses[each.id].counted[-1] for each in subs))
    quantity = main.counted[-1] if left is None else left.left
    reached = [
        main.counted[at] - sum((uses[each.id].counted[at] for each in subs), Decimal(0))
        for at in range(len(instants))
    ]
    return SharedUse(
        quantity=quantity,
        pieces=tuple(_pieces((*cuts, span.to_on), reached, quantity)),
        first=main.first,
        last=main.last,
        ends={at: (use.installation_id, use.last.value) for at, use in uses.items()},
        residual=left,
    )


def _pieces(
    ends: Sequence[date], reached: Sequence[Decimal], quantity: Decimal
) -> list[tuple[date, Decimal]]:
    """Return what was used up to each close since the one before; nothing is ever given back."""
    found, given = [], Decimal(0)
    for on, counted in zip(ends, reached[1:], strict=True):
        upto = min(max(counted, given), quantity) if on != ends[-1] else quantity
        found.append((on, upto - given))
        given = upto
    return found
