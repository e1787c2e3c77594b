"""What came over the wire to the simulated Qube, in order."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

REMEMBERED_REQUESTS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One request and how it ended; `status` is 0 when no answer was given."""

    number: int
    real_seconds: float
    at: datetime
    method: str
    path: str
    query: str
    body: str
    status: int
    outcome: str


class Journal:
    """The latest requests; older ones are forgotten."""

    def __init__(self) -> None:
        self._requests: deque[RecordedRequest] = deque(maxlen=REMEMBERED_REQUESTS)
        self._count = 0

    def __iter__(self) -> Iterator[RecordedRequest]:
        return iter(tuple(self._requests))

    def __len__(self) -> int:
        return len(self._requests)

    def __getitem__(self, index: int) -> RecordedRequest:
        return self._requests[index]

    @property
    def last_number(self) -> int:
        """The number of the latest request; the first has number 1."""
        return self._count

    def after(self, number: int) -> list[RecordedRequest]:
        """This function will return what came after a request, oldest first."""
        fresh = min(max(self._count - number, 0), len(self._requests))
        return [self._requests[index] for index in range(-fresh, 0)]

    def clear(self) -> None:
        """This function will forget every request; numbering goes on."""
        self._requests.clear()

    def record(
        self,
        *,
        real_seconds: float,
        at: datetime,
        method: str,
        path: str,
        query: str,
        body: str,
        status: int,
        outcome: str,
    ) -> None:
        """This function will keep a request under the next number."""
        self._count += 1
        self._requests.append(
            RecordedRequest(
                number=self._count,
                real_seconds=real_seconds,
                at=at,
                method=method,
                path=path,
                query=query,
                body=body,
                status=status,
                outcome=outcome,
            )
        )
