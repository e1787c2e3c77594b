"""One check of one lease, without a store. Rules 1.4, 3, 5."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.billing import LineKind, MonthToDate, UsageKey
from bot.domain.ledger import AccountKind
from bot.domain.metering import MeterTerms, ReadingStatus, ReadingType
from bot.domain.service_kind import ELECTRIC
from bot.domain.tariff import Slab, StandingCharge, StandingPer, Tariff, TariffVersion, Tax
from bot.domain.timeline import Timeline
from bot.services.book import LeaseBook
from bot.services.booking import entry_for, month_lines
from bot.services.check import Check, CheckOutcome, Observation, book_after, check, readings_of
from tests.unit.services.books import (
    OPENED_AT,
    TARIFF,
    VERSION,
    a_book,
    a_link,
    a_supply,
    an_anchor,
    seen,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOVEMBER = date(2025, 11, 1)


def run(book: LeaseBook, observation: Observation) -> Check:
    return check(book, book.meters[0], observation)


def anchored(**terms: object) -> LeaseBook:
    return a_book(replace(a_link(anchor=an_anchor()), **terms))  # type: ignore[arg-type]


class TestOutcome:
    """What an observation means."""

    def test_use_is_charged(self) -> None:
        done = run(anchored(), seen((OPENED_AT + DAY, "1461.8")))
        assert done.outcome is CheckOutcome.CHARGED
        (step,) = done.steps
        assert (step.charge.total_paise, step.reading.consumption) == (7_670, Decimal("11.8"))
        assert (step.reading.previous_value, step.reading.lease_id) == (Decimal("1450.0"), 1)
        assert readings_of(done) == (step.reading,)

    def test_no_use_moves_the_anchor_and_charges_nothing(self) -> None:
        done = run(anchored(), seen((OPENED_AT + DAY, "1450.0")))
        assert (done.outcome, len(done.steps)) == (CheckOutcome.NOTHING_USED, 1)
        assert entry_for(done.book, done.steps[0], from_id=1, to_id=2) is None
        assert month_lines(done.book, done.steps[0]) == []

    def test_what_was_seen_of_another_device_counts_for_nothing(self) -> None:
        done = run(anchored(), seen((OPENED_AT + DAY, "1461.8"), device_id="dev-old"))
        assert (done.outcome, readings_of(done)) == (CheckOutcome.REPLACED, ())

    def test_a_meter_without_an_installation_counts_for_nothing(self) -> None:
        book = anchored(installation_id=None, device_id=None)
        done = run(book, seen((OPENED_AT + DAY, "1461.8")))
        assert done.outcome is CheckOutcome.REPLACED

    def test_nothing_is_charged_past_a_held_reading(self) -> None:
        done = run(anchored(has_held_reading=True), seen((OPENED_AT + DAY, "1461.8")))
        assert (done.outcome, readings_of(done)) == (CheckOutcome.HELD, ())

    @pytest.mark.parametrize("anchor", [None, an_anchor(installation_id=9)])
    def test_the_first_live_reading_opens_an_installation(self, anchor: object) -> None:
        book = anchored(anchor=anchor)
        done = run(book, seen((OPENED_AT + HOUR, "0.5"), (OPENED_AT + DAY, "2")))
        assert (done.outcome, done.steps) == (CheckOutcome.OPENED, ())
        (opening,) = readings_of(done)
        assert (opening.point.value, opening.consumption) == (Decimal(2), None)
        away = run(book, seen((OPENED_AT + DAY, "2"), is_live=False))
        assert (away.outcome, readings_of(away)) == (CheckOutcome.OFFLINE, ())

    def test_what_was_set_aside_is_not_seen_again(self) -> None:
        book = anchored(rejected_at=frozenset({OPENED_AT + DAY}))
        done = run(book, seen((OPENED_AT + DAY, "9450"), (OPENED_AT + 2 * DAY, "1460")))
        assert done.outcome is CheckOutcome.CHARGED
        assert [step.charge.quantity for step in done.steps] == [Decimal("10.0")]

    def test_a_jump_after_one_that_was_set_aside_is_held_anew(self) -> None:
        """Else the old one would be held again, which nobody is asked about twice."""
        book = anchored(rejected_at=frozenset({OPENED_AT + DAY}))
        done = run(book, seen((OPENED_AT + DAY, "9450"), (OPENED_AT + 2 * DAY, "9460")))
        assert done.held is not None
        assert done.held.point.at == OPENED_AT + 2 * DAY
        alone = run(book, seen((OPENED_AT + DAY, "9450"), is_live=False))
        assert (alone.outcome, readings_of(alone)) == (CheckOutcome.OFFLINE, ())

    def test_a_jump_is_held_and_what_came_before_is_charged(self) -> None:
        points = [(OPENED_AT + DAY, "1460"), (OPENED_AT + 2 * DAY, "9460")]
        done = run(anchored(), seen(*points))
        assert done.outcome is CheckOutcome.CHARGED
        charged, held = readings_of(done)
        assert (charged.status, held.status) == (ReadingStatus.ACCEPTED, ReadingStatus.HELD)
        assert held.consumption == 8000
        only = run(anchored(), seen(points[1]))
        assert (only.outcome, only.steps) == (CheckOutcome.HELD, ())

    def test_a_fall_charges_nothing(self) -> None:
        done = run(anchored(), seen((OPENED_AT + DAY, "3")))
        assert (done.outcome, readings_of(done)) == (CheckOutcome.FELL, ())
        assert done.fell is not None

    def test_a_price_that_is_missing_is_a_problem_not_an_error(self) -> None:
        late = Tariff(id=1, name="Late", versions=(replace(VERSION, from_on=date(2026, 1, 1)),))
        done = run(
            replace(anchored(), timelines={ELECTRIC.service: Timeline.of(late)}),
            seen((OPENED_AT + DAY, "1451")),
        )
        assert (done.outcome, done.steps) == (CheckOutcome.FAILED, ())
        assert done.problem is not None
        assert (done.problem.code, done.problem.detail) == ("no_tariff", "2025-11-11")

    def test_use_at_a_price_that_the_tariff_does_not_have_is_a_problem(self) -> None:
        used = {UsageKey(version_id=77): Decimal(1)}
        months = {(ELECTRIC.service, NOVEMBER): MonthToDate(month_on=NOVEMBER, used=used)}
        done = run(replace(anchored(), months=months), seen((OPENED_AT + DAY, "1451")))
        assert done.problem is not None
        assert (done.problem.code, done.problem.detail) == ("tariff_changed", "[77]")


class TestEntry:
    """Rules 2.1, 2.5."""

    def test_it_balances_and_says_all(self) -> None:
        taxed = replace(
            VERSION,
            taxes=(Tax(name="Duty", percent=Decimal(9)),),
            standing=StandingCharge(amount_paise=500, per=StandingPer.DAY),
        )
        home = Tariff(id=1, name="Home", versions=(taxed,))
        book = replace(anchored(), timelines={ELECTRIC.service: Timeline.of(home)})
        done = run(book, seen((OPENED_AT + DAY, "1461.8")))
        entry = entry_for(done.book, done.steps[0], from_id=4, to_id=5)
        assert entry is not None
        assert entry.key == "deduction:1:reading:5"
        amounts = {each.account: each.amount_paise for each in entry.postings}
        assert amounts == {
            AccountKind.RECEIVABLE: -(7_670 + 12 * 500 + 690),
            AccountKind.ENERGY_INCOME: 7_670,
            AccountKind.FIXED_CHARGE_INCOME: 6_000,
            AccountKind.TAX_PAYABLE: 690,
        }
        assert entry.why["reading_from"] == 4
        assert entry.why["reading_type"] == ReadingType.AUTOMATIC.value
        assert entry.why["tariff_from"] == "2025-01-01"
        lines = month_lines(done.book, done.steps[0])
        assert [(line.kind, line.quantity) for line in lines] == [
            (LineKind.ENERGY, Decimal("11.8")),
            (LineKind.STANDING, Decimal(0)),
            (LineKind.TAX, Decimal(0)),
        ]

    def test_a_correction_by_rounding_is_named(self) -> None:
        used = MonthToDate(
            month_on=NOVEMBER,
            used={UsageKey(version_id=1): Decimal("0.001")},
            charged_paise={(LineKind.ENERGY, ""): 1},
        )
        book = replace(anchored(), months={(ELECTRIC.service, NOVEMBER): used})
        done = run(book, seen((OPENED_AT + DAY, "1450.001")))
        entry = entry_for(done.book, done.steps[0], from_id=1, to_id=2)
        assert entry is not None
        assert (entry.tenant_paise, entry.why["adjusted_paise"]) == (0, -1)


class TestBookAfter:
    """The book that the decision is taken from."""

    def test_it_holds_the_charges(self) -> None:
        now = OPENED_AT + DAY
        after = book_after(run(anchored(), seen((now, "1461.8"))), now=now)
        assert (after.balance_paise, after.week_cost_paise) == (292_330, 7_670)
        assert after.month(NOVEMBER).charged_paise == {(LineKind.ENERGY, ""): 7_670}

    def test_what_is_older_than_a_week_is_not_of_the_week(self) -> None:
        now = OPENED_AT + 9 * DAY
        done = run(anchored(), seen((OPENED_AT + DAY, "1460"), (now, "1465")))
        after = book_after(done, now=now)
        assert (after.balance_paise, after.week_cost_paise) == (300_000 - 9_750, 3_250)

    def test_a_relay_is_as_it_was_seen_after_the_last_word_on_it(self) -> None:
        def supply(relay_on: bool | None, age: timedelta) -> object:
            book = anchored(supply=a_supply())
            done = run(book, seen((OPENED_AT + age, "1450"), relay_on=relay_on))
            return book_after(done, now=OPENED_AT + DAY).meters[0].supply

        assert supply(relay_on=False, age=DAY) == replace(
            a_supply(), actual_on=False, confirmed_at=OPENED_AT + DAY
        )
        assert supply(relay_on=True, age=DAY) == a_supply()
        assert supply(relay_on=None, age=DAY) == a_supply()
        assert supply(relay_on=False, age=timedelta(0)) == a_supply()

    def test_a_room_seen_for_the_first_time_is_to_have_power(self) -> None:
        after = book_after(
            run(anchored(), seen((OPENED_AT + DAY, "1450"), relay_on=False)), now=OPENED_AT + DAY
        )
        supply = after.meters[0].supply
        assert supply is not None
        assert (supply.desired_on, supply.actual_on) == (True, False)

    def test_another_device_s_relay_is_nothing_to_go_by(self) -> None:
        book = anchored(supply=a_supply())
        done = run(book, seen((OPENED_AT + DAY, "1450"), device_id="old", relay_on=False))
        assert book_after(done, now=OPENED_AT + DAY).meters == book.meters


uses = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 40_000)), min_size=1, max_size=12
)  # hours until the next check, thousandths used
prices = st.builds(
    lambda first, second, limit, percent: Tariff(
        id=1,
        name="Odd",
        versions=(
            TariffVersion(
                id=1,
                from_on=date(2025, 1, 1),
                slabs=(
                    Slab(up_to=Decimal(limit), rate_paise=Decimal(first) / 100),
                    Slab(up_to=None, rate_paise=Decimal(second) / 100),
                ),
                taxes=(Tax(name="Duty", percent=Decimal(percent) / 10),),
            ),
            TariffVersion(
                id=2,
                from_on=date(2025, 11, 14),
                slabs=(Slab(up_to=None, rate_paise=Decimal(second) / 100),),
            ),
        ),
    ),
    st.integers(0, 100_000),
    st.integers(0, 100_000),
    st.integers(1, 200),
    st.integers(0, 300),
)


class TestProperties:
    """Whatever the sizes of the steps."""

    @given(uses, prices)
    def test_the_sum_of_charges_is_that_of_one_look_at_all_the_points(
        self, used: list[tuple[int, int]], tariff: Tariff
    ) -> None:
        """Rule 1.4: checked one by one or after a long silence, the total is the same."""
        terms = MeterTerms(limit_per_hour=Decimal(10**6))
        book = replace(
            a_book(a_link(anchor=an_anchor(), terms=terms), tariff=tariff), balance_paise=0
        )
        at, value, points = OPENED_AT, Decimal("1450.0"), []
        for hours, thousandths in used:
            at, value = at + hours * HOUR, value + Decimal(thousandths).scaleb(-3)
            points.append((at, str(value)))
        at_once = book_after(run(book, seen(*points)), now=at)
        step_by_step = book
        for point in points:
            done = run(step_by_step, seen(point))
            step_by_step = book_after(done, now=point[0])
            moved = replace(
                step_by_step.meters[0],
                anchor=replace(an_anchor(point[1], at=point[0]), id=2),
            )
            step_by_step = replace(step_by_step, meters=(moved,))
        assert step_by_step.balance_paise == at_once.balance_paise
        assert step_by_step.months == at_once.months

    @given(uses, prices)
    def test_every_entry_balances_and_explains_itself(
        self, used: list[tuple[int, int]], tariff: Tariff
    ) -> None:
        terms = MeterTerms(limit_per_hour=Decimal(10**6))
        book = a_book(a_link(anchor=an_anchor(), terms=terms), tariff=tariff)
        at, value = OPENED_AT, Decimal("1450.0")
        points = []
        for hours, thousandths in used:
            at, value = at + hours * HOUR, value + Decimal(thousandths).scaleb(-3)
            points.append((at, str(value)))
        done = run(book, seen(*points))
        assert sum(step.stretch.quantity for step in done.steps) == value - Decimal("1450.0")
        for number, step in enumerate(done.steps):
            entry = entry_for(done.book, step, from_id=number, to_id=number + 1)
            lines = month_lines(done.book, step)
            assert (entry is None) == (lines == [])
            if entry is not None:
                assert -entry.tenant_paise == sum(line.amount_paise for line in lines)
                assert Decimal(str(entry.why["quantity"])) == step.stretch.quantity


def test_the_story_s_tariff_is_the_default() -> None:
    assert anchored().timelines == {ELECTRIC.service: Timeline.of(TARIFF)}
