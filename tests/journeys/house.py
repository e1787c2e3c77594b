"""Room #302 and its people, with a bot that can be stopped, started and killed."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from pydantic import SecretStr

from bot.app import open_app, open_works
from bot.config import Settings
from bot.demo.tenants import Tenancy, leases_file
from bot.jobs import Rhythm
from bot.running import RunningBot, running_bot
from bot.sandbox.qube.lakeside import ROOM_302
from bot.sandbox.qube.load import KOLKATA
from bot.sandbox.qube.meter import SimulatedMeter
from bot.sandbox.telegram.records import Message
from bot.sandbox.world import SandboxWorld
from tests.driver import Chat

TOKEN = "4242:sandbox-token"
KEY = "sandbox-key"
OWNER = 700_000_900
SECOND_OWNER = 700_000_901
ON_REQUEST = Rhythm(tick_s=3600, heartbeat_s=3600, worker_s=0.05)
"""Jobs begin when a test moves the clock, the workers all the time."""
BRISK_PER_MINUTE = 60_000


def at(day: int, clock: str = "23:59", *, month: int = 11) -> datetime:
    """Return an instant of 2026 by the clock of the building."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=KOLKATA)


@dataclass(slots=True, kw_only=True)
class House:
    """The world, and the bot in front of it."""

    world: SandboxWorld
    settings: Settings
    ravi: Chat
    invitations: dict[str, str] = field(default_factory=dict)
    _bot: RunningBot | None = None
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def bot(self) -> RunningBot:
        """The bot, which must be running."""
        assert self._bot is not None
        return self._bot

    @property
    def meter(self) -> SimulatedMeter:
        """The device in Room 302."""
        return self.world.building.meter(ROOM_302)

    def has_light(self) -> bool:
        """Return whether power reaches Room 302."""
        return self.meter.is_flowing

    async def take_in(self, *tenancies: Tenancy) -> None:
        """Do what an operator does on the first day, by the services of the command line."""
        content = leases_file(tenancies, self.world.building)
        async with open_app(self.settings, clock=self.world.clock) as app, open_works(app) as works:
            await works.sync.run()
            imported = await app.onboarding.carry_out(cause=None, content=content)
        assert not imported.plan.problems, imported.plan.problems
        self.invitations |= {each.plan.row.room: each.ticket.token for each in imported.created}

    async def start(self) -> None:
        """Start the bot, and let it do what is due."""
        opening = running_bot(self.settings, clock=self.world.clock, rhythm=ON_REQUEST)
        self._bot = await self._running.enter_async_context(opening)
        await self.bot.runner.catch_up()

    async def stop(self) -> None:
        """Stop the bot as an operator does."""
        self._bot = None
        await self._running.aclose()

    async def until(self, moment: datetime) -> None:
        """Move the clock there, and let what is due happen."""
        self.world.clock.move_to(moment)
        await self.bot.runner.catch_up()

    def phone(self, first_name: str, *, user_id: int | None = None, language: str = "en") -> Chat:
        """Return the chat of somebody new."""
        return Chat(self.world.telegram.person(first_name, language, user_id))

    async def tenant(self, first_name: str = "Rinkesh", *, room: str = "Room #302") -> Chat:
        """Return the chat of somebody who has opened the invitation to a room."""
        chat = self.phone(first_name)
        await chat.say(f"/start {self.invitations[room]}")
        return chat

    async def balance(self, room: str = "Room #302") -> str:
        """Return what `export balances` says of a room."""
        rows = [row async for row in self.bot.app.exports.balances()]
        named = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        return next(row["balance"] for row in named if row["room"] == room)

    async def entries(self, kind: str, *, room: str = "Room #302") -> list[dict[str, str]]:
        """Return what `export ledger` says of a room, of one kind."""
        rows = [row async for row in self.bot.app.exports.ledger(lambda *_: "", in_detail=True)]
        named = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        return [row for row in named if (row["room"], row["kind"]) == (room, kind)]

    async def pay(self, typed: str, *, by: Chat | None = None) -> Message:
        """Type a payment, confirm it, and return the message that shows it."""
        chat = by or self.ravi
        asked = await chat.say(f"/pay {typed}")
        await chat.press("Record", on=asked)
        return await chat.until(
            lambda one: next((m for m in one.all if m.message_id == asked.message_id), None)
        )


def charged(since: Decimal, until: Decimal) -> str:
    """Return what a stretch of the counter costs at ₹6.50, as an export writes it."""
    rupees = (until - since) * Decimal("6.50")
    return f"-{rupees.quantize(Decimal('0.01'), ROUND_HALF_UP)}"


def settings_of(world: SandboxWorld, database_url: str, owner_ids: tuple[int, ...]) -> Settings:
    """Return settings for a bot in front of a world."""
    return Settings(
        telegram_bot_token=SecretStr(TOKEN),
        telegram_api_url=world.telegram_url,
        qube_api_key=SecretStr(KEY),
        qube_api_url=world.qube_url,
        qube_requests_per_minute=BRISK_PER_MINUTE,
        database_url=SecretStr(database_url),
        owner_telegram_ids=owner_ids,
        http_port=0,
    )
