"""Webhook, health and metrics over HTTP."""

import asyncio
import contextlib
import hmac
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

WEBHOOK_PATH = "/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_UPDATE_BYTES = 1_000_000

Receive = Callable[[Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether the process can do its work, and the figures behind that."""

    ok: bool
    database: bool
    figures: Mapping[str, int]


def create_web(
    *,
    health: Callable[[], Awaitable[Health]],
    receive: Receive | None = None,
    secret: str | None = None,
) -> Starlette:
    """This function will build the endpoints; without `receive` there is no webhook.

    An update is answered with 200 only after it was handled, so that one which a crash took is
    sent again. `secret` must come with each update.
    """
    routes = [
        Route("/health", _health_endpoint(health), methods=["GET"]),
        Route("/metrics", _metrics_endpoint(health), methods=["GET"]),
    ]
    if receive is not None:
        endpoint = _webhook_endpoint(receive, secret or "")
        # A proxy in front may take the path of its own address off, or leave it on.
        paths = (WEBHOOK_PATH, f"/{{above:path}}{WEBHOOK_PATH}")
        routes += [Route(path, endpoint, methods=["POST"]) for path in paths]
    return Starlette(routes=routes)


def _health_endpoint(
    health: Callable[[], Awaitable[Health]],
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        state = await health()
        body = {"ok": state.ok, "database": state.database, **state.figures}
        return JSONResponse(body, status_code=200 if state.ok else 503)

    return answer


def _metrics_endpoint(
    health: Callable[[], Awaitable[Health]],
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        state = await health()
        lines = [f"qube_bot_up {int(state.ok)}"]
        lines += [f"qube_bot_{name} {value}" for name, value in sorted(state.figures.items())]
        return PlainTextResponse("\n".join(lines) + "\n")

    return answer


def _webhook_endpoint(receive: Receive, secret: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        if int(request.headers.get("content-length") or 0) > MAX_UPDATE_BYTES:
            return Response(status_code=413)
        try:
            payload = json.loads(await request.body())
        except ValueError:
            return Response(status_code=400)
        if not isinstance(payload, dict) or "update_id" not in payload:
            return Response(status_code=400)
        await receive(payload)
        return Response(status_code=200)

    return answer


@asynccontextmanager
async def serving(app: Starlette, *, host: str, port: int) -> AsyncIterator[str]:
    """This function will serve the endpoints until it is left, and yield their address.

    Raises OSError when the port is taken.
    """
    listener = _listen(host, port)
    server = _Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await server.up.wait()
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """Leaves signals to the process, and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the process's own affair."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that requests are answered from now on."""
        await super().startup(sockets)
        self.up.set()
