"""What people are told without having asked: every kind, in every language, for every reader."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.people import Actor, Role
from bot.domain.supply import SupplyReason
from bot.i18n import Catalogues
from bot.services.store import Notice, NoticeKind
from bot.telegram.callbacks import Action, encode
from bot.telegram.screen import Screen
from bot.telegram.screens.notices import SCREENS, Reader, notice_screen

AT = datetime(2026, 11, 12, 6, 34, 31, tzinfo=UTC)
INDIA = ZoneInfo("Asia/Kolkata")
CATALOGUES = Catalogues()
LANGUAGES = [language.code for language in CATALOGUES.languages()]
TENANT = Actor(person_id=1, lease_ids=frozenset({1}))
MANAGER = Actor(person_id=2, roles=((5, Role.MANAGER),))

Facts = Mapping[str, object]
COMMON: Facts = {
    "place": "Lakeside Apartments",
    "zone": "Asia/Kolkata",
    "room": "Room #302",
    "lease_id": 1,
    "currency": "INR",
    "balance_paise": 8_550,
    "cut_off_paise": 10_000,
    "tenant": "Asha <Rao>",
}
METER: Facts = {"meter": "LKS-302", "unit": "kWh"}
WARNING: Facts = {
    "balance_paise": 14_220,
    "daily_cost_paise": 7_600,
    "days_left": "0.6",
    "cut_at": "2026-11-13T18:29:00+00:00",
    "check_time_matters": "daily",
}
POWER: Facts = {
    "on": True,
    "state": "sent",
    "reason": "in_order",
    "at": AT.isoformat(),
    "since": AT.isoformat(),
    "seconds": 9,
    "by": None,
    "hold_until": None,
    "note": None,
    "error": None,
}
CUT: Facts = {**POWER, "on": False, "reason": "below_cut_off"}
PAYMENT: Facts = {
    "entry_id": 5,
    "amount_paise": 200_000,
    "method": "upi",
    "reference": "423188908890",
    "before_paise": 8_550,
    "after_paise": 208_550,
    "power": "restoring",
    "power_at": None,
    "seconds": None,
    "reason": None,
    "by": "Ravi",
}
HELD: Facts = {
    **METER,
    "reading_id": 44,
    "value": "2450.0",
    "previous_value": "1450.0",
    "consumption": "1000.0",
    "hours": 3,
    "limit": "15",
}
SHARE: Facts = {
    "meter": "Lift <1>",
    "residual": False,
    "key": "headcount",
    "from_on": "2026-10-01",
    "to_on": "2026-10-31",
    "span_days": 31,
    "days": 31,
    "unit": "kWh",
    "whole_quantity": "100",
    "whole_paise": 65_000,
    "measure": "3",
    "weight": "93",
    "weights": "186",
    "quantity": "50",
    "part_paise": 32_500,
    "before_paise": 300_000,
    "after_paise": 267_500,
    "is_billed": False,
}
UNUSUAL: Facts = {
    **METER,
    "reading_id": 44,
    "value": "1524.0",
    "previous_value": "1450.0",
    "consumption": "74.0",
    "per_day": "74",
    "mean_per_day": "10",
    "sample": 6,
    "percent": 640,
    "reader": "Kishan <K>",
}
OUTCOME: Facts = {
    **METER,
    "outcome": "corrected",
    "value": "1461.8",
    "was_value": "1481.800",
    "taken_at": AT.isoformat(),
    "returned_paise": 20_670,
    "charged_paise": 7_670,
    "before_paise": 279_330,
    "after_paise": 292_330,
    "reason": None,
}
PROMISE: Facts = {
    "promise_id": 7,
    "pay_on": "2026-11-20",
    "to_pay_paise": 220_675,
    "status": "waiting",
    "promised_by": "Asha <Rao>",
    "by": None,
}
CLAIM: Facts = {
    "claim_id": 12,
    "amount_paise": 150_000,
    "method": "upi",
    "reference": "423188908890",
    "photo_id": 4,
    "claimant": "Asha <Rao>",
    "status": "waiting",
    "by": None,
    "reason": None,
    "recorded_paise": None,
}
USE: Facts = {"reading_id": 44, "unit": "kWh", "per_day": "16", "mean_per_day": "10"}
PRICE: Facts = {
    "slabs": [[None, "650"]],
    "generator_rate_paise": None,
    "standing": None,
    "taxes": [],
}
EXAMPLES: Mapping[NoticeKind, Facts] = {
    NoticeKind.LOW: WARNING,
    NoticeKind.LAST_WARNING: WARNING,
    NoticeKind.POWER: POWER,
    NoticeKind.PAYMENT: PAYMENT,
    NoticeKind.PAYMENT_REVERSED: PAYMENT,
    NoticeKind.ADJUSTMENT: {**PAYMENT, "is_credit": False, "reason": "a <switch>"},
    NoticeKind.STILL_DARK: {"minutes": 17, "order_id": 4, "error": None},
    NoticeKind.INSPECTIONS: {
        "count": 7,
        "place_id": 1,
        "today": "2026-11-12",
        "meters": [
            {"name": "Gas <B-2>", "room": "Room #302", "due": "2026-11-02"},
            {"name": "Lift", "room": None, "due": "2026-12-01"},
        ],
    },
    NoticeKind.UNUSUAL_USES: {
        "count": 3,
        "place_id": 1,
        "on": "2026-11-11",
        "meters": [
            {**USE, "name": None, "room": "Room #302", "percent": 60},
            {**USE, "name": "Lift <1>", "room": None, "percent": None},
        ],
    },
    NoticeKind.MOVED_OUT: {"balance_paise": 12_550, "invoice_id": None},
    NoticeKind.BILLING_CHANGED: {
        "mode": "prepaid",
        "was_mode": "postpaid",
        "billing_day": 25,
        "next_close_on": "2026-11-25",
        "due_days": 10,
        "power_until": "2026-11-25",
        "invoice_id": 3,
    },
    NoticeKind.SHARE: SHARE,
    NoticeKind.SHARE_TAKEN_BACK: {**SHARE, "amount_paise": 32_500, "reason": "a <slip>"},
    NoticeKind.LOSS: {
        "meter": "Main <1>",
        "meter_id": 4,
        "unit": "kWh",
        "left": "20.5",
        "main": "100",
        "limit_percent": 15,
        "from_on": "2026-10-01",
        "to_on": "2026-10-31",
    },
    NoticeKind.INVOICE: {
        "document": "invoice",
        "invoice_id": 3,
        "number": "LA1/26-27/0001",
        "total_paise": 220_675,
        "after_paise": -220_675,
        "period_from": "2026-09-25",
        "period_to": "2026-10-25",
        "due_on": "2026-11-05",
        "consumption": "339.5",
        "unit": "kWh",
        "corrects": None,
        "reason": None,
    },
    NoticeKind.DISPUTE: {
        "dispute_id": 12,
        "number": "D-0012",
        "event": "opened",
        "about": {
            "item": "entry",
            "at": AT.isoformat(),
            "entry_kind": "deduction",
            "service": "electricity",
            "amount_paise": -7_670,
        },
        "words": "I was <away>",
        "disputed_paise": 7_670,
        "held_paise": 7_670,
        "answer_by": AT.isoformat(),
        "decide_by": AT.isoformat(),
        "credit_paise": 0,
        "credit_note": None,
        "before_paise": 8_550,
        "after_paise": 8_550,
    },
    NoticeKind.INVOICE_WAITS: {
        "waits": "missing",
        "period_from": "2026-09-25",
        "period_to": "2026-10-25",
    },
    NoticeKind.PAYMENT_CLAIM: CLAIM,
    NoticeKind.CLAIM_OUTCOME: {**CLAIM, "status": "refused", "reason": "not <here>", "by": "Ravi"},
    NoticeKind.PAYMENT_PROMISE: PROMISE,
    NoticeKind.PROMISE_OUTCOME: {**PROMISE, "status": "accepted", "by": "Ravi"},
    NoticeKind.INVOICE_REMINDER: {
        "invoice_id": 3,
        "number": "LA1/26-27/0001",
        "step": "3",
        "open_paise": 20_675,
        "charged_paise": 220_675,
        "owed_paise": 85_675,
        "due_on": "2026-11-09",
        "told_at": AT.isoformat(),
        "cut_at": "2026-11-18T18:30:00+00:00",
        "is_off": False,
    },
    NoticeKind.PRICE_MISSING: {
        **METER,
        "service": "gas",
        "unit": "m³",
        "since": "2026-11-02",
    },
    NoticeKind.TERMS_CHANGED: {"rule": "cut_off", "was": 10_000, "value": 20_000},
    NoticeKind.PRICE_CHANGED: {
        "service": "electricity",
        "unit": "kWh",
        "from_on": "2026-12-01",
        "before": PRICE,
        "after": {**PRICE, "slabs": [[None, "700"]]},
        "is_withdrawn": False,
    },
    NoticeKind.DEVICE_OFFLINE: {**METER, "since": AT.isoformat()},
    NoticeKind.DEVICE_REPLACED: {
        **METER,
        "old_device": "dev-1",
        "new_device": "dev-9",
        "closing_value": "1461.8",
        "opening_value": "12.3",
        "installation_id": 31,
    },
    NoticeKind.DEVICE_TROUBLE: {**METER, "code": "device_missing", "detail": "LKS-302"},
    NoticeKind.READING_HELD: HELD,
    NoticeKind.READING_FELL: {**METER, "value": "1200.0", "previous_value": "1450.0"},
    NoticeKind.READING_UNUSUAL: UNUSUAL,
    NoticeKind.READING_OUTCOME: OUTCOME,
    NoticeKind.READING_DUE: {
        "last_on": "2026-11-28",
        "today_on": "2026-11-28",
        "is_last": True,
        "may_be_estimated": True,
        "meters": [{"id": 4, "name": "Gas <B-2>"}, {"id": 5, "name": "Water"}],
    },
    NoticeKind.ROUND_DONE: {
        "place_id": 1,
        "total": 12,
        "read": 2,
        "held": 1,
        "due": 0,
        "count": 9,
        "meters": [
            {
                "name": "Gas <B-2>",
                "room": "Room #302",
                "reason": "no_access",
                "note": None,
                "by": "Kishan",
            },
            {"name": "Yard", "room": None, "reason": "other", "note": "a <dog>", "by": ""},
        ],
    },
    NoticeKind.SWITCH_BY_HAND: {
        "on": True,
        "reason": "in_order",
        "order_id": 4,
        "state": "by_hand",
        "at": AT.isoformat(),
    },
    NoticeKind.KEY_REJECTED: {"code": "authentication_error", "detail": ""},
    NoticeKind.UNREACHABLE: {"person": "Asha <Rao>", "forever": False},
}
POWER_STATES = ("sent", "on", "off", "waiting_offline", "failed", "dropped", "by_hand")
POWER_WORDS = (
    "unchanged",
    "restoring",
    "on",
    "waiting_offline",
    "failed",
    "still_off",
    "cutting",
    "off",
    "by_hand",
    "cutting_by_hand",
)


def shown(
    kind: NoticeKind, facts: Facts | None = None, *, to: Actor = TENANT, language: str = "en"
) -> Screen:
    notice = Notice(
        id=7,
        key="k",
        person_id=to.person_id,
        kind=kind,
        facts={**COMMON, **EXAMPLES[kind], **(facts or {})},
        created_at=AT,
        due_at=AT,
    )
    speaker = CATALOGUES.speaker(language, INDIA)
    return notice_screen(notice, Reader(speaker=speaker, actor=to, check_time=time(23, 59)))


def text(screen: Screen) -> list[str]:
    return re.sub(r"</?b>", "", screen.html).splitlines()


def labels(screen: Screen) -> list[str]:
    return [button.label for row in screen.buttons for button in row]


def test_every_kind_of_notice_has_words() -> None:
    assert set(SCREENS) == set(NoticeKind) == set(EXAMPLES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("to", [TENANT, MANAGER], ids=["tenant", "manager"])
def test_every_notice_is_said_in_every_language(kind: NoticeKind, to: Actor, language: str) -> None:
    screen = shown(kind, to=to, language=language)

    assert screen.html
    assert "{" not in screen.html
    assert "<Rao>" not in screen.html
    assert len(screen.html.splitlines()) <= 12
    for button in (button for row in screen.buttons for button in row):
        assert button.press is not None
        assert encode(button.press)


class TestAdjustment:
    """A balance that was set right by hand."""

    def test_it_says_which_way_and_why(self) -> None:
        told = text(shown(NoticeKind.ADJUSTMENT))
        assert told[0] == "✏️ Adjustment: ₹2,000.00 charged"
        assert told[1] == "Reason: a &lt;switch&gt;"
        credited = shown(NoticeKind.ADJUSTMENT, {"is_credit": True})
        assert text(credited)[0] == "✏️ Adjustment: ₹2,000.00 credited"

    def test_staff_read_whose_it_is(self) -> None:
        assert "302" in text(shown(NoticeKind.ADJUSTMENT, to=MANAGER))[1]

    def test_one_that_is_taken_back_is_no_payment(self) -> None:
        told = shown(NoticeKind.PAYMENT_REVERSED, {"undone": "adjustment"})
        assert text(told)[0] == "↩️ Adjustment of ₹2,000.00 taken back"


class TestShare:
    """A part of common use."""

    def test_it_tells_the_whole_the_key_and_the_own_part(self) -> None:
        assert text(shown(NoticeKind.SHARE)) == [
            "👥 ₹325.00 · your share of common use",
            "Room 302 · Lift &lt;1&gt;, October",
            "Whole: 100.0 kWh, ₹650.00",
            "Split by people and days: 3 people × 31 days = 93 of all rooms’ 186",
            "Balance ₹3,000.00 → ₹2,675.00",
        ]

    @pytest.mark.parametrize(
        ("key", "changed", "said"),
        [
            ("equal", {}, "Split equally by days: 93 of all rooms’ 186 days"),
            (
                "floor_area",
                {"measure": "41.5", "weight": "1286.5", "weights": "2573"},
                "Split by floor area and days: 41.5 m² × 31 days = 1,286.5 of all rooms’ 2,573",
            ),
            (
                "own_consumption",
                {"weight": "30.25", "weights": "60.5"},
                "Split by own use: 30.25 of all rooms’ 60.5 kWh",
            ),
            ("fixed_ratio", {"measure": "0.333333"}, "Split by fixed shares: 33.33% for 31 days"),
        ],
    )
    def test_every_key_says_how_the_own_part_weighs(
        self, key: str, changed: Facts, said: str
    ) -> None:
        assert text(shown(NoticeKind.SHARE, {"key": key, **changed}))[3] == said

    def test_who_pays_later_finds_it_on_the_next_bill(self) -> None:
        assert text(shown(NoticeKind.SHARE, {"is_billed": True}))[-1] == (
            "It comes with your next bill."
        )

    def test_who_had_the_last_bill_is_promised_no_next_one(self) -> None:
        left = {"is_billed": True, "has_next_bill": False}
        assert text(shown(NoticeKind.SHARE, left))[-1] == (
            "You have had the last bill: this comes on one of its own."
        )

    def test_days_that_are_no_month_are_named(self) -> None:
        told = shown(NoticeKind.SHARE, {"to_on": "2026-10-15", "residual": True})
        assert text(told)[1].endswith("Lift &lt;1&gt;, what no sub-meter counted, 1–15 Oct")

    def test_a_loss_names_how_much(self) -> None:
        told = text(shown(NoticeKind.LOSS, to=MANAGER))
        assert told[0] == "⚠️ Main &lt;1&gt;: 20.5% counted by no sub-meter"
        assert told[2] == "20.5 kWh of 100.0 kWh; you are told above 15%."


def test_an_outage_does_not_promise_that_nothing_is_charged_meanwhile() -> None:
    told = text(shown(NoticeKind.DEVICE_OFFLINE, to=MANAGER))
    assert any(line.startswith("Finished days are charged as far as Qube") for line in told)


def test_a_change_of_devices_leads_to_what_they_showed() -> None:
    assert "What they showed …" in labels(shown(NoticeKind.DEVICE_REPLACED, to=MANAGER))
    caretaker = Actor(person_id=3, roles=((5, Role.CARETAKER),))
    assert "What they showed …" not in labels(shown(NoticeKind.DEVICE_REPLACED, to=caretaker))
    old = shown(NoticeKind.DEVICE_REPLACED, {"installation_id": None}, to=MANAGER)
    assert "What they showed …" not in labels(old)


@pytest.mark.parametrize("to", [TENANT, MANAGER], ids=["tenant", "manager"])
@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("state", POWER_STATES)
@pytest.mark.parametrize("reason", SupplyReason)
def test_power_has_words_for_every_state_and_reason(
    to: Actor, on: bool, state: str, reason: SupplyReason
) -> None:
    assert shown(NoticeKind.POWER, {"on": on, "state": state, "reason": reason.value}, to=to).html


@pytest.mark.parametrize("to", [TENANT, MANAGER], ids=["tenant", "manager"])
@pytest.mark.parametrize("kind", [NoticeKind.PAYMENT, NoticeKind.PAYMENT_REVERSED])
@pytest.mark.parametrize("word", POWER_WORDS)
def test_a_payment_says_what_becomes_of_the_power(kind: NoticeKind, word: str, to: Actor) -> None:
    lines = len(shown(kind, {"power": "unchanged"}, to=to).html.splitlines())

    said = shown(kind, {"power": word}, to=to).html.splitlines()

    assert len(said) == lines + (word != "unchanged")


# --- warnings -----------------------------------------------------------------------------


def test_a_low_balance_begins_with_the_number() -> None:
    screen = shown(NoticeKind.LOW, {"balance_paise": 31_200, "days_left": "4.2"})

    assert text(screen)[0] == "🟡 ₹312.00 left, about 4 days"
    assert "₹500.00 lasts about 7 days" in screen.html
    assert labels(screen) == [
        "Recharge ₹500.00",
        "Other amount …",
        "Why?",
        "Usage",
        "Question this",
    ]


def test_the_last_warning_offers_what_is_worth_paying_first() -> None:
    rows = shown(NoticeKind.LAST_WARNING, {}).buttons

    assert [[button.label for button in row] for row in rows] == [
        ["Recharge ₹500.00", "Other amount …"],
        ["Why?", "I will pay on …"],
        ["I have paid", "Question this"],
    ]


def test_who_is_short_already_is_offered_enough_to_have_power() -> None:
    screen = shown(NoticeKind.LAST_WARNING, {"balance_paise": -200_000})

    assert "Recharge ₹2,600.00" in labels(screen)


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        ({}, "🟠 Power will be cut tomorrow about 23:59"),
        ({"cut_at": "2026-11-13T04:10:00+00:00"}, "🟠 Power will be cut tomorrow about 23:59"),
        ({"cut_at": "2026-11-12T18:29:00+00:00"}, "🟠 Power will be cut today about 23:59"),
        ({"cut_at": "2026-11-12T18:29:01+00:00"}, "🟠 Power will be cut tomorrow about 23:59"),
        ({"cut_at": AT.isoformat()}, "🟠 Power will be cut today about 23:59"),
        ({"cut_at": "2026-11-16T18:29:00+00:00"}, "🟠 Power will be cut on 16 Nov about 23:59"),
        (
            {"check_time_matters": "weekly", "cut_at": "2026-11-13T18:29:00+00:00"},
            "🟠 Power will be cut on 15 Nov about 23:59",
        ),
        (
            {"check_time_matters": "hourly", "cut_at": "2026-11-12T09:10:00+00:00"},
            "🟠 Power will be cut today about 15:00",
        ),
        (
            {"check_time_matters": "hourly", "cut_at": "2026-11-13T18:29:00+00:00"},
            "🟠 Power will be cut tomorrow about 24:00",
        ),
        ({"cut_at": None}, "🟠 Power will be cut soon"),
        (
            {"protected_hours": ["18:00:00", "08:00:00", [0, 1, 2, 3, 4, 5, 6]]},
            "🟠 Power will be cut on 14 Nov about 08:00",
        ),
        ({"holidays": ["2026-11-13"]}, "🟠 Power will be cut tomorrow about 24:00"),
        ({"not_before": "2026-11-15T06:30:00+00:00"}, "🟠 Power will be cut on 15 Nov about 12:00"),
    ],
)
def test_the_last_warning_begins_with_the_check_at_which_power_is_cut(
    facts: Facts, first: str
) -> None:
    screen = shown(NoticeKind.LAST_WARNING, facts)

    assert text(screen)[:2] == [
        first,
        "Balance ₹142.20, cut-off ₹100.00, you use about ₹76.00 a day.",
    ]


def test_a_warning_given_at_a_check_is_of_a_later_one() -> None:
    at_the_check = "2026-11-12T18:29:00+00:00"
    notice = Notice(
        id=7,
        key="k",
        person_id=1,
        kind=NoticeKind.LAST_WARNING,
        facts={**COMMON, **WARNING, "cut_at": at_the_check},
        created_at=datetime.fromisoformat(at_the_check),
        due_at=AT,
    )
    speaker = CATALOGUES.speaker("en", INDIA)

    screen = notice_screen(notice, Reader(speaker=speaker, actor=TENANT, check_time=time(23, 59)))

    assert text(screen)[0] == "🟠 Power will be cut tomorrow about 23:59"


def test_who_is_spared_though_short_is_told_the_end_of_that() -> None:
    short = {
        "balance_paise": 8_550,
        "cut_at": AT.isoformat(),
        "not_before": (AT + timedelta(hours=2)).isoformat(),
    }
    ends = (AT + timedelta(hours=2)).astimezone(INDIA).strftime("%H:%M")
    assert text(shown(NoticeKind.LAST_WARNING, short))[0] == (
        f"🟠 Power will be cut today about {ends}"
    )


def test_who_is_never_cut_is_told_of_no_cut() -> None:
    assert text(shown(NoticeKind.LOW, {"is_cut": False}))[1:] == [
        "Your power is not cut automatically."
    ]


OWING: Facts = {"balance_paise": -1_215, "days_left": "0.0", "cut_at": AT.isoformat()}
IN_GRACE: Facts = {**OWING, "not_before": "2026-11-15T18:30:00+00:00"}


def test_who_owes_and_is_spared_reads_how_much_until_when_and_what_to_pay() -> None:
    assert text(shown(NoticeKind.LOW, IN_GRACE)) == [
        "🔴 You owe ₹12.15.",
        "🟠 Power will be cut on 15 Nov about 24:00",
        "Pay your manager ₹112.15 or more before, and it stays on.",
    ]


def test_who_owes_is_warned_last_of_all_with_the_same_words() -> None:
    assert text(shown(NoticeKind.LAST_WARNING, IN_GRACE))[:3] == [
        "🟠 Power will be cut on 15 Nov about 24:00",
        "You owe ₹12.15. You use about ₹76.00 a day.",
        "Pay your manager ₹112.15 or more before, and it stays on.",
    ]


def test_who_is_short_without_owing_reads_by_how_much() -> None:
    short = {**IN_GRACE, "balance_paise": 8_550}
    assert text(shown(NoticeKind.LOW, short))[0] == (
        "🔴 Balance ₹85.50 is below the cut-off of ₹100.00."
    )


def test_who_owes_and_is_never_cut_is_asked_to_settle_it() -> None:
    assert text(shown(NoticeKind.LOW, {**OWING, "is_cut": False})) == [
        "🔴 You owe ₹12.15.",
        "Your power is not cut automatically.",
        "Pay your manager ₹12.15 to settle it.",
    ]


def test_who_may_owe_reads_how_much() -> None:
    allowed = {**OWING, "cut_off_paise": -40_000, "days_left": "5.1"}
    assert text(shown(NoticeKind.LOW, allowed))[:3] == [
        "🟡 You owe ₹12.15.",
        "Your power lasts about 5 days.",
        "Power is cut when you owe more than ₹400.00.",
    ]
    assert text(shown(NoticeKind.LAST_WARNING, allowed))[1:3] == [
        "You owe ₹12.15. You use about ₹76.00 a day.",
        "Power is cut when you owe more than ₹400.00.",
    ]


def test_what_is_questioned_is_not_asked_for() -> None:
    asked = {**IN_GRACE, "disputed_paise": 5_000}
    assert "<b>₹62.15</b> or more" in shown(NoticeKind.LOW, asked).html


def test_a_warning_without_a_forecast_promises_nothing() -> None:
    nothing = {"daily_cost_paise": None, "days_left": None, "cut_at": None}

    assert "about" not in shown(NoticeKind.LAST_WARNING, nothing).html
    assert text(shown(NoticeKind.LOW, nothing))[0] == "🟡 ₹142.20 left"


# --- payments -----------------------------------------------------------------------------


def test_a_receipt_says_amount_way_and_balance() -> None:
    assert text(shown(NoticeKind.PAYMENT)) == [
        "✅ ₹2,000.00 received (UPI 4231…8890)",
        "Balance ₹85.50 → ₹2,085.50",
        "⏳ Power is being switched on …",
    ]


def test_the_manager_reads_whose_payment_it_was_and_who_recorded_it() -> None:
    assert text(shown(NoticeKind.PAYMENT, to=MANAGER))[:2] == [
        "✅ ₹2,000.00 recorded for Room 302",
        "Asha &lt;Rao&gt; · UPI 4231…8890 · by Ravi",
    ]


def test_a_receipt_ends_with_the_meters_word() -> None:
    confirmed = {"power": "on", "power_at": AT.isoformat(), "seconds": 9}

    assert text(shown(NoticeKind.PAYMENT, confirmed))[-1] == (
        "🟢 Power is on again, 12:04:31 (after 9 seconds)"
    )


def test_a_payment_that_does_not_suffice_says_what_is_missing() -> None:
    short = {"power": "still_off", "after_paise": 9_000, "method": "cash", "reference": None}

    assert text(shown(NoticeKind.PAYMENT, short)) == [
        "✅ ₹2,000.00 received (cash)",
        "Balance ₹85.50 → ₹90.00",
        "🔴 Power stays off: pay ₹10.00 more to restore it.",
    ]


def test_a_payment_does_not_lift_a_managers_hold() -> None:
    held = shown(NoticeKind.PAYMENT, {"power": "still_off"})

    assert text(held)[-1] == "🔴 Power stays off: the manager holds it off."


def test_a_payment_taken_back_gives_its_reason() -> None:
    said = text(shown(NoticeKind.PAYMENT_REVERSED, {"reason": "bounced <b>"}))

    assert said[:2] == ["↩️ Payment of ₹2,000.00 taken back", "Reason: bounced &lt;b&gt;"]


# --- power --------------------------------------------------------------------------------


def test_a_cut_is_only_announced_before_the_meter_has_confirmed_it() -> None:
    said = text(shown(NoticeKind.POWER, CUT))

    assert said == [
        "⏳ Power will be switched off",
        "Balance ₹85.50 is below ₹100.00.",
        "Pay ₹14.50 or more to keep your power.",
    ]


def test_a_confirmed_cut_says_what_brings_the_power_back() -> None:
    screen = shown(NoticeKind.POWER, {**CUT, "state": "off"})

    assert text(screen) == [
        "🔴 Power is off, 12:04:31 (after 9 seconds)",
        "Balance ₹85.50 is below ₹100.00.",
        "Pay ₹14.50 or more to have power again.",
    ]
    assert labels(screen) == ["Recharge …", "Balance", "Why?", "Question this"]


def test_a_cut_for_a_bill_offers_what_brings_the_power_back() -> None:
    overdue = {"state": "off", "reason": "overdue", "overdue_paise": 220_675}

    screen = shown(NoticeKind.POWER, {**CUT, **overdue})

    assert labels(screen) == ["Pay …", "I have paid", "I will pay on …", "Question this"]


def test_a_tenant_reads_the_managers_reason() -> None:
    facts = {**CUT, "state": "off", "reason": "hold_off", "note": "Short circuit"}

    assert "Short circuit" in shown(NoticeKind.POWER, facts).html


def test_the_manager_follows_an_order_and_may_cancel_it() -> None:
    ordered = {"order_id": 4, "by": "Ravi", "reason": "hold_on", "state": "waiting_offline"}
    until = {"hold_until": "2026-11-12T18:30:00+00:00"}

    screen = shown(NoticeKind.POWER, ordered | until, to=MANAGER)

    assert text(screen) == [
        "⚠️ Room 302 is offline. The order waits, and is sent when the meter is back.",
        "Asha &lt;Rao&gt; · Lakeside Apartments",
        "Held until 13 Nov · 00:00 by Ravi",
    ]
    assert labels(screen) == ["Open room", "Cancel order"]
    cancel = screen.buttons[0][1].press
    assert cancel is not None
    assert (cancel.action, cancel.arguments, cancel.nonce) == (Action.CANCEL_ORDER, ("4",), "n7")


def test_an_order_that_is_carried_out_cannot_be_cancelled() -> None:
    done = shown(NoticeKind.POWER, {"order_id": 4, "state": "on"}, to=MANAGER)

    assert labels(done) == ["Open room"]


def test_an_unknown_state_is_an_error() -> None:
    for to in (TENANT, MANAGER):
        with pytest.raises(ValueError, match="melted"):
            shown(NoticeKind.POWER, {"state": "melted"}, to=to)


# --- meters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "head"),
    [
        ({}, "⚠️ Reading held: Room 302"),
        (
            {"is_reminder": True, "taken_at": "2026-11-12T18:29:00+00:00"},
            "⏰ Still held since 12 Nov · 23:59: Room 302",
        ),
    ],
)
def test_a_held_reading_is_a_question_with_two_answers_of_which_one_counts(
    facts: Facts, head: str
) -> None:
    screen = shown(NoticeKind.READING_HELD, facts, to=MANAGER)

    assert text(screen)[0] == head
    assert text(screen)[2:4] == [
        "1,450.0 → 2,450.0 kWh",
        "That is 1,000.0 kWh in 3 hours; up to 45.0 kWh is plausible.",
    ]
    asked = [button.press for row in screen.buttons for button in row]
    assert [(each.action, each.arguments, each.nonce) for each in asked if each] == [
        (Action.ACCEPT_READING, ("44",), None),
        (Action.REJECT_READING, ("44",), None),
        (Action.READING, ("44",), None),
        (Action.ROOM, ("1",), None),
    ]


def test_a_held_reading_of_a_meter_without_a_lease_opens_no_room() -> None:
    facts = {"lease_id": None, "tenant": None, "reader": "Kishan", "previous_value": None}
    screen = shown(NoticeKind.READING_HELD, {**facts, "is_jump": False}, to=MANAGER)

    assert labels(screen) == ["Accept …", "Reject …", "Look closer …"]
    assert "2,450.0 kWh" in text(screen)
    assert "Read by Kishan" in text(screen)
    assert "It came while another reading waited, or leaves a jump behind." in text(screen)


def test_an_unusual_reading_is_told_with_its_numbers() -> None:
    screen = shown(NoticeKind.READING_UNUSUAL, to=MANAGER)

    assert text(screen)[0] == "⚠️ Unusual reading: Room 302"
    assert text(screen)[2:] == [
        "1,450.0 → 1,524.0 kWh",
        "74.0 kWh a day, usual 10.0 kWh (+640%)",
        "Read by Kishan &lt;K&gt;",
    ]
    none = {"percent": None, "mean_per_day": "0"}
    said = text(shown(NoticeKind.READING_UNUSUAL, none, to=MANAGER))
    assert "74.0 kWh a day, and none before" in said


def test_a_counter_below_what_a_person_read_leads_to_that_reading() -> None:
    screen = shown(NoticeKind.READING_FELL, {"reader": "Kishan <K>", "reading_id": 44}, to=MANAGER)

    assert text(screen)[-1] == (
        "Kishan &lt;K&gt; read the first, the device shows less. Nothing more is charged until "
        "that reading is corrected, or the device has passed it."
    )
    assert labels(screen) == ["Look closer …", "Open room"]
    assert labels(shown(NoticeKind.READING_FELL, to=MANAGER)) == ["Open room"]


def test_unusual_uses_of_a_day_are_one_message() -> None:
    screen = shown(NoticeKind.UNUSUAL_USES, to=MANAGER)

    assert text(screen) == [
        "⚠️ 3 unusual uses on 11 Nov",
        "Lakeside Apartments",
        "",
        "302  16.0 kWh a day, usual 10.0 kWh (+60%)",
        "Lift &lt;1&gt;  16.0 kWh a day, and none before",
        "and 1 more",
    ]
    assert labels(screen) == ["302", "Lift <1>"]


def test_a_tenant_reads_what_a_correction_gave_back_and_charged() -> None:
    screen = shown(NoticeKind.READING_OUTCOME, {"reason": "misread"})

    said = text(screen)
    assert said[0].startswith("✏️ Your reading of")
    assert said[0].endswith("was corrected: 1,481.8 kWh → 1,461.8 kWh")
    assert said[1:] == [
        "Reason: “misread”",
        "₹206.70 given back · ₹76.70 charged",
        "Balance ₹2,793.30 → ₹2,923.30",
    ]


@pytest.mark.parametrize(
    ("outcome", "sign", "ends"),
    [("accepted", "✅", "counts."), ("rejected", "↩️", "not count."), ("added", "✏️", "added.")],
)
def test_what_became_of_a_reading_is_one_line_where_no_money_moved(
    outcome: str, sign: str, ends: str
) -> None:
    facts = {"outcome": outcome, "was_value": None, "after_paise": 279_330}
    (said,) = text(shown(NoticeKind.READING_OUTCOME, facts))
    assert said.startswith(sign)
    assert said.endswith(ends)


@pytest.mark.parametrize(
    "code",
    [
        "device_missing",
        "duplicate_udf1",
        "not_your_space",
        "no_tariff",
        "negative_register",
        "mode_prepaid",
        "not_changed",
        "anything_else",
    ],
)
def test_trouble_is_said_in_words_before_its_code(code: str) -> None:
    said = text(shown(NoticeKind.DEVICE_TROUBLE, {"code": code}, to=MANAGER))

    assert code not in said[2]
    assert any(code in each for each in said) is (code == "anything_else")


def test_a_device_that_was_perhaps_never_there_is_not_said_to_be_gone() -> None:
    said = shown(NoticeKind.DEVICE_TROUBLE, {"code": "device_missing"}, to=MANAGER).html

    assert "No device at Qube has the name LKS-302." in said
    assert "any more" not in said


def test_trouble_with_a_device_names_it() -> None:
    trouble = {"code": "mode_prepaid", "detail": "QUBE-ONE-302"}

    assert "Device QUBE-ONE-302" in text(shown(NoticeKind.DEVICE_TROUBLE, trouble, to=MANAGER))


@pytest.mark.parametrize("state", ["on", "off"])
def test_what_cannot_be_read_back_is_not_called_confirmed(state: str) -> None:
    facts = {"state": state, "only_accepted": True}
    said = shown(NoticeKind.POWER, facts, to=MANAGER).html

    assert "accepted by Qube" in said
    assert "not read back" in said
    assert "confirmed" not in said


def test_a_swap_says_how_much_is_charged_to_nobody() -> None:
    swap = {"opening_value": "11.0", "closing_value": "1460.0", "installation_id": 3}
    told = shown(NoticeKind.DEVICE_REPLACED, swap, to=MANAGER)

    assert "⚠️ Charged to nobody: 11.0 kWh if the new one began at 0" in told.html
    assert "What they showed …" in [each.label for row in told.buttons for each in row]


def test_a_new_device_that_began_at_zero_left_out_nothing_that_is_known() -> None:
    swap = {"opening_value": "0.0", "closing_value": "1460.0"}

    assert "nobody" not in shown(NoticeKind.DEVICE_REPLACED, swap).html


def test_a_swap_without_values_promises_none() -> None:
    swap = {"closing_value": None, "opening_value": None}

    assert "first reading of the new one" in shown(NoticeKind.DEVICE_REPLACED, swap).html


# --- people -------------------------------------------------------------------------------


def test_somebody_who_blocked_the_bot_is_asked_to_start_it() -> None:
    assert "press Start" in shown(NoticeKind.UNREACHABLE, to=MANAGER).html
    assert "invitation" in shown(NoticeKind.UNREACHABLE, {"forever": True}, to=MANAGER).html


def test_an_unreachable_colleague_has_no_room() -> None:
    nowhere = {"room": None, "place": None, "lease_id": None}

    screen = shown(NoticeKind.UNREACHABLE, nowhere, to=MANAGER)

    assert len(text(screen)) == 2
    assert screen.buttons == ()


def test_an_order_that_the_vendor_refuses_is_tried_again_and_may_be_cancelled() -> None:
    refused = {"order_id": 4, "state": "failed", "error": "jammed"}

    screen = shown(NoticeKind.POWER, refused, to=MANAGER)

    assert text(screen)[0] == "❌ Room 302 does not switch (jammed). It is tried again every hour."
    assert labels(screen) == ["Open room", "Cancel order"]


def test_a_tenant_is_reminded_of_each_meter_with_a_button_of_its_own() -> None:
    screen = shown(NoticeKind.READING_DUE)

    assert text(screen) == [
        "📟 Please read your meters: Room 302",
        "Gas &lt;B-2&gt;",
        "Water",
        "Today is the last day.",
        "Without a reading it may have to be estimated.",
    ]
    assert [[button.label for button in row] for row in screen.buttons] == [
        ["Gas <B-2> …"],
        ["Water …"],
    ]


def test_a_prepaid_tenant_is_not_told_of_estimates() -> None:
    assert text(shown(NoticeKind.READING_DUE, {"may_be_estimated": False}))[-1] == (
        "Today is the last day."
    )


def test_managers_read_what_a_round_left_out_and_why() -> None:
    assert text(shown(NoticeKind.ROUND_DONE)) == [
        "📋 Round done: Lakeside Apartments",
        "3 of 12 read, 9 left out:",
        "302 · Gas &lt;B-2&gt;: no access (Kishan)",
        "Yard: a &lt;dog&gt;",
        "7 more",
    ]
