"""All tables in one place, and the guards that the database itself keeps."""

from sqlalchemy import Connection, MetaData, text

from bot.db import (
    audit,
    chat,
    device,
    entry,
    job,
    lease,
    metering,
    outbox,
    people,
    place,
    reading,
    supply,
    tariff,
)
from bot.db.metadata import APPEND_ONLY, metadata

_SLICES = (
    audit,
    chat,
    device,
    entry,
    job,
    lease,
    metering,
    outbox,
    people,
    place,
    reading,
    supply,
    tariff,
)


def all_tables() -> MetaData:
    """Return the metadata with every slice's tables in it."""
    assert _SLICES
    return metadata


def guard_append_only(connection: Connection) -> None:
    """Forbid changing or deleting what is append-only. Rule 2.2."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_REFUSE_FUNCTION))
    for name in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            connection.execute(text(_trigger(connection.dialect.name, name, verb)))


_REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def _trigger(dialect: str, name: str, verb: str) -> str:
    head = f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name}"
    if dialect == "postgresql":
        return f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
