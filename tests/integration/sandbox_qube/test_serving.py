import asyncio
import logging
import socket

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.serving import DROP_CONNECTION, serve


async def hello(_: Request) -> Response:
    return PlainTextResponse("hello")


async def test_an_app_answers_on_a_port_of_its_own() -> None:
    app = Starlette(routes=[Route("/", hello)])
    async with serve(app) as first, serve(app) as second, httpx.AsyncClient() as client:
        assert first != second
        assert [(await client.get(url)).text for url in (first, second)] == ["hello", "hello"]


async def test_nobody_answers_after_the_server_has_left() -> None:
    async with serve(Starlette(routes=[Route("/", hello)])) as url:
        pass
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)


async def test_a_waiting_client_is_hung_up_on_quietly_when_the_server_leaves(
    caplog: pytest.LogCaptureFixture,
) -> None:
    arrived = asyncio.Event()

    async def wait_forever(_: Request) -> Response:
        arrived.set()
        await asyncio.Event().wait()
        return Response()

    async with httpx.AsyncClient(timeout=None) as client:
        async with serve(Starlette(routes=[Route("/", wait_forever)])) as url:
            waiting = asyncio.create_task(client.get(url))
            await arrived.wait()
        with pytest.raises(httpx.TransportError):
            await waiting
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_an_app_can_drop_the_connection_without_an_answer() -> None:
    async def drop(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["extensions"][DROP_CONNECTION]()
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async with serve(drop) as url, httpx.AsyncClient() as client:
        with pytest.raises(httpx.TransportError):
            await client.get(url)


async def test_small_answers_leave_at_once() -> None:
    delays: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            connection = scope["extensions"][DROP_CONNECTION].__self__.get_extra_info("socket")
            delays.append(not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            await PlainTextResponse("hello")(scope, receive, send)

    async with serve(app) as url, httpx.AsyncClient() as client:
        await client.get(url)
    assert delays == [False]


async def test_a_taken_port_is_refused() -> None:
    app = Starlette(routes=[Route("/", hello)])
    async with serve(app) as url:
        with pytest.raises(OSError, match="in use"):
            async with serve(app, port=int(url.rpartition(":")[2])):
                pass


async def test_a_client_that_hangs_up_in_the_middle_of_its_request_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ended = asyncio.Event()

    async def read_all(request: Request) -> Response:
        try:
            return PlainTextResponse(await request.body())
        finally:
            ended.set()

    async with serve(Starlette(routes=[Route("/", read_all, methods=["POST"])])) as url:
        port = httpx.URL(url).port
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(5):
            await ended.wait()

    assert caplog.records == []
