"""What the tariffs of a place are, and what changing one would do. Reads only. Section 4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.deduction import day_of_end
from bot.domain.lease import Lease
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.service_kind import ELECTRIC, Medium, ServiceKind
from bot.domain.tariff import Tariff, TariffVersion
from bot.domain.timeline import Timelines
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.tariff_example import example_cost
from bot.services.tariff_name import clean_name, require_free

_ORDER = {service: number for number, service in enumerate(ServiceKind)}


class TariffUnknown(LookupError):
    """No such tariff, or none of the person's."""

    def __init__(self, tariff_id: int) -> None:
        super().__init__(tariff_id)
        self.tariff_id = tariff_id


class ChargedAlready(Exception):
    """Days have been charged by this tariff; its prices up to then stay. Rule 4.3."""

    def __init__(self, *, tariff: str, through_on: date) -> None:
        super().__init__(tariff, through_on)
        self.tariff = tariff
        self.through_on = through_on


class SamePrice(Exception):
    """The tariff says just that on that day already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffLine:
    """A tariff in the list; `rooms` have it today."""

    tariff: Tariff
    rooms: int
    now: TariffVersion | None
    coming: TariffVersion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffList:
    """The tariffs of a place."""

    place: Place
    today_on: date
    lines: tuple[TariffLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffCard:
    """A tariff at a glance; `open_ids` are versions that can still be taken back."""

    place: Place
    tariff: Tariff
    today_on: date
    charged_through_on: date | None
    rooms: tuple[str, ...]
    open_ids: frozenset[int]

    @property
    def version_ids(self) -> tuple[int, ...]:
        """What tells this state of the tariff from a later one."""
        return tuple(version.id for version in self.tariff.versions)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePreview:
    """A price as it would be from a day on; costs are those of an example month, in paise.

    `until_on` is when a change that is scheduled already comes, `replaces` one of the same day.
    """

    card: TariffCard
    before: TariffVersion | None
    after: TariffVersion
    replaces: TariffVersion | None
    until_on: date | None
    before_paise: int | None
    after_paise: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffMedia:
    """What a new tariff of a place can be for."""

    place: Place
    media: tuple[Medium, ...]


class PriceLists:
    """Shows tariffs to those who may set them."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def places(self, *, actor: Actor) -> Sequence[Place]:
        """This function will return the places whose tariffs a person may set, by name."""
        allowed = actor.places(Permission.SET_TARIFFS)
        async with self._transactions.read() as unit:
            places = await unit.places.all()
        return [place for place in places if allowed is None or place.id in allowed]

    async def media(self, *, actor: Actor, place_id: int) -> TariffMedia:
        """This function will return what the meters of a place count, which a tariff can price.

        Raises NotAllowed.
        """
        actor.require(Permission.SET_TARIFFS, place_id)
        async with self._transactions.read() as unit:
            place = await place_of(unit, place_id)
            found = await unit.tariffs.media(place_id)
        others = sorted(found - {ELECTRIC}, key=lambda each: (_ORDER[each.service], each.unit))
        return TariffMedia(place=place, media=(ELECTRIC, *others))

    async def of_place(self, *, actor: Actor, place_id: int) -> TariffList:
        """This function will list the tariffs of a place. Raises NotAllowed."""
        actor.require(Permission.SET_TARIFFS, place_id)
        async with self._transactions.read() as unit:
            place = await place_of(unit, place_id)
            tariffs = await unit.tariffs.of_place(place_id)
            running = await _running(unit, place_id)
        today_on = local_date(self._clock.now(), place.zone)
        return TariffList(
            place=place,
            today_on=today_on,
            lines=tuple(
                _line(
                    each,
                    sum(_has(timelines, each, today_on) for timelines, _ in running.values()),
                    today_on,
                )
                for each in tariffs
            ),
        )

    async def card(self, *, actor: Actor, tariff_id: int) -> TariffCard:
        """This function will return a tariff at a glance. Raises TariffUnknown."""
        async with self._transactions.read() as unit:
            return await self._card(unit, actor, tariff_id)

    async def change(
        self, *, actor: Actor, tariff_id: int, version: TariffVersion
    ) -> ChangePreview:
        """This function will tell what a price from a day on would do; its id is ignored.

        Raises TariffUnknown, ChargedAlready and SamePrice.
        """
        card = await self.card(actor=actor, tariff_id=tariff_id)
        require_uncharged(card, version.from_on)
        return preview(card, version)

    async def free_name(self, *, actor: Actor, place_id: int, name: str) -> str:
        """This function will return a name as a new tariff can have it.

        Raises NotAllowed, BadName and NameTaken.
        """
        actor.require(Permission.SET_TARIFFS, place_id)
        wanted = clean_name(name)
        async with self._transactions.read() as unit:
            await require_free(unit, place_id, wanted)
        return wanted

    async def _card(self, unit: Unit, actor: Actor, tariff_id: int) -> TariffCard:
        place_id = await unit.tariffs.place_id(tariff_id)
        if place_id is None or not actor.may(Permission.SET_TARIFFS, place_id):
            raise TariffUnknown(tariff_id)
        place = await place_of(unit, place_id)
        return await tariff_card(
            unit, place, tariff_id, today_on=local_date(self._clock.now(), place.zone)
        )


async def place_of(unit: Unit, place_id: int) -> Place:
    """Return a place that is known to be there."""
    place = await unit.places.get(place_id)
    assert place is not None
    return place


async def tariff_card(unit: Unit, place: Place, tariff_id: int, *, today_on: date) -> TariffCard:
    """Return a tariff as the unit sees it."""
    tariff = (await unit.tariffs.get([tariff_id]))[tariff_id]
    through_on = await _charged_through(unit, place, tariff)
    running = await _running(unit, place.id)
    rooms = {room.id: room.name for room in await unit.places.rooms(place.id)}
    return TariffCard(
        place=place,
        tariff=tariff,
        today_on=today_on,
        charged_through_on=through_on,
        rooms=tuple(
            rooms[lease.room_id]
            for timelines, lease in running.values()
            if _has(timelines, tariff, today_on)
        ),
        open_ids=frozenset(
            version.id
            for version in tariff.versions[1:]
            if through_on is None or version.from_on > through_on
        ),
    )


def require_uncharged(card: TariffCard, from_on: date) -> None:
    """Raises ChargedAlready when days from this one on were charged by the tariff. Rule 4.3."""
    through_on = card.charged_through_on
    if through_on is not None and from_on <= through_on:
        raise ChargedAlready(tariff=card.tariff.name, through_on=through_on)


def preview(card: TariffCard, version: TariffVersion) -> ChangePreview:
    """Return what a price from a day on would do. Raises SamePrice."""
    versions, medium = card.tariff.versions, card.tariff.medium
    earlier = [each for each in versions if each.from_on < version.from_on]
    same = next((each for each in versions if each.from_on == version.from_on), None)
    later = [each.from_on for each in versions if each.from_on > version.from_on]
    before = earlier[-1] if earlier else None
    now = same or before
    if now is not None and version.costs_as(now):
        raise SamePrice
    return ChangePreview(
        card=card,
        before=before,
        after=version,
        replaces=same,
        until_on=later[0] if later else None,
        before_paise=None if before is None else example_cost(before, version.from_on, medium),
        after_paise=example_cost(version, version.from_on, medium),
    )


def version_in_force(tariff: Tariff, on: date) -> TariffVersion | None:
    """Return a tariff's version on a day, None before the first one."""
    earlier = [version for version in tariff.versions if version.from_on <= on]
    return earlier[-1] if earlier else None


def _line(tariff: Tariff, rooms: int, today_on: date) -> TariffLine:
    coming = [version for version in tariff.versions if version.from_on > today_on]
    return TariffLine(
        tariff=tariff,
        rooms=rooms,
        now=version_in_force(tariff, today_on),
        coming=coming[0] if coming else None,
    )


def _has(timelines: Timelines, tariff: Tariff, on: date) -> bool:
    found = timelines.get(tariff.medium.service)
    return found is not None and found.has(tariff.id, on)


async def _running(unit: Unit, place_id: int) -> Mapping[int, tuple[Timelines, Lease]]:
    """Return the leases of a place that have no end, with their tariffs, by lease id."""
    leases = {lease.id: lease for lease in (await unit.leases.running_at(place_id)).values()}
    first = {lease.id: lease.tariff_id for lease in leases.values()}
    timelines = await unit.lease_tariffs.timelines(first)
    return {lease_id: (timelines[lease_id], lease) for lease_id, lease in leases.items()}


async def _charged_through(unit: Unit, place: Place, tariff: Tariff) -> date | None:
    """Return the last day that was charged for by a tariff: of a lease, or of what rooms share.
    Rule 4.3."""
    tariff_id, service = tariff.id, tariff.medium.service
    first = await unit.lease_tariffs.having(tariff_id)
    timelines = await unit.lease_tariffs.timelines(first)
    charged_at = await unit.lease_tariffs.charged_at(first, service=service)
    days = [
        timelines[lease_id][service].last_day_with(tariff_id, through_on=day_of_end(at, place.zone))
        for lease_id, at in charged_at.items()
    ]
    days.append(await unit.allocations.charged_through(tariff_id))
    return max((day for day in days if day is not None), default=None)
