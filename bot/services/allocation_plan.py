"""How a shared use would be split: the whole, the key, and everybody's part. Section 8."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

from bot.domain.allocation import Claim, Span, claims, split
from bot.domain.allocation_price import SharedCost, shared_cost
from bot.domain.deduction import terms_change_days
from bot.domain.meter import BillingType, MeterSheet, MeterStatus, SplitKey
from bot.domain.period import close_of, start_of
from bot.domain.place import Place
from bot.domain.service_kind import Medium
from bot.domain.tariff import NoTariffOn, Tariff
from bot.domain.timeline import Timeline
from bot.services.allocation_record import Allocation, AllocationPart
from bot.services.allocation_rooms import rooms_of
from bot.services.allocation_use import Histories, SharedUse, Survey, UseUnknown, shared_use
from bot.services.stores import Unit
from bot.services.tariff import TariffUnknown

FINEST = Decimal("0.001")
SEAL_LENGTH = 8


class AlreadySplit(Exception):
    """The use of some of these days was split before; nothing is charged twice."""

    def __init__(self, allocation: Allocation) -> None:
        super().__init__(allocation.id)
        self.allocation = allocation


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be split, of which days, by what, at which price.

    `is_residual`: what no sub-meter counted, else all that the meter did.
    """

    meter_id: int
    is_residual: bool
    span: Span
    key: SplitKey
    tariff_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What somebody has of the whole, in paise; `taxes` in the order of the cost's own."""

    claim: Claim
    quantity: Decimal
    portions: tuple[tuple[Decimal, Decimal], ...]
    net_paise: int
    taxes: tuple[tuple[str, int], ...]

    @property
    def told(self) -> tuple[object, ...]:
        """Whose it is, by what it weighs and what it comes to: what is looked at of it."""
        weight = f"{self.claim.weight.normalize():f}"
        return (*self.claim.order, self.claim.days, weight, self.net_paise, self.taxes)

    @property
    def tax_paise(self) -> int:
        """All taxes."""
        return sum(paise for _, paise in self.taxes)

    @property
    def total_paise(self) -> int:
        """All of it."""
        return self.net_paise + self.tax_paise


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A split as it would be made."""

    place: Place
    sheet: MeterSheet
    wish: Wish
    tariff: Tariff
    use: SharedUse
    cost: SharedCost
    parts: tuple[Part, ...]

    @property
    def weights(self) -> Decimal:
        """The sum of all weights."""
        return sum((each.claim.weight for each in self.parts), Decimal(0))

    @property
    def owner_paise(self) -> int:
        """What nobody who rents pays."""
        return sum(each.total_paise for each in self.parts if each.claim.lease_id is None)

    @property
    def seal(self) -> str:
        """What tells this split from one that charges anybody otherwise, or for anything else."""
        told = repr((f"{self.use.quantity:f}", [each.told for each in self.parts]))
        return sha256(told.encode()).hexdigest()[:SEAL_LENGTH]

    @property
    def is_loss(self) -> bool:
        """Whether more than the place expects was counted by no sub-meter. Rule 8.4."""
        left = self.use.residual
        return left is not None and left.is_above(self.place.loss_percent)


async def plan_split(
    unit: Unit, place: Place, sheet: MeterSheet, wish: Wish, histories: Histories
) -> Plan:
    """Return how a use would be split.

    Raises AlreadySplit, TariffUnknown, NoTariffOn, UseUnknown, MeasureUnknown, NothingToSplitBy.
    """
    standing = await unit.allocations.standing(sheet.id, wish.span)
    if standing is not None:
        raise AlreadySplit(standing)
    tariff = await tariff_for(unit, sheet, wish)
    survey = await survey_of(unit, place, sheet, wish.span, histories)
    subs = await subs_of(unit, sheet) if wish.is_residual else ()
    cuts = cuts_of(place, wish.span, tariff)
    use = await shared_use(survey, sheet, subs, span=wish.span, cuts=cuts)
    rooms = await rooms_of(survey, place, sheet, wish.key, wish.span)
    if use is None or survey.missing:
        names = {each.id: each.name for each in await unit.places.rooms(place.id)}
        raise UseUnknown(survey.missing, names)
    cost = shared_cost(tariff, wish.span, use.pieces)
    return Plan(
        place=place,
        sheet=sheet,
        wish=wish,
        tariff=tariff,
        use=use,
        cost=cost,
        parts=_parts(claims(wish.key, rooms, wish.span), use.quantity, cost),
    )


async def survey_of(
    unit: Unit, place: Place, sheet: MeterSheet, span: Span, histories: Histories
) -> Survey:
    """Return a survey that begins where the split of the days before ended."""
    before = await unit.allocations.until(sheet.id, date.fromordinal(span.from_on.toordinal() - 1))
    return Survey(
        unit=unit,
        zone=place.zone,
        histories=histories,
        devices=await unit.metering.installed(),
        before=before,
    )


async def subs_of(unit: Unit, sheet: MeterSheet) -> Sequence[MeterSheet]:
    """Return the sub-meters that count right below a meter, and those that did and were read."""
    below = await unit.sheets.below(sheet.id)
    same = Medium(service=sheet.service, unit=sheet.unit)
    return [
        each
        for each in below
        if Medium(service=each.service, unit=each.unit) == same
        and (each.status is not MeterStatus.RETIRED or await unit.metering.latest(each.id))
    ]


async def tariff_for(unit: Unit, sheet: MeterSheet, wish: Wish) -> Tariff:
    """Return the tariff that was chosen. Raises TariffUnknown, NoTariffOn."""
    found = next(
        (each for each in await tariffs_of(unit, sheet) if each.id == wish.tariff_id), None
    )
    if found is None:
        raise TariffUnknown(wish.tariff_id)
    if found.versions[0].from_on > wish.span.from_on:
        raise NoTariffOn(tariff_id=found.id, on=wish.span.from_on)
    return found


async def tariffs_of(unit: Unit, sheet: MeterSheet) -> Sequence[Tariff]:
    """Return the tariffs of a meter's place for what it counts."""
    medium = Medium(service=sheet.service, unit=sheet.unit)
    return [each for each in await unit.tariffs.of_place(sheet.place_id) if each.medium == medium]


def cuts_of(place: Place, span: Span, tariff: Tariff) -> list[date]:
    """Return the days of a span after whose close a price changes, or a month begins."""
    start_at, end_at = start_of(span.from_on, place.zone), close_of(span.to_on, place.zone)
    return terms_change_days(start_at, end_at, place.zone, Timeline.of(tariff))


def keys_of(sheet: MeterSheet) -> tuple[SplitKey, ...]:
    """Return the keys by which a meter's use can be split, the usual one first."""
    if sheet.billing_type is BillingType.SHARED:
        return (SplitKey.FIXED_RATIO,)
    usual = sheet.split_key or SplitKey.EQUAL
    every = [each for each in SplitKey if each is not SplitKey.FIXED_RATIO]
    return tuple(sorted(every, key=lambda each: each is not usual))


def _parts(found: Sequence[Claim], quantity: Decimal, cost: SharedCost) -> tuple[Part, ...]:
    weights = [each.weight for each in found]
    order = [each.order for each in found]

    def shares(amount: int) -> tuple[int, ...]:
        return split(amount, weights, order)

    def quantities(whole: Decimal) -> tuple[Decimal, ...]:
        parts = shares(int(whole.quantize(FINEST, ROUND_HALF_UP) / FINEST))
        return tuple(each * FINEST for each in parts)

    net = shares(cost.net_paise)
    taxes: Mapping[str, tuple[int, ...]] = {name: shares(paise) for name, paise in cost.taxes}
    portions = [(quantities(used), rate) for used, rate in cost.portions]
    used = quantities(quantity)
    return tuple(
        Part(
            claim=claim,
            quantity=used[at],
            portions=tuple((own[at], rate) for own, rate in portions),
            net_paise=net[at],
            taxes=tuple((name, paise[at]) for name, paise in taxes.items()),
        )
        for at, claim in enumerate(found)
    )


def record_of(plan: Plan) -> tuple[AllocationPart, ...]:
    """Return the parts of a plan as they are kept."""
    return tuple(
        AllocationPart(
            room_id=each.claim.room_id,
            lease_id=each.claim.lease_id,
            room=each.claim.room,
            tenant=each.claim.tenant,
            stretches=each.claim.stretches,
            weight=each.claim.weight,
            quantity=each.quantity,
            net_paise=each.net_paise,
            tax_paise=each.tax_paise,
        )
        for each in plan.parts
    )
