"""Readings of a meter in their order, and what was used between them. Rules 3.1 to 3.4, 3.8.

A chain is counted anew from the values alone: whatever came late or was corrected is in its place.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from bot.domain.metering import (
    ANOMALY_SAMPLE_MAX,
    MeterTerms,
    Reading,
    ReadingStatus,
    ReadingType,
    RegisterPoint,
    RegisterWentBackwards,
    consumption_between,
    is_plausible,
    per_day,
)

ANY_JUMP = Decimal(10) ** 9
LEAST_SPAN = timedelta(hours=20)
"""A use of less time than this says nothing of a whole day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A reading in its chain; the first one of an installation has no use to tell of."""

    reading: Reading
    previous: Reading | None = None
    consumption: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a new reading would mean between its neighbours, in the meter's unit.

    `consumption` is since the one before, `following` up to the one after; `is_jump` when either
    is more than is plausible for the time, though both together are known (rule 3.5).
    """

    consumption: Decimal | None = None
    following: Decimal | None = None
    is_jump: bool = False


class CounterOvertaken(Exception):
    """A later reading shows less: the counter cannot have shown this much before it."""

    def __init__(self, *, value: Decimal, next_point: RegisterPoint) -> None:
        super().__init__(value, next_point)
        self.value = value
        self.next_point = next_point


def trusting(terms: MeterTerms) -> MeterTerms:
    """Return the terms for what somebody has looked at: any jump may be."""
    return replace(terms, limit_per_hour=ANY_JUMP)


def counted(readings: Iterable[Reading], terms: Mapping[int, MeterTerms]) -> tuple[Counted, ...]:
    """Return the accepted readings in order of time, each with its predecessor and its use.

    `terms` are those of each installation: use is only ever between two readings of one, so that
    nothing is negative, or counted twice, where a device was replaced. Raises
    RegisterWentBackwards where no rollover explains a fall.
    """
    last: dict[int, Reading] = {}
    chain = []
    for each in sorted(filter(_counts, readings), key=_in_time):
        before = last.get(each.installation_id)
        last[each.installation_id] = each
        if before is None:
            chain.append(Counted(reading=each))
            continue
        used = consumption_between(before.point, each.point, trusting(terms[each.installation_id]))
        chain.append(Counted(reading=each, previous=before, consumption=used))
    return tuple(chain)


def _counts(reading: Reading) -> bool:
    return reading.status is ReadingStatus.ACCEPTED


def _in_time(reading: Reading) -> tuple[datetime, int]:
    return reading.point.at, reading.id


def fit(
    point: RegisterPoint,
    *,
    before: RegisterPoint | None,
    after: RegisterPoint | None,
    terms: MeterTerms,
) -> Fit:
    """Return what a point means between two known ones of its installation.

    Raises RegisterWentBackwards when it is below the one before, and CounterOvertaken when the
    one after leaves no room for it: what two readings told between them stays the same.
    """
    used = None if before is None else consumption_between(before, point, terms)
    if after is None:
        return Fit(consumption=used, is_jump=_is_jump(before, point, used, terms))
    if after.value < point.value and terms.max_value is None:
        raise CounterOvertaken(value=point.value, next_point=after)
    rest = consumption_between(point, after, trusting(terms))
    if before is not None and used is not None:
        whole = consumption_between(before, after, trusting(terms))
        if used + rest != whole:
            raise CounterOvertaken(value=point.value, next_point=after)
    return Fit(
        consumption=used,
        following=rest,
        is_jump=_is_jump(before, point, used, terms) or _is_jump(point, after, rest, terms),
    )


def _is_jump(
    start: RegisterPoint | None, end: RegisterPoint, used: Decimal | None, terms: MeterTerms
) -> bool:
    return (
        start is not None and used is not None and not is_plausible(used, end.at - start.at, terms)
    )


def as_finely_as_known(typed: Decimal, *, before: Decimal | None, decimals: int) -> Decimal:
    """Return a value that a person read off a counter, which shows fewer digits than are known.

    Who reads 1,450.3 where a device told 1,450.37 has read the same: nothing fell.
    """
    if before is None or typed >= before:
        return typed
    shown = before.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN)
    return before if typed == shown else typed


def daily_uses(readings: Iterable[Reading], terms: Mapping[int, MeterTerms]) -> Sequence[Decimal]:
    """Return the use per day between the last readings that were really taken, oldest first.

    Up to six of them, across replaced devices; estimates are left out, and so is a counter that
    was set back. Readings of less than most of a day are part of the next longer use: what a
    counter moves between two looks in a minute is no habit. Rules 3.6 and 3.7.
    """
    last: dict[int, Reading] = {}
    found = []
    for each in sorted(filter(_was_taken, readings), key=_in_time):
        before = last.setdefault(each.installation_id, each)
        if each.point.at - before.point.at < LEAST_SPAN:
            continue
        last[each.installation_id] = each
        with suppress(RegisterWentBackwards):
            own = trusting(terms[each.installation_id])
            used = consumption_between(before.point, each.point, own)
            found.append(per_day(used, each.point.at - before.point.at))
    return found[-ANOMALY_SAMPLE_MAX:]


def to_measure_from(
    readings: Iterable[Reading], *, installation_id: int, at: datetime
) -> Reading | None:
    """Return the last reading from which a use until an instant says something of a day.

    None where the installation was not really read that long before. Rule 3.6.
    """
    own = (
        each
        for each in filter(_was_taken, readings)
        if each.installation_id == installation_id and at - each.point.at >= LEAST_SPAN
    )
    return max(own, key=_in_time, default=None)


def until(readings: Iterable[Reading], last: Reading) -> Sequence[Reading]:
    """Return the readings up to one, which are the habit that a use since it is held against."""
    return [each for each in readings if each.point.at <= last.point.at]


def _was_taken(reading: Reading) -> bool:
    return _counts(reading) and reading.type is not ReadingType.ESTIMATED
