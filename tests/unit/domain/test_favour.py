"""What was given back counts once, whatever the order of corrections. Rules 3.8 and 10.4."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.favour import Favour, Stretched, counting, matched

NOON = datetime(2025, 11, 11, 12, tzinfo=UTC)


def favour(key: int, paise: int, changes: dict[int, int], *, counted: int = 0) -> Favour:
    return Favour(id=key, amount_paise=paise, counted_paise=counted, changes=changes)


@pytest.mark.parametrize(
    ("given_paise", "changes", "counts"),
    [
        (200, {}, 0),
        (200, {1: 130}, 130),
        (50, {1: 130}, 50),
        (50, {1: -130}, 0),
        (200, {1: 130, 2: 30}, 160),
        (200, {1: 130, 2: -130}, 0),
        (200, {1: -130, 2: 130, 3: 20}, 20),
    ],
)
def test_it_is_the_smaller_of_the_favour_and_of_what_its_charges_came_down(
    given_paise: int, changes: dict[int, int], counts: int
) -> None:
    assert counting([favour(7, given_paise, changes)]) == {7: counts}


def test_a_favour_for_one_charge_leaves_the_rest_of_its_bill_to_the_other() -> None:
    of_bill = favour(1, 100, {1: 120, 2: 30})
    of_charge = favour(2, 50, {1: 120})
    assert counting([of_bill, of_charge]) == {1: 100, 2: 50}
    assert counting([of_bill, favour(2, 90, {1: 120})]) == {1: 60, 2: 90}


def test_a_later_favour_takes_of_the_later_corrections() -> None:
    first, second = favour(1, 100, {1: 130, 2: 26}), favour(2, 76, {2: 26})
    assert counting([first, second]) == {1: 100, 2: 26}


CHANGES = some.dictionaries(some.integers(1, 5), some.integers(-300, 300), max_size=5)
FAVOURS = some.lists(some.tuples(some.integers(1, 400), some.sets(some.integers(1, 5))), max_size=5)


@given(CHANGES, FAVOURS)
def test_no_paisa_of_a_correction_counts_for_two(
    changes: dict[int, int], wanted: list[tuple[int, set[int]]]
) -> None:
    favours = [
        favour(key, paise, {each: changes[each] for each in keys & changes.keys()})
        for key, (paise, keys) in enumerate(wanted, start=10)
    ]
    found = counting(favours)
    for each in favours:
        assert 0 <= found[each.id] <= min(each.amount_paise, max(sum(each.changes.values()), 0))
    assert sum(found.values()) <= sum(paise for paise in changes.values() if paise > 0)


def stretch(key: int, start: int, end: int) -> Stretched:
    hour = timedelta(hours=1)
    return Stretched(key=key, from_at=NOON + hour * start, to_at=NOON + hour * end)


def test_what_is_charged_for_the_same_time_takes_the_place() -> None:
    undone = [stretch(1, 0, 10), stretch(2, 10, 20), stretch(3, 20, 30), stretch(4, 40, 50)]
    anew = [stretch(5, 0, 10), stretch(6, 10, 15), stretch(7, 15, 25), stretch(8, 25, 30)]
    found = [
        ({x.key for x in each.undone}, {x.key for x in each.anew}) for each in matched(undone, anew)
    ]
    assert sorted(found, key=lambda pair: min(pair[0])) == [
        ({1}, {5}),
        ({2, 3}, {6, 7, 8}),
        ({4}, set()),
    ]
