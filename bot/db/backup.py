"""Copies the whole database into one file while the bot goes on working."""

import asyncio
import errno
import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

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


class BackupToolTooOld(Exception):
    """A PostgreSQL server is backed up by a tool of its own age or newer."""

    def __init__(self, tool: str, version: int, *, server: int) -> None:
        super().__init__(tool, version, server)
        self.tool = tool
        self.version = version
        self.server = server


class BackupFailed(Exception):
    """No backup was made; `detail` says what was found wrong with it."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


async def backup(database: Database, path: Path) -> None:
    """This function will write a whole, checked copy to a path, or nothing at all.

    SQLite gives a database file, PostgreSQL an archive for `pg_restore`. Raises BackupExists,
    BackupToolMissing, BackupToolTooOld and BackupFailed.
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


def suffix_of(database: Database) -> str:
    """Return how the names of this kind of copies end."""
    return ".db" if database.is_sqlite else ".dump"


async def backup_tool(database: Database) -> str:
    """This function will return what makes the copies, by name and version.

    Raises BackupToolMissing and BackupToolTooOld.
    """
    if database.is_sqlite:
        return f"SQLite {sqlite3.sqlite_version}"
    tool = _pg_dump()
    version = await _major_version(tool)
    async with database.reader.connect() as connection:
        told = await connection.execute(text("SHOW server_version_num"))
        server = int(told.scalar_one()) // 10_000
    if version < server:
        raise BackupToolTooOld(PG_DUMP, version, server=server)
    return f"{PG_DUMP} {version}"


def _pg_dump() -> str:
    tool = shutil.which(PG_DUMP)
    if tool is None:
        raise BackupToolMissing(PG_DUMP)
    return tool


async def _major_version(tool: str) -> int:
    """Return 16 of a tool that says `pg_dump (PostgreSQL) 16.4 (Debian 16.4-1)`."""
    process = await asyncio.create_subprocess_exec(
        tool, "--version", stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    found = re.search(rb"\) (\d+)", said)
    if found is None:
        raise BackupFailed(f"{tool} --version: {said.decode(errors='replace').strip()}")
    return int(found[1])


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
    await backup_tool(database)
    url = database.url.set(drivername="postgresql", password=None)
    password = database.url.password
    secret = {} if password is None else {"PGPASSWORD": str(password)}
    process = await asyncio.create_subprocess_exec(
        _pg_dump(),
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
