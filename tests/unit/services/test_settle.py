"""What follows from a lease's book: power, orders, words. Rules 5.3, 5.7, section 6."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lease import BillingMode, CheckInterval, Lease, Occupancy
from bot.domain.supply import Hold, SupplyReason
from bot.domain.warning import Armed
from bot.services.book import LeaseBook, SupplyState
from bot.services.ports import Lane
from bot.services.settle import Settlement, settle
from bot.services.store import NoticeKind, OrderStatus
from tests.unit.services.books import LEASE, OPENED_AT, a_book, a_link, a_supply

NOW = OPENED_AT + timedelta(days=1)


def settled(
    balance_paise: int, supply: SupplyState | None, *, has_relay: bool | None = True
) -> Settlement:
    link = a_link(supply=supply, has_relay=has_relay)
    return settle(a_book(link, balance_paise=balance_paise), now=NOW)


def kinds(done: Settlement) -> list[NoticeKind]:
    return [each.kind for each in done.notices]


class TestOrder:
    """When a relay is told something."""

    def test_a_room_in_order_is_left_alone(self) -> None:
        done = settled(300_000, a_supply())
        assert (done.order, done.notices, done.is_news) == (None, (), False)

    def test_too_little_money_is_a_cut_that_every_tenant_is_told_of(self) -> None:
        done = settled(9_999, a_supply())
        assert done.order is not None
        assert (done.order.turn_on, done.order.lane) == (False, Lane.CUT)
        assert [each.person_id for each in done.notices] == [10, 11]
        assert {each.thread for each in done.notices} == {done.order.thread}
        assert done.supply is not None
        assert (done.supply.desired_on, done.supply.decided_at) == (False, NOW)

    def test_enough_money_is_a_restore(self) -> None:
        done = settled(10_000, a_supply(on=False, actual_on=False))
        assert done.order is not None
        assert (done.order.turn_on, done.order.lane) == (True, Lane.RESTORE)

    @pytest.mark.parametrize("on", [True, False])
    def test_a_relay_that_is_not_as_it_should_be_is_ordered_without_a_word(
        self, *, on: bool
    ) -> None:
        done = settled(300_000 if on else 0, a_supply(on=on, actual_on=not on))
        assert done.order is not None
        assert done.order.turn_on is on
        assert done.notices == ()

    def test_a_relay_that_nobody_saw_is_not_ordered_about_anew(self) -> None:
        assert settled(0, a_supply(on=False, actual_on=None)).order is None

    def test_a_first_decision_against_power_is_ordered_and_told(self) -> None:
        done = settled(0, None)
        assert done.order is not None
        assert not done.order.turn_on
        assert kinds(done) == [NoticeKind.POWER] * 2
        assert settled(300_000, None).order is None

    @pytest.mark.parametrize("supply", [None, a_supply()])
    def test_without_a_relay_staff_switch_by_hand(self, supply: SupplyState | None) -> None:
        done = settled(0, supply, has_relay=False)
        assert done.order is not None
        assert (done.order.status, done.by_hand) == (OrderStatus.BY_HAND, True)
        assert kinds(done) == [NoticeKind.POWER] * 2 + [NoticeKind.SWITCH_BY_HAND] * 2
        assert [each.person_id for each in done.notices] == [10, 11, 20, 21]
        assert {each.facts["state"] for each in done.notices} == {"by_hand"}

    def test_who_was_asked_before_this_was_recorded_is_asked_again(self) -> None:
        done = settled(0, a_supply(on=False, actual_on=None), has_relay=False)
        assert done.order is not None
        assert done.order.status is OrderStatus.BY_HAND
        assert done.notices == ()

    def test_what_a_person_has_switched_is_asked_of_nobody(self) -> None:
        assert settled(0, a_supply(on=False, actual_on=False), has_relay=False).order is None

    def test_a_cause_with_a_message_of_its_own_needs_no_other(self) -> None:
        book = a_book(a_link(supply=a_supply()), balance_paise=0)
        done = settle(book, now=NOW, thread="payment:1")
        assert done.notices == ()
        assert done.order is not None
        assert (done.order.thread, done.is_announced) == ("payment:1", True)

    def test_a_lease_without_a_meter_has_no_power_to_decide(self) -> None:
        done = settle(a_book(balance_paise=0), now=NOW)
        assert (done.supply, done.order, done.notices) == (None, None, ())

    def test_a_lease_that_has_ended_is_no_reason_to_switch_or_warn(self) -> None:
        ended = replace(
            LEASE, occupancy=Occupancy(start_on=date(2025, 1, 1), end_on=date(2025, 11, 12))
        )
        book = a_book(a_link(supply=a_supply()), lease=ended, balance_paise=0)
        done = settle(book, now=NOW)
        assert (done.supply, done.order, done.notices) == (None, None, ())
        yesterday = settle(book, now=OPENED_AT)
        assert yesterday.order is not None


class TestHolds:
    """Rule 6.2."""

    def test_a_hold_on_that_has_run_out_is_taken_off(self) -> None:
        held = a_supply(hold=Hold.ON, hold_until=NOW)
        done = settled(0, replace(held, hold_by=20, hold_reason="guest"))
        assert done.supply is not None
        assert (done.supply.hold, done.supply.hold_by, done.supply.hold_reason) == (
            Hold.NONE,
            None,
            None,
        )
        assert done.order is not None

    def test_a_hold_off_outlives_its_hour(self) -> None:
        held = a_supply(on=False, actual_on=False, hold=Hold.OFF, hold_until=OPENED_AT)
        done = settled(300_000, held)
        assert done.supply is not None
        assert (done.supply.hold, done.supply.reason) == (Hold.OFF, SupplyReason.HOLD_OFF)
        assert done.order is None


class TestWarnings:
    """Rule 5.7."""

    def test_low_says_how_long(self) -> None:
        book = a_book(a_link(supply=a_supply()), balance_paise=49_999, week_cost_paise=35_000)
        (first, _) = settle(book, now=NOW).notices
        assert first.kind is NoticeKind.LOW
        assert (first.facts["daily_cost_paise"], first.facts["days_left"]) == (5_000, "8.0")

    def test_the_last_one_replaces_low(self) -> None:
        book = a_book(a_link(supply=a_supply()), balance_paise=12_000, week_cost_paise=35_000)
        done = settle(book, now=NOW)
        assert kinds(done) == [NoticeKind.LAST_WARNING] * 2
        assert done.progress.armed == Armed(low_given=True, last_given_paise=12_000)

    def test_weekly_checks_warn_a_week_ahead(self) -> None:
        lease = replace(LEASE, check_interval=CheckInterval.WEEKLY)
        book = a_book(
            a_link(supply=a_supply()), lease=lease, balance_paise=40_000, week_cost_paise=35_000
        )
        assert kinds(settle(book, now=NOW)) == [NoticeKind.LAST_WARNING] * 2

    def test_who_pays_afterwards_is_not_warned(self) -> None:
        lease = replace(LEASE, mode=BillingMode.POSTPAID)
        book = a_book(a_link(supply=a_supply()), lease=lease, balance_paise=-5_000)
        assert settle(book, now=NOW).notices == ()


class TestWarningsOfTheSpared:
    """Nobody is told of a cut that does not come. Rules 5.7, 6.2 and 6.3."""

    def shortly(self, lease: Lease, supply: SupplyState | None = None) -> LeaseBook:
        link = a_link(supply=supply or a_supply())
        return a_book(link, lease=lease, balance_paise=12_000, week_cost_paise=35_000)

    def test_a_protected_tenant_hears_that_it_is_low_and_of_no_cut(self) -> None:
        lease = replace(LEASE, is_protected=True)
        done = settle(
            a_book(
                a_link(supply=a_supply()), lease=lease, balance_paise=12_000, week_cost_paise=35_000
            ),
            now=NOW,
        )
        assert kinds(done) == [NoticeKind.LOW] * 2
        assert done.notices[0].facts["is_cut"] is False

    def test_who_is_held_on_hears_of_no_cut(self) -> None:
        held = a_supply(hold=Hold.ON)
        done = settle(
            a_book(a_link(supply=held), balance_paise=12_000, week_cost_paise=35_000), now=NOW
        )
        assert kinds(done) == [NoticeKind.LOW] * 2
        assert done.notices[0].facts["is_cut"] is False

    def test_grace_puts_the_last_warning_off_until_its_end_is_near(self) -> None:
        lease = replace(LEASE, grace_until=NOW + timedelta(days=3))
        book = a_book(
            a_link(supply=a_supply()), lease=lease, balance_paise=12_000, week_cost_paise=35_000
        )
        first = settle(book, now=NOW)
        assert kinds(first) == [NoticeKind.LOW] * 2
        later = replace(book, armed=first.progress.armed, balance_paise=-500)
        (warned, _) = settle(later, now=NOW + timedelta(days=2, hours=1)).notices
        assert warned.kind is NoticeKind.LAST_WARNING
        assert warned.facts["not_before"] == (NOW + timedelta(days=3)).isoformat()

    def test_emergency_credit_lasts_beyond_the_cut_off(self) -> None:
        lease = replace(LEASE, emergency_credit_paise=20_000)
        book = a_book(
            a_link(supply=a_supply()), lease=lease, balance_paise=12_000, week_cost_paise=35_000
        )
        (low, _) = settle(book, now=NOW).notices
        assert (low.kind, low.facts["days_left"]) == (NoticeKind.LOW, "4.4")
        assert low.facts["cut_off_paise"] == -10_000
        on_credit = replace(book, armed=Armed(low_given=True), balance_paise=-6_000)
        assert kinds(settle(on_credit, now=NOW)) == [NoticeKind.LAST_WARNING] * 2


books = st.builds(
    lambda balance, supply, has_relay, low, last, exhausted, credit, week: a_book(
        a_link(supply=supply, has_relay=has_relay),
        lease=replace(LEASE, emergency_credit_paise=credit),
        balance_paise=balance,
        armed=Armed(low_given=low, last_given_paise=last),
        emergency_exhausted=exhausted,
        week_cost_paise=week,
    ),
    st.integers(-50_000, 100_000),
    st.none()
    | st.builds(
        lambda on, actual, hold: a_supply(on=on, actual_on=actual, hold=hold),
        st.booleans(),
        st.none() | st.booleans(),
        st.sampled_from(Hold),
    ),
    st.none() | st.booleans(),
    st.booleans(),
    st.none() | st.integers(10_000, 60_000),
    st.booleans(),
    st.integers(0, 20_000),
    st.integers(0, 70_000),
)


def carried_out(book: LeaseBook, done: Settlement) -> LeaseBook:
    """Return the book as it stands once what was decided has been done and said."""
    supply = done.supply
    assert supply is not None
    seen = replace(supply, actual_on=supply.desired_on, confirmed_at=NOW)
    return replace(
        book,
        meters=(replace(book.meters[0], supply=seen),),
        armed=done.progress.armed,
        emergency_exhausted=done.progress.emergency_exhausted,
    )


class TestProperties:
    """Whatever the book says."""

    @given(books)
    def test_settling_again_changes_nothing(self, book: LeaseBook) -> None:
        first = settle(book, now=NOW)
        again = settle(carried_out(book, first), now=NOW + timedelta(seconds=1))
        assert (again.order, again.notices) == (None, ())
        assert again.decision == first.decision

    @given(books)
    def test_an_order_is_for_what_is_desired_and_goes_to_a_person_where_no_relay_is(
        self, book: LeaseBook
    ) -> None:
        done = settle(book, now=NOW)
        if done.order is not None:
            by_hand = done.order.status is OrderStatus.BY_HAND
            assert by_hand is (book.meters[0].has_relay is False)
            assert done.order.turn_on is done.decision.on

    @given(books)
    def test_nobody_is_told_the_same_twice_at_once(self, book: LeaseBook) -> None:
        keys = [each.key for each in settle(book, now=NOW).notices]
        assert len(keys) == len(set(keys))

    @given(books)
    def test_a_cut_is_never_beside_a_warning(self, book: LeaseBook) -> None:
        done = settle(book, now=NOW)
        if not done.decision.on:
            assert not {NoticeKind.LOW, NoticeKind.LAST_WARNING} & set(kinds(done))
