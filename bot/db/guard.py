"""Guards that the database itself keeps, whoever is connected. Rule 2.2."""

from collections.abc import Collection

from sqlalchemy import Connection, text

_REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


class GuardsMissing(Exception):
    """A migration left append-only tables without their guards; it was rolled back."""

    def __init__(self, triggers: frozenset[str]) -> None:
        super().__init__(triggers)
        self.triggers = triggers


def guard_append_only(connection: Connection, tables: Collection[str]) -> None:
    """Forbid changing or deleting the rows of tables.

    A migration that rebuilds such a table (SQLite's batch mode) loses its guards and calls this
    again.
    """
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:
        connection.execute(text(_REFUSE_FUNCTION))
    for table in tables:
        for verb in _verbs(connection):
            name = _name(table, verb)
            on_table = f" ON {table}" if is_postgresql else ""
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on_table}"))
            connection.execute(text(f"CREATE TRIGGER {name} {_body(connection, table, verb)}"))


def check_guards(connection: Connection, tables: Collection[str]) -> None:
    """Raises GuardsMissing unless every table of these that exists is guarded."""
    if connection.dialect.name == "postgresql":
        there = "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)"
        known = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        there = "SELECT name FROM sqlite_master WHERE type = 'table'"
        known = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    existing = frozenset(connection.execute(text(there)).scalars()) & frozenset(tables)
    wanted = frozenset(_name(table, verb) for table in existing for verb in _verbs(connection))
    missing = wanted - frozenset(connection.execute(text(known)).scalars())
    if missing:
        raise GuardsMissing(missing)


def _verbs(connection: Connection) -> tuple[str, ...]:
    if connection.dialect.name == "postgresql":
        return ("UPDATE", "DELETE", "TRUNCATE")
    return ("UPDATE", "DELETE")


def _name(table: str, verb: str) -> str:
    return f"{table}_no_{verb.lower()}"


def _body(connection: Connection, table: str, verb: str) -> str:
    head = f"BEFORE {verb} ON {table}"
    if connection.dialect.name == "postgresql":
        each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
        return f"{head} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
