"""What went over the wire since one last looked, as a conversation that can be read."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from html import unescape
from itertools import takewhile
from typing import Any

from bot.sandbox.qube.journal import RecordedRequest
from bot.sandbox.telegram.wire import WireEntry
from bot.sandbox.world import SandboxWorld

_TAG = re.compile(r"</?[a-z][^>]*>")
_WRITES = {
    "sendMessage": "",
    "sendPhoto": " sends a picture",
    "sendDocument": " sends a file",
    "editMessageText": " edits",
    "editMessageCaption": " edits",
    "editMessageMedia": " edits the picture",
}
_INDENT = " " * 7


class Transcript:
    """Reads both wires in the order of real time: chats, and commands to relays."""

    def __init__(self, world: SandboxWorld, zone: tzinfo) -> None:
        self._world = world
        self._zone = zone
        self._names = {
            str(person.chat_id): person.user.first_name for person in world.telegram.people.values()
        }
        self._calls_seen = 0
        self._requests_seen = world.building.requests.last_number
        self._updates_seen: set[int] = set()

    def news(self) -> list[str]:
        """This function will return the lines of what happened since it was asked last."""
        backwards = reversed(tuple(self._world.telegram.wire))
        calls = list(takewhile(lambda call: call.number > self._calls_seen, backwards))[::-1]
        requests = self._world.building.requests.after(self._requests_seen)
        self._calls_seen = calls[-1].number if calls else self._calls_seen
        self._requests_seen = self._world.building.requests.last_number
        told = [(call.real_seconds, list(self._call(call))) for call in calls]
        told += [(each.real_seconds, list(self._switch(each))) for each in requests]
        told.sort(key=lambda each: each[0])
        return [line for _, lines in told for line in lines]

    def _call(self, call: WireEntry) -> Iterator[str]:
        if call.status != 200:
            return
        if call.method == "getUpdates":
            for update in (call.answer or {}).get("result") or []:
                if update["update_id"] not in self._updates_seen:
                    self._updates_seen.add(update["update_id"])
                    yield from self._update(update, call.at)
        elif call.method in _WRITES:
            name = self._names.get(str(call.params.get("chat_id")), "?")
            yield self._head(call.at, f"bot → {name}{_WRITES[call.method]}")
            yield from _shown(call.params)
        elif call.method == "answerCallbackQuery" and call.params.get("text"):
            yield f"{_INDENT}({call.params['text']})"

    def _update(self, update: Mapping[str, Any], at: datetime) -> Iterator[str]:
        if message := update.get("message"):
            yield self._head(at, f"{message['from']['first_name']}: {message.get('text', '…')}")
        elif press := update.get("callback_query"):
            name = press["from"]["first_name"]
            yield self._head(at, f"{name} taps [ {_label(press)} ]")

    def _switch(self, request: RecordedRequest) -> Iterator[str]:
        if request.method == "PUT" and request.path.rstrip("/").endswith("relay"):
            said = f"bot → meter: relay {request.body} · {request.status} {request.outcome}"
            yield self._head(request.at, said)

    def _head(self, at: datetime, said: str) -> str:
        return f"{at.astimezone(self._zone):%H:%M}  {said}"


def _shown(params: Mapping[str, Any]) -> Iterator[str]:
    text = str(params.get("text") or params.get("caption") or "")
    yield from (f"{_INDENT}│ {line}".rstrip() for line in _plain(text).splitlines())
    for row in _keyboard(params.get("reply_markup")):
        yield f"{_INDENT}│ " + " ".join(f"[ {button['text']} ]" for button in row)


def _plain(html: str) -> str:
    return unescape(_TAG.sub("", html))


def _keyboard(markup: Any) -> list[list[dict[str, Any]]]:
    if isinstance(markup, str):
        markup = json.loads(markup)
    rows: list[list[dict[str, Any]]] = (markup or {}).get("inline_keyboard", [])
    return rows


def _label(press: Mapping[str, Any]) -> str:
    rows = _keyboard(press.get("message", {}).get("reply_markup"))
    buttons = (button for row in rows for button in row)
    data = press["data"]
    return next((str(each["text"]) for each in buttons if each.get("callback_data") == data), "?")
