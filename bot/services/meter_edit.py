"""Meters made, described and deleted by people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.meter import MeterSheet, MeterStatus, ServiceKind, require_possible
from bot.domain.meter_share import LeaseShare
from bot.domain.metering import UNITS, MeterTerms, MeterType
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date, start_of
from bot.domain.place import Place
from bot.services.cause import Cause, mark_handled
from bot.services.meter import MeterUnknown
from bot.services.meter_field import Changes, SheetField, differing, with_changes, word_of
from bot.services.meter_rule import (
    OWN,
    MeterCharges,
    MeterInUse,
    MeterNameMissing,
    NothingToChange,
    cleaned,
    require_allowed,
)
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterChange:
    """A meter as it would be; `before` is None for one to be made.

    `shares` are those of the running leases that it counts for.
    """

    place: Place
    today_on: date
    before: MeterSheet | None
    after: MeterSheet
    room: str | None
    parent: MeterSheet | None
    shares: tuple[LeaseShare, ...] = ()

    @property
    def fields(self) -> tuple[SheetField, ...]:
        """What changes."""
        return () if self.before is None else differing(self.before, self.after)

    @property
    def unlinks(self) -> bool:
        """Whether leases that have the meter now would have it no more. Rule 8.1."""
        if self.before is None or self.before.billing_type is self.after.billing_type:
            return False
        return bool(self.shares) and not OWN.issuperset(
            {self.before.billing_type, self.after.billing_type}
        )

    @property
    def stops_charging(self) -> bool:
        """Whether leases that are charged by the meter now would be so no more."""
        was_active = self.before is not None and self.before.status is MeterStatus.ACTIVE
        return was_active and self.after.status is not MeterStatus.ACTIVE and bool(self.shares)


class MeterEdits:
    """Makes, changes and deletes meters."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def draft(
        self, *, actor: Actor, place_id: int, meter_id: int | None, changes: Changes
    ) -> MeterChange:
        """This function will return a meter with what was said of it so far; it may lack a name.

        Raises MeterUnknown, NotAllowed, MeterNotPossible, MeterAboveItself, MeterCharges and what
        `require_allowed` raises.
        """
        async with self._transactions.read() as unit:
            return await self._draft(unit, actor, place_id, meter_id, changes)

    async def preview(
        self, *, actor: Actor, place_id: int, meter_id: int | None, changes: Changes
    ) -> MeterChange:
        """This function will return what would be stored.

        Raises what `draft` raises, MeterNameMissing, and NothingToChange when it is so already.
        """
        return _whole(
            await self.draft(actor=actor, place_id=place_id, meter_id=meter_id, changes=changes)
        )

    async def save(
        self, *, cause: Cause, place_id: int, meter_id: int | None, changes: Changes
    ) -> MeterSheet:
        """This function will make a meter, or change one, and return it.

        Raises what `preview` raises, AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            await lock_meters(unit, place_id, meter_id, now=now)
            found = _whole(await self._draft(unit, cause.actor, place_id, meter_id, changes))
            return await store_change(unit, found, actor_id=cause.actor.person_id, now=now)

    async def deletable(self, *, actor: Actor, meter_id: int) -> MeterSheet:
        """This function will return a meter that can be deleted.

        Raises MeterUnknown, NotAllowed and MeterInUse.
        """
        async with self._transactions.read() as unit:
            return await _unused(unit, actor, meter_id)

    async def delete(self, *, cause: Cause, meter_id: int) -> MeterSheet:
        """This function will delete a meter that was made by mistake, and return it.

        Raises what `deletable` raises, AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            sheet = await _unused(unit, cause.actor, meter_id)
            await lock_meters(unit, sheet.place_id, meter_id, now=now)
            sheet = await _unused(unit, cause.actor, meter_id)
            await unit.sheets.delete(meter_id)
            await unit.audit.add(
                at=now,
                actor_id=cause.actor.person_id,
                place_id=sheet.place_id,
                action="meter.delete",
                facts={"meter_id": meter_id, "meter": sheet.name},
            )
        return sheet

    async def _draft(
        self,
        unit: Unit,
        actor: Actor,
        place_id: int,
        meter_id: int | None,
        changes: Changes,
    ) -> MeterChange:
        before = None if meter_id is None else await sheet_to_change(unit, actor, meter_id)
        if before is not None:
            place_id = before.place_id
        actor.require(Permission.ONBOARD, place_id)
        place = await unit.places.get(place_id)
        assert place is not None
        after = with_changes(before or blank(place_id), changes)
        return await plan_change(unit, actor, place, before, after, now=self._clock.now())


async def plan_change(
    unit: Unit,
    actor: Actor,
    place: Place,
    before: MeterSheet | None,
    after: MeterSheet,
    *,
    now: datetime,
    taken: Mapping[str, int] | None = None,
) -> MeterChange:
    """Return a meter as it would be, with what is around it. Raises as `MeterEdits.draft` does.

    `taken` are the names of the place's meters by key, where they are known already.
    """
    after, today_on = cleaned(after), local_date(now, place.zone)
    require_possible(after, today=today_on)
    await require_allowed(unit, actor, before, after, taken=taken)
    found = await _around(unit, place, today_on, before, after)
    _require_uncharged(found)
    return found


def blank(place_id: int) -> MeterSheet:
    """Return a meter of which nothing was said yet."""
    return MeterSheet(
        id=0,
        place_id=place_id,
        room_id=None,
        name="",
        type=MeterType.ELECTRICITY,
        unit=UNITS[MeterType.ELECTRICITY],
        service=ServiceKind.ELECTRICITY,
        terms=MeterTerms(),
    )


async def sheet_to_change(unit: Unit, actor: Actor, meter_id: int) -> MeterSheet:
    """Return a meter that a person may change. Raises MeterUnknown and NotAllowed."""
    sheet = await unit.sheets.get(meter_id)
    if sheet is None or not actor.may(Permission.SEE_ROOMS, sheet.place_id):
        raise MeterUnknown(meter_id)
    actor.require(Permission.ONBOARD, sheet.place_id)
    return sheet


async def lock_meters(unit: Unit, place_id: int, meter_id: int | None, *, now: datetime) -> None:
    """Let nobody charge by a meter, or change the meters of its place, before the unit is over."""
    if meter_id is not None:
        sheet = await unit.sheets.get(meter_id)
        place_id = place_id if sheet is None else sheet.place_id
        lease_ids = {share.lease_id for share in await unit.sheets.shares(meter_id)}
        await unit.books.load(lease_ids, now=now, lock=True)
    await unit.sheets.lock(place_id)


async def store_change(
    unit: Unit, found: MeterChange, *, actor_id: int | None, now: datetime
) -> MeterSheet:
    """Store a meter as it is to be, with an installation if it is new, and who said so."""
    before, stored = found.before, found.after
    if before is None:
        stored = await unit.sheets.add(stored, at=now)
        since_on = stored.installed_on
        opened_at = now if since_on is None else start_of(since_on, found.place.zone)
        await unit.metering.install(
            meter_id=stored.id, device_id=await _device_of(unit, stored), at=min(opened_at, now)
        )
    else:
        await unit.sheets.save(stored, at=now)
        if found.unlinks:
            await unit.sheets.set_shares(stored.id, {})
    await unit.audit.add(
        at=now,
        actor_id=actor_id,
        place_id=stored.place_id,
        action="meter.create" if before is None else "meter.edit",
        facts={"meter_id": stored.id, "meter": stored.name, "changes": _audited(found)},
    )
    return stored


async def _device_of(unit: Unit, sheet: MeterSheet) -> str | None:
    """Return the one device that is known to carry a meter's name at the vendor."""
    if sheet.udf1 is None:
        return None
    devices = (await unit.metering.devices()).values()
    found = [each.id for each in devices if each.udf1 == sheet.udf1 and not each.gone_at]
    return found[0] if len(found) == 1 else None


def _audited(found: MeterChange) -> dict[str, object]:
    """Return what changes, from what to what; of a new meter all that is known of it."""
    before = found.before or blank(found.place.id)
    return {
        field.attribute: [word_of(field.of(before)), word_of(field.of(found.after))]
        for field in differing(before, found.after)
    }


async def _around(
    unit: Unit, place: Place, today_on: date, before: MeterSheet | None, after: MeterSheet
) -> MeterChange:
    room = None if after.room_id is None else await unit.places.room(after.room_id)
    parent = None if after.parent_id is None else await unit.sheets.get(after.parent_id)
    return MeterChange(
        place=place,
        today_on=today_on,
        before=before,
        after=after,
        room=None if room is None else room.name,
        parent=parent,
        shares=() if before is None else tuple(await unit.sheets.shares(before.id)),
    )


def _require_uncharged(found: MeterChange) -> None:
    """Raises MeterCharges when leases that were charged would no more be, or not alone."""
    if found.before is None or found.before.billing_type is found.after.billing_type:
        return
    charged = tuple(share for share in found.shares if share.is_charged)
    if charged:
        raise MeterCharges(charged)


def _whole(found: MeterChange) -> MeterChange:
    if not found.after.name:
        raise MeterNameMissing
    if found.before is not None and not found.fields:
        raise NothingToChange
    return found


async def _unused(unit: Unit, actor: Actor, meter_id: int) -> MeterSheet:
    sheet = await sheet_to_change(unit, actor, meter_id)
    ties = await unit.sheets.ties(meter_id)
    if ties.readings or ties.leases or ties.meters_below or ties.orders:
        raise MeterInUse(sheet.name, ties)
    return sheet
