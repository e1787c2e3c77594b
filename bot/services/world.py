"""One look at everything that the vendor has."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.services.ports import DeviceDetails, DeviceListing, GatewayError, SpaceListing


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Spaces with their devices; `details` lack the devices that could not be asked."""

    spaces: tuple[SpaceListing, ...]
    listings: Mapping[str, DeviceListing]
    space_ids: Mapping[str, int]
    details: Mapping[str, DeviceDetails] = field(default_factory=dict)
    failures: Mapping[str, GatewayError] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        spaces: Sequence[SpaceListing],
        *,
        details: Mapping[str, DeviceDetails] | None = None,
        failures: Mapping[str, GatewayError] | None = None,
    ) -> "World":
        """Return the world in which these spaces are all there is."""
        listed = [(space, device) for space in spaces for device in space.devices]
        return cls(
            spaces=tuple(spaces),
            listings={device.device_id: device for _, device in listed},
            space_ids={device.device_id: space.space_id for space, device in listed},
            details=details or {},
            failures=failures or {},
        )

    def by_udf1(self) -> Mapping[str, Sequence[DeviceListing]]:
        """Return the devices that carry each stable name; more than one is trouble."""
        found: dict[str, list[DeviceListing]] = defaultdict(list)
        for device in self.listings.values():
            if device.udf1 is not None:
                found[device.udf1].append(device)
        return found

    def only(self, device_id: str) -> "World":
        """Return the world as far as one device knows it."""
        return replace(self, listings={device_id: self.listings[device_id]})
