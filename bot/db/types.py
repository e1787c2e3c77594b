"""Column types that keep instants aware and quantities exact on both databases."""

import json
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from enum import Enum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Integer,
    Row,
    Text,
    TypeDecorator,
    literal_column,
)

AnyRow = Row[*tuple[Any, ...]]

UNROUNDED = Context(prec=100)

Id = BigInteger().with_variant(Integer, "sqlite")
Paise = BigInteger().with_variant(Integer, "sqlite")


class NaiveInstant(ValueError):
    """Only aware instants may be stored. Rule 1.5."""


class InexactQuantity(ValueError):
    """A quantity has more decimals than its column keeps. Rule 1.1."""

    def __init__(self, value: Decimal, places: int) -> None:
        super().__init__(value, places)
        self.value = value
        self.places = places


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC; ISO text on SQLite, so that text order is time order."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Keep text on SQLite, which has no instants."""
        plain = Text() if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(plain)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Raises NaiveInstant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveInstant(value)
        utc = value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return at.astimezone(UTC)


class LocalDate(TypeDecorator[date]):
    """A local day; ISO text on SQLite."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Keep text on SQLite, whose strict tables know no dates."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """Return ISO text on SQLite."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.isoformat()

    def process_result_value(self, value: Any, _dialect: Dialect) -> date | None:
        """Return the day."""
        return date.fromisoformat(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    """Yes or no; a whole number on SQLite, whose strict tables know no booleans."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Use a plain integer on SQLite."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean())

    def process_result_value(self, value: Any, _dialect: Dialect) -> bool | None:
        """Return a real bool."""
        return None if value is None else bool(value)


class Scaled(TypeDecorator[Decimal]):
    """An exact decimal, kept as a whole number of its last decimal place."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Use SQLite's own integer there, which strict tables demand."""
        plain = Integer() if dialect.name == "sqlite" else BigInteger()
        return dialect.type_descriptor(plain)

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int | None:
        """Raises InexactQuantity."""
        if value is None:
            return None
        whole = value.scaleb(self.places, context=UNROUNDED)
        if whole != whole.to_integral_value():
            raise InexactQuantity(value, self.places)
        return int(whole)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        """Return the decimal with all its places."""
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


class Facts(TypeDecorator[dict[str, Any]]):
    """A small record as JSON text: names and plain values only."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, _dialect: Dialect) -> str | None:
        """Keep keys in order, so that equal facts are equal text."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: Any, _dialect: Dialect) -> dict[str, Any] | None:
        """Return the record."""
        return None if value is None else json.loads(value)


def written_out(member: Enum) -> ColumnElement[str]:
    """Return a member's value as it stands in a statement, not as a parameter of it.

    Needed where a partial index has a condition on the column: SQLite compares them, and makes
    its plan anew for each new parameter, which takes longer than most statements.
    """
    return literal_column(f"'{member.value}'", Text)


RegisterValue = Scaled(3)
Consumed = Scaled(6)
