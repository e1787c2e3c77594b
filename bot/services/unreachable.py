"""Somebody who cannot be written to: noted, and told to those who can knock at the door."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.lease import Lease
from bot.services.settle import tell
from bot.services.store import Notice, NoticeKind, Person
from bot.services.stores import Unit


async def note_unreachable(
    unit: Unit, person: Person, *, now: datetime, forever: bool = False
) -> None:
    """Stop writing to a person, and tell the staff of their places, once a day at most.

    A person who was noted already changes nothing; they come back by speaking.
    """
    if not person.is_reachable:
        return
    await unit.people.save(replace(person, is_reachable=False))
    facts = {"person": person.name, "forever": forever}
    told: set[int] = {person.id}
    news: list[Notice] = []
    for staff, where in await _who_is_told(unit, person):
        people = tuple(each for each in staff if each not in told)
        told.update(people)
        key = f"unreachable:{person.id}:{now.date().isoformat()}"
        news += tell(people, NoticeKind.UNREACHABLE, {**facts, **where}, key=key, now=now)
    await unit.outbox.add(news)


async def _who_is_told(
    unit: Unit, person: Person
) -> Sequence[tuple[Sequence[int], Mapping[str, object]]]:
    """Return the staff of each place where the person rents; of colleagues the owners hear."""
    actor = await unit.people.actor(person.id)
    found: list[tuple[Sequence[int], Mapping[str, object]]] = []
    for lease_id in sorted(actor.lease_ids):
        lease = await unit.leases.get(lease_id)
        if lease is not None and lease.occupancy.end_on is None:
            staff = await unit.people.staff([lease.place_id])
            found.append((staff[lease.place_id], await _where(unit, lease)))
    if actor.is_staff:
        found.append((await unit.people.owners(), {}))
    return found


async def _where(unit: Unit, lease: Lease) -> Mapping[str, object]:
    place = await unit.places.get(lease.place_id)
    room = await unit.places.room(lease.room_id)
    if place is None or room is None:
        return {}
    return {
        "place": place.name,
        "zone": place.zone.key,
        "room": room.name,
        "lease_id": lease.id,
        "currency": place.currency,
        "tenant": lease.tenant_name,
    }
