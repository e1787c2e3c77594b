"""The Bot API over HTTP: methods under `/bot<token>/`, files under `/file/bot<token>/`."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.serving import DROP_CONNECTION
from bot.sandbox.telegram.faults import Fault, PlannedRefusal
from bot.sandbox.telegram.methods import GET_UPDATES, METHOD_NAMES, METHODS
from bot.sandbox.telegram.params import Params, read_params
from bot.sandbox.telegram.refusals import WEBHOOK_IS_SET, Refusal, bad_request
from bot.sandbox.telegram.updates import PollTurn
from bot.sandbox.telegram.world import TelegramWorld


def create_bot_api_app(world: TelegramWorld) -> Starlette:
    """This function will build the server that a bot takes for api.telegram.org.

    Served by `bot.sandbox.serving.serve` it can also break connections, which some faults need.
    """
    api = _BotApi(world)
    return Starlette(
        routes=[
            Route("/bot{token}/{method}", api.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", api.download, methods=["GET"]),
        ],
        exception_handlers={404: _not_found},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    status: int
    answer: dict[str, Any]


class _BotApi:
    def __init__(self, world: TelegramWorld) -> None:
        self._world = world

    async def call(self, request: Request) -> Response:
        """This function will carry out one method, record it, and answer or fail on order."""
        name = METHOD_NAMES.get(request.path_params["method"].lower())
        if not self._is_ours(request):
            return _answered(_refused(Refusal(401, "Unauthorized")))
        if name is None:
            return _answered(_refused(Refusal(404, "Not Found: method not found")))
        try:
            params = await read_params(request)
        except Refusal as refusal:
            return self._finish(name, Params({}), _refused(refusal), None)
        fault = self._world.faults.take(name)
        if isinstance(fault, Fault) and not fault.has_effect:
            return self._finish(name, params, None, fault)
        outcome = await self._outcome(name, params, fault, request)
        return self._finish(name, params, outcome, fault)

    async def download(self, request: Request) -> Response:
        """This function will hand out a file that getFile has named."""
        if not self._is_ours(request):
            return _answered(_refused(Refusal(401, "Unauthorized")))
        found = self._world.files.by_path(request.path_params["path"])
        if found is None:
            return _answered(_refused(Refusal(404, "Not Found")))
        return Response(found.data, media_type="application/octet-stream")

    def _is_ours(self, request: Request) -> bool:
        token: str = request.path_params["token"]
        return secrets.compare_digest(token.encode(), self._world.bot_token.encode())

    async def _outcome(
        self, name: str, params: Params, fault: Fault | PlannedRefusal | None, request: Request
    ) -> _Outcome:
        try:
            self._validate(name, params)
            if isinstance(fault, PlannedRefusal):
                raise fault.refusal()
            if name == GET_UPDATES:
                result = await self._get_updates(params, request)
            else:
                result = METHODS[name](self._world, params)
        except Refusal as refusal:
            return _refused(refusal)
        return _Outcome(status=200, answer={"ok": True, "result": result})

    def _validate(self, name: str, params: Params) -> None:
        if self._world.validate is None:
            return
        reason = self._world.validate(name, params.for_validation())
        if reason is not None:
            self._world.violated(name, params.summary(), reason)
            raise bad_request(reason)

    async def _get_updates(self, params: Params, request: Request) -> list[dict[str, Any]]:
        world = self._world
        if world.webhook.target is not None:
            raise Refusal(409, WEBHOOK_IS_SET)
        world.updates.allow(params.names("allowed_updates"))
        turn = world.updates.begin_poll()
        if world.closed:
            turn.end()
        watching = asyncio.create_task(_end_when_gone(request, turn))
        try:
            return await world.updates.poll(
                turn,
                offset=params.integer("offset") or 0,
                limit=params.integer("limit") or 100,
                timeout_s=params.integer("timeout") or 0,
            )
        finally:
            watching.cancel()

    def _finish(
        self,
        name: str,
        params: Params,
        outcome: _Outcome | None,
        fault: Fault | PlannedRefusal | None,
    ) -> Response:
        silent = isinstance(fault, Fault)
        self._world.wire.add(
            at=self._world.now(),
            method=name,
            params=params.summary(),
            status=None if silent or outcome is None else outcome.status,
            answer=None if silent or outcome is None else outcome.answer,
        )
        if isinstance(fault, Fault):
            return _Stall() if fault.stalls else _HangUp()
        return _answered(outcome) if outcome else _HangUp()


class _Stall(Response):
    """Never answers; ends when the client gives up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await _until_gone(receive)


class _HangUp(Response):
    """Breaks the connection in place of an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        scope["extensions"][DROP_CONNECTION]()
        await _until_gone(receive)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _end_when_gone(request: Request, turn: PollTurn) -> None:
    await _until_gone(request.receive)
    turn.end()


def _refused(refusal: Refusal) -> _Outcome:
    return _Outcome(status=refusal.error_code, answer=refusal.envelope())


def _answered(outcome: _Outcome) -> Response:
    return JSONResponse(outcome.answer, status_code=outcome.status)


def _not_found(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return _answered(_refused(Refusal(404, "Not Found")))
