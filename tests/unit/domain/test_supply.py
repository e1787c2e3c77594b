"""Section 6, rules 1 to 3, and 5.3: should this room have power?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lease import BillingMode
from bot.domain.protection import ProtectedHours
from bot.domain.supply import (
    Hold,
    SupplyDecision,
    SupplyFacts,
    SupplyReason,
    decide,
    review_at,
)
from tests.unit.domain.test_period import KOLKATA, PARIS, instants

NOW = datetime(2024, 11, 18, 18, 29, tzinfo=UTC)
EVENING = ProtectedHours(start=time(18), end=time(8))
CUT_OFF = 10_000

BROKE = SupplyFacts(
    now=NOW,
    zone=KOLKATA,
    mode=BillingMode.PREPAID,
    balance_paise=8_550,
    cut_off_paise=CUT_OFF,
    is_on=True,
)

Change = Callable[[SupplyFacts], SupplyFacts]

# Rule 6.2, highest first: what makes each one apply, and what it then decides.
PRECEDENCE: list[tuple[Change, SupplyDecision]] = [
    (
        lambda facts: replace(facts, hold=Hold.OFF),
        SupplyDecision(on=False, reason=SupplyReason.HOLD_OFF),
    ),
    (
        lambda facts: replace(facts, hold=Hold.ON),
        SupplyDecision(on=True, reason=SupplyReason.HOLD_ON),
    ),
    (
        lambda facts: replace(facts, is_protected=True),
        SupplyDecision(on=True, reason=SupplyReason.PROTECTED_TENANT),
    ),
    (
        lambda facts: replace(facts, protected_hours=EVENING),
        SupplyDecision(on=True, reason=SupplyReason.PROTECTED_HOURS),
    ),
    (
        lambda facts: replace(facts, holidays=frozenset({date(2024, 11, 18)})),
        SupplyDecision(on=True, reason=SupplyReason.HOLIDAY),
    ),
    (
        lambda facts: replace(facts, grace_until=NOW + timedelta(minutes=1)),
        SupplyDecision(on=True, reason=SupplyReason.GRACE),
    ),
    (
        lambda facts: facts,
        SupplyDecision(on=False, reason=SupplyReason.BELOW_CUT_OFF),
    ),
]


# A room has one hold, so the two holds never meet.
PAIRS = [pair for pair in combinations(PRECEDENCE, 2) if pair != (PRECEDENCE[0], PRECEDENCE[1])]


def reason(facts: SupplyFacts) -> SupplyReason:
    return decide(facts).reason


class TestPrecedence:
    """Rule 6.2."""

    @pytest.mark.parametrize(("apply", "decision"), PRECEDENCE)
    def test_each_rule_decides_when_it_stands_alone(
        self, apply: Change, decision: SupplyDecision
    ) -> None:
        assert decide(apply(BROKE)) == decision

    @pytest.mark.parametrize(
        ("higher", "lower"),
        PAIRS,
        ids=lambda rule: rule[1].reason.value,
    )
    def test_of_any_two_rules_the_higher_one_decides(
        self, higher: tuple[Change, SupplyDecision], lower: tuple[Change, SupplyDecision]
    ) -> None:
        assert decide(lower[0](higher[0](BROKE))) == higher[1]


everything = st.builds(
    SupplyFacts,
    now=instants,
    zone=st.sampled_from([KOLKATA, PARIS]),
    mode=st.sampled_from(BillingMode),
    balance_paise=st.integers(-50_000, 50_000),
    cut_off_paise=st.integers(-20_000, 20_000),
    is_on=st.booleans(),
    emergency_left_paise=st.integers(0, 20_000),
    disputed_paise=st.integers(0, 20_000),
    overdue_paise=st.integers(0, 50_000),
    hold=st.sampled_from(Hold),
    hold_until=st.none() | instants,
    is_protected=st.booleans(),
    protected_hours=st.none()
    | st.builds(
        ProtectedHours,
        start=st.times(),
        end=st.times(),
        weekdays=st.frozensets(st.integers(0, 6)),
    ),
    holidays=st.frozensets(st.dates(date(2010, 1, 1), date(2035, 12, 31)), max_size=3),
    grace_until=st.none() | instants,
)


class TestProperties:
    """Rule 6.2, whatever else holds."""

    @given(everything)
    def test_a_hold_off_beats_everything(self, facts: SupplyFacts) -> None:
        held = replace(facts, hold=Hold.OFF)
        assert decide(held) == SupplyDecision(on=False, reason=SupplyReason.HOLD_OFF)

    @given(everything, st.integers(0, 10**9))
    def test_a_payment_does_not_release_a_hold_off(self, facts: SupplyFacts, more: int) -> None:
        held = replace(facts, hold=Hold.OFF, balance_paise=facts.balance_paise + more)
        assert not decide(held).on

    @given(everything)
    def test_protected_hours_and_holidays_never_block_restoring(self, facts: SupplyFacts) -> None:
        bare = replace(facts, protected_hours=None, holidays=frozenset())
        assert decide(facts).on >= decide(bare).on

    @given(everything, st.integers(0, 10**6))
    def test_more_money_never_cuts(self, facts: SupplyFacts, more: int) -> None:
        richer = replace(facts, balance_paise=facts.balance_paise + more)
        assert decide(richer).on >= decide(facts).on

    @given(everything)
    def test_at_the_cut_off_or_above_only_a_hold_keeps_power_away(self, facts: SupplyFacts) -> None:
        paid = replace(facts, mode=BillingMode.PREPAID, balance_paise=facts.cut_off_paise)
        assert decide(paid).on is (facts.hold is not Hold.OFF)

    @given(everything)
    def test_a_protected_tenant_is_never_cut_by_a_rule(self, facts: SupplyFacts) -> None:
        protected = replace(facts, is_protected=True)
        assert decide(protected).on is (facts.hold is not Hold.OFF)

    @given(everything)
    def test_the_reason_goes_with_the_state(self, facts: SupplyFacts) -> None:
        off = {SupplyReason.HOLD_OFF, SupplyReason.BELOW_CUT_OFF, SupplyReason.OVERDUE}
        decision = decide(facts)
        assert decision.on is (decision.reason not in off)

    @given(everything)
    def test_a_decision_carried_out_is_not_taken_back_by_itself(self, facts: SupplyFacts) -> None:
        decided = decide(facts)
        assert decide(replace(facts, is_on=decided.on)).on is decided.on


class TestHold:
    """Rule 6.2: only a manager releases a hold OFF."""

    def test_a_hold_on_ends_at_its_instant(self) -> None:
        held = replace(BROKE, hold=Hold.ON, hold_until=NOW)
        assert reason(held) is SupplyReason.BELOW_CUT_OFF
        later = replace(held, hold_until=NOW + timedelta(microseconds=1))
        assert reason(later) is SupplyReason.HOLD_ON

    def test_a_hold_off_does_not_end_by_itself(self) -> None:
        rich = replace(BROKE, balance_paise=10**6, hold=Hold.OFF, hold_until=NOW)
        assert reason(rich) is SupplyReason.HOLD_OFF


class TestPrepaid:
    """Rule 5.3."""

    @pytest.mark.parametrize(
        ("balance", "on"), [(10_001, True), (10_000, True), (9_999, False), (-1, False)]
    )
    def test_a_balance_equal_to_the_cut_off_keeps_power(self, balance: int, *, on: bool) -> None:
        assert decide(replace(BROKE, balance_paise=balance)).on is on

    def test_room_302_is_cut_at_85_50_and_restored_at_2085_50(self) -> None:
        assert decide(BROKE) == SupplyDecision(on=False, reason=SupplyReason.BELOW_CUT_OFF)
        paid = replace(BROKE, balance_paise=8_550 + 200_000, is_on=False)
        assert decide(paid) == SupplyDecision(on=True, reason=SupplyReason.IN_ORDER)

    def test_an_open_dispute_counts_for_the_tenant_rule_10_3(self) -> None:
        assert decide(replace(BROKE, disputed_paise=1_450)).on
        assert not decide(replace(BROKE, disputed_paise=1_449)).on

    def test_overdue_invoices_do_not_touch_a_prepaid_room(self) -> None:
        assert decide(replace(BROKE, balance_paise=CUT_OFF, overdue_paise=10**6)).on


class TestPostpaid:
    """Rule 6.1: overdue instead of balance."""

    OWING = replace(BROKE, mode=BillingMode.POSTPAID, balance_paise=-220_675)

    def test_owing_is_no_reason_before_it_is_overdue(self) -> None:
        assert decide(self.OWING) == SupplyDecision(on=True, reason=SupplyReason.IN_ORDER)

    def test_an_overdue_paisa_cuts_unless_it_is_disputed(self) -> None:
        overdue = replace(self.OWING, overdue_paise=1)
        assert decide(overdue) == SupplyDecision(on=False, reason=SupplyReason.OVERDUE)
        assert decide(replace(overdue, disputed_paise=1)).on


class TestProtectedHours:
    """Rule 6.3."""

    @pytest.mark.parametrize(
        ("clock", "covered"),
        [
            (time(17, 59, 59), False),
            (time(18), True),
            (time(23, 59), True),
            (time(0), True),
            (time(7, 59, 59), True),
            (time(8), False),
        ],
    )
    def test_a_window_over_midnight_is_half_open(self, clock: time, *, covered: bool) -> None:
        assert EVENING.covers(datetime.combine(date(2024, 11, 18), clock)) is covered

    def test_a_window_belongs_to_the_day_on_which_it_begins(self) -> None:
        friday = ProtectedHours(start=time(18), end=time(8), weekdays=frozenset({4}))
        assert friday.covers(datetime(2024, 11, 15, 20, tzinfo=KOLKATA))
        assert friday.covers(datetime(2024, 11, 16, 7, tzinfo=KOLKATA))
        assert not friday.covers(datetime(2024, 11, 16, 20, tzinfo=KOLKATA))
        assert not friday.covers(datetime(2024, 11, 15, 7, tzinfo=KOLKATA))

    def test_a_window_within_a_day_ends_in_it(self) -> None:
        noon = ProtectedHours(start=time(12), end=time(15), weekdays=frozenset({0}))
        assert noon.covers(datetime(2024, 11, 18, 12, tzinfo=KOLKATA))
        assert not noon.covers(datetime(2024, 11, 18, 15, tzinfo=KOLKATA))
        assert not noon.covers(datetime(2024, 11, 19, 12, tzinfo=KOLKATA))

    @given(instants, st.times())
    def test_a_window_that_ends_when_it_starts_lasts_all_day(
        self, now: datetime, clock: time
    ) -> None:
        assert ProtectedHours(start=clock, end=clock).covers(now.astimezone(KOLKATA))

    def test_hours_are_those_of_the_place(self) -> None:
        midday = replace(BROKE, now=datetime(2024, 11, 18, 6, 30, tzinfo=UTC))
        assert reason(replace(midday, protected_hours=EVENING)) is SupplyReason.BELOW_CUT_OFF
        in_paris = replace(midday, protected_hours=EVENING, zone=PARIS)
        assert reason(in_paris) is SupplyReason.PROTECTED_HOURS

    def test_no_new_cut_starts_but_a_dark_room_is_not_lit_by_them(self) -> None:
        dark = replace(
            BROKE,
            is_on=False,
            protected_hours=EVENING,
            holidays=frozenset({date(2024, 11, 18)}),
        )
        assert reason(dark) is SupplyReason.BELOW_CUT_OFF

    def test_a_holiday_is_a_day_of_the_place(self) -> None:
        late = replace(BROKE, now=datetime(2024, 11, 18, 18, 30, tzinfo=UTC))
        holiday = frozenset({date(2024, 11, 18)})
        assert reason(replace(late, holidays=holiday)) is SupplyReason.BELOW_CUT_OFF

    def test_grace_ends_at_its_instant(self) -> None:
        assert reason(replace(BROKE, grace_until=NOW)) is SupplyReason.BELOW_CUT_OFF


class TestReview:
    """When time alone changes a decision: it is looked at again then, and not before."""

    @pytest.mark.parametrize(
        ("clock", "ends"), [("18:00", 19), ("23:59", 19), ("00:00", 18), ("07:59", 18)]
    )
    def test_protected_hours_end_on_the_morning_that_comes(self, clock: str, ends: int) -> None:
        now = datetime.combine(date(2024, 11, 18), time.fromisoformat(clock), KOLKATA)
        assert EVENING.next_end_at(now, KOLKATA) == datetime(2024, 11, ends, 8, tzinfo=KOLKATA)

    def test_a_holiday_ends_at_the_midnight_of_the_place(self) -> None:
        holiday = replace(BROKE, holidays=frozenset({date(2024, 11, 18)}))
        midnight = datetime(2024, 11, 18, 18, 30, tzinfo=UTC)
        assert review_at(holiday, SupplyReason.HOLIDAY) == midnight

    @given(everything.map(lambda facts: replace(facts, zone=KOLKATA)))
    def test_a_decision_stands_until_its_review(self, facts: SupplyFacts) -> None:
        decision = decide(facts)
        again_at = review_at(facts, decision.reason)
        assert again_at is None or again_at > facts.now
        later = facts.now + timedelta(days=400) if again_at is None else again_at
        just_before = replace(facts, now=later - timedelta(microseconds=1), is_on=decision.on)
        assert decide(just_before).on == decision.on
