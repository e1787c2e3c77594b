"""Telegram calls the bot, instead of being asked."""

import socket

import httpx
import pytest
from pydantic import SecretStr

from tests.journeys.house import House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SECRET = "a-secret-of-ours"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_a_bot_that_is_called_answers_like_one_that_asks(house: House) -> None:
    await house.stop()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    house.settings = house.settings.model_copy(
        update={
            "http_port": port,
            "webhook_url": address,
            "webhook_secret": SecretStr(SECRET),
        }
    )
    await house.start()
    rinkesh = await house.tenant()
    assert "₹3,000.00" in rinkesh.text

    await house.pay("302 500 cash")
    await rinkesh.hears("✅ ₹500.00 received")
    async with httpx.AsyncClient() as client:
        health = (await client.get(f"{address}/health")).json()
        forged = await client.post(f"{address}/telegram", json={"update_id": 1})
    assert health["ok"] is True
    assert forged.status_code == 403

    polls = len(house.world.telegram.wire.of("getUpdates"))
    await rinkesh.say("/balance")
    assert len(house.world.telegram.wire.of("getUpdates")) == polls


async def test_a_bot_that_asks_again_takes_its_address_back(house: House) -> None:
    await house.stop()
    asking = house.settings
    port = free_port()
    house.settings = asking.model_copy(
        update={
            "http_port": port,
            "webhook_url": f"http://127.0.0.1:{port}",
            "webhook_secret": SecretStr(SECRET),
        }
    )
    await house.start()
    await house.stop()
    rinkesh = house.phone("Rinkesh")
    rinkesh.person.send_text(f"/start {house.invitations['Room #302']}")

    house.settings = asking
    await house.start()
    assert "₹3,000.00" in (await rinkesh.hears("Welcome!")).text
