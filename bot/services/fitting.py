"""What the vendor has, held against our meters: what fits, and what does not. No I/O."""

import hashlib
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from bot.domain.metering import Meter
from bot.domain.place import Place, Room
from bot.services.ports import DeviceMode
from bot.services.store import Device

FINE_MODES = frozenset({DeviceMode.MEASUREMENT, DeviceMode.UNKNOWN})
"""A device in another mode may charge or cut by itself (spec: qube-contract)."""
TAG_CHARACTERS = 12


class Misfit(Enum):
    """Why somebody has to look at a device, or at a meter."""

    UNNAMED = "unnamed"
    STRANGE = "strange"
    DUPLICATE = "duplicate"
    WRONG_MODE = "wrong_mode"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedDevice:
    """A device at the vendor, and the meter whose name it carries."""

    device: Device
    place: Place | None
    meter: Meter | None
    room: str | None
    misfits: frozenset[Misfit] = frozenset()

    @property
    def tag(self) -> str:
        """A short word that stands for the device's id, however long that is."""
        return tag_of(self.device.id)

    @property
    def bills_itself(self) -> bool:
        """Whether it runs in a mode of the vendor's own billing."""
        return self.device.mode not in FINE_MODES


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedMeter:
    """A meter that the vendor should have; `device_ids` carry its name now."""

    meter: Meter
    place: Place | None
    room: str | None
    device_ids: tuple[str, ...] = ()
    installed_id: str | None = None

    @property
    def is_missing(self) -> bool:
        """Whether no device carries the name."""
        return not self.device_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """All devices and meters of the places that a person cares for.

    `unasked` devices did not answer at the last look.
    """

    places: tuple[Place, ...]
    devices: tuple[FittedDevice, ...]
    meters: tuple[FittedMeter, ...]
    looked_at: datetime | None
    unasked: int = 0

    def devices_of(self, misfit: Misfit) -> Sequence[FittedDevice]:
        """Return the devices with a misfit."""
        return [each for each in self.devices if misfit in each.misfits]

    @property
    def missing(self) -> Sequence[FittedMeter]:
        """The meters that no device stands for."""
        return [each for each in self.meters if each.is_missing]

    def count(self, misfit: Misfit) -> int:
        """Return how many devices, or meters, have a misfit."""
        return len(self.missing if misfit is Misfit.MISSING else self.devices_of(misfit))

    @property
    def fitting(self) -> int:
        """How many devices measure a meter and nothing is wrong with them."""
        return sum(each.meter is not None and not each.misfits for each in self.devices)

    def device(self, tag: str) -> FittedDevice | None:
        """Return the device that a tag stands for."""
        return next((each for each in self.devices if each.tag == tag), None)

    def meter(self, meter_id: int) -> FittedMeter | None:
        """Return one meter."""
        return next((each for each in self.meters if each.meter.id == meter_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the store holds of the vendor's world; `allowed` None = every place."""

    places: Sequence[Place]
    rooms: Mapping[int, Room]
    devices: Collection[Device]
    meters: Mapping[str, Meter]
    installed: Mapping[int, str | None]
    allowed: frozenset[int] | None
    by_space: Mapping[int, Place] = field(init=False)

    def __post_init__(self) -> None:
        spaces = {each.space_id: each for each in self.places if each.space_id is not None}
        object.__setattr__(self, "by_space", spaces)

    def sees(self, place_id: int | None) -> bool:
        """Return whether the person cares for a place; who cares for all, for none as well."""
        return self.allowed is None or place_id in self.allowed


def tag_of(device_id: str) -> str:
    """Return a short word that stands for a device's id."""
    digest = hashlib.sha256(device_id.encode()).digest()
    return urlsafe_b64encode(digest)[:TAG_CHARACTERS].decode()


def fitting(found: Found) -> Fitting:
    """Return what fits and what does not, of the places that the person cares for."""
    present = [each for each in found.devices if each.gone_at is None]
    carriers = _carriers(present)
    devices = [
        _device(each, found, carriers) for each in present if found.sees(_place_id(each, found))
    ]
    meters = [
        _meter(each, found, carriers) for each in found.meters.values() if found.sees(each.place_id)
    ]
    return Fitting(
        places=tuple(each for each in found.places if found.sees(each.id)),
        devices=tuple(sorted(devices, key=lambda each: (each.device.name, each.device.id))),
        meters=tuple(sorted(meters, key=lambda each: (not each.is_missing, each.room or ""))),
        looked_at=max((each.seen_at for each in present), default=None),
    )


def _carriers(present: Iterable[Device]) -> Mapping[str, Sequence[str]]:
    carriers: dict[str, list[str]] = defaultdict(list)
    for each in present:
        if each.udf1 is not None:
            carriers[each.udf1].append(each.id)
    return carriers


def _place_id(device: Device, found: Found) -> int | None:
    place = found.by_space.get(device.space_id or 0)
    return None if place is None else place.id


def _device(device: Device, found: Found, carriers: Mapping[str, Sequence[str]]) -> FittedDevice:
    meter = found.meters.get(device.udf1 or "")
    misfits = set()
    if device.udf1 is None:
        misfits.add(Misfit.UNNAMED)
    elif meter is None:
        misfits.add(Misfit.STRANGE)
    elif len(carriers[device.udf1]) > 1:
        misfits.add(Misfit.DUPLICATE)
    if meter is not None and device.mode not in FINE_MODES:
        misfits.add(Misfit.WRONG_MODE)
    return FittedDevice(
        device=device,
        place=found.by_space.get(device.space_id or 0),
        meter=meter,
        room=_room(meter, found),
        misfits=frozenset(misfits),
    )


def _meter(meter: Meter, found: Found, carriers: Mapping[str, Sequence[str]]) -> FittedMeter:
    return FittedMeter(
        meter=meter,
        place=next((each for each in found.places if each.id == meter.place_id), None),
        room=_room(meter, found),
        device_ids=tuple(carriers.get(meter.udf1 or "", ())),
        installed_id=found.installed.get(meter.id),
    )


def _room(meter: Meter | None, found: Found) -> str | None:
    room = None if meter is None else found.rooms.get(meter.room_id or 0)
    return None if room is None else room.name
