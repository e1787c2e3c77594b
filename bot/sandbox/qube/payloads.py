"""The API's JSON shapes, with quantities to the exact digit."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from bot.sandbox.qube.building import SimulatedBuilding, SimulatedSpace
from bot.sandbox.qube.load import KOLKATA
from bot.sandbox.qube.meter import MeterLabels, SimulatedMeter

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | Decimal | None"

UDFS = ("udf1", "udf2", "udf3", "udf4", "udf5")


def encode(value: Json) -> str:
    """This function will write JSON in which a Decimal becomes a number of the same digits."""
    if isinstance(value, dict):
        return "{" + ",".join(f'"{key}":{encode(item)}' for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join([encode(item) for item in value]) + "]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


def envelope(now: datetime, **content: Json) -> str:
    """This function will wrap an answer as the API does, stamped with the instant in UTC."""
    stamp = now.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    return encode({**content, "timestamp": stamp})


def space_payload(building: SimulatedBuilding, space: SimulatedSpace) -> Json:
    """This function will describe a space and list its devices, without readings."""
    return {
        "name": space.labels.name,
        "description": space.labels.description,
        "space_id": space.space_id,
        "devices": [_summary(meter) for meter in building.meters(space.space_id)],
        "tags": [],
        **_udfs(space.labels),
    }


def _summary(meter: SimulatedMeter) -> Json:
    return {
        "device_id": meter.device_id,
        "name": meter.labels.name,
        "active_mode": meter.mode.value,
        **_udfs(meter.labels),
    }


def device_payload(meter: SimulatedMeter) -> Json:
    """This function will describe a device; offline, with the readings that it last sent."""
    seen_at = meter.offline_since or meter.clock()
    power_w = meter.active_power_w_at(seen_at)
    readings: list[Json] = [
        {"property_id": "energy", "value": meter.register_kwh_at(seen_at), "unit": "kWh"},
        {"property_id": "active_power", "value": power_w, "unit": "W"},
        {"property_id": "voltage", "value": meter.voltage_v, "unit": "V"},
    ]
    return {
        "name": meter.labels.name,
        "description": meter.labels.description,
        "device_id": meter.device_id,
        "is_online": meter.is_online,
        "has_relay": meter.has_relay,
        "active_mode": meter.mode.value,
        "balance": meter.balance_paise,
        "readings": readings,
        **_udfs(meter.labels),
    }


def metrics_payload(meter: SimulatedMeter) -> Json:
    """This function will show a device's state of this moment."""
    return {
        "device_id": meter.device_id,
        "eb_tariff": meter.eb_tariff_paise,
        "dg_tariff": meter.dg_tariff_paise,
        "active_tariff": int(meter.active_tariff),
        "energy": meter.register_kwh,
        "active_power": meter.active_power_w,
        "voltage": meter.voltage_v,
        "balance": meter.balance_paise,
        "relay_state": meter.is_flowing,
        "mode": meter.mode.name,
        "pg_enabled": False,
    }


def history_payload(
    meter: SimulatedMeter, first_on: date, last_on: date, *, has_partial_day: bool
) -> Json:
    """This function will list the counter at the close of each local day, both days included."""
    points = meter.closes_kwh(first_on, last_on)
    today_on = meter.clock().astimezone(KOLKATA).date()
    if has_partial_day and first_on <= today_on <= last_on:
        points.append((today_on, meter.register_kwh))
    return {
        "device_id": meter.device_id,
        "from_date": first_on.isoformat(),
        "to_date": last_on.isoformat(),
        "readings": _points(points),
    }


def _points(points: Iterable[tuple[date, Decimal]]) -> list[Json]:
    return [
        {
            "property_id": "energy",
            "value": value_kwh,
            "unit": "kWh",
            "timestamp": f"{day_on.isoformat()}T23:59:59+05:30",
        }
        for day_on, value_kwh in points
    ]


def _udfs(labels: MeterLabels) -> dict[str, Json]:
    return {name: getattr(labels, name) for name in UDFS}
