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
    assert (health["notices_failed"], health["relay_orders_open"]) == (0, 0)
    assert health["job_deduct_failed"] == 0
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


async def test_a_port_that_was_asked_for_must_be_free(house: House) -> None:
    await house.stop()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        house.settings = house.settings.model_copy(update={"http_port": taken.getsockname()[1]})
        with pytest.raises(OSError, match="in use"):
            await house.start()


async def test_the_usual_port_may_be_taken(house: House, caplog: pytest.LogCaptureFixture) -> None:
    await house.stop()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        house.settings = house.settings.model_copy(update={"http_port": port})
        house.settings.model_fields_set.discard("http_port")  # as if nobody had set it
        await house.start()

    assert f"port {port} is not to be had" in caplog.text
    assert "1 room" in (await house.ravi.say("/start")).text
