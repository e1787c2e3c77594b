"""What each command does: results go to stdout, all else to stderr; returns the exit code."""

import asyncio
import logging
import os
import signal
import sys
from argparse import Namespace
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, aclosing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot.app import App, open_app, open_works, opened_database
from bot.clock import FixedClock, SystemClock
from bot.config import BadSettings, Settings, load_settings
from bot.db.backup import BackupToolMissing, BackupToolTooOld, backup, backup_tool
from bot.db.migrate import latest_revision, upgrade
from bot.db.readiness import revision_of
from bot.domain.place import Place
from bot.health import findings
from bot.i18n.explanation import explain
from bot.jobs import find, table
from bot.logs import start_logging
from bot.refusals import sentence
from bot.render import Workbook
from bot.running import open_delivery, running_bot, use_cases
from bot.services.exchange.export import Row
from bot.services.exchange.rows import csv_line
from bot.services.exchange.selection import Selection
from bot.services.exchange.tables import Table
from bot.services.ports import Clock
from bot.services.store import BookedEntry

logger = logging.getLogger(__name__)

OK, FAILED = 0, 1
JOB_NEEDS: Mapping[str, tuple[str, ...]] = {
    "backup": (),
    "deduct": ("QUBE_API_KEY",),
    "deliver": ("TELEGRAM_BOT_TOKEN",),
    "estimate": (),
    "inspect": (),
    "invoice": ("QUBE_API_KEY",),
    "losses": ("QUBE_API_KEY",),
    "photos": (),
    "reconcile": ("QUBE_API_KEY",),
    "remind": (),
    "sync": ("QUBE_API_KEY",),
    "unusual": (),
}
EXPORTS = tuple(sorted(table.value for table in Table))
MONTHLY = tuple(sorted(table.value for table in Table if table.is_monthly))


def settings_for(*required: str) -> Settings:
    """This function will read the settings and begin to log. Raises BadSettings."""
    settings = load_settings(required)
    start_logging(settings.log_level, secrets=settings.secrets())
    return settings


async def run(_args: Namespace) -> int:
    """This function will be the bot until it is told to stop."""
    settings = settings_for("TELEGRAM_BOT_TOKEN", "QUBE_API_KEY")
    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    async with running_bot(settings) as bot:
        logger.info("the bot is running")
        await _warn_of_backups(bot.app)
        await stopped.wait()
        logger.info("the bot is stopping")
    return OK


async def _warn_of_backups(app: App) -> None:
    try:
        await backup_tool(app.database)
    except (BackupToolMissing, BackupToolTooOld) as error:
        logger.warning("there will be no daily backup: %s", sentence(error))


async def check(_args: Namespace) -> int:
    """This function will print what is right and what is not, one line each."""
    try:
        settings = settings_for()
    except BadSettings as error:
        print(f"FAILED settings: {sentence(error)}")
        return FAILED
    all_ok = True
    async with aclosing(findings(settings, SystemClock())) as found:
        async for finding in found:
            print(finding, flush=True)
            all_ok = all_ok and finding.ok
    return OK if all_ok else FAILED


async def job(args: Namespace) -> int:
    """This function will run one job, whatever the hour, and print what it did."""
    settings = settings_for(*JOB_NEEDS[args.name])
    clock = _clock(args.now, settings)
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(settings, clock=clock))
        works = delivery = None
        if "QUBE_API_KEY" in JOB_NEEDS[args.name]:
            works = await stack.enter_async_context(open_works(app))
        if "TELEGRAM_BOT_TOKEN" in JOB_NEEDS[args.name]:
            delivery = await stack.enter_async_context(open_delivery(app))
        uses = use_cases(app, works, delivery)
        jobs = table(uses, app.speaker, check_time=settings.deduction_time)
        report = await find(jobs, args.name).once()
    for line in (*report.lines, report.summary):
        print(line)
    return OK


async def migrate(_args: Namespace) -> int:
    """This function will bring the database to the shape that this program needs."""
    settings = settings_for()
    async with opened_database(settings) as database:
        before = await revision_of(database)
        if before != latest_revision():
            await upgrade(database)
        after = await revision_of(database)
    print(f"at {after} already" if before == after else f"from {before or 'nothing'} to {after}")
    return OK


async def export(args: Namespace) -> int:
    """This function will write CSV to stdout, or to a file that is whole or not there.

    A file whose name ends in .xlsx becomes a workbook.
    """
    selection = Selection(month_on=args.month)
    is_book = args.out is not None and args.out.suffix.lower() == ".xlsx"
    async with open_app(settings_for()) as app:
        with _opened(args.out) as out, _writing(out, args.what, is_book=is_book) as write:
            source = _rows(app, Table(args.what), selection, in_detail=is_book)
            async with aclosing(source) as rows:
                async for row in rows:
                    write(row)
    return OK


async def make_backup(args: Namespace) -> int:
    """This function will copy the database into a new file."""
    async with opened_database(settings_for()) as database:
        await revision_of(database)
        await backup(database, args.file)
    print(args.file)
    return OK


def _clock(now: datetime | None, settings: Settings) -> Clock:
    """Return the clock of a run; an instant without offset is one in TIMEZONE."""
    if now is None:
        return SystemClock()
    return FixedClock(now if now.tzinfo else now.replace(tzinfo=settings.timezone))


def _rows(
    app: App, table: Table, selection: Selection, *, in_detail: bool
) -> AsyncGenerator[Row, None]:
    def why(entry: BookedEntry, place: Place) -> str:
        language = app.settings.default_language
        return explain(entry, app.catalogues.speaker(language, place.zone), place.currency)

    return app.tables.rows(table, selection, explain=why, in_detail=in_detail)


@contextmanager
def _writing(out: BinaryIO, title: str, *, is_book: bool) -> Iterator[Callable[[Row], object]]:
    if not is_book:
        yield lambda row: out.write(csv_line(row).encode())
        return
    with Workbook(out, title) as workbook:
        yield workbook.add


@contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as out:
            yield out
        partial.replace(path)
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        partial.unlink(missing_ok=True)
