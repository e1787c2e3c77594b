"""Serving an ASGI application on loopback, inside the loop that is already running."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

BACKLOG = 2048
DROP_CONNECTION = "sandbox.drop_connection"
"""Name of the ASGI extension whose value, when called, aborts the client's connection."""


@contextlib.asynccontextmanager
async def serve(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """This function will serve the app over HTTP and yield its base URL, without a final slash.

    Port 0 lets the system choose a free one. On leaving, requests that still hang (long polls,
    streams) are cut off at once. Raises OSError when the port is taken.
    """
    listener = _listen(host, port)
    server = _Server(app)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="sandbox server")
    serving.add_done_callback(lambda _: server.ready.set())
    try:
        await server.ready.wait()
        if serving.done():
            serving.result()
        bound_port: int = listener.getsockname()[1]
        yield f"http://{host}:{bound_port}"
    finally:
        server.leave.set()
        await serving


def _listen(host: str, port: int) -> socket.socket:
    # Named as TCP, or asyncio does not set TCP_NODELAY and every answer waits 40 ms for an ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setblocking(False)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """uvicorn without signal handlers and without waiting, neither for a tick nor for a client."""

    def __init__(self, app: ASGIApp) -> None:
        self.exchanges = _Exchanges(app)
        self.ready = asyncio.Event()
        self.leave = asyncio.Event()
        super().__init__(
            uvicorn.Config(
                self.exchanges,
                log_config=None,
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                backlog=BACKLOG,
                timeout_keep_alive=75,
                ws="none",
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        await self.on_tick(0)
        self.ready.set()

    async def main_loop(self) -> None:
        await self.leave.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        for listener in self.servers:
            listener.close()
        await self.exchanges.cut_off()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for listener in self.servers:
            await listener.wait_closed()
        await self.lifespan.shutdown()


class _Exchanges:
    """Knows the requests under way, so that they can be ended without a trace in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: dict[asyncio.Task[None], asyncio.Transport] = {}
        self._closing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if scope["type"] != "http" or task is None:
            await self._app(scope, receive, send)
            return
        # ASGI has no word for "hang up"; uvicorn's `send` belongs to the object that can.
        transport: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]
        scope["extensions"] = {DROP_CONNECTION: transport.abort}
        self._under_way[task] = transport
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            pass  # who hangs up in the middle of a request gets no answer, and is no error
        except asyncio.CancelledError:
            if not self._closing:
                raise
        finally:
            del self._under_way[task]

    async def cut_off(self) -> None:
        """This function will hang up on every waiting client and end its request."""
        self._closing = True
        for transport in self._under_way.values():
            transport.abort()
        await asyncio.sleep(0)  # lets every connection learn that it is lost
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
