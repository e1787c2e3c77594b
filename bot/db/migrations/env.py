"""Runs migrations on the connection that is handed over, and drafts new ones."""

from collections.abc import Iterable
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp, DropTableOp, MigrationScript, ModifyTableOps
from alembic.runtime.migration import MigrationContext

from bot.db.schema import all_tables
from bot.db.types import Facts, Flag, Id, LocalDate, Scaled, UtcDateTime

NAMES: dict[type[Any], str] = {
    UtcDateTime: "INSTANT",
    LocalDate: "DAY",
    Flag: "FLAG",
    Scaled: "WHOLE",
    type(Id): "WHOLE",
    Facts: "sa.Text()",
}


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as `columns` names them."""
    return NAMES.get(type(item), False) if kind == "type" else False


def tidy(_context: MigrationContext, _revision: Any, scripts: Iterable[MigrationScript]) -> None:
    """Create indices of new tables without a batch; a dropped table takes its indices with it."""
    for script in scripts:
        up, down = script.upgrade_ops, script.downgrade_ops
        if up is None or down is None:
            continue
        new = {each.table_name for each in up.ops if isinstance(each, CreateTableOp)}
        gone = {each.table_name for each in down.ops if isinstance(each, DropTableOp)}
        up.ops = [part for each in up.ops for part in _parts(each, new)]
        down.ops = [each for each in down.ops if not _alters(each, gone)]


def _alters(step: Any, tables: set[str]) -> bool:
    return isinstance(step, ModifyTableOps) and step.table_name in tables


def _parts(step: Any, tables: set[str]) -> list[Any]:
    return list(step.ops) if _alters(step, tables) else [step]


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=all_tables(),
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render,
    process_revision_directives=tidy,
    transaction_per_migration=False,
)
context.run_migrations()
