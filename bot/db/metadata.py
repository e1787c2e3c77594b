"""What every table of the store shares."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, Table
from sqlalchemy.schema import SchemaItem

from bot.db.types import Id

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

MOST_PAISE = 10**15
APPEND_ONLY = (
    "entry",
    "posting",
    "charge_line",
    "audit",
    "invoice",
    "invoice_entry",
    "period_close",
    "dispute_step",
    "heir",
)


def table(name: str, *parts: SchemaItem) -> Table[Any]:
    """Return a table, strict on SQLite."""
    return Table(name, metadata, *parts, sqlite_strict=True)


def row_id() -> Column[int]:
    """Return the usual primary key."""
    return Column("id", Id, primary_key=True)


def to(target: str, name: str, *, optional: bool = False, key: bool = False) -> Column[int]:
    """Return a reference to another table's row."""
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=optional, primary_key=key)


def within_reason(name: str) -> CheckConstraint:
    """Return a guard against amounts that no building ever moves, so that sums cannot overflow."""
    return CheckConstraint(f"{name} BETWEEN {-MOST_PAISE} AND {MOST_PAISE}", name=f"{name}_range")
