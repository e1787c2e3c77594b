"""Rules of a place and terms of a lease, set in the chat: guided, confirmed once, and at once."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.domain.lease import BillingMode
from bot.domain.protection import ProtectedHours
from bot.domain.reading_window import ReadingWindow
from bot.services.book import LeaseBook
from tests.driver import Chat
from tests.integration.telegram.staff.conftest import CarryOn
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOMS = ("Room #302", "Room #303", "Room #304")
NIGHT = ProtectedHours(start=time(18), end=time(8))


@pytest.fixture
async def following(building: Lakeside) -> Lakeside:
    """Return Lakeside, whose leases follow its rules; the power of all is known."""
    async with building.transactions.begin() as unit:
        for room in ROOMS:
            lease = building.lets[room].lease
            await unit.leases.save(replace(lease, cut_off_paise=None, low_balance_paise=None))
    return building


async def book_of(building: Lakeside, room: str = "Room #302") -> LeaseBook:
    lease_id = building.lease_id(room)
    async with building.transactions.read() as unit:
        books = await unit.books.load([lease_id], now=building.clock.now(), lock=False)
    return books[lease_id]


async def opened(chat: Chat, room: str = "303") -> None:
    """Open the terms of a room by buttons."""
    await chat.say(room)
    await chat.press("More …")
    await chat.press("Terms …")


class TestSettings:
    """/settings."""

    async def test_the_card_says_what_holds(self, ravi: Chat, following: Lakeside) -> None:
        card = await ravi.say("/settings")

        assert card.text.splitlines() == [
            "Lakeside Apartments",
            "3 rooms are let",
            "",
            "Cut-off  ₹100.00",
            "Low balance  ₹500.00",
            "Emergency credit  none",
            "Protected hours  none",
            "Holidays  none",
            "Readings  none",
            "Photos kept  400 days",
            "",
            "A room may have terms of its own: its card, More …, Terms.",
        ]
        assert "Grace" not in ravi.buttons

    async def test_the_home_card_leads_to_it(self, ravi: Chat, following: Lakeside) -> None:
        await ravi.say("/start")
        card = await ravi.press("Settings")
        assert card.text.startswith("Lakeside Apartments")

    async def test_who_has_several_places_chooses_one(
        self, owner: Chat, following: Lakeside
    ) -> None:
        async with following.transactions.begin() as unit:
            await unit.places.add(replace(following.place, name="Hilltop"))
        await owner.say("/settings")
        assert owner.buttons[:2] == ["Hilltop", "Lakeside Apartments"]
        card = await owner.press("Hilltop")
        assert "0 rooms are let" in card.text

    async def test_a_higher_cut_off_is_previewed_confirmed_and_cuts(
        self, ravi: Chat, following: Lakeside, carry_on: CarryOn
    ) -> None:
        await ravi.say("/settings")
        asked = await ravi.press("Cut-off")
        assert "Now ₹100.00" in asked.text
        assert "₹100.00" not in ravi.buttons

        summary = await ravi.say("400")
        assert summary.text.splitlines() == [
            "Cut-off · Lakeside Apartments",
            "₹100.00 → ₹400.00",
            "",
            "Holds for 3 rooms.",
            "",
            "🔴 Power goes off: 303",
        ]
        assert following.place.cut_off_paise == (await book_of(following)).terms.cut_off_paise

        answer = await ravi.tap("Set it")
        await carry_on()

        assert answer.text == "Set."
        assert "Cut-off  ₹400.00" in ravi.text
        assert not following.meter("Room #303").relay_on
        assert following.meter("Room #304").relay_on

    async def test_it_is_told_when_nobody_follows(self, ravi: Chat, building: Lakeside) -> None:
        await ravi.say("/settings")
        await ravi.press("Cut-off")
        summary = await ravi.say("400")
        assert "Nothing changes now: every room has its own." in summary.text

    async def test_a_preset_answer_comes_to_the_same(self, ravi: Chat, following: Lakeside) -> None:
        await ravi.say("/settings")
        await ravi.press("Emergency credit")
        summary = await ravi.press("₹100.00")
        assert "none → ₹100.00" in summary.text
        assert "🟢 Power comes back: 302" in summary.text
        await ravi.press("Set it")
        assert (await book_of(following)).terms.emergency_credit_paise == 10_000

    async def test_back_and_cancel_lead_back_and_set_nothing(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        await ravi.say("/settings")
        await ravi.press("Low balance")
        await ravi.press("₹1,000.00")
        assert "Low balance · Lakeside Apartments" in (await ravi.press("‹ Back")).text
        await ravi.press("₹1,000.00")
        card = await ravi.press("Cancel")
        assert "Low balance  ₹500.00" in card.text
        assert (await ravi.say("700")).text.startswith("There is no room “700”")

    async def test_hours_are_asked_for_their_days(self, ravi: Chat, following: Lakeside) -> None:
        await ravi.say("/settings")
        await ravi.press("Protected hours")
        await ravi.press("18:00–08:00")
        assert ravi.buttons == ["Every day", "Mon–Fri", "Sat, Sun", "‹ Back", "Cancel"]
        summary = await ravi.press("Mon–Fri")
        assert "none → 18:00–08:00, Mon–Fri" in summary.text
        await ravi.press("Set it")

        assert "Protected hours  18:00–08:00, Mon–Fri" in ravi.text
        workdays = replace(NIGHT, weekdays=frozenset(range(5)))
        assert (await book_of(following)).terms.protected_hours == workdays

    async def test_hours_and_days_can_be_typed(self, ravi: Chat, following: Lakeside) -> None:
        await ravi.say("/settings")
        await ravi.press("Protected hours")
        await ravi.say("10 pm to 6 am")
        summary = await ravi.say("sat sun")
        assert "none → 22:00–06:00, Sat, Sun" in summary.text
        await ravi.press("‹ Back")
        whole = await ravi.say("0:00-24:00 every day")
        assert "none → 00:00–24:00, every day" in whole.text
        await ravi.press("Set it")
        await ravi.press("Protected hours")
        await ravi.press("No hours")
        await ravi.press("Set it")
        assert (await book_of(following)).terms.protected_hours is None

    async def test_days_of_readings_are_set_and_taken_away(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        await ravi.say("/settings")
        asked = await ravi.press("Readings")
        assert "Now none" in asked.text
        summary = await ravi.press("25–28 of the month")
        assert summary.text.splitlines() == [
            "Readings · Lakeside Apartments",
            "none → 25–28 of the month",
            "",
            "It holds for the meters that people read.",
        ]
        assert "Readings  25–28 of the month" in (await ravi.press("Set it")).text
        window = (await book_of(following)).place.reading_window
        assert window == ReadingWindow(first_day=25, last_day=28)
        assert window.since_on == date(2026, 11, 12)
        await ravi.press("Readings")
        await ravi.say("28 to 3")
        assert "Readings  28–3 of the month" in (await ravi.press("Set it")).text
        await ravi.press("Readings")
        await ravi.press("No days")
        await ravi.press("Set it")
        assert (await book_of(following)).place.reading_window is None

    async def test_how_long_photos_are_kept_is_set(self, ravi: Chat, following: Lakeside) -> None:
        await ravi.say("/settings")
        asked = await ravi.press("Photos kept")
        assert "400 days" not in str(asked.buttons)
        summary = await ravi.say("120 days")
        assert summary.text.splitlines() == [
            "Photos kept · Lakeside Apartments",
            "400 days → 120 days",
            "",
            "Photos that are older are deleted within a day, for good.",
        ]
        assert "Photos kept  120 days" in (await ravi.press("Set it")).text
        assert (await book_of(following)).place.photos_kept == timedelta(days=120)

    async def test_holidays_are_added_and_taken_away(self, ravi: Chat, following: Lakeside) -> None:
        await ravi.say("/settings")
        await ravi.press("Holidays")
        summary = await ravi.say("25 Dec")
        assert "New: 25 Dec" in summary.text
        await ravi.press("Set it")
        await ravi.press("Holidays")
        await ravi.say("14-16 Nov")
        await ravi.press("Set it")
        assert "Holidays  14 Nov–16 Nov, 25 Dec" in ravi.text

        await ravi.press("Holidays")
        gone = await ravi.press("✕ 14 Nov–16 Nov")
        assert "No holiday any more: 14 Nov–16 Nov" in gone.text
        await ravi.press("Set it")

        assert "Holidays  25 Dec" in ravi.text
        assert (await book_of(following)).place.holidays == {date(2026, 12, 25)}

    async def test_grace_is_for_bills_and_shown_where_there_may_be_some(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        await following.let("Room #306", mode=BillingMode.POSTPAID)
        await ravi.say("/settings")
        await ravi.press("Grace")
        await ravi.say("5 days")
        summary = await ravi.hears("none → 5 days")
        assert "Power stays as it is everywhere." in summary.text
        await ravi.press("Set it")
        assert "Grace  5 days" in ravi.text

    @pytest.mark.parametrize(
        ("rule", "typed", "said"),
        [
            ("Cut-off", "-5", "is below zero"),
            ("Cut-off", "a lot", "is not an amount"),
            ("Cut-off", "600", "Raise the low balance first."),
            ("Cut-off", "100", "It is so already."),
            ("Low balance", "50", "Type ₹100.00 or more."),
            ("Protected hours", "25:00-08:00", "No clock shows 25:00"),
            ("Protected hours", "18:00-18:00", "no time goes by"),
            ("Protected hours", "evening", "are no hours that I can read"),
            ("Protected hours", "18-8 soon", "are no days of the week"),
            ("Readings", "often", "“often” are no days of a month"),
            ("Readings", "1-31", "due on up to 15 of them"),
            ("Photos kept", "ever", "from 30 to 3650 days"),
            ("Photos kept", "7", "from 30 to 3650 days"),
            ("Holidays", "soon", "is not a day I understand"),
            ("Holidays", "1 Nov", "1 Nov 2026 is over."),
        ],
    )
    async def test_what_cannot_be_set_is_told_with_what_to_do(
        self, ravi: Chat, following: Lakeside, rule: str, typed: str, said: str
    ) -> None:
        await ravi.say("/settings")
        await ravi.press(rule)
        assert said in (await ravi.say(typed)).text
        assert (await book_of(following)).place == following.place

    async def test_one_refusal_does_not_end_the_question(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        await ravi.say("/settings")
        await ravi.press("Cut-off")
        for refused in ("much", "100", "600", "-1"):
            await ravi.say(refused)
        assert "₹100.00 → ₹150.00" in (await ravi.say("150")).text


class TestTerms:
    """Terms of one lease, from its room's card."""

    async def test_the_card_says_what_is_the_rooms_own(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        await opened(ravi)
        assert ravi.text.splitlines() == [
            "303 · Binod Das",
            "Lakeside Apartments",
            "",
            "Checks  every day",
            "Cut-off  ₹100.00",
            "Low balance  ₹500.00",
            "Emergency credit  none",
            "Protected hours  none",
            "Protected tenant  no",
            "Grace  none",
        ]
        await ravi.press("Cut-off")
        await ravi.press("₹200.00")
        await ravi.press("Set it")
        assert "Cut-off  ₹200.00 •" in ravi.text
        assert "What is marked • is this room's own." in ravi.text

    async def test_a_room_is_given_back_to_its_building(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        await opened(ravi)
        await ravi.press("Cut-off")
        assert "Now ₹100.00, as the building" in ravi.text
        assert "As the building" not in " ".join(ravi.buttons)
        await ravi.press("₹50.00")
        await ravi.press("Set it")
        await ravi.press("Cut-off")
        assert "₹100.00" not in ravi.buttons
        summary = await ravi.press("As the building: ₹100.00")
        assert "₹50.00 → ₹100.00" in summary.text
        assert "It follows the building from now on." in summary.text
        await ravi.press("Set it")
        assert (await book_of(following, "Room #303")).lease.cut_off_paise is None

    async def test_a_cut_off_takes_the_low_balance_up_with_it(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        await opened(ravi, "304")
        await ravi.press("Cut-off")
        summary = await ravi.say("800")
        assert "The low balance goes up with it to ₹800.00." in summary.text

    async def test_protecting_a_tenant_gives_light(
        self, ravi: Chat, following: Lakeside, carry_on: CarryOn
    ) -> None:
        following.meter("Room #302").relay_on = False
        await opened(ravi, "302")
        await ravi.press("Protected tenant")
        summary = await ravi.press("Protect")
        assert "no → yes" in summary.text
        assert "⏳ Power will be switched on again." in summary.text
        await ravi.press("Set it")
        await carry_on()
        assert following.meter("Room #302").relay_on
        await ravi.press("Protected tenant")
        again = await ravi.press("Protect no more")
        assert "🔴 Power will be switched off." in again.text

    async def test_checks_are_set_by_a_tap(self, ravi: Chat, following: Lakeside) -> None:
        await opened(ravi)
        await ravi.press("Checks")
        assert ravi.buttons == ["Every hour", "Every week", "Cancel"]
        await ravi.press("Every week")
        await ravi.press("Set it")
        assert "Checks  every week" in ravi.text

    async def test_a_room_has_hours_of_its_own_or_none(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        async with following.transactions.begin() as unit:
            await unit.places.save(replace(following.place, protected_hours=NIGHT))
        await opened(ravi)
        await ravi.press("Protected hours")
        assert "Now 18:00–08:00, every day, as the building" in ravi.text
        await ravi.press("No hours")
        await ravi.press("Set it")
        assert "Protected hours  none •" in ravi.text
        await ravi.press("Protected hours")
        assert "As the building: 18:00–08:00, every day" in ravi.buttons

    async def test_grace_is_until_the_end_of_a_day(self, ravi: Chat, following: Lakeside) -> None:
        await opened(ravi, "302")
        await ravi.press("Grace")
        summary = await ravi.say("20 Nov")
        assert "none → until the end of 20 Nov" in summary.text
        await ravi.press("Set it")
        assert "Grace  until the end of 20 Nov" in ravi.text
        await ravi.press("Grace")
        assert "1 Nov 2026 is over." in (await ravi.say("1 Nov")).text
        await ravi.press("No grace")
        await ravi.press("Set it")
        assert (await book_of(following)).lease.grace_until is None

    async def test_a_room_on_bills_has_no_prepaid_terms(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        await following.let("Room #306", mode=BillingMode.POSTPAID)
        await opened(ravi, "306")
        assert ravi.buttons == ["Protected hours", "Protected tenant", "Grace", "‹ Back"]

    async def test_the_room_card_says_why_there_is_still_light(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        await opened(ravi)
        await ravi.press("Grace")
        await ravi.press("Until the end of 15 Nov")
        await ravi.press("Set it")
        await ravi.press("Cut-off")
        await ravi.say("400")
        await ravi.press("Set it")
        card = await ravi.say("303")
        assert "Not cut until 15 Nov · 24:00: there is a grace period." in card.text


class TestTogether:
    """Two people, two taps, and those who may not."""

    async def test_the_button_counts_once(self, ravi: Chat, following: Lakeside) -> None:
        await ravi.say("/settings")
        await ravi.press("Cut-off")
        summary = await ravi.press("₹200.00")
        await ravi.press("Set it", on=summary)
        again = await ravi.forge(summary.keyboard[0][0].callback_data or "")
        assert again.text is not None
        assert "Nothing is done twice." in again.text

    async def test_who_comes_second_is_told_to_look_again(
        self, ravi: Chat, meera: Chat, following: Lakeside
    ) -> None:
        for chat in (ravi, meera):
            await chat.say("/settings")
            await chat.press("Cut-off")
            await chat.press("₹200.00" if chat is ravi else "₹50.00")
        await ravi.press("Set it")
        late = await meera.tap("Set it")
        assert late.text is not None
        assert "Somebody else has set this meanwhile." in late.text
        assert (await book_of(following)).place.cut_off_paise == 20_000

    async def test_an_accountant_has_no_settings(self, anil: Chat, following: Lakeside) -> None:
        assert "/settings is not yours to do here." in (await anil.say("/settings")).text
        await anil.say("303")
        await anil.press("More …")
        assert "Terms …" not in anil.buttons

    async def test_forged_values_are_no_buttons_of_ours(
        self, ravi: Chat, following: Lakeside
    ) -> None:
        place, lease = f"p{following.place.id}", f"l{following.lease_id('Room #303')}"
        for data in (
            f"1:rk:n:{place}:c:-:10000",
            f"1:rk:n:{place}:c:{10**13}:10000",
            f"1:rk:n:{place}:c:99999999999999999:10000",
            f"1:rk:n:{place}:i:h",
            f"1:rk:n:{place}:p:y",
            f"1:rk:n:{place}:h:2599080000",
            f"1:rk:n:{place}:h:1800080000",
            f"1:rk:n:{place}:d:a999999999.1",
            f"1:rk:n:{place}:d:a000000.1",
            f"1:rk:n:{lease}:d:a740000.1",
            f"1:rk:n:{lease}:g:9999999999999",
            f"1:rk:n:{lease}:zz:1",
            f"1:rk::{lease}:c:1",
            f"1:rg::{lease}:h:18000800zz",
            "1:ru::x9:c",
        ):
            await ravi.say("/start")
            seen = ravi.seq
            await ravi.forge(data)
            assert "older message" in (await ravi.next(after=seen)).text, data
        assert (await book_of(following)).place == following.place
