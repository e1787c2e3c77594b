"""Takes note of what is asked of a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass(slots=True)
class Statements:
    """What was asked of the database, with its parameters."""

    asked: list[tuple[str, Any]] = field(default_factory=list)

    @contextmanager
    def of(self, *engines: Engine) -> Iterator[None]:
        """Take note of every statement meanwhile."""

        def note(*call: Any) -> None:
            _, _, statement, parameters, _, _ = call
            self.asked.append((statement, parameters))

        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)
