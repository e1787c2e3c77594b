"""Copies the whole database into one file while the bot goes on working."""

import asyncio
import errno
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.db.engine import Database

PG_DUMP = "pg_dump"
PATIENCE_S = 10


class BackupExists(Exception):
    """A backup never overwrites anything."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class BackupToolMissing(Exception):
    """PostgreSQL is backed up by its own tool, which is not on the PATH."""

    def __init__(self, tool: str) -> None:
        super().__init__(tool)
        self.tool = tool


class BackupFailed(Exception):
    """No backup was made; `detail` says what was found wrong with it."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


async def backup(database: Database, path: Path) -> None:
    """This function will write a whole, checked copy to a path, or nothing at all.

    SQLite gives a database file, PostgreSQL an archive for `pg_restore`. Raises BackupExists,
    BackupToolMissing and BackupFailed.
    """
    partial = await asyncio.to_thread(_reserve, path)
    try:
        if database.is_sqlite:
            await asyncio.to_thread(_copy_sqlite, str(database.url.database), partial)
        else:
            await _dump_postgresql(database, partial)
        await asyncio.to_thread(_publish, partial, path)
    finally:
        await asyncio.to_thread(partial.unlink, missing_ok=True)


def _reserve(path: Path) -> Path:
    if path.exists():
        raise BackupExists(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    return path.with_name(f".{path.name}.{os.getpid()}.partial")


def _copy_sqlite(source: str, partial: Path) -> None:
    with closing(sqlite3.connect(source, isolation_level=None, timeout=PATIENCE_S)) as live:
        try:
            live.execute("VACUUM INTO ?", [str(partial)])
        except sqlite3.Error as error:
            raise BackupFailed(str(error)) from None
    with closing(sqlite3.connect(partial)) as copy:
        found = [row[0] for row in copy.execute("PRAGMA integrity_check")]
        found += [f"foreign key of {row[0]}" for row in copy.execute("PRAGMA foreign_key_check")]
    if found != ["ok"]:
        raise BackupFailed("; ".join(found))


async def _dump_postgresql(database: Database, partial: Path) -> None:
    tool = shutil.which(PG_DUMP)
    if tool is None:
        raise BackupToolMissing(PG_DUMP)
    url = database.url.set(drivername="postgresql", password=None)
    password = database.url.password
    secret = {} if password is None else {"PGPASSWORD": str(password)}
    process = await asyncio.create_subprocess_exec(
        tool,
        "--format=custom",
        "--no-password",
        f"--file={partial}",
        f"--dbname={url.render_as_string()}",
        env=os.environ | secret,
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaint = await process.communicate()
    if process.returncode != 0:
        raise BackupFailed(complaint.decode(errors="replace").strip())


def _publish(partial: Path, path: Path) -> None:
    """Give a finished copy its name, unless the name was taken meanwhile."""
    _sync(partial)
    try:
        os.link(partial, path)
    except FileExistsError:
        raise BackupExists(path) from None
    except OSError:  # a shared folder may know no links
        partial.rename(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
