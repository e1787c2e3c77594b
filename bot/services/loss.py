"""What main meters counted in a month and no sub-meter did: told to the staff. Rule 8.4."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.allocation import Span
from bot.domain.meter import BillingType, MeterSheet, MeterStatus
from bot.domain.meter_tree import Residual
from bot.domain.period import close_of, local_date, start_of
from bot.domain.place import Place
from bot.services.allocation_book import plain
from bot.services.allocation_look import months_before
from bot.services.allocation_plan import subs_of, survey_of
from bot.services.allocation_use import Histories, ask_wanted, shared_use
from bot.services.doorbell import Doorbell
from bot.services.meter_history import MeterHistories
from bot.services.notice import tell
from bot.services.ports import Clock, Lane
from bot.services.store import NoticeKind, Transactions
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLeft:
    """What was left of a main meter in a month; None where readings do not tell."""

    place: Place
    sheet: MeterSheet
    span: Span
    left: Residual | None

    @property
    def is_loss(self) -> bool:
        """Whether it is more than the place expects."""
        return self.left is not None and self.left.is_above(self.place.loss_percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossReport:
    """The main meters that were looked at."""

    lines: tuple[MonthLeft, ...]


class Losses:
    """Holds main meters against what hangs below them, month by month."""

    def __init__(
        self,
        transactions: Transactions,
        histories: MeterHistories,
        clock: Clock,
        doorbell: Doorbell,
    ) -> None:
        self._transactions = transactions
        self._histories = histories
        self._clock = clock
        self._doorbell = doorbell

    async def run(self) -> LossReport:
        """This function will tell the staff of each main meter of whose last month more than the
        place's limit was counted by no sub-meter: once, however often it runs.

        Of a meter whose readings do not tell yet nothing is said; it is looked at again.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            places = [each for each in await unit.places.all() if each.loss_percent is not None]
            mains = [(place, sheet) for place in places for sheet in await _mains(unit, place)]
        lines = [await self._look(place, sheet, now) for place, sheet in mains]
        lost = [each for each in lines if each.is_loss]
        async with self._transactions.begin() as unit:
            for each in lost:
                assert each.left is not None
                await tell_loss(unit, each.place, each.sheet, each.span, each.left, now=now)
        self._doorbell.ring()
        return LossReport(lines=tuple(lines))

    async def _look(self, place: Place, sheet: MeterSheet, now: datetime) -> MonthLeft:
        (span,) = months_before(local_date(now, place.zone), 1)
        histories = Histories()
        async with self._transactions.read() as unit:
            left = await _left(unit, place, sheet, span, histories)
        if histories.wanted:
            await ask_wanted(histories, self._histories, span, lane=Lane.SWEEP)
            async with self._transactions.read() as unit:
                left = await _left(unit, place, sheet, span, histories)
        return MonthLeft(place=place, sheet=sheet, span=span, left=left)


async def _mains(unit: Unit, place: Place) -> list[MeterSheet]:
    """Return the meters of a place with sub-meters; what hangs below a tenant's own is theirs."""
    sheets = await unit.sheets.of_place(place.id)
    above = {each.parent_id for each in sheets if each.status is not MeterStatus.RETIRED}
    return [
        each
        for each in sheets
        if each.id in above
        and each.status is MeterStatus.ACTIVE
        and (each.is_main or each.billing_type is not BillingType.INDIVIDUAL)
    ]


async def _left(
    unit: Unit, place: Place, sheet: MeterSheet, span: Span, histories: Histories
) -> Residual | None:
    """Return main − Σ subs of a month, None where that is not known."""
    subs = await subs_of(unit, sheet)
    if await is_in_doubt(unit, place, subs, span):
        return None
    survey = await survey_of(unit, place, sheet, span, histories)
    survey.trusts_estimates = False
    use = await shared_use(survey, sheet, subs, span=span, cuts=())
    return None if use is None else use.residual


async def is_in_doubt(unit: Unit, place: Place, subs: Sequence[MeterSheet], span: Span) -> bool:
    """Return whether a sub-meter may have missed some of what went through it: one that is broken,
    or was taken away in that month, nobody knows on which day."""
    start_at, end_at = start_of(span.from_on, place.zone), close_of(span.to_on, place.zone)
    for each in subs:
        if each.status is MeterStatus.FAULTY:
            return True
        if each.status is MeterStatus.RETIRED:
            last = await unit.metering.latest(each.id)
            if last is not None and start_at < last.point.at <= end_at:
                return True
    return False


async def tell_loss(
    unit: Unit, place: Place, sheet: MeterSheet, span: Span, left: Residual, *, now: datetime
) -> None:
    """Tell staff that much of what a main meter counted was counted by no sub-meter, once for a
    meter and its days."""
    staff = await unit.people.staff([place.id])
    facts = {
        "place": place.name,
        "place_id": place.id,
        "zone": place.zone.key,
        "meter": sheet.name,
        "meter_id": sheet.id,
        "unit": sheet.unit,
        "main": plain(left.main),
        "left": plain(left.left),
        "limit_percent": place.loss_percent,
        "from_on": span.from_on.isoformat(),
        "to_on": span.to_on.isoformat(),
    }
    key = f"loss:{sheet.id}:{span.from_on}:{span.to_on}"
    ids = tuple(staff.get(place.id, ()))
    await unit.outbox.add(tell(ids, NoticeKind.LOSS, facts, key=key, now=now))
