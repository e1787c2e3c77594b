"""What each documented call does to the building, and what it answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.sandbox.qube.building import (
    LabelTaken,
    NoSuchDevice,
    NoSuchSpace,
    SimulatedBuilding,
    SimulatedSpace,
)
from bot.sandbox.qube.meter import Failure, MeterLabels, Mode, SimulatedMeter
from bot.sandbox.qube.payloads import (
    UDFS,
    Json,
    device_payload,
    history_payload,
    metrics_payload,
    space_payload,
)

WRITABLE = ("name", "description", *UDFS)


class Refusal(Exception):
    """The API says no, with a code of its own and an HTTP status."""

    def __init__(self, code: str, detail: str, *, status: int = 400) -> None:
        super().__init__(code, detail, status)
        self.code = code
        self.detail = detail
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, taken apart."""

    building: SimulatedBuilding
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    def fields(self) -> dict[str, Json]:
        """This function will read the body as a JSON object. Raises Refusal."""
        try:
            fields = json.loads(self.body)
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            raise Refusal("validation_error", "The body must be a JSON object.")
        return fields

    def space(self) -> SimulatedSpace:
        """This function will find the space of the path. Raises Refusal."""
        try:
            return self.building.space(int(self.path["space_id"]))
        except (NoSuchSpace, ValueError):
            raise Refusal("not_your_space", "This space does not belong to you.") from None

    def device(self) -> SimulatedMeter:
        """This function will find the device of the path. Raises Refusal."""
        try:
            meter = self.building.device(self.path["device_id"])
        except NoSuchDevice:
            raise Refusal("device_not_found", "Device not found.") from None
        if meter.space_id is None:
            raise Refusal("device_not_in_space", "Device is not in any space.", status=417)
        return meter

    def reachable_device(self) -> SimulatedMeter:
        """This function will find the device, which must be online. Raises Refusal."""
        meter = self.device()
        if not meter.is_online:
            raise Refusal("device_offline", "Device is offline.")
        return meter


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call came to; a lost answer never reaches the caller."""

    data: Json
    message: str | None = None
    lost: Failure | None = None


Handler = Callable[[Call], Answer]


def list_spaces(call: Call) -> Answer:
    building = call.building
    return Answer(data=[space_payload(building, space) for space in building.spaces])


def get_space(call: Call) -> Answer:
    return Answer(data=space_payload(call.building, call.space()))


def update_space(call: Call) -> Answer:
    """This function will change the given fields of a space and leave the others."""
    space = call.space()
    space.labels = _changed(space.labels, call.fields())
    return Answer(data=space_payload(call.building, space), message="Space updated")


def get_device(call: Call) -> Answer:
    return Answer(data=device_payload(call.device()))


def update_device(call: Call) -> Answer:
    """This function will change the given fields of a device and leave the others."""
    meter = call.device()
    try:
        call.building.relabel(meter, _changed(meter.labels, call.fields()))
    except LabelTaken as taken:
        raise Refusal("validation_error", f"udf1 {taken.udf1} is in use.") from taken
    return Answer(data=device_payload(meter), message="Device updated", lost=_lost(meter))


def set_mode(call: Call) -> Answer:
    meter = call.reachable_device()
    try:
        mode = Mode(call.fields().get("mode"))
    except ValueError:
        raise Refusal("validation_error", "Unknown mode.") from None
    if _is_ignored(meter):
        return Answer(data=False, message="Mode not changed")
    meter.set_mode(mode)
    return Answer(data=True, message=f"Mode set to {mode.value}", lost=_lost(meter))


def set_relay(call: Call) -> Answer:
    meter = call.reachable_device()
    if not meter.has_relay:
        raise Refusal("relay_not_supported", "Device has no relay.")
    is_on = call.fields().get("state")
    if not isinstance(is_on, bool):
        raise Refusal("validation_error", "state must be true or false.")
    if _is_ignored(meter) or (is_on and meter.mode is Mode.RELAY_OFF):
        return Answer(data=False, message="Relay state not changed")
    meter.set_relay(is_on=is_on)
    said = f"Relay turned {'on' if is_on else 'off'}"
    return Answer(data=True, message=said, lost=_lost(meter))


def get_metrics(call: Call) -> Answer:
    meter = call.device()
    _require_single_phase(meter)
    return Answer(data=metrics_payload(call.reachable_device()))


def get_history(call: Call) -> Answer:
    meter = call.device()
    _require_single_phase(meter)
    if call.query.get("property_id") != "energy" or call.query.get("interval", "1d") != "1d":
        raise Refusal("validation_error", "Only property_id=energy and interval=1d are kept.")
    first_on, last_on = _day(call, "from_date"), _day(call, "to_date")
    if last_on < first_on:
        raise Refusal("validation_error", "to_date lies before from_date.")
    has_partial_day = call.building.has_partial_day
    return Answer(data=history_payload(meter, first_on, last_on, has_partial_day=has_partial_day))


def _changed(labels: MeterLabels, fields: dict[str, Json]) -> MeterLabels:
    changes: dict[str, str | None] = {}
    for name in WRITABLE:
        value = fields.get(name, getattr(labels, name))
        if not isinstance(value, str) and not (value is None and name in UDFS):
            raise Refusal("validation_error", f"{name} must be text.")
        changes[name] = value
    return replace(labels, **changes)  # type: ignore[arg-type]


def _is_ignored(meter: SimulatedMeter) -> bool:
    if not meter.ignored_commands:
        return False
    meter.ignored_commands -= 1
    return True


def _lost(meter: SimulatedMeter) -> Failure | None:
    return meter.lost_answers.popleft() if meter.lost_answers else None


def _require_single_phase(meter: SimulatedMeter) -> None:
    if meter.phases != 1:
        raise Refusal("not_supported", "Not supported for three-phase devices yet.")


def _day(call: Call, name: str) -> date:
    text = call.query.get(name, "")
    try:
        day_on = date.fromisoformat(text)
    except ValueError:
        day_on = None
    if day_on is None or day_on.isoformat() != text:
        raise Refusal("validation_error", f"{name} must be a date as YYYY-MM-DD.")
    return day_on
