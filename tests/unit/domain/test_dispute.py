"""What a question holds, how it goes on, and when somebody is reminded. Section 10."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dispute import (
    OPEN_STATES,
    VERDICTS,
    CreditOutOfRange,
    Dispute,
    DisputeClosed,
    DisputeState,
    ItemKind,
    Nudge,
    StepKind,
    after,
    credit_paise,
    held_paise,
    nudge_due,
    said_by_tenant,
)

OPENED_AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
paise = st.integers(min_value=-(10**9), max_value=10**9)


def a_dispute(state: DisputeState = DisputeState.OPEN, *, disputed_paise: int = 7_670) -> Dispute:
    return Dispute(
        id=1,
        place_id=1,
        serial=12,
        lease_id=1,
        item=ItemKind.ENTRY,
        item_id=5,
        entry_id=5,
        opened_by=1,
        opened_at=OPENED_AT,
        disputed_paise=disputed_paise,
        held_paise=disputed_paise,
        state=state,
    )


@given(item=paise, disputed=paise, already=paise)
def test_what_is_held_is_never_negative_and_never_more_than_the_item(
    item: int, disputed: int, already: int
) -> None:
    held = held_paise(item_paise=item, disputed_paise=disputed, held_already_paise=already)
    assert 0 <= held <= max(item, 0)
    assert held <= max(disputed, 0)
    assert held + max(already, 0) <= max(item, 0) or held == 0


@given(disputed=st.integers(0, 10**9), left=paise, amount=paise, verdict=st.sampled_from(StepKind))
def test_nobody_gets_back_more_than_was_questioned_or_is_left(
    disputed: int, left: int, amount: int, verdict: StepKind
) -> None:
    if verdict not in VERDICTS:
        return
    dispute = a_dispute(disputed_paise=disputed)
    most = max(min(disputed, left), 0)
    if verdict is StepKind.PARTLY and not 0 < amount < most:
        with pytest.raises(CreditOutOfRange):
            credit_paise(dispute, verdict, left_paise=left, amount_paise=amount)
        return
    given_back = credit_paise(dispute, verdict, left_paise=left, amount_paise=amount)
    assert 0 <= given_back <= most


@pytest.mark.parametrize("state", [each for each in DisputeState if each not in OPEN_STATES])
@pytest.mark.parametrize("step", [each for each in StepKind if each is not StepKind.OPENED])
def test_what_is_settled_stays_so(state: DisputeState, step: StepKind) -> None:
    with pytest.raises(DisputeClosed) as refused:
        after(a_dispute(state), step)
    assert refused.value.state is state


def test_a_question_of_staff_waits_for_the_tenant_and_comes_back() -> None:
    asked = after(a_dispute(), StepKind.ASKED)
    assert asked is DisputeState.ASKED
    assert said_by_tenant(asked) is StepKind.ANSWERED
    assert after(a_dispute(asked), StepKind.ANSWERED) is DisputeState.OPEN
    assert said_by_tenant(DisputeState.OPEN) is StepKind.ADDED
    assert after(a_dispute(asked), StepKind.UPHELD) is DisputeState.UPHELD


def test_it_is_brought_to_mind_once_at_each_limit() -> None:
    dispute = a_dispute()
    limits = [(2, None), (3, Nudge.ANSWER), (8, Nudge.DECISION), (10, Nudge.OWNER)]
    for days, expected in limits:
        now = OPENED_AT + timedelta(days=days)
        assert nudge_due(dispute, now=now) is expected
        if expected is not None:
            dispute = replace(dispute, nudged=expected)
            assert nudge_due(dispute, now=now) is None
    assert nudge_due(dispute, now=OPENED_AT + timedelta(days=99)) is None


def test_who_was_answered_is_only_owed_the_decision() -> None:
    dispute = replace(a_dispute(), answered_at=OPENED_AT + timedelta(days=1))
    assert nudge_due(dispute, now=OPENED_AT + timedelta(days=4)) is None
    assert nudge_due(dispute, now=OPENED_AT + timedelta(days=8)) is Nudge.DECISION
    settled = replace(dispute, state=DisputeState.REJECTED)
    assert nudge_due(settled, now=OPENED_AT + timedelta(days=20)) is None
