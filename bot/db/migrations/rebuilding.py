"""How SQLite, which alters little in place, makes a table anew. Migrations share it."""

from typing import Any

from alembic import op


def anew() -> dict[str, Any]:
    """Return the options of `op.batch_alter_table`: rebuilt on SQLite, and strict as before."""
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
    return {"recreate": recreate, "table_kwargs": {"sqlite_strict": True}}
