"""The facts of a notice, read back from their plain JSON values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Facts:
    """Typed access by name; a method named maybe returns None for what is not said."""

    values: Mapping[str, object]
    id: int
    created_at: datetime

    def word(self, name: str) -> str:
        """Return a text. Raises LookupError."""
        return str(self._value(name))

    def maybe_word(self, name: str) -> str | None:
        """Return a text that says something."""
        return str(self.values.get(name) or "").strip() or None

    def whole(self, name: str) -> int:
        """Return a whole number, e.g. of paise. Raises LookupError, TypeError."""
        value = self._value(name)
        if not isinstance(value, int):
            raise TypeError(name)
        return value

    def maybe_whole(self, name: str) -> int | None:
        """Return a whole number. Raises TypeError."""
        return None if self.values.get(name) is None else self.whole(name)

    def is_true(self, name: str) -> bool:
        """Return whether something is so. Raises LookupError."""
        return bool(self._value(name))

    def decimal(self, name: str) -> Decimal:
        """Return an exact number. Raises LookupError, ArithmeticError."""
        return Decimal(self.word(name))

    def maybe_decimal(self, name: str) -> Decimal | None:
        """Return an exact number. Raises ArithmeticError."""
        return None if self.values.get(name) is None else self.decimal(name)

    def instant(self, name: str) -> datetime:
        """Return an aware instant. Raises LookupError, ValueError."""
        return datetime.fromisoformat(self.word(name))

    def maybe_instant(self, name: str) -> datetime | None:
        """Return an aware instant. Raises ValueError."""
        return None if self.values.get(name) is None else self.instant(name)

    def records(self, name: str) -> "list[Facts]":
        """Return a list of small records. Raises LookupError, TypeError."""
        value = self._value(name)
        if not isinstance(value, list):
            raise TypeError(name)
        return [Facts(each, id=self.id, created_at=self.created_at) for each in value]

    def _value(self, name: str) -> object:
        value = self.values[name]
        if value is None:
            raise KeyError(name)
        return value
