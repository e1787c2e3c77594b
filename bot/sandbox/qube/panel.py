"""The hand on the simulated building: JSON routes for the demonstration page and for tests."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.clock import ClockWouldGoBackwards, SandboxClock
from bot.sandbox.qube.building import NoSuchMeter, SimulatedBuilding
from bot.sandbox.qube.journal import RecordedRequest
from bot.sandbox.qube.meter import Failure, SimulatedMeter

MAX_SPEED = 86_400.0
MAX_STEP = timedelta(days=366)
MAX_FAILURES = 100

Endpoint = Callable[[Request], Awaitable[Response]]


class BadInput(Exception):
    """The page asked for something that cannot be; carries the sentence to show."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def panel_routes(building: SimulatedBuilding) -> list[Route]:
    """This function will make the routes, to be mounted under a path such as `/panel`."""
    panel = _Panel(building)
    return [
        Route("/building", _answering(panel.show_building)),
        Route("/clock", _answering(panel.show_clock)),
        Route("/clock", _answering(panel.set_clock), methods=["POST"]),
        Route("/wire", _answering(panel.show_wire)),
        Route("/meters/{udf1}/online", _answering(panel.set_online), methods=["POST"]),
        Route("/meters/{udf1}/replace", _answering(panel.replace), methods=["POST"]),
        Route("/meters/{udf1}/fail", _answering(panel.fail), methods=["POST"]),
    ]


def building_view(building: SimulatedBuilding) -> list[dict[str, object]]:
    """This function will describe every space with its meters as they stand now, as plain JSON."""
    return [
        {
            "space_id": space.space_id,
            "name": space.labels.name,
            "meters": [_meter_view(meter) for meter in building.meters(space.space_id)],
        }
        for space in building.spaces
    ]


def _answering(act: Callable[[Request, dict[str, Any]], object]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            given = await _fields(request) if request.method == "POST" else {}
            return JSONResponse(act(request, given))
        except BadInput as bad:
            return JSONResponse({"error": bad.sentence}, bad.status)

    return endpoint


async def _fields(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        fields = json.loads(body or b"{}")
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise BadInput("The body must be a JSON object.")
    return fields


class _Panel:
    """What each route does; every method answers with plain JSON values or raises BadInput."""

    def __init__(self, building: SimulatedBuilding) -> None:
        self._building = building

    def show_building(self, _request: Request, _given: dict[str, Any]) -> list[dict[str, object]]:
        return building_view(self._building)

    def show_clock(self, _request: Request, _given: dict[str, Any]) -> dict[str, object]:
        clock = self._building.clock
        return {"now": clock.now().isoformat(), "speed": clock.speed}

    def set_clock(self, request: Request, given: dict[str, Any]) -> dict[str, object]:
        if len(given) != 1 or not given.keys() <= {"speed", "step_seconds", "move_to"}:
            raise BadInput("Give one of speed, step_seconds and move_to.")
        clock = self._building.clock
        try:
            if "speed" in given:
                clock.set_speed(_number(given["speed"], "speed", most=MAX_SPEED))
            if "step_seconds" in given:
                most = MAX_STEP.total_seconds()
                seconds = _number(given["step_seconds"], "step_seconds", most=most)
                clock.step(timedelta(seconds=seconds))
            if "move_to" in given:
                clock.move_to(_instant(given["move_to"], clock))
        except ClockWouldGoBackwards as refused:
            raise BadInput(
                f"It is {refused.now.isoformat()} already: time does not go back."
            ) from None
        return self.show_clock(request, given)

    def show_wire(self, request: Request, _given: dict[str, Any]) -> dict[str, object]:
        try:
            after = int(request.query_params.get("after", "0"))
        except ValueError:
            raise BadInput("after must be a whole number.") from None
        requests = self._building.requests
        lines = [_line(entry) for entry in requests.after(after)]
        return {"last": requests.last_number, "lines": lines}

    def set_online(self, request: Request, given: dict[str, Any]) -> dict[str, object]:
        udf1 = self._udf1(request)
        is_online = given.get("online")
        if not isinstance(is_online, bool):
            raise BadInput("online must be true or false.")
        if is_online:
            self._building.bring_back(udf1)
        else:
            self._building.take_offline(udf1)
        return _meter_view(self._building.meter(udf1))

    def replace(self, request: Request, _given: dict[str, Any]) -> dict[str, object]:
        udf1 = self._udf1(request)
        self._building.replace(udf1)
        return _meter_view(self._building.meter(udf1))

    def fail(self, request: Request, given: dict[str, Any]) -> dict[str, object]:
        udf1 = self._udf1(request)
        times = given.get("times", 1)
        if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= MAX_FAILURES:
            raise BadInput(f"times must be a whole number from 1 to {MAX_FAILURES}.")
        how = given.get("how", Failure.DROP.value)
        words = [failure.value for failure in Failure]
        if how not in words:
            raise BadInput(f"how must be one of {', '.join(words)}.")
        self._building.fail_after_effect(udf1, times, how)
        return _meter_view(self._building.meter(udf1))

    def _udf1(self, request: Request) -> str:
        udf1: str = request.path_params["udf1"]
        try:
            self._building.meter(udf1)
        except NoSuchMeter:
            raise BadInput(f"There is no meter {udf1}.", status=404) from None
        return udf1


def _number(value: object, name: str, *, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise BadInput(f"{name} must be a number from 0 to {most:g}.")
    return value


def _instant(value: object, clock: SandboxClock) -> datetime:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise BadInput("move_to must be an ISO 8601 instant with its offset.")
    if instant - clock.now() > MAX_STEP:
        raise BadInput(f"move_to must lie within {MAX_STEP.days} days.")
    return instant


def _meter_view(meter: SimulatedMeter) -> dict[str, object]:
    return {
        "room": meter.labels.name,
        "udf1": meter.labels.udf1,
        "device_id": meter.device_id,
        "register": str(meter.register_kwh),
        "watts": meter.active_power_w,
        "relay_on": meter.is_flowing,
        "has_relay": meter.has_relay,
        "online": meter.is_online,
        "mode": meter.mode.value,
        "phases": meter.phases,
        "failures_ahead": len(meter.lost_answers),
    }


def _line(entry: RecordedRequest) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "method": entry.method,
        "path": f"{entry.path}?{entry.query}" if entry.query else entry.path,
        "body": entry.body,
        "status": entry.status,
        "outcome": entry.outcome,
    }
