from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from bot.web import Health, create_web, serving
from bot.web.server import MAX_UPDATE_BYTES, SECRET_HEADER

WELL = Health(ok=True, database=True, figures={"notices_pending": 3})
ILL = Health(ok=False, database=False, figures={})


async def well() -> Health:
    return WELL


async def ill() -> Health:
    return ILL


class Updates:
    """Remembers what came in."""

    def __init__(self) -> None:
        self.received: list[Mapping[str, Any]] = []

    async def receive(self, payload: Mapping[str, Any]) -> None:
        self.received.append(payload)


async def test_health_is_200_when_well_and_503_when_ill() -> None:
    for state, code in ((well, 200), (ill, 503)):
        async with (
            serving(create_web(health=state), host="127.0.0.1", port=0) as url,
            httpx.AsyncClient() as client,
        ):
            answer = await client.get(f"{url}/health")
            assert answer.status_code == code
            assert answer.json()["ok"] is (code == 200)


async def test_metrics_are_figures_a_line_each() -> None:
    async with (
        serving(create_web(health=well), host="127.0.0.1", port=0) as url,
        httpx.AsyncClient() as client,
    ):
        answer = await client.get(f"{url}/metrics")
    assert answer.text == "qube_bot_up 1\nqube_bot_notices_pending 3\n"


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({SECRET_HEADER: "right"}, b'{"update_id": 7}', 200),
        ({SECRET_HEADER: "wrong"}, b'{"update_id": 7}', 403),
        ({}, b'{"update_id": 7}', 403),
        ({SECRET_HEADER: "right"}, b"no json", 400),
        ({SECRET_HEADER: "right"}, b"[]", 400),
        ({SECRET_HEADER: "right"}, b"x" * (MAX_UPDATE_BYTES + 1), 413),
    ],
)
async def test_an_update_needs_the_secret_and_a_body_of_its_own(
    headers: dict[str, str], body: bytes, code: int
) -> None:
    updates = Updates()
    web = create_web(health=well, receive=updates.receive, secret="right")
    async with (
        serving(web, host="127.0.0.1", port=0) as url,
        httpx.AsyncClient() as client,
    ):
        answer = await client.post(f"{url}/telegram", headers=headers, content=body)
    assert answer.status_code == code
    assert updates.received == ([{"update_id": 7}] if code == 200 else [])


@pytest.mark.parametrize("above", ["", "/hook", "/bots/lakeside"])
async def test_an_update_comes_in_with_or_without_the_path_of_the_address(above: str) -> None:
    updates = Updates()
    web = create_web(health=well, receive=updates.receive, secret="right")
    async with (
        serving(web, host="127.0.0.1", port=0) as url,
        httpx.AsyncClient() as client,
    ):
        to = f"{url}{above}/telegram"
        answer = await client.post(
            to, headers={SECRET_HEADER: "right"}, content=b'{"update_id": 7}'
        )
        forged = await client.post(to, content=b'{"update_id": 8}')
    assert (answer.status_code, forged.status_code) == (200, 403)
    assert updates.received == [{"update_id": 7}]


async def test_without_a_webhook_there_is_no_such_path() -> None:
    async with (
        serving(create_web(health=well), host="127.0.0.1", port=0) as url,
        httpx.AsyncClient() as client,
    ):
        assert (await client.post(f"{url}/telegram", content=b"{}")).status_code == 404


async def test_a_taken_port_is_an_error_to_tell() -> None:
    app = create_web(health=well)
    async with serving(app, host="127.0.0.1", port=0) as url:
        taken = int(url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="in use"):
            async with serving(app, host="127.0.0.1", port=taken):
                pass
