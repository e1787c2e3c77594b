"""A tree of meters has no circles, and what nobody counted is never below zero."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meter_tree import (
    Branch,
    MeterAboveItself,
    require_no_circle,
    residual,
    tree_of,
)

PARENTS = {1: None, 2: 1, 3: 1, 4: 2, 5: None}


def test_meters_hang_below_their_parents() -> None:
    assert tree_of(PARENTS) == (
        Branch(
            meter_id=1,
            below=(Branch(meter_id=2, below=(Branch(meter_id=4),)), Branch(meter_id=3)),
        ),
        Branch(meter_id=5),
    )


def test_a_meter_whose_parent_is_elsewhere_is_a_root() -> None:
    assert tree_of({7: 99}) == (Branch(meter_id=7),)


@pytest.mark.parametrize("parent_id", [1, 2, 4])
def test_a_meter_cannot_hang_below_itself(parent_id: int) -> None:
    with pytest.raises(MeterAboveItself) as refused:
        require_no_circle(PARENTS, meter_id=1, parent_id=parent_id)
    assert (refused.value.meter_id, refused.value.parent_id) == (1, parent_id)


def test_a_meter_may_move_to_another_branch() -> None:
    require_no_circle(PARENTS, meter_id=4, parent_id=3)
    require_no_circle(PARENTS, meter_id=2, parent_id=5)


def _all(branches: tuple[Branch, ...]) -> Iterator[int]:
    for branch in branches:
        yield branch.meter_id
        yield from _all(branch.below)


@given(st.lists(st.integers(0, 30), max_size=30))
def test_every_meter_is_in_the_tree_once_however_it_was_built(wanted: list[int]) -> None:
    parents: dict[int, int | None] = {}
    for meter_id, parent_id in enumerate(wanted, start=1):
        parents[meter_id] = None
        try:
            require_no_circle(parents, meter_id=meter_id, parent_id=parent_id)
        except MeterAboveItself:
            continue
        parents[meter_id] = parent_id or None
    assert sorted(_all(tree_of(parents))) == sorted(parents)


def test_what_no_sub_meter_counted_is_left() -> None:
    found = residual(Decimal("100.5"), [Decimal(40), Decimal("30.5")])
    assert (found.subs, found.left, found.missing) == (Decimal("70.5"), Decimal(30), Decimal(0))


def test_sub_meters_that_count_more_leave_nothing_and_are_told() -> None:
    found = residual(Decimal(50), [Decimal(40), Decimal(30)])
    assert (found.left, found.missing) == (Decimal(0), Decimal(20))
