"""The chats over HTTP, for a page that shows them and lets one act as a person."""

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.sandbox.telegram.chat_views import message_view, person_view, press_view, shown_keyboard
from bot.sandbox.telegram.files import FileKind
from bot.sandbox.telegram.person import (
    BotIsBlocked,
    ButtonStaysOnThePhone,
    NoSuchButton,
    NoSuchMessage,
    NothingToSend,
    PersonCannot,
    SandboxPerson,
)
from bot.sandbox.telegram.refusals import Refusal
from bot.sandbox.telegram.world import TelegramWorld

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
_ANSWER_WITHIN_S = 15.0


class _BadInput(Exception):
    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def chat_routes(world: TelegramWorld) -> list[BaseRoute]:
    """This function will build the routes that a page mounts, commonly under `/chat`."""
    pages = _Pages(world)
    reads: dict[str, Endpoint] = {
        "/people": pages.people,
        "/events": pages.events,
        "/files/{file_id}": pages.file,
        "/{user_id:int}/messages": pages.messages,
        "/{user_id:int}/commands": pages.commands,
    }
    writes: dict[str, Endpoint] = {
        "/{user_id:int}/text": pages.text,
        "/{user_id:int}/press": pages.press,
        "/{user_id:int}/photo": pages.photo,
        "/{user_id:int}/document": pages.document,
        "/{user_id:int}/contact": pages.contact,
        "/{user_id:int}/block": pages.block,
    }
    return [
        *(Route(path, _guarded(endpoint), methods=["GET"]) for path, endpoint in reads.items()),
        *(Route(path, _guarded(endpoint), methods=["POST"]) for path, endpoint in writes.items()),
    ]


class _Pages:
    def __init__(self, world: TelegramWorld) -> None:
        self._world = world

    async def people(self, request: Request) -> Response:  # noqa: ARG002
        bot = self._world.bot
        return JSONResponse(
            {
                "seq": self._world.changes.seq,
                "bot": {"username": bot.username, "name": bot.first_name},
                "people": [person_view(person) for person in self._world.people.values()],
            }
        )

    async def messages(self, request: Request) -> Response:
        person = self._person(request)
        after = _number(request.query_params.get("after", "0"), "after")
        changed = [message for message in person.messages if message.seq > after]
        return JSONResponse(
            {
                "seq": self._world.changes.seq,
                "messages": [message_view(message) for message in changed],
                "reply_keyboard": shown_keyboard(person.reply_keyboard),
                "bot_action": person.bot_action,
                "blocked": person.blocked,
            }
        )

    async def commands(self, request: Request) -> Response:
        return JSONResponse([command.payload() for command in self._person(request).commands()])

    async def file(self, request: Request) -> Response:
        found = self._world.files.by_id(request.path_params["file_id"])
        if found is None:
            raise _BadInput("There is no such file.", 404)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=31536000"}
        if found.kind is FileKind.DOCUMENT:
            headers["Content-Disposition"] = "attachment"
        return Response(found.data, media_type=found.mime, headers=headers)

    async def events(self, request: Request) -> Response:
        last = request.headers.get("last-event-id") or request.query_params.get("after")
        start = self._world.changes.seq if last is None else _number(last, "after")
        return StreamingResponse(
            self._stream(start),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    async def _stream(self, seq: int) -> AsyncIterator[str]:
        yield ": open\n\n"
        while not self._world.closed:
            await self._world.changed(seq)
            changes = self._world.changes.since(seq)
            seq = self._world.changes.seq
            chats = sorted({change.chat_id for change in changes if change.chat_id is not None})
            everybody = any(change.chat_id is None for change in changes)
            data = json.dumps({"seq": seq, "chats": chats, "everybody": everybody})
            yield f"id: {seq}\ndata: {data}\n\n"

    async def text(self, request: Request) -> Response:
        text = _string(await _object(request), "text")
        return _sent(self._person(request).send_text(text).message_id)

    async def press(self, request: Request) -> Response:
        """This function will tap a button and wait a while for the bot's answer."""
        person = self._person(request)
        body = await _object(request)
        message_id = _number(body.get("message_id"), "message_id")
        press = person.press(message_id, _string(body, "button"))
        with contextlib.suppress(TimeoutError):  # the page shows that the bot said nothing
            await person.until(lambda who: who.answer_to(press), timeout_s=_ANSWER_WITHIN_S)
        return JSONResponse(press_view(self._world.presses.get(press.query_id)))

    async def photo(self, request: Request) -> Response:
        async with request.form() as form:
            data, _, _ = await _file(form, "photo")
            caption = form.get("caption")
        person = self._person(request)
        return _sent(
            person.send_photo(data, caption if isinstance(caption, str) else None).message_id
        )

    async def document(self, request: Request) -> Response:
        async with request.form() as form:
            data, name, mime = await _file(form, "document")
        return _sent(self._person(request).send_document(data, name, mime).message_id)

    async def contact(self, request: Request) -> Response:
        phone_number = _string(await _object(request), "phone_number")
        return _sent(self._person(request).send_contact(phone_number).message_id)

    async def block(self, request: Request) -> Response:
        blocked = (await _object(request)).get("blocked")
        if not isinstance(blocked, bool):
            raise _BadInput('"blocked" must be true or false.')
        self._world.set_blocked(self._person(request).user_id, blocked)
        return JSONResponse({"blocked": blocked})

    def _person(self, request: Request) -> SandboxPerson:
        found = self._world.people.get(request.path_params["user_id"])
        if found is None:
            raise _BadInput("There is no such person.", 404)
        return found


def _guarded(endpoint: Endpoint) -> Endpoint:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except _BadInput as bad:
            return JSONResponse({"error": bad.sentence}, status_code=bad.status)
        except PersonCannot as error:
            return JSONResponse({"error": _sentence(error)}, status_code=400)
        except Refusal as refusal:
            return JSONResponse({"error": f"{refusal.description}."}, status_code=400)
        except HTTPException as error:
            return JSONResponse({"error": f"{error.detail}."}, status_code=400)

    return answer


def _sentence(error: PersonCannot) -> str:
    match error:
        case BotIsBlocked():
            return "The bot is blocked; unblock it or send /start."
        case NothingToSend():
            return "There is nothing to send."
        case NoSuchMessage(message_id=number):
            return f"There is no message {number} in this chat."
        case NoSuchButton(button=button):
            return f"The message has no button “{button}” any more."
        case ButtonStaysOnThePhone():
            return "This button opens a link or copies a text; the bot does not hear of it."
        case _:
            return "That is not possible here."


def _sent(message_id: int) -> Response:
    return JSONResponse({"message_id": message_id}, status_code=201)


async def _object(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise _BadInput("The request must be JSON.") from error
    if not isinstance(body, dict):
        raise _BadInput("The request must be a JSON object.")
    return body


def _string(body: dict[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise _BadInput(f'"{field}" must be a text.')
    return value


def _number(value: Any, field: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise _BadInput(f'"{field}" must be a whole number.') from error


async def _file(form: FormData, field: str) -> tuple[bytes, str, str]:
    upload = form.get(field)
    if not isinstance(upload, UploadFile):
        raise _BadInput(f'"{field}" must be a file.')
    mime = upload.content_type or "application/octet-stream"
    return await upload.read(), upload.filename or field, mime
