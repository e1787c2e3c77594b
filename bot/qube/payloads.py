"""From the vendor's shapes to the port's: what is missing or new there must not hurt here.

Only what identifies a thing, and the register that money rests on, is required.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from bot.qube.answers import Json
from bot.services.ports import (
    ActiveSupply,
    DayClose,
    DeviceDetails,
    DeviceListing,
    DeviceMode,
    GatewayUnavailable,
    LiveMetrics,
    SpaceListing,
)

UDFS = ("udf1", "udf2", "udf3", "udf4", "udf5")
ENERGY = "energy"

_LABELS = ("name", "description", *UDFS)
_POWER = "active_power"
_GENERATOR = 2
_LAST_MINUTE = time(23, 59)  # closes carry 23:59:59; anything earlier is a day still running
_WIDEST_NUMBER = Decimal(10) ** 12


class Unreadable(GatewayUnavailable):
    """The vendor's answer lacks something that cannot be done without; `detail` says what."""

    def __init__(self, field: str) -> None:
        super().__init__(code="unreadable_answer", detail=field)


def spaces(data: Json) -> list[SpaceListing]:
    """This function will read the list of spaces. Raises Unreadable."""
    return [
        SpaceListing(
            space_id=_required_int(space, "space_id"),
            name=_text(space, "name"),
            devices=tuple(_listed_device(device) for device in _objects(space.get("devices"))),
        )
        for space in _objects(_as_list(data, "spaces"))
    ]


def device(data: Json) -> DeviceDetails:
    """This function will read a device on its own. Raises Unreadable."""
    shape = _as_object(data, "device")
    return DeviceDetails(
        device_id=_required_text(shape, "device_id"),
        name=_text(shape, "name"),
        is_online=shape.get("is_online") is True,
        has_relay=shape.get("has_relay") is True,
        mode=_mode(shape, "active_mode"),
        udf1=_udf1(shape),
        energy_kwh=_reading(shape, ENERGY),
    )


def live_metrics(data: Json) -> LiveMetrics:
    """This function will read current metrics. Raises Unreadable without a register."""
    shape = _as_object(data, "metrics")
    relay_on = shape.get("relay_state")
    return LiveMetrics(
        device_id=_required_text(shape, "device_id"),
        energy_kwh=_required_number(shape.get(ENERGY), ENERGY),
        power_w=_number(shape.get(_POWER)),
        relay_on=relay_on if isinstance(relay_on, bool) else None,
        mode=_mode(shape, "mode"),
        supply=_supply(shape.get("active_tariff")),
    )


def metrics_of_device(data: Json) -> LiveMetrics | None:
    """This function will read metrics off a device's own readings; None without a register.

    Nothing there tells the relay's state or the supply: None and the grid (assumed).
    """
    shape = _as_object(data, "device")
    energy_kwh = _reading(shape, ENERGY)
    if energy_kwh is None:
        return None
    return LiveMetrics(
        device_id=_required_text(shape, "device_id"),
        energy_kwh=energy_kwh,
        power_w=_reading(shape, _POWER),
        relay_on=None,
        mode=_mode(shape, "active_mode"),
        supply=ActiveSupply.GRID,
    )


def day_closes(data: Json, *, from_on: date, to_on: date) -> list[DayClose]:
    """This function will read history: one close per day at most, in order, within the dates.

    A point that is no close (the running day), not dated or not a number is left out.
    """
    closes: dict[date, tuple[datetime, Decimal]] = {}
    for stamped_at, energy_kwh in _points(_as_object(data, "history").get("readings")):
        on = stamped_at.date()  # the stamp carries the building's own offset
        if not from_on <= on <= to_on or stamped_at.time() < _LAST_MINUTE:
            continue
        known = closes.get(on)
        if known is None or known[0].time() <= stamped_at.time():
            closes[on] = (stamped_at, energy_kwh)
    return [DayClose(on=on, energy_kwh=closes[on][1]) for on in sorted(closes)]


def labels(data: Json) -> dict[str, str | None]:
    """This function will read all that a label can hold, as far as it is there.

    Raises Unreadable.
    """
    shape = _as_object(data, "labels")
    written = {label: shape[label] for label in _LABELS if label in shape}
    return {label: None if text is None else str(text) for label, text in written.items()}


def _as_object(data: Json, what: str) -> dict[str, Json]:
    if isinstance(data, dict):
        return data
    raise Unreadable(what)


def _as_list(data: Json, what: str) -> list[Json]:
    if isinstance(data, list):
        return data
    raise Unreadable(what)


def _listed_device(shape: dict[str, Json]) -> DeviceListing:
    return DeviceListing(
        device_id=_required_text(shape, "device_id"),
        name=_text(shape, "name"),
        mode=_mode(shape, "active_mode"),
        udf1=_udf1(shape),
    )


def _points(readings: Json) -> Iterator[tuple[datetime, Decimal]]:
    for point in _objects(readings):
        energy_kwh, stamped_at = _number(point.get("value")), _instant(point.get("timestamp"))
        if point.get("property_id", ENERGY) == ENERGY and energy_kwh is not None and stamped_at:
            yield stamped_at, energy_kwh


def _instant(stamp: Json) -> datetime | None:
    try:
        return datetime.fromisoformat(stamp) if isinstance(stamp, str) else None
    except ValueError:
        return None


def _objects(data: Json) -> list[dict[str, Json]]:
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def _reading(shape: dict[str, Json], property_id: str) -> Decimal | None:
    for reading in _objects(shape.get("readings")):
        if reading.get("property_id") == property_id:
            return _number(reading.get("value"))
    return None


def _number(value: Json) -> Decimal | None:
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return None
    number = Decimal(value)
    return number if abs(number) < _WIDEST_NUMBER else None


def _required_number(value: Json, field: str) -> Decimal:
    number = _number(value)
    if number is None:
        raise Unreadable(field)
    return number


def _required_int(shape: dict[str, Json], field: str) -> int:
    value = shape.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Unreadable(field)


def _required_text(shape: dict[str, Json], field: str) -> str:
    text = _text(shape, field)
    if not text:
        raise Unreadable(field)
    return text


def _text(shape: dict[str, Json], field: str) -> str:
    value = shape.get(field)
    return "" if value is None else str(value)


def _udf1(shape: dict[str, Json]) -> str | None:
    return _text(shape, "udf1").strip() or None


def _mode(shape: dict[str, Json], field: str) -> DeviceMode:
    try:
        return DeviceMode(_text(shape, field).lower())
    except ValueError:
        return DeviceMode.UNKNOWN


def _supply(active_tariff: Json) -> ActiveSupply:
    return ActiveSupply.GENERATOR if active_tariff == _GENERATOR else ActiveSupply.GRID
