"""The simulated building behind the documented Qube API, slashes and all."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.qube import calls
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.calls import Answer, Call, Handler, Refusal
from bot.sandbox.qube.meter import Failure
from bot.sandbox.qube.payloads import Json, envelope
from bot.sandbox.serving import DROP_CONNECTION

BASE_PATH = "/api/v2"
CALLS: dict[str, dict[str, Handler]] = {
    "/spaces/": {"GET": calls.list_spaces},
    "/spaces/{space_id}/": {"GET": calls.get_space, "PUT": calls.update_space},
    "/devices/{device_id}/": {"GET": calls.get_device, "PUT": calls.update_device},
    "/devices/{device_id}/mode": {"PUT": calls.set_mode},
    "/devices/{device_id}/relay": {"PUT": calls.set_relay},
    "/devices/{device_id}/metrics": {"GET": calls.get_metrics},
    "/devices/{device_id}/metrics/history": {"GET": calls.get_history},
}
NO_ANSWER = 0
LOGGED_BODY_BYTES = 200


def create_qube_app(
    building: SimulatedBuilding, *, api_key: str, requests_per_minute: int | None = 100
) -> Starlette:
    """This function will put a building behind HTTP, for one key, under `/api/v2`.

    Over `requests_per_minute` in any minute of real time it answers 429; None sets no limit.
    """
    building.throttle.requests_per_minute = requests_per_minute
    front = _Front(building, api_key)
    routes = [
        Route(BASE_PATH + path, front.endpoint(handlers), methods=list(handlers))
        for path, handlers in CALLS.items()
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: front.refuse_path})
    app.router.redirect_slashes = False
    return app


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """What goes back over the wire, and the word for it in the journal."""

    status: int
    outcome: str
    response: Response


class _Front:
    """What stands between the wire and the calls: faults, the key, the limit, the journal."""

    def __init__(self, building: SimulatedBuilding, api_key: str) -> None:
        self._building = building
        self._api_key = api_key

    def endpoint(self, handlers: dict[str, Handler]) -> Callable[[Request], Awaitable[Response]]:
        """This function will make one path of the API out of its calls by method."""

        async def answer(request: Request) -> Response:
            handler = handlers.get(request.method)
            if handler is None:
                raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED)
            real_seconds = time.monotonic()
            body = await request.body() if request.method == "PUT" else b""
            if await self._is_abandoned(request):
                reply = _no_answer("abandoned", _NoAnswer())
            else:
                reply = self._reply(handler, request, body)
            self._record(request, real_seconds, body, reply)
            return reply.response

        return answer

    async def refuse_path(self, request: Request, refused: Exception) -> Response:
        """This function will show the page of a web server that knows no such path."""
        status = refused.status_code if isinstance(refused, HTTPException) else 500
        reply = _page(HTTPStatus(status))
        self._record(request, time.monotonic(), b"", reply)
        return reply.response

    async def _is_abandoned(self, request: Request) -> bool:
        """This function will keep a client waiting as ordered, and tell whether it gave up."""
        seconds = self._building.unresponsive_seconds
        if not seconds:
            return False
        try:
            async with asyncio.timeout(None if math.isinf(seconds) else seconds):
                await _hang_up_of(request.receive)
        except TimeoutError:
            return False
        return True

    def _reply(self, handler: Handler, request: Request, body: bytes) -> _Reply:
        building = self._building
        if building.html_answers_left:
            building.html_answers_left -= 1
            return _page(HTTPStatus.BAD_GATEWAY)
        try:
            self._check_key(request)
            self._check_limit()
            answer = handler(
                Call(
                    building=building,
                    path=request.path_params,
                    query=request.query_params,
                    body=body,
                )
            )
        except Refusal as refusal:
            return self._refused(refusal)
        return self._answered(answer)

    def _check_key(self, request: Request) -> None:
        given = request.headers.get("x-qube-api-key")
        if given is None:
            raise Refusal("authentication_error", "API key is missing.", status=401)
        if given != self._api_key or self._building.key_is_revoked:
            raise Refusal("authentication_error", "API key is invalid.", status=401)

    def _check_limit(self) -> None:
        wait_seconds = self._building.throttle.refusal()
        if wait_seconds is not None:
            raise TooManyRequests(wait_seconds)

    def _answered(self, answer: Answer) -> _Reply:
        match answer.lost:
            case Failure.GATEWAY_ERROR:
                return _page(HTTPStatus.GATEWAY_TIMEOUT)
            case Failure.DROP | Failure.STALL as lost:
                return _no_answer(lost.value, _NoAnswer(is_dropped=lost is Failure.DROP))
        content: dict[str, Json] = {"success": True, "data": answer.data}
        if answer.message is not None:
            content["message"] = answer.message
        outcome = "not_changed" if answer.data is False else "ok"
        return self._json(200, outcome, content, {})

    def _refused(self, refusal: Refusal) -> _Reply:
        headers = {}
        if isinstance(refusal, TooManyRequests) and self._building.throttle.tells_when_to_retry:
            headers["Retry-After"] = str(refusal.wait_seconds)
        content: dict[str, Json] = {
            "success": False,
            "data": None,
            "error": {"code": refusal.code, "detail": refusal.detail},
        }
        return self._json(refusal.status, refusal.code, content, headers)

    def _json(
        self, status: int, outcome: str, content: dict[str, Json], headers: dict[str, str]
    ) -> _Reply:
        text = envelope(self._building.clock.now(), **content)
        response = Response(text, status, headers, media_type="application/json")
        return _Reply(status=status, outcome=outcome, response=response)

    def _record(self, request: Request, real_seconds: float, body: bytes, reply: _Reply) -> None:
        self._building.requests.record(
            real_seconds=real_seconds,
            at=self._building.clock.now(),
            method=request.method,
            path=request.scope["path"],
            query=request.scope["query_string"].decode(),
            body=body[:LOGGED_BODY_BYTES].decode(errors="replace"),
            status=reply.status,
            outcome=reply.outcome,
        )


class TooManyRequests(Refusal):
    """The key has used up its requests of this minute."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__("throttled", "Request was throttled.", status=429)
        self.wait_seconds = wait_seconds


class _NoAnswer(Response):
    """Leaves a client without an answer: hangs up on it, or waits until it hangs up."""

    def __init__(self, *, is_dropped: bool = False) -> None:
        super().__init__()
        self._is_dropped = is_dropped

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        if self._is_dropped:
            scope["extensions"][DROP_CONNECTION]()
        await _hang_up_of(receive)


async def _hang_up_of(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _no_answer(outcome: str, response: _NoAnswer) -> _Reply:
    return _Reply(status=NO_ANSWER, outcome=outcome, response=response)


def _page(status: HTTPStatus) -> _Reply:
    page = f"<html><body><h1>{status.value} {status.phrase}</h1></body></html>"
    return _Reply(status=status, outcome="page", response=HTMLResponse(page, status))
