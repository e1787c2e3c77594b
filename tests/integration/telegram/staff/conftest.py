"""People of the staff, each in a chat of their own, and a building with some life in it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time

import pytest
import pytest_asyncio

from bot.domain.people import Role
from bot.domain.supply import SupplyReason
from bot.sandbox.telegram import TelegramWorld
from bot.services.delivery import Delivery
from bot.services.doorbell import Doorbell
from bot.services.pacing import Pacing
from bot.services.reconcile import Reconciler
from bot.telegram.application import TelegramBot
from bot.telegram.notifier import Notifier
from tests.driver import Chat
from tests.integration.telegram.conftest import CATALOGUES, OWNER
from tests.lakeside import KOLKATA, Lakeside, NoSwaps

FAST = 10**6
CarryOn = Callable[[], Awaitable[None]]


@pytest_asyncio.fixture
async def building(lakeside: Lakeside) -> Lakeside:
    """Return Lakeside: 302 is cut, 303 is low, 304 owes nothing, 305 is vacant."""
    await lakeside.let("Room #302", balance_paise=8_550)
    await lakeside.let("Room #303", tenant="Binod Das", balance_paise=31_200)
    await lakeside.let("Room #304", tenant="Chitra <Iyer>", balance_paise=300_000)
    await lakeside.set_power("Room #302", on=False, reason=SupplyReason.BELOW_CUT_OFF)
    async with lakeside.transactions.begin() as unit:
        await unit.places.add_room(place_id=lakeside.place.id, name="Room #305")
    return lakeside


async def _hired(
    world: TelegramWorld, building: Lakeside, role: Role, name: str, language: str = "en"
) -> Chat:
    person = world.person(name, language)
    await building.employ(person.user_id, role, name=name)
    return Chat(person)


@pytest_asyncio.fixture
async def ravi(world: TelegramWorld, building: Lakeside, telegram: TelegramBot) -> Chat:
    """Return the chat of a manager."""
    return await _hired(world, building, Role.MANAGER, "Ravi")


@pytest_asyncio.fixture
async def meera(world: TelegramWorld, building: Lakeside, telegram: TelegramBot) -> Chat:
    """Return the chat of another manager."""
    return await _hired(world, building, Role.MANAGER, "Meera")


@pytest_asyncio.fixture
async def anil(world: TelegramWorld, building: Lakeside, telegram: TelegramBot) -> Chat:
    """Return the chat of an accountant."""
    return await _hired(world, building, Role.ACCOUNTANT, "Anil")


@pytest_asyncio.fixture
async def kishan(world: TelegramWorld, building: Lakeside, telegram: TelegramBot) -> Chat:
    """Return the chat of a caretaker."""
    return await _hired(world, building, Role.CARETAKER, "Kishan")


@pytest_asyncio.fixture
async def elsewhere(world: TelegramWorld, building: Lakeside, telegram: TelegramBot) -> Chat:
    """Return the chat of a manager of another place."""
    person = world.person("Eve")
    person_id = await building.meet(person.user_id, name="Eve")
    async with building.transactions.begin() as unit:
        other = await unit.places.add(replace(building.place, name="Hilltop"))
        await unit.people.grant(person_id=person_id, place_id=other.id, role=Role.MANAGER)
    return Chat(person)


@pytest_asyncio.fixture
async def owner(world: TelegramWorld, building: Lakeside, telegram: TelegramBot) -> Chat:
    """Return the chat of the owner of everything."""
    return Chat(world.person("Olga", user_id=OWNER))


@pytest.fixture
def carry_on(telegram: TelegramBot, building: Lakeside) -> CarryOn:
    """Return what the workers do: orders go to the meters, and the outbox to people."""
    transactions, clock = building.transactions, building.clock
    reconciler = Reconciler(transactions, building.gateway, clock, NoSwaps(), Doorbell())
    notifier = Notifier(
        telegram.bot,
        CATALOGUES,
        default_language="en",
        default_zone=KOLKATA,
        check_time=time(23, 59),
    )
    pacing = Pacing(in_all_per_s=FAST, chat_per_s=FAST, chat_burst=FAST)
    delivery = Delivery(transactions, clock, notifier, pacing)

    async def work() -> None:
        await delivery.run()
        await reconciler.run()
        await delivery.run()

    return work


@pytest_asyncio.fixture
async def asha(world: TelegramWorld, building: Lakeside, telegram: TelegramBot) -> Chat:
    """Return the chat of the tenant of room 302, who has said hello."""
    person = world.person("Asha")
    await building.join("Room #302", person.user_id)
    chat = Chat(person)
    await chat.say("/start")
    return chat
