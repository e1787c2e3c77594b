"""One demonstration world: simulated meters, a messenger, and the page on which both are seen."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.clock import SandboxClock
from bot.sandbox.page import Cast, Part, Stage, create_page_app
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.lakeside import lakeside_building
from bot.sandbox.qube.load import KOLKATA
from bot.sandbox.qube.server import BASE_PATH, create_qube_app
from bot.sandbox.serving import serve
from bot.sandbox.telegram import RateLimits, SandboxPerson, TelegramWorld, create_bot_api_app
from bot.sandbox.telegram.world import Validate
from bot.sandbox.travel import TimeTraveller

STORY_STARTS_AT = datetime(2026, 10, 25, 18, 0, tzinfo=KOLKATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxWorld:
    """What a program under demonstration connects to, and the hands to move it all.

    `qube_url` ends with the API's version; `telegram_url` stands in for https://api.telegram.org.
    """

    qube_url: str
    telegram_url: str
    page_url: str
    clock: SandboxClock
    traveller: TimeTraveller
    building: SimulatedBuilding
    telegram: TelegramWorld
    cast: Cast

    def introduce(
        self,
        first_name: str,
        part: Part,
        *,
        note: str = "",
        last_name: str | None = None,
        language_code: str = "en",
        user_id: int | None = None,
        phone_number: str | None = None,
    ) -> SandboxPerson:
        """This function will add a person with a phone; raises PersonExists.

        `note` is a word for the page's list of people, such as the room.
        """
        person = self.telegram.person(first_name, language_code, user_id, last_name=last_name)
        self.cast.introduce(person, part, note=note, phone_number=phone_number)
        return person


@asynccontextmanager
async def open_world(
    *,
    qube_api_key: str,
    bot_token: str,
    bot_username: str = "lakeside_bot",
    bot_name: str = "Lakeside Power",
    start_at: datetime = STORY_STARTS_AT,
    requests_per_minute: int | None = 100,
    message_limits: RateLimits | None = None,
    validate: Validate | None = None,
    page_host: str = "127.0.0.1",
    page_port: int = 0,
) -> AsyncIterator[SandboxWorld]:
    """This function will serve the Qube API, the Bot API and the page until it is left.

    The clock stands at `start_at` until someone moves it. Port 0 is any free one. Leaving ends
    journeys in time, polls and streams before the servers. Raises OSError when the port is taken.
    """
    clock = SandboxClock(start_at)
    building = lakeside_building(clock)
    telegram = TelegramWorld(
        bot_token,
        bot_username,
        clock.now,
        bot_name=bot_name,
        limits=message_limits,
        validate=validate,
    )
    traveller = TimeTraveller(clock, KOLKATA)
    stage = Stage(
        building=building,
        telegram=telegram,
        traveller=traveller,
        cast=Cast(),
        zone_name=str(KOLKATA),
    )
    qube_app = create_qube_app(
        building, api_key=qube_api_key, requests_per_minute=requests_per_minute
    )
    async with AsyncExitStack() as stack:
        qube_url = await stack.enter_async_context(serve(qube_app))
        telegram_url = await stack.enter_async_context(serve(create_bot_api_app(telegram)))
        page = serve(create_page_app(stage), page_host, page_port)
        page_url = await stack.enter_async_context(page)
        stack.push_async_callback(telegram.aclose)
        stack.push_async_callback(traveller.stop)
        yield SandboxWorld(
            qube_url=qube_url + BASE_PATH,
            telegram_url=telegram_url,
            page_url=page_url + "/",
            clock=clock,
            traveller=traveller,
            building=building,
            telegram=telegram,
            cast=stage.cast,
        )
