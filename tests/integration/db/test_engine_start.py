"""Several processes may open a new SQLite file at once."""

from collections.abc import Iterator
from sqlite3 import OperationalError

import pytest
import stamina

from bot.db.engine import use_wal


class BusyCursor:
    """A cursor whose file another process is just opening, for the first few times."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals

    def execute(self, _statement: str) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OperationalError("database is locked")


@pytest.fixture(autouse=True)
def without_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4):
        yield


def test_a_new_file_that_another_process_opens_is_asked_again() -> None:
    cursor = BusyCursor(3)
    use_wal(cursor)
    assert cursor.refusals == 0


def test_a_file_that_stays_locked_is_told() -> None:
    with pytest.raises(OperationalError):
        use_wal(BusyCursor(4))
