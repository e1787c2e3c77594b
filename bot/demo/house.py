"""Puts the real bot and the simulated world together, with people who live there."""

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.app import open_app, open_works
from bot.config import LogLevel, Settings
from bot.demo.meters import fit
from bot.demo.tenants import PLACE, Tenancy, leases_file
from bot.jobs import Rhythm
from bot.running import RunningBot, running_bot
from bot.sandbox.page import Part
from bot.sandbox.qube.load import KOLKATA
from bot.sandbox.telegram import SandboxPerson
from bot.sandbox.telegram.world import Validate
from bot.sandbox.world import SandboxWorld, open_world
from bot.services.place import name_key

KEY = "demonstration-key"
TOKEN = "302000302:demonstration-of-lakeside"
REQUESTS_PER_MINUTE = 60_000
"""Simulated days last seconds, so that a day's requests come at once."""
BRISK = Rhythm(tick_s=0.2, worker_s=0.2)
JOIN_WITHIN_S = 20
STOP_HOURS = 6


class DemonstrationFailed(Exception):
    """The demonstration did not go as it should; `detail` says where."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The world, the bot in front of it, and the invitation of each room that is let."""

    world: SandboxWorld
    bot: RunningBot
    manager: SandboxPerson
    invitations: Mapping[str, str]

    async def move_in(self, tenant: SandboxPerson, room: str) -> None:
        """This function will let a tenant open the room's invitation, and wait for the answer."""
        await said(tenant, f"/start {self.invitations[room]}")


async def said(person: SandboxPerson, text: str) -> None:
    """This function will type something and wait until the bot has answered.

    Raises DemonstrationFailed.
    """
    seen = len([message for message in person.messages if message.from_bot])
    person.send_text(text)
    try:
        await person.until(
            lambda one: len([each for each in one.messages if each.from_bot]) > seen,
            timeout_s=JOIN_WITHIN_S,
        )
    except TimeoutError:
        raise DemonstrationFailed(f"no answer to “{text}” of {person.user.first_name}") from None


@asynccontextmanager
async def open_house(
    tenancies: Sequence[Tenancy],
    *,
    vacant: Sequence[str] = (),
    has_meters: bool = False,
    page_port: int = 0,
    validate: Validate | None = None,
) -> AsyncIterator[House]:
    """This function will run the bot in front of the building, with the leases taken in.

    With `has_meters` there are some that people read, beside the vendor's.
    `validate` judges every request to Telegram. Everything is gone when it is left.
    Raises OSError when the port is taken.
    """
    with tempfile.TemporaryDirectory(prefix="qube-bot-") as folder:
        async with open_world(
            qube_api_key=KEY,
            bot_token=TOKEN,
            requests_per_minute=REQUESTS_PER_MINUTE,
            validate=validate,
            page_port=page_port,
        ) as world:
            manager = world.introduce("Ravi", Part.MANAGER, last_name="Kumar", note="owner")
            settings = settings_for(world, Path(folder), owner_id=manager.user_id)
            invitations = await _take_in(settings, world, tenancies, vacant, has_meters)
            async with running_bot(settings, clock=world.clock, rhythm=BRISK) as bot:
                world.traveller.settle = bot.runner.catch_up
                world.traveller.next_stop = next_stop
                yield House(world=world, bot=bot, manager=manager, invitations=invitations)


def next_stop(instant: datetime) -> datetime:
    """This function will return the next 23:59, or the next sixth hour, in local time.

    At every stop the bot does what the hours since the last one asked of it.
    """
    local = instant.astimezone(KOLKATA)
    midnight = datetime.combine(local.date(), time.min, KOLKATA)
    quarter = midnight + timedelta(hours=local.hour // STOP_HOURS * STOP_HOURS + STOP_HOURS)
    check = midnight + timedelta(days=1) - timedelta(minutes=1)
    return quarter if local >= check else min(quarter, check)


def settings_for(world: SandboxWorld, folder: Path, *, owner_id: int) -> Settings:
    """This function will return settings that owe nothing to the environment of the process."""
    return Settings(
        telegram_bot_token=SecretStr(TOKEN),
        telegram_api_url=world.telegram_url,
        qube_api_key=SecretStr(KEY),
        qube_api_url=world.qube_url,
        qube_requests_per_minute=REQUESTS_PER_MINUTE,
        database_url=SecretStr(f"sqlite+aiosqlite:///{folder / 'demo.db'}"),
        owner_telegram_ids=(owner_id,),
        timezone=ZoneInfo("Asia/Kolkata"),
        currency="INR",
        default_language="en",
        upi_id="lakeside@upi",
        upi_name=PLACE,
        deduction_time=time(23, 59),
        webhook_url=None,
        webhook_secret=None,
        http_host="127.0.0.1",
        http_port=0,
        log_level=LogLevel.WARNING,
    )


async def _take_in(
    settings: Settings,
    world: SandboxWorld,
    tenancies: Sequence[Tenancy],
    vacant: Sequence[str],
    has_meters: bool,
) -> Mapping[str, str]:
    """Do what an operator does on the first day: sync, import, and one deduction."""
    async with open_app(settings, clock=world.clock) as app, open_works(app) as works:
        await works.sync.run()
        imported = await app.onboarding.carry_out(
            cause=None, content=leases_file(tenancies, world.building)
        )
        if imported.plan.problems:
            raise DemonstrationFailed(f"the leases are refused: {imported.plan.problems}")
        async with app.transactions.begin() as unit:
            places = {name_key(place.name): place for place in await unit.places.all()}
            for room in vacant:
                await unit.places.add_room(place_id=places[name_key(PLACE)].id, name=room)
        if has_meters:
            await fit(app, tenancies)
        await works.deductions.run()
        await works.reconciler.run()
    return {each.plan.row.room: each.ticket.token for each in imported.created}
