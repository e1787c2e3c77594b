"""`check`: everything that must be right before the bot is left alone, one line each."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx

from bot.app import backup_folder, catalogues_for, opened_database
from bot.config import Settings
from bot.db.backup import BackupToolMissing, BackupToolTooOld, backup_tool
from bot.db.engine import Database
from bot.db.migrate import latest_revision
from bot.db.readiness import NotMigrated, revision_of
from bot.db.unit_of_work import SqlTransactions
from bot.i18n.completeness import missing_texts
from bot.qube import connect
from bot.refusals import ANTICIPATED, sentence
from bot.services.ports import Clock, Lane
from bot.telegram.identity import whoami

LARGEST_SKEW = timedelta(seconds=60)
PATIENCE_S = 10

Look = Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one look found."""

    subject: str
    ok: bool
    detail: str

    def __str__(self) -> str:
        return f"{'ok' if self.ok else 'FAILED'} {self.subject}: {self.detail}"


class NotRight(Exception):
    """Something was looked at and is not as it must be; `detail` says what it is."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


async def findings(settings: Settings, clock: Clock) -> AsyncGenerator[Finding, None]:
    """This function will look at one thing after the other, whatever is wrong with the last."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened_database(settings))
        looks: dict[str, Look] = {
            "settings": lambda: _settings(settings),
            "database": lambda: _database(database),
            "Telegram token": lambda: _telegram(settings),
            "Qube key": lambda: _qube(settings),
            "clock": lambda: _clock(settings, clock),
            "catalogues": _catalogues,
            "ledger sums": lambda: _ledger(database),
            "backups": lambda: _backups(database),
        }
        for subject, look in looks.items():
            yield await _finding(subject, look)


async def _finding(subject: str, look: Look) -> Finding:
    try:
        return Finding(subject=subject, ok=True, detail=await look())
    except NotRight as error:
        return Finding(subject=subject, ok=False, detail=error.detail)
    except ANTICIPATED as error:
        return Finding(subject=subject, ok=False, detail=sentence(error))


async def _settings(settings: Settings) -> str:
    catalogues_for(settings)
    owners = len(settings.owner_telegram_ids)
    warning = "" if owners else ", but without OWNER_TELEGRAM_IDS nobody can manage anything"
    return f"{settings.timezone.key}, {settings.currency}, owners: {owners}{warning}"


async def _database(database: Database) -> str:
    current, latest = await revision_of(database), latest_revision()
    if current is None:
        raise NotRight("there are no tables yet: run `python -m bot migrate`")
    if current != latest:
        raise NotMigrated(current=current, latest=latest)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    return f"{kind}, revision {current}"


async def _telegram(settings: Settings) -> str:
    identity = await whoami(token=settings.bot_token(), api_url=settings.telegram_api_url)
    return f"@{identity.username}"


async def _qube(settings: Settings) -> str:
    async with connect(
        api_key=settings.api_key(),
        base_url=settings.qube_api_url,
        requests_per_minute=settings.qube_requests_per_minute,
    ) as gateway:
        spaces = await gateway.spaces(lane=Lane.MANUAL)
    devices = sum(len(space.devices) for space in spaces)
    return f"spaces: {len(spaces)}, devices: {devices}"


async def _clock(settings: Settings, clock: Clock) -> str:
    """Compare with what a server says, as far as one answers: a wrong clock charges wrong days."""
    now = clock.now()
    shown = f"{now:%Y-%m-%d %H:%M:%S} UTC, {now.astimezone(settings.timezone):%H:%M %Z}"
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
            answer = await client.head(settings.telegram_api_url)
        server_at = parsedate_to_datetime(answer.headers["Date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return f"{shown}, not compared with any server"
    skew = abs(clock.now() - server_at)
    if skew > LARGEST_SKEW:
        raise NotRight(f"{shown}, {skew.total_seconds():.0f} s away from what Telegram says")
    return shown


async def _catalogues() -> str:
    missing = missing_texts()
    gaps = [f"{language} lacks {count} texts" for language, count in missing.items() if count]
    if gaps:
        raise NotRight(", ".join(gaps))
    return ", ".join(("en", *missing))


async def _backups(database: Database) -> str:
    """Say so where there will be none: that is no reason not to run."""
    await revision_of(database)
    folder = backup_folder(database).absolute()
    try:
        return f"daily by {await backup_tool(database)} into {folder}"
    except (BackupToolMissing, BackupToolTooOld) as error:
        return f"none, as {sentence(error)}"


async def _ledger(database: Database) -> str:
    if await revision_of(database) != latest_revision():
        raise NotRight("cannot be added up before the database is migrated")
    async with SqlTransactions(database).read() as unit:
        flaws = await unit.ledger.flaws()
    if flaws:
        first = flaws[0]
        where = f"lease {first.lease_id}" if first.lease_id else f"entry {first.entry_id}"
        raise NotRight(
            f"{len(flaws)} do not add up, the first is {where}: "
            f"{first.found_paise} paise instead of {first.expected_paise}"
        )
    return "every balance is the sum of its postings"
