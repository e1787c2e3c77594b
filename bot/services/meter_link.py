"""Which leases a meter counts for, and how much of it each has. Rule 8.1."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from bot.domain.meter import BillingType, MeterSheet
from bot.domain.meter_share import WHOLE_PPM, LeaseShare, SharesDoNotSum
from bot.domain.people import Actor
from bot.domain.place import Place
from bot.services.cause import Cause, mark_handled
from bot.services.meter_edit import sheet_to_change
from bot.services.meter_rule import OWN, MeterCharges, NothingToChange
from bot.services.payment import LeaseUnknown
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit

Shares = Mapping[int, int | None]
"""Millionths by lease; None where the meter is the lease's own."""


class CountsForAll(Exception):
    """A collective meter counts for the whole place and is split by its key, not by leases."""


class CountsForOne(Exception):
    """A meter of one tenant cannot count for several leases."""


class SharedByOne(Exception):
    """A meter that only one lease has is not shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChoice:
    """The leases that a meter of a place can count for, and those that it does count for."""

    sheet: MeterSheet
    place: Place
    leases: tuple[LeaseShare, ...]
    shares: tuple[LeaseShare, ...]

    def named(self, shares: Shares) -> tuple[LeaseShare, ...]:
        """Return what is to be stored with its rooms. Raises LeaseUnknown."""
        known = {each.lease_id: each for each in self.leases}
        unknown = shares.keys() - known.keys()
        if unknown:
            raise LeaseUnknown(min(unknown))
        return tuple(
            LeaseShare(
                lease_id=each.lease_id,
                room=each.room,
                tenant=each.tenant,
                share_ppm=shares[each.lease_id],
            )
            for each in self.leases
            if each.lease_id in shares
        )


class MeterLinks:
    """Says for whom meters count."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def choice(self, *, actor: Actor, meter_id: int) -> LinkChoice:
        """This function will return who can have the meter, and who has it.

        Raises MeterUnknown, NotAllowed and CountsForAll.
        """
        async with self._transactions.read() as unit:
            return await self._choice(unit, actor, meter_id)

    async def preview(self, *, actor: Actor, meter_id: int, shares: Shares) -> LinkChoice:
        """This function will return the choice, if the meter can count for these leases.

        Raises what `choice` raises, LeaseUnknown, CountsForOne, SharedByOne, SharesDoNotSum,
        MeterCharges for leases that were charged and are left out, and NothingToChange.
        """
        async with self._transactions.read() as unit:
            choice = await self._choice(unit, actor, meter_id)
        require_shares(choice, shares)
        return choice

    async def link(self, *, cause: Cause, meter_id: int, shares: Shares) -> LinkChoice:
        """This function will let a meter count for these leases from now on, and no others.

        Raises what `preview` raises, AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            sheet = await sheet_to_change(unit, cause.actor, meter_id)
            before = {each.lease_id for each in await unit.sheets.shares(meter_id)}
            await unit.books.load(sorted({*before, *shares}), now=now, lock=True)
            await unit.sheets.lock(sheet.place_id)
            choice = await self._choice(unit, cause.actor, meter_id)
            require_shares(choice, shares)
            await unit.sheets.set_shares(meter_id, shares)
            await _note(unit, cause, choice, shares, now)
        return choice

    async def _choice(self, unit: Unit, actor: Actor, meter_id: int) -> LinkChoice:
        sheet = await sheet_to_change(unit, actor, meter_id)
        if sheet.billing_type is BillingType.COLLECTIVE:
            raise CountsForAll
        place = await unit.places.get(sheet.place_id)
        assert place is not None
        rooms = {room.id: room.name for room in await unit.places.rooms(place.id)}
        running = (await unit.leases.running_at(place.id)).values()
        leases = [
            LeaseShare(lease_id=each.id, room=rooms[each.room_id], tenant=each.tenant_name)
            for each in running
        ]
        return LinkChoice(
            sheet=sheet,
            place=place,
            leases=tuple(sorted(leases, key=lambda each: (each.room, each.lease_id))),
            shares=tuple(await unit.sheets.shares(meter_id)),
        )


def require_shares(choice: LinkChoice, shares: Shares) -> None:
    """Raises an error, see `MeterLinks.preview`, unless a meter can count for these leases."""
    choice.named(shares)
    given = [each or 0 for each in shares.values()]
    if choice.sheet.billing_type in OWN:
        if len(shares) > 1 or any(given):
            raise CountsForOne
    elif shares:
        if len(shares) == 1:
            raise SharedByOne
        if min(given) <= 0 or sum(given) != WHOLE_PPM:
            raise SharesDoNotSum(Fraction(sum(given), WHOLE_PPM))
    left_out = tuple(
        each for each in choice.shares if each.is_charged and each.lease_id not in shares
    )
    if left_out:
        raise MeterCharges(left_out)
    if {each.lease_id: each.share_ppm for each in choice.shares} == dict(shares):
        raise NothingToChange


async def _note(
    unit: Unit, cause: Cause, choice: LinkChoice, shares: Shares, now: datetime
) -> None:
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=choice.place.id,
        action="meter.link",
        facts={
            "meter_id": choice.sheet.id,
            "meter": choice.sheet.name,
            "before": {str(each.lease_id): each.share_ppm for each in choice.shares},
            "after": {str(lease_id): share_ppm for lease_id, share_ppm in shares.items()},
        },
    )
