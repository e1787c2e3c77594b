"""A row of the table of jobs, and what a run of it says."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

Slots = Callable[[datetime, Collection[ZoneInfo]], datetime]
"""Returns the newest slot at or before an instant, given the zones in which there are places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobReport:
    """What a run did, in words: a line for each thing that was looked at, and a summary."""

    summary: str
    lines: tuple[str, ...] = ()


Run = Callable[[], Awaitable[JobReport]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that is done when its time has come.

    A job without slots is a worker: it looks all the time for rows that are due. `run_now` is
    what somebody who asks for it gets, when that is more than what is due.
    """

    name: str
    run: Run
    slots: Slots | None = None
    run_now: Run | None = None

    async def once(self) -> JobReport:
        """This function will do the job now, whatever the hour."""
        return await (self.run_now or self.run)()


def one_by_one(*runs: Run) -> Run:
    """Return a run that does several, and says in one line what they did."""

    async def run() -> JobReport:
        done = [await each() for each in runs]
        return JobReport(
            summary="; ".join(each.summary for each in done),
            lines=tuple(line for each in done for line in each.lines),
        )

    return run


class JobUnknown(LookupError):
    """There is no job of that name; `known` are those that there are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name, known)
        self.name = name
        self.known = known


def find(jobs: Sequence[Job], name: str) -> Job:
    """Return the job of a name. Raises JobUnknown."""
    for job in jobs:
        if job.name == name:
            return job
    raise JobUnknown(name, tuple(job.name for job in jobs))
