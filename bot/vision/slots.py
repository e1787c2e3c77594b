"""From steps of the recogniser to places for a digit: what could stand in each. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.vision.shapes import Box

LEAST_SIGN = 0.1
LEAST_DIGIT = 0.3
ALIKE = 0.3
TRUST_POWER = 0.15
DIGITS = range(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place: how likely each digit stands there, and that nothing does; together 1."""

    odds: tuple[float, ...]
    nothing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was read in one box, from left to right."""

    box: Box
    slots: tuple[Slot, ...]


def shows_digits(frames: Sequence[Sequence[float]]) -> bool:
    """Return whether any step rather shows a digit than another sign or nothing."""
    return any(sum(frame[1:]) > LEAST_DIGIT for frame in frames)


def slots_of(frames: Sequence[Sequence[float]]) -> tuple[Slot, ...]:
    """Return the places for a digit in a row of steps.

    A step says how likely nothing and 0 to 9 stand there, among all signs of all scripts. Only
    nothing and digits can be in a counter, so their odds are held against one another; where some
    other sign is much likelier, digits become about equally likely.
    """
    return tuple(_slot(run) for run in _runs(frames))


def _runs(frames: Sequence[Sequence[float]]) -> Iterator[list[Sequence[float]]]:
    run: list[Sequence[float]] = []
    for frame in frames:
        if sum(frame[1:]) < LEAST_SIGN * sum(frame):
            if run:
                yield run
            run = []
            continue
        if run and not _alike(run[-1], frame):
            yield run
            run = []
        run.append(frame)
    if run:
        yield run


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two steps speak of the same digit."""
    first, second = sum(one[1:]), sum(other[1:])
    shared = sum(min(a / first, b / second) for a, b in zip(one[1:], other[1:], strict=True))
    return shared > ALIKE


def _slot(run: Sequence[Sequence[float]]) -> Slot:
    peak = max(run, key=lambda frame: sum(frame[1:]) / sum(frame))
    known, signs = sum(peak), sum(peak[1:])
    nothing = peak[0] / known
    trust = (signs / max(signs + 1 - known, 1e-9)) ** TRUST_POWER
    return Slot(
        odds=tuple(
            (1 - nothing) * (trust * odds / signs + (1 - trust) / len(DIGITS)) for odds in peak[1:]
        ),
        nothing=nothing,
    )
