from collections.abc import AsyncIterator

import pytest

from bot.qube import QubeGateway
from tests.unit.qube.virtual_time import VirtualTicker

from .vendor import ScriptedVendor, gateway_to


@pytest.fixture
def ticker() -> VirtualTicker:
    return VirtualTicker()


@pytest.fixture
def vendor() -> ScriptedVendor:
    return ScriptedVendor()


@pytest.fixture
async def gateway(vendor: ScriptedVendor, ticker: VirtualTicker) -> AsyncIterator[QubeGateway]:
    async with gateway_to(vendor, ticker) as gateway:
        yield gateway
