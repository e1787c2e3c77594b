"""What went over both wires, as lines of one log."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.journal import RecordedRequest
from bot.sandbox.qube.server import BASE_PATH
from bot.sandbox.telegram import TelegramWorld
from bot.sandbox.telegram.wire import WireEntry

MOST_LINES = 250
_MOST_CHARACTERS = 1_500
_TAG = re.compile(r"</?[a-z][^>]*>")
_SPEAKING_FIELDS = ("text", "caption", "action", "url", "commands", "file_id", "description")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPosition:
    """The numbers of the last lines that were read of either wire."""

    qube: int = 0
    telegram: int = 0


class WireLog:
    """Reads the two journals as one, in the order of real time."""

    def __init__(self, building: SimulatedBuilding, telegram: TelegramWorld) -> None:
        self._building = building
        self._telegram = telegram

    def after(self, position: LogPosition) -> tuple[LogPosition, list[dict[str, Any]]]:
        """This function will return the lines after a position, oldest first, and the new one.

        Of many only the newest are returned.
        """
        requests = self._building.requests.after(position.qube)[-MOST_LINES:]
        backwards = reversed(tuple(self._telegram.wire))
        calls = list(takewhile(lambda call: call.number > position.telegram, backwards))
        if requests:
            position = replace(position, qube=requests[-1].number)
        if calls:
            position = replace(position, telegram=calls[0].number)
        lines = [(request.real_seconds, _request_line(request)) for request in requests]
        lines += [(call.real_seconds, self._call_line(call)) for call in calls[:MOST_LINES]]
        lines.sort(key=lambda line: line[0])
        return position, [line for _, line in lines[-MOST_LINES:]]

    def _call_line(self, call: WireEntry) -> dict[str, Any]:
        answer = call.answer or {}
        return {
            "id": f"telegram-{call.number}",
            "source": "telegram",
            "at": call.at.isoformat(),
            "method": call.method,
            "target": self._addressee(call.params),
            "summary": _summary(call),
            "status": call.status,
            "problem": answer.get("description") if call.status is not None else "no answer",
            "details": _pretty({"params": _opened(call.params), "answer": call.answer}),
        }

    def _addressee(self, params: Mapping[str, Any]) -> str:
        chat_id = str(params.get("chat_id", ""))
        people = self._telegram.people.values()
        names = (person.user.first_name for person in people if str(person.chat_id) == chat_id)
        return next(names, chat_id)


def _request_line(request: RecordedRequest) -> dict[str, Any]:
    went_well = request.outcome == "ok"
    path = request.path.removeprefix(BASE_PATH)
    return {
        "id": f"qube-{request.number}",
        "source": "qube",
        "at": request.at.isoformat(),
        "method": request.method,
        "target": f"{path}?{request.query}" if request.query else path,
        "summary": request.body,
        "status": request.status or None,
        "problem": None if went_well else request.outcome.replace("_", " "),
        "details": f"{request.method} {request.path}?{request.query}".rstrip("?")
        + (f"\n\n{request.body}" if request.body else "")
        + f"\n\n{request.status or 'no answer'} · {request.outcome}",
    }


def _summary(call: WireEntry) -> str:
    if call.method == "getUpdates":
        return _updates(call)
    spoken = (call.params.get(name) for name in _SPEAKING_FIELDS)
    words = _TAG.sub("", str(next((text for text in spoken if text), "")))
    return _cut(" ".join(words.split()), 160)


def _updates(call: WireEntry) -> str:
    updates = (call.answer or {}).get("result") or []
    kinds = [kind for update in updates for kind in update if kind != "update_id"]
    return ", ".join(kinds)


def _opened(params: Mapping[str, Any]) -> dict[str, Any]:
    """Structures travel as JSON in strings; they are easier to read as what they are."""
    return {name: _structure(value) for name, value in params.items()}


def _structure(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _pretty(value: Any) -> str:
    return _cut(json.dumps(value, indent=2, ensure_ascii=False, default=str), _MOST_CHARACTERS)


def _cut(text: str, most_characters: int) -> str:
    return text if len(text) <= most_characters else text[: most_characters - 1] + "…"
