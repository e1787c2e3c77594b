"""Rule 4.1: which version of which tariff a lease pays on a day."""

from datetime import date

import pytest

from bot.domain.tariff import NoTariffOn, Tariff, TariffVersion
from bot.domain.timeline import Given, GivenOutOfOrder, Timeline
from tests.unit.domain.test_billing import flat

JANUARY, MARCH = date(2025, 1, 1), date(2025, 3, 1)


def tariff(tariff_id: int, *from_on: date) -> Tariff:
    versions = [
        TariffVersion(id=10 * tariff_id + n, from_on=on, slabs=flat())
        for n, on in enumerate(from_on)
    ]
    return Tariff(id=tariff_id, name=f"Tariff {tariff_id}", versions=tuple(versions))


A, B = tariff(1, JANUARY, MARCH), tariff(2, JANUARY)


def given(*changes: tuple[Tariff, date]) -> Timeline:
    first = Given(tariff=A, from_on=date.min)
    return Timeline(given=(first, *(Given(tariff=each, from_on=on) for each, on in changes)))


def test_one_tariff_has_a_run_per_version() -> None:
    runs = Timeline.of(A).runs
    assert [(run.version.id, run.from_on, run.to_on, run.since_on) for run in runs] == [
        (10, JANUARY, MARCH, None),
        (11, MARCH, None, None),
    ]


def test_a_tariff_given_for_some_days_cuts_the_other_in_two() -> None:
    timeline = given((B, date(2025, 3, 10)), (A, date(2025, 3, 12)))
    assert [(run.version.id, run.since_on) for run in timeline.runs] == [
        (10, None),
        (11, None),
        (20, date(2025, 3, 10)),
        (11, date(2025, 3, 12)),
    ]
    assert timeline.run_on(date(2025, 3, 11)).version.id == 20
    assert timeline.run_on(date(2025, 3, 12)) is timeline.runs[-1]
    assert timeline.tariff_on(date(2025, 3, 9)) is A


def test_a_version_that_begins_while_another_tariff_holds_waits_for_its_turn() -> None:
    timeline = given((B, date(2025, 2, 20)), (A, date(2025, 3, 5)))
    assert [run.version.id for run in timeline.runs] == [10, 20, 11]
    assert timeline.runs[-1].since_on == date(2025, 3, 5)


def test_a_day_before_the_first_price_has_none() -> None:
    late = tariff(3, MARCH)
    timeline = given((late, date(2025, 2, 1)))
    for on in (date(2024, 12, 31), date(2025, 2, 1), date(2025, 2, 28)):
        with pytest.raises(NoTariffOn) as refusal:
            timeline.run_on(on)
        assert refusal.value.on == on
    assert refusal.value.tariff_id == 3
    assert timeline.run_on(MARCH).tariff is late


@pytest.mark.parametrize(
    ("through_on", "last"),
    [
        (date(2025, 3, 5), date(2025, 3, 5)),
        (date(2025, 3, 11), date(2025, 3, 9)),
        (date(2025, 3, 12), date(2025, 3, 12)),
    ],
)
def test_the_last_day_with_a_tariff_is_not_one_of_another(through_on: date, last: date) -> None:
    timeline = given((B, date(2025, 3, 10)), (A, date(2025, 3, 12)))
    assert timeline.last_day_with(A.id, through_on=through_on) == last


def test_a_tariff_that_comes_later_has_no_last_day_yet() -> None:
    timeline = given((B, date(2025, 3, 10)))
    assert timeline.last_day_with(B.id, through_on=date(2025, 3, 9)) is None


def test_two_tariffs_on_one_day_cannot_be_given() -> None:
    with pytest.raises(GivenOutOfOrder):
        given((B, MARCH), (A, MARCH))
