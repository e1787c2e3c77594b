"""Which device may measure which meter, and what has to change for it. No I/O."""

from dataclasses import dataclass

from bot.services.fitting import FittedDevice, FittedMeter, Fitting, Misfit


class DeviceUnlisted(LookupError):
    """No such device at the vendor, or none in the person's places."""


class DeviceTaken(Exception):
    """The device measures another meter; its name, else its room."""

    def __init__(self, meter: str) -> None:
        super().__init__(meter)
        self.meter = meter


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlan:
    """A device that is to carry a meter's name; `holders` carry it now and give it up."""

    device: FittedDevice
    meter: FittedMeter
    holders: tuple[FittedDevice, ...] = ()


def find_device(found: Fitting, tag: str) -> FittedDevice:
    """Return the device that a tag stands for. Raises DeviceUnlisted."""
    device = found.device(tag)
    if device is None:
        raise DeviceUnlisted(tag)
    return device


def link_plan(found: Fitting, tag: str, meter_id: int) -> LinkPlan:
    """Return what a link would do. Raises DeviceUnlisted and DeviceTaken."""
    device, meter = find_device(found, tag), found.meter(meter_id)
    if meter is None or device.place is None or device.place.id != meter.meter.place_id:
        raise DeviceUnlisted(tag)
    _require_free(found, device, meter)
    others = set(meter.device_ids) - {device.device.id}
    holders = tuple(each for each in found.devices if each.device.id in others)
    if len(holders) != len(others):
        raise DeviceTaken(meter.meter.udf1 or "")
    return LinkPlan(device=device, meter=meter, holders=holders)


def _require_free(found: Fitting, device: FittedDevice, meter: FittedMeter) -> None:
    """A device never measures two meters, or both would be charged for the same use."""
    measured = device.meter
    if measured is not None and not _is_one_of_many(device, meter):
        raise DeviceTaken(device.room or measured.udf1 or "")
    for other in found.meters:
        if other.installed_id == device.device.id and other.meter.id != meter.meter.id:
            raise DeviceTaken(other.room or other.meter.udf1 or "")


def _is_one_of_many(device: FittedDevice, meter: FittedMeter) -> bool:
    """Return whether several devices carry the meter's name, and this is to be the one."""
    is_same = device.meter is not None and device.meter.id == meter.meter.id
    return is_same and Misfit.DUPLICATE in device.misfits


def name_for(device: FittedDevice) -> str | None:
    """Return the name that a device should have at the vendor, None when there is none to give."""
    return device.room if device.room != device.device.name else None
