"""What the store holds of the places, rooms and meters that an onboarding file names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.domain.lease import Lease
from bot.domain.metering import Meter, MeterType, Reading
from bot.domain.place import Place, Room
from bot.domain.service_kind import ServiceKind
from bot.domain.tariff import Tariff
from bot.domain.timeline import Timelines
from bot.services.exchange.lease_rows import LeaseRow
from bot.services.place import by_name, name_key
from bot.services.store import BookedEntry
from bot.services.stores import Unit


@dataclass(slots=True, kw_only=True)
class Surroundings:
    """Looked up once for a whole file: places by name, all else by place or by lease."""

    places: Mapping[str, Place]
    meters: Mapping[str, Meter]
    meter_leases: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    latest: Mapping[int, Reading] = field(default_factory=dict)
    """The last reading of the device that is in a meter now."""
    rooms: dict[int, Mapping[str, Room]] = field(default_factory=dict)
    running: dict[int, Mapping[int, Lease]] = field(default_factory=dict)
    tariffs: dict[int, Sequence[Tariff]] = field(default_factory=dict)
    hand_read: dict[int, Mapping[str, Meter]] = field(default_factory=dict)
    """Meters that people read, by place and by the key of their name."""
    timelines: Mapping[int, Timelines] = field(default_factory=dict)
    openings: Mapping[tuple[int, int], Reading] = field(default_factory=dict)
    """By lease and meter."""
    opening_entries: Mapping[str, BookedEntry] = field(default_factory=dict)
    qube_names: Collection[str] = ()
    """The names of Qube's devices, as the last look found them; none before the first one."""

    def place(self, row: LeaseRow) -> Place | None:
        """Return the row's place, if there is one of that name."""
        return self.places.get(name_key(row.place))

    def room(self, row: LeaseRow) -> Room | None:
        """Return the row's room, if there is one of that name in its place."""
        place = self.place(row)
        return None if place is None else self.rooms[place.id].get(name_key(row.room))

    def lease(self, row: LeaseRow) -> Lease | None:
        """Return the lease that runs in the row's room."""
        room = self.room(row)
        return None if room is None else self.running[room.place_id].get(room.id)

    def meter(self, row: LeaseRow) -> Meter | None:
        """Return the row's meter: Qube knows those for electricity, people all others."""
        known, place = self.meters.get(row.meter), self.place(row)
        if known is not None or place is None or row.type is MeterType.ELECTRICITY:
            return known
        return self.hand_read[place.id].get(name_key(row.meter))

    def rate(self, lease_id: int, service: ServiceKind) -> Decimal | None:
        """Return the one price with which a lease began for a service, if it was just a price."""
        timeline = self.timelines[lease_id].get(service)
        return None if timeline is None else flat_rate(timeline.given[0].tariff)

    def opening_balance_paise(self, lease: Lease) -> int:
        """Return with what a lease began."""
        entry = self.opening_entries.get(opening_key(lease.id))
        return 0 if entry is None else entry.tenant_paise


def opening_key(lease_id: int) -> str:
    """Return the idempotency key of a lease's opening balance. Rule 2.3."""
    return f"opening:{lease_id}"


def flat_rate(tariff: Tariff) -> Decimal | None:
    """Return the one price that a tariff began with, None when it was more than a price."""
    version = tariff.versions[0]
    extras = version.standing, version.generator_rate_paise, *version.taxes
    is_flat = len(version.slabs) == 1 and not any(extra is not None for extra in extras)
    return version.slabs[0].rate_paise if is_flat else None


async def survey(unit: Unit, rows: Collection[LeaseRow]) -> Surroundings:
    """Return what the store holds of all that the rows name."""
    found = Surroundings(
        places=by_name(await unit.places.all()),
        meters=await unit.metering.by_udf1({row.meter for row in rows}),
        qube_names=await _qube_names(unit),
    )
    for key in {name_key(row.place) for row in rows} & found.places.keys():
        place_id = found.places[key].id
        found.rooms[place_id] = by_name(await unit.places.rooms(place_id))
        found.running[place_id] = await unit.leases.running_at(place_id)
        found.tariffs[place_id] = await unit.tariffs.of_place(place_id)
        known = await unit.metering.hand_read(place_id)
        found.hand_read[place_id] = {name_key(each.label): each for each in reversed(known)}
    meter_ids = {meter.id for meter in map(found.meter, rows) if meter is not None}
    found.meter_leases = await unit.metering.running_leases(meter_ids)
    found.latest = await _latest(unit, meter_ids)
    leases = {lease.id: lease for lease in map(found.lease, rows) if lease is not None}
    lease_ids = list(leases)
    first = {lease.id: lease.tariff_id for lease in leases.values()}
    found.timelines = await unit.lease_tariffs.timelines(first)
    found.openings = await unit.metering.openings(lease_ids)
    found.opening_entries = await unit.ledger.existing([opening_key(each) for each in lease_ids])
    return found


async def _qube_names(unit: Unit) -> Collection[str]:
    devices = (await unit.metering.devices()).values()
    return {each.udf1 or "" for each in devices if each.gone_at is None}


async def _latest(unit: Unit, meter_ids: Collection[int]) -> Mapping[int, Reading]:
    found = {}
    for meter_id in meter_ids:
        last = await unit.metering.latest(meter_id)
        current = await unit.metering.open_installation(meter_id)
        if last is not None and current is not None and last.installation_id == current.id:
            found[meter_id] = last
    return found
