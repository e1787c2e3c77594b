"""The one table of handlers, and the life of the bot from its first poll to its last."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Bot, Update
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from bot.domain.people import Permission
from bot.i18n import N_, Catalogues
from bot.telegram import everyone
from bot.telegram.access import Doorkeeper
from bot.telegram.audience import ANYONE, KNOWN, TENANT, tenants_and_staff_with
from bot.telegram.callbacks import Action
from bot.telegram.context import Services
from bot.telegram.dispatch import Dispatcher
from bot.telegram.errors import Apologies, log_trouble
from bot.telegram.menus import Menus
from bot.telegram.polling import Polling, retry_after_s
from bot.telegram.routing import Route, Routes
from bot.telegram.staff.table import STAFF_TABLE
from bot.telegram.tenant import home, statement, usage
from bot.telegram.tenant.bills_table import BILLS_TABLE
from bot.telegram.tenant.claim_table import CLAIM_TABLE
from bot.telegram.tenant.dispute_table import DISPUTE_TABLE
from bot.telegram.tenant.reading_table import METER_READING_TABLE
from bot.telegram.tenant.top_up_table import TOP_UP_TABLE
from bot.telegram.turns import OneAtATimePerChat

SEES_MONEY = tenants_and_staff_with(Permission.SEE_MONEY)

TABLE: tuple[Route, ...] = (
    Route(command="start", menu=N_("Begin"), audience=ANYONE, handler=everyone.start),
    # --- staff: first, so that who is a tenant besides finds both -------------------------
    *STAFF_TABLE,
    # --- tenants -------------------------------------------------------------------------
    Route(
        command="balance",
        menu=N_("What is left, and how long it lasts"),
        action=Action.HOME,
        audience=TENANT,
        handler=home.home,
    ),
    Route(action=Action.REFRESH, audience=TENANT, handler=home.refresh),
    Route(
        command="usage",
        menu=N_("What you used, as a picture"),
        audience=TENANT,
        handler=usage.usage,
    ),
    Route(action=Action.USAGE, audience=SEES_MONEY, handler=usage.usage),
    *TOP_UP_TABLE,
    Route(
        command="statement",
        menu=N_("Every charge and payment"),
        audience=TENANT,
        handler=statement.statement,
    ),
    Route(action=Action.STATEMENT, audience=SEES_MONEY, handler=statement.statement),
    Route(action=Action.ENTRY, audience=SEES_MONEY, handler=statement.entry),
    *BILLS_TABLE,
    *CLAIM_TABLE,
    *DISPUTE_TABLE,
    *METER_READING_TABLE,
    # --- everybody who is known ------------------------------------------------------------
    Route(
        command="language",
        menu=N_("Choose your language"),
        action=Action.LANGUAGE,
        audience=KNOWN,
        handler=everyone.language,
    ),
    Route(
        command="help",
        menu=N_("What you can do here"),
        action=Action.HELP,
        audience=KNOWN,
        handler=everyone.help_,
    ),
    Route(
        command="cancel",
        menu=N_("Stop what you have begun"),
        action=Action.CANCEL,
        audience=KNOWN,
        handler=everyone.cancel,
    ),
)

ALLOWED_UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
_POLL_GRACE_S = 10
_CONNECT_S = 5
_ANSWER_S = 20
_UPLOAD_S = 60
_CONNECTIONS = 64
_REMEMBERED = 1_000
_PAUSES_S = (1.0, 2.0, 4.0, 8.0)  # a network that comes up after the process is no reason to end


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramBot:
    """The Telegram side, put together and not running yet.

    `bot` is the client, also for those who write without being asked.
    """

    bot: Bot
    turns: OneAtATimePerChat
    dispatcher: Dispatcher
    default_language: str
    handled: deque[int] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    async def process_update_json(self, payload: Mapping[str, Any]) -> None:
        """This function will handle one update that a webhook has received, in its chat's turn.

        One whose 200 got lost comes again, and is not answered again.
        """
        update = Update.de_json(dict(payload), self.bot)
        if update.update_id not in self.handled:
            await self.process(update)
            self.handled.append(update.update_id)

    async def process(self, update: Update) -> None:
        """This function will handle one update in its chat's turn."""
        await self.turns.process_update(update, self.dispatcher.dispatch(update))


def build_application(
    *,
    token: str,
    api_url: str,
    services: Services,
    catalogues: Catalogues,
    default_language: str,
    default_zone: ZoneInfo,
) -> TelegramBot:
    """This function will put the Telegram side together; nothing is sent before it runs.

    Raises telegram.error.InvalidToken for what cannot be one.
    """
    bot = Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=_request(_CONNECTIONS, _ANSWER_S),
        get_updates_request=_request(2, _POLL_GRACE_S),
    )
    doorkeeper = Doorkeeper(
        services.access, catalogues, default_language=default_language, default_zone=default_zone
    )
    routes = Routes(TABLE)
    dispatcher = Dispatcher(
        bot=bot,
        routes=routes,
        menus=Menus(routes.menu()),
        services=services,
        catalogues=catalogues,
        doorkeeper=doorkeeper,
        apologies=Apologies(bot, doorkeeper),
    )
    return TelegramBot(
        bot=bot,
        turns=OneAtATimePerChat(),
        dispatcher=dispatcher,
        default_language=default_language,
    )


@asynccontextmanager
async def running(
    telegram: TelegramBot,
    *,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
    pauses_s: Sequence[float] = _PAUSES_S,
) -> AsyncIterator[TelegramBot]:
    """This function will answer people until it is left, and then finish what is under way.

    Updates come by long polling, or to a webhook when its address is given.
    Raises telegram.error.TelegramError when Telegram refuses the token, or cannot be reached
    although it was asked again after each of the pauses.
    """
    bot, dispatcher = telegram.bot, telegram.dispatcher
    async with AsyncExitStack() as stack:

        async def begin() -> None:
            await bot.initialize()
            await dispatcher.menus.show_strangers(
                bot, dispatcher.catalogues, default_language=telegram.default_language
            )
            if webhook_url is not None:
                await bot.set_webhook(
                    webhook_url, allowed_updates=ALLOWED_UPDATES, secret_token=webhook_secret
                )
            else:
                await bot.delete_webhook()

        stack.push_async_callback(bot.shutdown)
        await _patiently(begin, pauses_s)
        if webhook_url is None:
            polling = Polling(bot, telegram.process, allowed=ALLOWED_UPDATES, report=log_trouble)
            await stack.enter_async_context(polling.running())
        yield telegram


async def _patiently(begin: Callable[[], Awaitable[None]], pauses_s: Sequence[float]) -> None:
    for pause_s in pauses_s:
        try:
            return await begin()
        except BadRequest:
            raise
        except (NetworkError, RetryAfter) as error:
            log_trouble(error)
            await asyncio.sleep(max(pause_s, retry_after_s(error)))
    return await begin()


def _request(connections: int, answer_s: float) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=_CONNECT_S,
        read_timeout=answer_s,
        write_timeout=answer_s,
        pool_timeout=_ANSWER_S,
        media_write_timeout=_UPLOAD_S,
    )
