"""Drafts the migration that leads from the last revision to the tables as they are now.

    python -m bot.db.migrations.draft 0002 "Give a room a floor"
    ruff check --fix bot/db/migrations; ruff format bot/db/migrations

writes `versions/0002_give_a_room_a_floor.py`. It is a draft: read it, and put what rows need into
it. A revision of the same number is written anew, which is right until it has been released.

What `batch_alter_table` rebuilds on SQLite stays strict only with
`table_kwargs={"sqlite_strict": True}`, and an append-only table needs its guards again.

Alembic sees tables, columns, keys and indices, but neither a changed CHECK nor the WHERE of an
index; the tests compare the migrated schema with the tables to the letter.
"""

import ast
import asyncio
import re
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from bot.db.engine import open_database
from bot.db.metadata import APPEND_ONLY
from bot.db.migrate import VERSIONS, config_of, upgrade

GUARDS = "    # guards\n"
MANY = 20
CREATED = re.compile(r"op\.create_table\(\s*['\"](\w+)")


def draft(revision: str, message: str, *, versions: Path = VERSIONS) -> Path:
    """Write the draft of a revision and return its path."""
    for earlier in versions.glob(f"{revision}_*.py"):
        earlier.unlink()
    asyncio.run(_generate(revision, message, versions))
    (path,) = versions.glob(f"{revision}_*.py")
    source = re.sub(r"(?m)^ *# ### .*\n", "", path.read_text())
    path.write_text(_by_table(_guarded(source)))
    return path


async def _generate(revision: str, message: str, versions: Path) -> None:
    with tempfile.TemporaryDirectory() as directory:
        async with open_database(f"sqlite:///{directory}/draft.db") as database:
            await upgrade(database, versions=versions)
            async with database.writer.connect() as connection:
                await connection.run_sync(_write, revision, message, versions)


def _write(connection: Connection, revision: str, message: str, versions: Path) -> None:
    config = config_of(versions)
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    command.revision(config, message, autogenerate=True, rev_id=revision)


def _guarded(source: str) -> str:
    """Guard append-only tables wherever they are created or rebuilt."""
    head, *functions = re.split(r"(?m)^(?=def )", source)
    return head + "".join(_guarded_function(function) for function in functions)


def _guarded_function(source: str) -> str:
    made = re.findall(r"(?:create_table|batch_alter_table)\(\s*['\"](\w+)", source)
    tables = [name for name in APPEND_ONLY if name in made]
    call = f"    guard_append_only(op.get_bind(), {tables!r})\n" if tables else ""
    return source.replace(GUARDS, call)


def _by_table(source: str) -> str:
    """Give each new table a function of its own when there are many."""
    first = next(each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef))
    steps = first.body[1:]
    if len(steps) < MANY:
        return source
    lines = source.splitlines(keepends=True)
    main, parts = [], []
    for step in steps:
        text = "".join(lines[step.lineno - 1 : step.end_lineno])
        created = CREATED.search(text)
        if created:
            main.append(f"    _create_{created[1]}()\n")
            parts.append(f"\n\ndef _create_{created[1]}() -> None:\n")
        if created or "op.create_index(" in text:
            parts[-1] += text
        else:
            main.append(text)
    before, after = lines[: steps[0].lineno - 1], lines[first.end_lineno or 0 :]
    return "".join([*before, *main, *parts, *after])


if __name__ == "__main__":
    written = draft(sys.argv[1], sys.argv[2])
    sys.stdout.write(f"{written}\n")
