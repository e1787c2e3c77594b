"""The page over HTTP: its files, the chats, the panel of the building, and what happens."""

import json
from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.page.stage import Stage
from bot.sandbox.page.stream import EventStream, Position
from bot.sandbox.qube.panel import panel_routes
from bot.sandbox.telegram import chat_routes
from bot.sandbox.travel import MAX_JOURNEY, ImpossibleJourney

STATIC = Path(__file__).parent / "static"
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_page_app(stage: Stage) -> Starlette:
    """This function will build the server of the page, to be opened at `/`."""
    page = _Page(stage)
    panel = [
        *panel_routes(stage.building),
        Route("/journey", page.depart, methods=["POST"]),
        Route("/journey", page.stop, methods=["DELETE"]),
    ]
    return Starlette(
        routes=[
            Route("/", page.index),
            Route("/setup", page.setup),
            Route("/events", page.events),
            Mount("/chat", routes=chat_routes(stage.telegram)),
            Mount("/panel", routes=panel),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(_SafeHeaders)],
    )


class _Page:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def index(self, request: Request) -> Response:  # noqa: ARG002
        return FileResponse(STATIC / "index.html")

    async def setup(self, request: Request) -> Response:  # noqa: ARG002
        return JSONResponse(self._stage.setup_view())

    async def events(self, request: Request) -> Response:
        heard = Position.parse(request.headers.get("last-event-id", ""))
        stream = EventStream(self._stage, heard)
        return StreamingResponse(stream.events(), media_type="text/event-stream")

    async def depart(self, request: Request) -> Response:
        """This function will set the clock moving by `hours`, or refuse with a sentence."""
        try:
            hours = json.loads(await request.body())["hours"]
            self._stage.traveller.depart(timedelta(hours=hours))
        except (ValueError, TypeError, KeyError, OverflowError, ImpossibleJourney):
            sentence = f"hours must be a number above 0 and within {MAX_JOURNEY.days} days."
            return JSONResponse({"error": sentence}, 400)
        return JSONResponse(self._stage.time_view())

    async def stop(self, request: Request) -> Response:  # noqa: ARG002
        await self._stage.traveller.stop()
        return JSONResponse(self._stage.time_view())


class _SafeHeaders:
    """Lets the page load its own files and nothing else; a file is asked for anew every time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._app(scope, receive, guarded)
