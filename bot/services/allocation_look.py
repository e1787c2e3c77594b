"""What of a place can be split, and what was. Reads only. Rules 8.1 and 8.4."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.allocation import Span
from bot.domain.meter import BillingType, MeterSheet, MeterStatus
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.tariff import Tariff
from bot.services.allocation_plan import tariffs_of
from bot.services.allocation_record import Allocation
from bot.services.meter import MeterUnknown
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit

DAY = timedelta(days=1)
PAGE_SPLITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMeter:
    """A meter whose use can be split, or what its sub-meters did not count, or both."""

    sheet: MeterSheet
    is_shared: bool
    has_below: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMeters:
    """What of a place can be split; `today_on` is its day."""

    place: Place
    today_on: date
    meters: tuple[SharedMeter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterChoice:
    """A meter with what is to be said about it."""

    place: Place
    today_on: date
    meter: SharedMeter
    tariffs: tuple[Tariff, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPage:
    """Splits of a place, newest first; `older_before_id` leads to those before them."""

    place: Place
    splits: tuple[Allocation, ...]
    older_before_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitShown:
    """A split with the names of those who made it, and took it back."""

    place: Place
    split: Allocation
    by: str | None
    reversed_by: str | None


class SplitUnknown(LookupError):
    """No such split, or none of the person's."""

    def __init__(self, allocation_id: int) -> None:
        super().__init__(allocation_id)
        self.allocation_id = allocation_id


class AllocationLists:
    """Shows what can be split, and what was."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def meters(self, *, actor: Actor, place_id: int) -> SharedMeters:
        """This function will return what of a place can be split. Raises NotAllowed."""
        actor.require(Permission.TAKE_PAYMENT, place_id)
        async with self._transactions.read() as unit:
            place = await unit.places.get(place_id)
            assert place is not None
            sheets = await unit.sheets.of_place(place_id)
        above = {each.parent_id for each in sheets if each.status is not MeterStatus.RETIRED}
        found = (
            SharedMeter(
                sheet=each,
                is_shared=each.billing_type in {BillingType.COLLECTIVE, BillingType.SHARED},
                has_below=each.id in above and each.billing_type is not BillingType.INDIVIDUAL,
            )
            for each in sheets
            if each.status is not MeterStatus.RETIRED
        )
        return SharedMeters(
            place=place,
            today_on=local_date(self._clock.now(), place.zone),
            meters=tuple(each for each in found if each.is_shared or each.has_below),
        )

    async def meter(self, *, actor: Actor, meter_id: int) -> MeterChoice:
        """This function will return a meter with the tariffs of what it counts.

        Raises MeterUnknown.
        """
        async with self._transactions.read() as unit:
            place, sheet = await shared_meter(unit, actor, meter_id)
            tariffs = await tariffs_of(unit, sheet)
        around = await self.meters(actor=actor, place_id=place.id)
        meter = next((each for each in around.meters if each.sheet.id == meter_id), None)
        if meter is None:
            raise MeterUnknown(meter_id)
        return MeterChoice(
            place=place, today_on=around.today_on, meter=meter, tariffs=tuple(tariffs)
        )

    async def splits(
        self, *, actor: Actor, place_id: int, before_id: int | None = None
    ) -> SplitPage:
        """This function will return splits of a place. Raises NotAllowed."""
        actor.require(Permission.TAKE_PAYMENT, place_id)
        async with self._transactions.read() as unit:
            place = await unit.places.get(place_id)
            assert place is not None
            found = await unit.allocations.of_place(
                place_id, before_id=before_id, limit=PAGE_SPLITS + 1
            )
        shown = tuple(found[:PAGE_SPLITS])
        more = len(found) > PAGE_SPLITS
        return SplitPage(place=place, splits=shown, older_before_id=shown[-1].id if more else None)

    async def split(self, *, actor: Actor, allocation_id: int) -> SplitShown:
        """This function will return a split with its parts. Raises SplitUnknown."""
        async with self._transactions.read() as unit:
            place, found = await split_of(unit, actor, allocation_id)
            ids = {each for each in (found.actor_id, found.reversed_by) if each is not None}
            people = await unit.people.get(ids)
        names = {person_id: person.name for person_id, person in people.items()}
        return SplitShown(
            place=place,
            split=found,
            by=names.get(found.actor_id or 0),
            reversed_by=names.get(found.reversed_by or 0),
        )


async def split_of(unit: Unit, actor: Actor, allocation_id: int) -> tuple[Place, Allocation]:
    """Return a split that a person may see, and its place. Raises SplitUnknown."""
    found = await unit.allocations.get(allocation_id)
    if found is None or not actor.may(Permission.TAKE_PAYMENT, found.place_id):
        raise SplitUnknown(allocation_id)
    place = await unit.places.get(found.place_id)
    assert place is not None
    return place, found


async def shared_meter(unit: Unit, actor: Actor, meter_id: int) -> tuple[Place, MeterSheet]:
    """Return a meter whose use a person may charge, and its place. Raises MeterUnknown."""
    sheet = await unit.sheets.get(meter_id)
    if sheet is None or not actor.may(Permission.TAKE_PAYMENT, sheet.place_id):
        raise MeterUnknown(meter_id)
    place = await unit.places.get(sheet.place_id)
    assert place is not None
    return place, sheet


def months_before(today_on: date, count: int) -> tuple[Span, ...]:
    """Return the last whole calendar months before a day, the latest first."""
    found, end_on = [], today_on.replace(day=1) - DAY
    for _ in range(count):
        found.append(Span(from_on=end_on.replace(day=1), to_on=end_on))
        end_on = end_on.replace(day=1) - DAY
    return tuple(found)
