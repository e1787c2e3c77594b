"""A furnished building, and a worker of its outbox."""

import pytest

from bot.db.unit_of_work import SqlTransactions
from bot.sandbox.clock import SandboxClock
from bot.services.delivery import Delivery
from bot.services.pacing import Pacing
from tests.integration.db.world import AT
from tests.integration.delivery.building import Building, furnished
from tests.integration.delivery.scripted import LeapingTicker, ScriptedMessenger


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(AT)


@pytest.fixture
async def building(transactions: SqlTransactions) -> Building:
    return await furnished(transactions)


@pytest.fixture
async def messenger() -> ScriptedMessenger:
    return ScriptedMessenger()


@pytest.fixture
def ticker() -> LeapingTicker:
    return LeapingTicker()


@pytest.fixture
def pacing(ticker: LeapingTicker) -> Pacing:
    return Pacing(ticker=ticker)


@pytest.fixture
def delivery(
    building: Building, clock: SandboxClock, messenger: ScriptedMessenger, pacing: Pacing
) -> Delivery:
    return Delivery(building.transactions, clock, messenger, pacing)
