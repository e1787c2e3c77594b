"""Meters, devices and readings, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.metering import Installation, Meter, MeterTerms, Reading, ReadingStatus
from bot.services.store import Device, LastSeen


class Metering(Protocol):
    """Measuring points and what they showed."""

    async def meters(self, meter_ids: Collection[int]) -> Mapping[int, Meter]:
        """Return meters by id."""
        ...

    async def by_udf1(self, udf1s: Collection[str]) -> Mapping[str, Meter]:
        """Return the meters that have these stable names."""
        ...

    async def hand_read(self, place_id: int) -> Sequence[Meter]:
        """Return the meters of a place that no device tells, oldest first."""
        ...

    async def named_meters(self) -> Mapping[str, Meter]:
        """Return every meter that the vendor has, by its stable name."""
        ...

    async def running_leases(self, meter_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        """Return the leases without end that each meter counts for, not those that share one."""
        ...

    async def add_meter(self, new: Meter) -> Meter:
        """Store a new meter, whose id is ignored."""
        ...

    async def place_meter(self, *, meter_id: int, room_id: int) -> None:
        """Say which room a meter is in."""
        ...

    async def save_terms(self, *, meter_id: int, terms: MeterTerms) -> None:
        """Store how a meter's counter is read."""
        ...

    async def link(self, *, lease_id: int, meter_id: int, anchor_reading_id: int | None) -> None:
        """Give a lease a meter, charged up to a reading."""
        ...

    async def move_anchors(self, anchors: Sequence[tuple[int, int, int | None]]) -> None:
        """Store up to which reading (lease, meter, reading) all is charged."""
        ...

    async def save_last_seen(self, seen: Sequence[LastSeen]) -> None:
        """Store what meters showed last, for people to look at."""
        ...

    async def devices(self) -> Mapping[str, Device]:
        """Return every device that was ever seen, by its id."""
        ...

    async def device(self, device_id: str) -> Device | None:
        """Return one device."""
        ...

    async def save_device(self, changed: Device) -> None:
        """Store a device, new or changed."""
        ...

    async def lock_devices(self, device_ids: Collection[str]) -> None:
        """Let nobody else change devices before this unit is over; in one order for everybody.

        Leases are locked before the orders to their relays, and those before devices: units that
        took them in another order would wait for one another."""
        ...

    async def set_online(self, device_ids: Collection[str], *, online: bool, at: datetime) -> None:
        """Note that devices were found online or offline, and since when."""
        ...

    async def open_installation(self, meter_id: int) -> Installation | None:
        """Return the installation that a meter has now."""
        ...

    async def installation(self, installation_id: int) -> Installation | None:
        """Return one installation, open or closed."""
        ...

    async def installation_before(self, later: Installation) -> Installation | None:
        """Return what the meter had before an installation."""
        ...

    async def installed(self) -> Mapping[int, str | None]:
        """Return the device of every open installation, None where it is not known, by meter."""
        ...

    async def install(self, *, meter_id: int, device_id: str | None, at: datetime) -> Installation:
        """Open an installation; the meter must have none open."""
        ...

    async def identify(self, *, installation_id: int, device_id: str) -> None:
        """Say which device an installation turned out to have."""
        ...

    async def uninstall(self, *, installation_id: int, at: datetime) -> None:
        """Close an installation, which has counted by what its meter counts by now."""
        ...

    async def add_readings(self, new: Sequence[Reading]) -> Sequence[int]:
        """Store readings, whose ids are ignored; return the ids in the same order.

        One that is stored already (same installation, instant, type and revision) keeps its id."""
        ...

    async def reading(self, reading_id: int) -> Reading | None:
        """Return one reading."""
        ...

    async def openings(self, lease_ids: Collection[int]) -> Mapping[tuple[int, int], Reading]:
        """Return the first reading that somebody typed in, by lease and meter."""
        ...

    async def held(self) -> Sequence[Reading]:
        """Return the readings of leases that a manager has yet to judge, oldest first."""
        ...

    async def readings_after(self, reading_id: int, *, limit: int) -> Sequence[Reading]:
        """Return the readings that come next in the order of storing."""
        ...

    async def latest(self, meter_id: int) -> Reading | None:
        """Return the latest accepted reading of a meter."""
        ...

    async def ends_of(self, installation_id: int) -> tuple[Reading | None, Reading | None]:
        """Return the first and the last accepted reading of an installation."""
        ...

    async def before(self, later: Reading) -> Reading | None:
        """Return the last accepted reading of the same lease and installation before another."""
        ...

    async def judge(self, *, reading_id: int, status: ReadingStatus) -> bool:
        """Accept or reject a held reading; return False when it is held no longer."""
        ...
