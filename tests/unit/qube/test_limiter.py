"""The vendor's limit is never exceeded, hardly wasted, and the urgent go first."""

import asyncio
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qube.lanes import OVERTAKINGS, PATIENCE_SECONDS
from bot.qube.limiter import BudgetedState, Limiter, MemoryBudgets, Rate
from bot.services.ports import Lane

from .virtual_time import VirtualTicker, settle

SLOT_SECONDS = Rate.within(100).interval_seconds


class Admissions:
    """A limiter with callers, and when each of them was let through."""

    def __init__(self, *, per_minute: int = 100, lateness_seconds: float = 0.0) -> None:
        self.ticker = VirtualTicker(lateness_seconds=lateness_seconds)
        rate = Rate.within(per_minute)
        state = BudgetedState(rate, MemoryBudgets(self.ticker))
        self.limiter = Limiter(state=state, ticker=self.ticker, batch=rate.batch)
        self.passed: list[tuple[float, Lane]] = []

    @property
    def at(self) -> list[float]:
        return [second for second, _ in self.passed]

    async def call(self, lane: Lane = Lane.SWEEP) -> None:
        await self.limiter.acquire(lane)
        self.passed.append((self.ticker.seconds, lane))

    def calls(self, count: int, lane: Lane = Lane.SWEEP) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.call(lane)) for _ in range(count)]

    async def all_through(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        await self.ticker.run(asyncio.wait(tasks))


def most_in_a_minute(at: Sequence[float]) -> int:
    """This function will count the fullest closed window of sixty seconds."""
    return max(bisect_right(at, start + 60) - first for first, start in enumerate(at))


@given(
    per_minute=st.integers(1, 130),
    arrivals=st.lists(
        st.tuples(st.integers(1, 60), st.floats(0, 45), st.sampled_from(Lane)),
        min_size=1,
        max_size=6,
    ),
    lateness_seconds=st.sampled_from([0.0, 0.003, 0.4]),
)
def test_no_window_of_a_minute_holds_more_than_the_limit(
    per_minute: int, arrivals: list[tuple[int, float, Lane]], lateness_seconds: float
) -> None:
    async def play() -> list[float]:
        bench = Admissions(per_minute=per_minute, lateness_seconds=lateness_seconds)
        tasks = []
        for count, rest_seconds, lane in arrivals:
            tasks += bench.calls(count, lane)
            await bench.ticker.pass_until(bench.ticker.seconds + rest_seconds)
        await bench.all_through(tasks)
        return bench.at

    at = asyncio.run(play())

    assert len(at) == sum(count for count, _, _ in arrivals)
    assert most_in_a_minute(at) <= per_minute


@pytest.mark.parametrize("per_minute", [10, 20, 33, 60, 100, 600, 6000])
@pytest.mark.parametrize("lateness_seconds", [0.0, 0.005])
async def test_a_sweep_takes_hardly_longer_than_the_limit_demands(
    per_minute: int, lateness_seconds: float
) -> None:
    bench = Admissions(per_minute=per_minute, lateness_seconds=lateness_seconds)
    count = 3 * per_minute if per_minute < 1000 else 1000

    await bench.all_through(bench.calls(count))

    assert max(bench.at) <= 1.05 * 60 * count / per_minute
    assert most_in_a_minute(bench.at) <= per_minute


async def test_slots_are_even_while_many_wait() -> None:
    bench = Admissions()

    await bench.all_through(bench.calls(50))

    gaps = [later - earlier for earlier, later in pairwise(bench.at)]
    assert gaps[2:] == pytest.approx([SLOT_SECONDS] * 47)


@pytest.mark.parametrize("waited_seconds", [5.0, 2 * PATIENCE_SECONDS, 100.0])
async def test_a_restore_passes_hundreds_that_sweep_within_two_slots(
    waited_seconds: float,
) -> None:
    bench = Admissions()
    sweep = bench.calls(400)
    await bench.ticker.pass_until(waited_seconds)

    await bench.all_through(bench.calls(1, Lane.RESTORE))

    assert bench.ticker.seconds - waited_seconds <= 2 * SLOT_SECONDS
    await bench.all_through(sweep)


@pytest.mark.parametrize("per_minute", [100, 600])
@pytest.mark.parametrize("given_in_slots", [0.0, 0.02, 0.5, 0.98])
async def test_a_command_with_its_question_passes_a_sweep_within_little_more_than_a_slot(
    per_minute: int, given_in_slots: float
) -> None:
    bench = Admissions(per_minute=per_minute)
    slot_seconds = Rate.within(per_minute).interval_seconds
    sweep = bench.calls(2 * per_minute)
    given_at = (20 + given_in_slots) * slot_seconds
    await bench.ticker.pass_until(given_at)

    await bench.all_through(bench.calls(1, Lane.MANUAL))
    asked_at = bench.ticker.seconds
    await bench.all_through(bench.calls(1, Lane.MANUAL))

    assert asked_at == given_at
    assert bench.ticker.seconds - given_at <= 1.001 * slot_seconds
    await bench.all_through(sweep)
    assert most_in_a_minute(bench.at) <= per_minute


async def test_what_is_kept_for_commands_is_there_again_after_a_while() -> None:
    bench = Admissions(per_minute=600)
    sweep = bench.calls(600)
    for second in (5.0, 15.0, 25.0):
        await bench.ticker.pass_until(second)
        await bench.all_through(bench.calls(2, Lane.CUT))
        assert bench.ticker.seconds == second
    await bench.all_through(sweep)


async def test_a_command_that_finds_nothing_kept_does_not_sleep_as_long_as_the_sweep() -> None:
    bench = Admissions(per_minute=600)
    sweep = bench.calls(600)
    slot_seconds = Rate.within(600).interval_seconds
    await bench.ticker.pass_until(30)
    await bench.all_through(bench.calls(5, Lane.CUT))
    await bench.ticker.pass_until(bench.ticker.seconds + slot_seconds / 2)
    given_at = bench.ticker.seconds

    await bench.all_through(bench.calls(1, Lane.RESTORE))

    assert bench.ticker.seconds - given_at <= slot_seconds
    await bench.all_through(sweep)


async def test_an_urgent_request_finds_at_most_one_other_before_it() -> None:
    bench = Admissions()
    others = bench.calls(200) + bench.calls(200, Lane.CUT)
    for _ in range(30):
        await bench.ticker.pass_until(bench.ticker.seconds + 3.7 * SLOT_SECONDS)
        before = len(bench.passed)
        await bench.all_through(bench.calls(1, Lane.RESTORE))
        assert len(bench.passed) - before <= 2
    await bench.all_through(others)


async def test_lanes_go_in_their_order() -> None:
    bench = Admissions()
    tasks = bench.calls(2)
    await settle()
    for lane in (Lane.SWEEP, Lane.FRESH, Lane.CUT, Lane.MANUAL, Lane.RESTORE):
        tasks += bench.calls(1, lane)

    await bench.all_through(tasks)

    assert [lane for _, lane in bench.passed[2:]] == sorted(Lane)


async def test_a_sweep_does_not_starve_behind_an_endless_stream() -> None:
    bench = Admissions()
    others = bench.calls(2)
    await settle()
    sweep = bench.calls(1)
    await settle()
    others += bench.calls(300, Lane.RESTORE)

    await bench.all_through(sweep)

    assert bench.ticker.seconds <= PATIENCE_SECONDS + (OVERTAKINGS + 2) * SLOT_SECONDS
    await bench.all_through(others)


async def test_aged_waiters_take_only_every_fourth_slot() -> None:
    bench = Admissions()
    sweep = bench.calls(200)
    await bench.ticker.pass_until(PATIENCE_SECONDS)
    before = len(bench.passed)

    await bench.all_through(bench.calls(30, Lane.RESTORE))

    lanes = [lane for _, lane in bench.passed[before:]]
    assert lanes[:8] == [*[Lane.RESTORE] * 3, Lane.SWEEP] * 2
    await bench.all_through(sweep)


@given(st.lists(st.sampled_from(list(Lane)), min_size=1, max_size=80))
def test_within_a_lane_the_first_come_is_the_first_served(lanes: list[Lane]) -> None:
    async def play() -> list[tuple[Lane, int]]:
        bench = Admissions()
        served: list[tuple[Lane, int]] = []

        async def call(number: int, lane: Lane) -> None:
            await bench.call(lane)
            served.append((lane, number))

        await bench.all_through(
            [asyncio.create_task(call(number, lane)) for number, lane in enumerate(lanes)]
        )
        return served

    served = asyncio.run(play())

    for lane in Lane:
        numbers = [number for served_lane, number in served if served_lane is lane]
        assert numbers == sorted(numbers)


async def test_a_pause_holds_everybody_back() -> None:
    bench = Admissions()
    tasks = bench.calls(10)
    await bench.ticker.pass_until(1)
    through = len(bench.passed)

    await bench.limiter.pause(40)
    tasks += bench.calls(1, Lane.RESTORE)
    await bench.ticker.pass_until(40.9)

    assert len(bench.passed) == through
    await bench.ticker.pass_until(41)
    assert bench.passed[through][1] is Lane.RESTORE
    await bench.all_through(tasks)


async def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    bench = Admissions()
    await bench.limiter.pause(40)
    await bench.limiter.pause(2)

    await bench.all_through(bench.calls(1))

    assert bench.at == [40]


async def test_a_waiter_that_gives_up_costs_nobody_a_slot() -> None:
    bench = Admissions()
    burst = bench.calls(2)
    await settle()
    first, second, third = bench.calls(3)
    await settle()

    first.cancel()
    second.cancel()
    await bench.all_through([*burst, third])

    assert bench.at == pytest.approx([0, 0, SLOT_SECONDS])


async def test_a_limiter_whose_waiters_all_gave_up_works_on() -> None:
    bench = Admissions()
    await bench.all_through(bench.calls(2))
    (lonely,) = bench.calls(1)
    await settle()
    lonely.cancel()
    await bench.ticker.pass_until(10)

    await bench.all_through(bench.calls(1))

    assert bench.at == [0, 0, 10]


async def test_dismissed_waiters_fail_at_once_and_later_ones_do_not() -> None:
    bench = Admissions()
    tasks = bench.calls(5)
    await settle()

    bench.limiter.dismiss(lambda: ConnectionError("down"))
    await settle()

    assert [task.done() for task in tasks] == [True] * 5
    assert [type(task.exception()) for task in tasks[2:]] == [ConnectionError] * 3
    await bench.all_through(bench.calls(1))
    assert len(bench.at) == 3


async def test_closing_cancels_whoever_waits() -> None:
    bench = Admissions()
    tasks = bench.calls(5)
    await settle()

    await bench.limiter.aclose()
    await settle()

    assert [task.cancelled() for task in tasks] == [False, False, True, True, True]


class LostRow(Exception):
    """The shared state cannot be reached."""


class BrokenState:
    """A shared state that answers once and is lost then."""

    def __init__(self) -> None:
        self._asked = 0
        self.is_back = False

    async def reserve(self, lane: Lane, count: int = 1) -> float:
        self._asked += 1
        if self.is_back:
            return 0
        if self._asked > 1:
            raise LostRow
        return 5

    async def pause(self, seconds: float) -> None:
        raise LostRow


async def test_a_state_that_breaks_is_told_to_whoever_waits() -> None:
    ticker = VirtualTicker()
    limiter = Limiter(state=BrokenState(), ticker=ticker)

    with pytest.raises(LostRow):
        await ticker.run(limiter.acquire(Lane.SWEEP))


async def test_a_state_that_was_lost_and_is_back_lets_through_again() -> None:
    ticker = VirtualTicker()
    state = BrokenState()
    limiter = Limiter(state=state, ticker=ticker)
    with pytest.raises(LostRow):
        await ticker.run(limiter.acquire(Lane.RESTORE))
    await settle()

    state.is_back = True

    await ticker.run(limiter.acquire(Lane.RESTORE))


class SlowState:
    """A shared state whose answers take their time: until `answer` says how long to wait."""

    def __init__(self) -> None:
        self.asked: list[tuple[Lane, asyncio.Future[float]]] = []

    async def reserve(self, lane: Lane, count: int = 1) -> float:
        answer: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.asked.append((lane, answer))
        return await answer

    async def pause(self, seconds: float) -> None:
        raise LostRow


async def test_a_command_that_comes_while_a_sweep_asks_does_not_sleep_as_long_as_it() -> None:
    state = SlowState()
    limiter = Limiter(state=state, ticker=VirtualTicker())
    sweep = asyncio.create_task(limiter.acquire(Lane.SWEEP))
    await settle()
    command = asyncio.create_task(limiter.acquire(Lane.RESTORE))
    await settle()

    state.asked[0][1].set_result(60)
    await settle()
    assert [lane for lane, _ in state.asked] == [Lane.SWEEP, Lane.RESTORE]
    state.asked[1][1].set_result(0)
    await settle()

    assert (command.done(), sweep.done()) == (True, False)
    sweep.cancel()
    await limiter.aclose()


@pytest.mark.parametrize("set_back_seconds", [10.0, 3600.0, 86400.0])
async def test_a_clock_that_was_set_back_holds_nobody_up(set_back_seconds: float) -> None:
    ticker = VirtualTicker()
    ticker.seconds = 100_000.0
    state = BudgetedState(Rate.within(100), MemoryBudgets(ticker))
    while await state.reserve(Lane.SWEEP) == 0:
        pass
    await state.pause(600)

    ticker.seconds -= set_back_seconds

    assert await state.reserve(Lane.SWEEP) == (610.0 if set_back_seconds == 10 else 0)


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0"):
        Rate.within(0)
