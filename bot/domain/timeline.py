"""What a lease pays day by day for a service: the tariffs that it was given. Rule 4.1."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias

from bot.domain.service_kind import Medium, ServiceKind
from bot.domain.tariff import NoTariffOn, Tariff, TariffVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A tariff that a lease has from a local day on."""

    tariff: Tariff
    from_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A version in force for a lease without a break, in [from_on, to_on)."""

    tariff: Tariff
    version: TariffVersion
    from_on: date
    to_on: date | None = None

    @property
    def since_on(self) -> date | None:
        """What tells the runs of one version apart; None where the run begins with its version."""
        return None if self.from_on == self.version.from_on else self.from_on


class GivenOutOfOrder(ValueError):
    """The tariffs of a lease must be given on different days, oldest first, and one must be."""

    def __init__(self, given_on: list[date]) -> None:
        super().__init__(given_on)
        self.given_on = given_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The tariffs of a lease for one service, joined into runs, oldest first.

    Raises GivenOutOfOrder.
    """

    given: tuple[Given, ...]
    runs: tuple[Run, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [each.from_on for each in self.given]
        if not starts or any(a >= b for a, b in pairwise(starts)):
            raise GivenOutOfOrder(starts)
        object.__setattr__(self, "runs", tuple(_runs(self.given)))

    @classmethod
    def of(cls, tariff: Tariff) -> "Timeline":
        """Return the timeline of a lease that has had one tariff since ever."""
        return cls(given=(Given(tariff=tariff, from_on=date.min),))

    @property
    def medium(self) -> Medium:
        """Of what the prices are."""
        return self.given[0].tariff.medium

    @property
    def begins_on(self) -> date:
        """The first day that has a price."""
        return self.runs[0].from_on if self.runs else date.max

    def tariff_on(self, on: date) -> Tariff:
        """Return the tariff that the lease has on a day; before the first one that one."""
        index = bisect_right([each.from_on for each in self.given], on)
        return self.given[max(index - 1, 0)].tariff

    def has(self, tariff_id: int, on: date) -> bool:
        """Return whether the lease has a tariff on a day."""
        return self.given[0].from_on <= on and self.tariff_on(on).id == tariff_id

    def last_day_with(self, tariff_id: int, *, through_on: date) -> date | None:
        """Return the last day, up to one, on which the lease has a tariff; None without any."""
        ends = [*(each.from_on for each in self.given[1:]), date.max]
        found = [
            min(end_on - timedelta(days=1), through_on)
            for each, end_on in zip(self.given, ends, strict=True)
            if each.tariff.id == tariff_id and each.from_on <= through_on
        ]
        return found[-1] if found else None

    def run_on(self, on: date) -> Run:
        """Return what is in force on a day. Raises NoTariffOn where nothing is."""
        index = bisect_right([run.from_on for run in self.runs], on)
        run = self.runs[index - 1] if index else None
        if run is None or (run.to_on is not None and on >= run.to_on):
            raise NoTariffOn(tariff_id=self.tariff_on(on).id, on=on)
        return run


Timelines: TypeAlias = Mapping[ServiceKind, Timeline]
"""What a lease pays for each service; those without a tariff are missing."""


def _runs(given: tuple[Given, ...]) -> Iterator[Run]:
    ends = [*(each.from_on for each in given[1:]), date.max]
    for each, until_on in zip(given, ends, strict=True):
        versions = each.tariff.versions
        nexts = [*(version.from_on for version in versions[1:]), date.max]
        for version, next_on in zip(versions, nexts, strict=True):
            from_on, to_on = max(version.from_on, each.from_on), min(next_on, until_on)
            if from_on < to_on:
                yield Run(
                    tariff=each.tariff,
                    version=version,
                    from_on=from_on,
                    to_on=None if to_on == date.max else to_on,
                )
