"""A process of its own that works on one thing at a time, and may die without harm.

What it does is a function given to it: pictures are opened and looked at by native code, which is
large, takes memory, and now and then crashes on what people send.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")

NICENESS = 15
TIME_OUT_S = 20.0
IDLE_S = 120.0
MOST_WAITING = 20


class WorkerFailed(Exception):
    """Nothing came back from the worker."""


class WorkerBusy(WorkerFailed):
    """Too many wait already; this one was not taken."""


class WorkerTooSlow(WorkerFailed):
    """The time was up; the process was killed."""


class WorkerCrashed(WorkerFailed):
    """The process died over the job."""


class Worker(Generic[Job, Answer]):
    """Hands jobs to a process that is started for the first one, and again after it died."""

    def __init__(
        self,
        work: Callable[[Job], Answer],
        *,
        time_out_s: float = TIME_OUT_S,
        idle_s: float = IDLE_S,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """Take the work: a function of a module, which the process can import by its name."""
        self._work = work
        self._time_out_s = time_out_s
        self._idle_s = idle_s
        self._most_waiting = most_waiting
        self._waiting = 0
        self._is_closed = False
        self._process: _Process[Job, Answer] | None = None
        self._rest: asyncio.TimerHandle | None = None
        # One thread is the queue: what it waits for comes one after the other.
        self._line = ThreadPoolExecutor(1, thread_name_prefix="vision")

    @property
    def pid(self) -> int | None:
        """The process at work or waiting for it; None when there is none."""
        return self._process.pid if self._process is not None else None

    async def do(self, job: Job) -> Answer:
        """Return what the work makes of the job; raises WorkerFailed when nothing came back."""
        if self._waiting >= self._most_waiting:
            raise WorkerBusy
        self._waiting += 1
        if self._rest is not None:
            self._rest.cancel()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._line, self._hand, job)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._rest = asyncio.get_running_loop().call_later(self._idle_s, self._put_down)

    async def close(self) -> None:
        """End the process, whatever it does; jobs that wait fail, and no more are taken."""
        self._is_closed = True
        if self._rest is not None:
            self._rest.cancel()
        if self._process is not None:
            self._process.kill()
        await asyncio.to_thread(self._line.shutdown)
        self._end()

    def _hand(self, job: Job) -> Answer:
        if self._is_closed:
            raise WorkerCrashed
        if self._process is None:
            self._process = _Process(self._work)
        try:
            return self._process.do(job, time_out_s=self._time_out_s)
        except WorkerFailed:
            self._end()
            raise

    def _put_down(self) -> None:
        self._line.submit(self._end)

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


class _Process(Generic[Job, Answer]):
    """One life of the process, and the pipe to it."""

    def __init__(self, work: Callable[[Job], Answer]) -> None:
        context = get_context("spawn")
        self._pipe, far_end = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_serve, args=(far_end, work), name="vision", daemon=True
        )
        self._process.start()
        far_end.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def do(self, job: Job, *, time_out_s: float) -> Answer:
        try:
            self._pipe.send(job)
            if not self._pipe.poll(time_out_s):
                raise WorkerTooSlow
            answer: Answer = self._pipe.recv()
        except (EOFError, OSError) as died:
            raise WorkerCrashed from died
        return answer

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self._pipe.close()


def _serve(pipe: Connection, work: Callable[[Job], Answer]) -> None:
    """Answer until the other end is gone. Runs in the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    with suppress(EOFError, BrokenPipeError):
        while True:
            pipe.send(work(pipe.recv()))
