"""Brings buildings, rooms, meters and leases in from a file (product.md, bulk onboarding)."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.lease import CheckInterval, Lease, Occupancy
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, transfer
from bot.domain.metering import Meter
from bot.domain.period import local_date
from bot.domain.place import Place, Room
from bot.domain.supply import SupplyReason
from bot.services.book import SupplyState
from bot.services.cause import Cause, mark_handled
from bot.services.exchange.lease_rows import LeaseRow, ParsedLeases, parse_leases
from bot.services.former_name import former_names
from bot.services.further_meter import FurtherMeter
from bot.services.invitation import Ticket, issue
from bot.services.lease_plan import ImportPlan, LeasePlan, Planner
from bot.services.onboarding_meter import FlatTariffs, connect_meter, make_meter
from bot.services.place import PlaceDefaults, name_key
from bot.services.ports import Clock
from bot.services.settle import settle, store
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.surroundings import opening_key, survey


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLease:
    """A lease that an import has made, and the invitation for its tenant."""

    plan: LeasePlan
    lease_id: int
    ticket: Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did; the plan tells what it left out and why."""

    plan: ImportPlan
    created: tuple[NewLease, ...]


class Onboarding:
    """Previews and carries out imports; the same file twice is the same as once."""

    def __init__(
        self, transactions: Transactions, clock: Clock, *, defaults: PlaceDefaults
    ) -> None:
        self._transactions = transactions
        self._clock = clock
        self._defaults = defaults

    async def preview(self, *, cause: Cause | None, content: bytes) -> ImportPlan:
        """This function will tell what an import of the file would do, and do nothing.

        No cause is the operator, who may do everything. Raises UnreadableTable.
        """
        async with self._transactions.read() as unit:
            return await self._plan(unit, cause, content, self._clock.now())

    async def carry_out(self, *, cause: Cause | None, content: bytes) -> Imported:
        """This function will make every lease of the file that is good and new, all or none.

        Raises UnreadableTable, AlreadyHandled, ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            if cause is not None:
                await mark_handled(unit, cause, now=now)
            await unit.places.lock()
            plan = await self._plan(unit, cause, content, now)
            actor_id = None if cause is None else cause.actor.person_id
            maker = _Maker(unit, now, self._defaults, actor_id)
            created = tuple([await maker.make(each) for each in plan.new])
            lease_ids = {each.plan.row.line: each.lease_id for each in created}
            for each in plan.new_meters:
                await maker.add_meter(each, each.lease_id or lease_ids[each.of_line])
            await maker.light_up()
            await _note(unit, plan, created, cause, now)
        return Imported(plan=plan, created=created)

    async def _plan(
        self, unit: Unit, cause: Cause | None, content: bytes, now: datetime
    ) -> ImportPlan:
        parsed = await _by_present_names(unit, parse_leases(content))
        return Planner(
            parsed,
            await survey(unit, parsed.rows),
            defaults=self._defaults,
            actor=None if cause is None else cause.actor,
            now=now,
        ).plan()


async def _by_present_names(unit: Unit, parsed: ParsedLeases) -> ParsedLeases:
    """Return the rows with what is called otherwise since under its present name."""
    names = await former_names(unit)
    rows = [
        replace(row, place=names.place(row.place), room=names.room(row.place, row.room))
        for row in parsed.rows
    ]
    return replace(parsed, rows=tuple(rows))


class _Maker:
    """Makes the leases of one file, sharing the places, rooms and tariffs that it makes."""

    def __init__(
        self, unit: Unit, now: datetime, defaults: PlaceDefaults, actor_id: int | None
    ) -> None:
        self._unit = unit
        self._now = now
        self._defaults = defaults
        self._actor_id = actor_id
        self._places: dict[str, Place] = {}
        self._tariffs = FlatTariffs(unit)
        self._dark: list[int] = []

    async def make(self, plan: LeasePlan) -> NewLease:
        """Store one lease with everything around it."""
        place = plan.place or await self._place(plan.row)
        room = plan.room or await self._room(place, plan.row)
        tariff_id = plan.tariff_id
        if tariff_id is None:
            tariff_id = await self._tariffs.of(place.id, plan.medium, plan.rate_paise)
        lease = await self._unit.leases.add(_lease(plan, place, room, tariff_id))
        await self._give(plan.row, plan.meter, lease, plan.start_at)
        await self._open_balance(plan, lease)
        ticket = await issue(
            self._unit,
            now=self._now,
            lease_id=lease.id,
            place_id=place.id,
            created_by=self._actor_id,
        )
        return NewLease(plan=plan, lease_id=lease.id, ticket=ticket)

    async def add_meter(self, further: FurtherMeter, lease_id: int) -> None:
        """Give a lease one more meter, with a tariff of its own unless it has one for that."""
        lease = await self._unit.leases.get(lease_id)
        assert lease is not None
        place = await self._unit.places.get(lease.place_id)
        assert place is not None
        await self._give(further.row, further.meter, lease, further.start_at)
        if not further.gives_tariff:
            return
        tariff_id = further.tariff_id
        if tariff_id is None:
            tariff_id = await self._tariffs.of(place.id, further.medium, further.rate_paise)
        await self._unit.lease_tariffs.give(
            lease_id=lease_id,
            tariff_id=tariff_id,
            from_on=local_date(further.start_at, place.zone),
            service=further.medium.service,
        )

    async def _give(
        self, row: LeaseRow, known: Meter | None, lease: Lease, start_at: datetime
    ) -> None:
        room_id = lease.room_id
        meter = known or await make_meter(self._unit, row, place_id=lease.place_id, room_id=room_id)
        await connect_meter(
            self._unit, row, meter, lease_id=lease.id, room_id=room_id, start_at=start_at
        )
        if meter.udf1 is not None:
            await self._supply(lease, meter, start_at)

    async def light_up(self) -> None:
        """Decide at once where the last tenant left the power off; elsewhere the check does."""
        books = await self._unit.books.load(self._dark, now=self._now, lock=True)
        await store(self._unit, [settle(book, now=self._now) for book in books.values()])

    async def _place(self, row: LeaseRow) -> Place:
        key = name_key(row.place)
        if key not in self._places:
            self._places[key] = await self._unit.places.add(self._defaults.place(row.place))
        return self._places[key]

    async def _room(self, place: Place, row: LeaseRow) -> Room:
        return await self._unit.places.add_room(place_id=place.id, name=row.room)

    async def _supply(self, lease: Lease, meter: Meter, start_at: datetime) -> None:
        """Begin with power on; a manager's hold stays, and what the relay was seen to be."""
        known = (await self._unit.supplies.states([meter.id])).get(meter.id)
        fresh = SupplyState(
            meter_id=meter.id,
            desired_on=True,
            reason=SupplyReason.IN_ORDER,
            decided_at=start_at,
        )
        if known is None:
            await self._unit.supplies.save([fresh])
        elif not (known.desired_on and known.actual_on):
            self._dark.append(lease.id)

    async def _open_balance(self, plan: LeasePlan, lease: Lease) -> None:
        amount_paise = plan.row.opening_balance_paise
        if amount_paise == 0:
            return
        entry = LedgerEntry(
            key=opening_key(lease.id),
            kind=EntryKind.OPENING,
            place_id=lease.place_id,
            lease_id=lease.id,
            occurred_at=plan.start_at,
            postings=transfer(
                lease_id=lease.id, tenant_paise=amount_paise, other=AccountKind.ADJUSTMENTS
            ),
            actor_id=self._actor_id,
        )
        await self._unit.ledger.append([entry], recorded_at=self._now)


def _lease(plan: LeasePlan, place: Place, room: Room, tariff_id: int) -> Lease:
    row = plan.row
    return Lease(
        id=0,
        place_id=place.id,
        room_id=room.id,
        tenant_name=row.tenant,
        phone=row.phone,
        mode=row.mode,
        occupancy=Occupancy(start_on=plan.start_on),
        tariff_id=tariff_id,
        check_interval=CheckInterval.DAILY,
        cut_off_paise=row.cut_off_paise,
        low_balance_paise=row.low_balance_paise,
        billing_day=row.billing_day or 1,
    )


async def _note(
    unit: Unit,
    plan: ImportPlan,
    created: tuple[NewLease, ...],
    cause: Cause | None,
    now: datetime,
) -> None:
    if created or plan.new_meters:
        await unit.audit.add(
            at=now,
            actor_id=None if cause is None else cause.actor.person_id,
            place_id=None,
            action="import",
            facts={
                "created": [each.lease_id for each in created],
                "meters": [each.row.meter for each in plan.new_meters],
                "unchanged": len(plan.unchanged),
                "refused": len(plan.problems),
            },
        )
