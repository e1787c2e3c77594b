"""What a unit costs, and from when, is set step by step and confirmed once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.tariff import StandingCharge, StandingPer, TariffVersion, Tax
from bot.sandbox.clock import SandboxClock
from tests.driver import Chat
from tests.integration.telegram.staff.test_pay import data_of, on_sqlite
from tests.lakeside import Lakeside

NAME = "Lakeside 2026"


async def versions(building: Lakeside, name: str = NAME) -> list[TariffVersion]:
    async with building.transactions.read() as unit:
        found = await unit.tariffs.of_place(building.place.id)
    return [version for tariff in found if tariff.name == name for version in tariff.versions]


async def open_card(chat: Chat) -> None:
    await chat.say("/tariffs")
    await chat.press(NAME)


async def test_a_price_is_scheduled_for_tomorrow(ravi: Chat, building: Lakeside) -> None:
    listed = await ravi.say("/tariffs")
    assert listed.text.splitlines() == [
        "Tariffs · Lakeside Apartments",
        "",
        "Lakeside 2026 · 3 rooms",
        "₹6.50 a unit",
    ]
    card = await ravi.press(NAME)
    assert card.text.splitlines() == [
        "Lakeside 2026 · Lakeside Apartments",
        "3 rooms: 302, 303, 304",
        "",
        "Now, since 1 Jan",
        "₹6.50 a unit",
    ]
    asked = await ravi.press("Change from a date …")
    assert "From which day?" in asked.text
    assert ravi.buttons == ["Tomorrow, 13 Nov", "1 Dec", "Cancel"]
    asked = await ravi.press("Tomorrow, 13 Nov")
    assert asked.text.startswith("Lakeside 2026 · from 13 Nov\n\n₹6.50 a unit\n\nWhat does a unit")
    assert ravi.buttons == ["Keep ₹6.50 a unit", "‹ Back", "Cancel"]
    await ravi.say("७.२५")
    assert ravi.buttons == ["None", "‹ Back", "Cancel"]
    await ravi.say("150 a month")
    summary = await ravi.say("GST 18")
    assert summary.text.splitlines() == [
        "Change “Lakeside 2026” from 13 Nov?",
        "",
        "₹6.50 a unit → ₹7.25 a unit",
        "Standing charge none → ₹150.00 a month",
        "Taxes none → GST 18%",
        "",
        "A month with 120 units: ₹780.00 → ₹1,176.60",
        "3 rooms: 302, 303, 304",
        "Days before keep the old price.",
    ]
    assert len(await versions(building)) == 1

    answer = await ravi.tap("Set from 13 Nov")

    assert answer.text == "Set."
    _, new = await versions(building)
    assert (new.from_on, new.slabs[0].rate_paise) == (date(2026, 11, 13), Decimal(725))
    assert new.standing == StandingCharge(amount_paise=15_000, per=StandingPer.MONTH)
    assert new.taxes == (Tax(name="GST", percent=Decimal(18)),)
    assert "From 13 Nov\n₹7.25 a unit\nStanding charge ₹150.00 a month\nGST 18%" in ravi.text
    listed = await ravi.press("‹ Tariffs")
    assert "from 13 Nov: ₹7.25 a unit + ₹150.00 a month + GST 18%" in listed.text


async def test_two_managers_on_one_confirmation_set_it_once(
    ravi: Chat, meera: Chat, building: Lakeside
) -> None:
    await meera.say("/start")
    await open_card(ravi)
    await ravi.press("Change from a date …")
    await ravi.press("1 Dec")
    await ravi.say("7")
    await ravi.press("None")
    await ravi.press("None")
    data = data_of(ravi, "Set from")

    assert (await ravi.forge(data)).text == "Set."
    again = await ravi.forge(data)
    await meera.forge(data)

    assert again.text != "Set."
    assert len(await versions(building)) == 2


@on_sqlite
async def test_slabs_are_shown_as_a_table(ravi: Chat, building: Lakeside) -> None:
    await open_card(ravi)
    await ravi.press("Change from a date …")
    await ravi.say("1 दिसंबर")
    await ravi.say("१००: ५.००, ३००: ७.२५, बाकी: ९.००")
    await ravi.say("none")
    summary = await ravi.press("None")
    assert summary.text.splitlines()[:6] == [
        "Change “Lakeside 2026” from 1 Dec?",
        "",
        "₹6.50 a unit → ",
        "0–100 units:  ₹5.00",
        "100–300 units:  ₹7.25",
        "above 300:  ₹9.00",
    ]
    assert "A month with 120 units: ₹780.00 → ₹645.00" in summary.text
    await ravi.tap("Set from 1 Dec")
    assert [slab.up_to for slab in (await versions(building))[-1].slabs] == [100, 300, None]


@on_sqlite
async def test_every_step_has_a_way_back_and_what_was_said_is_kept(
    ravi: Chat, building: Lakeside
) -> None:
    await open_card(ravi)
    await ravi.press("Change from a date …")
    await ravi.press("1 Dec")
    await ravi.say("7.25")
    await ravi.say("5 a day")
    await ravi.say("GST 18")
    await ravi.press("‹ Back")
    assert ravi.buttons == ["Keep GST 18%", "None", "‹ Back", "Cancel"]
    await ravi.press("‹ Back")
    assert ravi.buttons == ["Keep ₹5.00 a day", "None", "‹ Back", "Cancel"]
    await ravi.press("‹ Back")
    await ravi.press("‹ Back")
    await ravi.say("2.12.")
    await ravi.press("Keep ₹7.25 a unit")
    await ravi.press("Keep ₹5.00 a day")
    await ravi.press("None")
    await ravi.tap("Set from 2 Dec")
    _, new = await versions(building)
    assert (new.from_on, new.taxes) == (date(2026, 12, 2), ())
    assert new.standing == StandingCharge(amount_paise=500, per=StandingPer.DAY)


@on_sqlite
async def test_cancel_changes_nothing_and_old_buttons_say_so(
    ravi: Chat, building: Lakeside
) -> None:
    await open_card(ravi)
    await ravi.press("Change from a date …")
    data = data_of(ravi, "Tomorrow")
    await ravi.press("Cancel")
    assert ravi.text.startswith("Lakeside 2026")
    said = await ravi.say("302")
    assert "Asha Rao" in said.text
    await ravi.forge(data)
    assert "older message" in ravi.text
    assert len(await versions(building)) == 1


@on_sqlite
@pytest.mark.parametrize(
    ("step", "typed", "example"),
    [
        (0, "someday", "1.12."),
        (0, "1.1.2020", "1.12."),
        (1, "6,50", "6.50"),
        (1, "100: 5", "rest: 9.00"),
        (2, "150", "150 a month"),
        (3, "18", "GST 18"),
    ],
)
async def test_what_cannot_be_understood_is_asked_again_with_an_example(
    ravi: Chat, building: Lakeside, step: int, typed: str, example: str
) -> None:
    await open_card(ravi)
    await ravi.press("Change from a date …")
    right = ["1.12.", "7.25", "none", "none"]
    for answer in right[:step]:
        await ravi.say(answer)
    said = await ravi.say(typed)
    assert f"“{typed}”" in said.text
    assert example in said.text
    for answer in right[step:]:
        await ravi.say(answer)
    assert "Change “Lakeside 2026” from 1 Dec?" in ravi.text


@on_sqlite
async def test_a_charged_day_is_refused_and_the_earliest_is_named(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(hours=1))
    building.meter("Room #302").energy_kwh += 1
    await building.deduct()
    await open_card(ravi)
    asked = await ravi.press("Change from a date …")
    assert "Charged through 12 Nov: what was charged stays." in asked.text
    said = await ravi.say("today")
    assert said.text == (
        "“Lakeside 2026” is charged through 12 Nov 2026, and what was charged stays. "
        "The earliest day for a new price is 13 Nov 2026."
    )


@on_sqlite
async def test_the_same_price_is_no_change(ravi: Chat) -> None:
    await open_card(ravi)
    await ravi.press("Change from a date …")
    await ravi.press("1 Dec")
    await ravi.press("Keep ₹6.50 a unit")
    await ravi.press("None")
    answer = await ravi.tap("None")
    assert answer.show_alert
    assert answer.text == "That is the price on that day already. Nothing has to be changed."


@on_sqlite
async def test_a_price_to_come_is_withdrawn_after_one_question(
    ravi: Chat, building: Lakeside
) -> None:
    await open_card(ravi)
    await ravi.press("Change from a date …")
    for answer in ("1 Dec", "7.25", "none", "none"):
        await ravi.say(answer)
    await ravi.press("Set from 1 Dec")
    asked = await ravi.press("Withdraw 1 Dec …")
    assert asked.text.splitlines() == [
        "Withdraw the price of “Lakeside 2026” from 1 Dec?",
        "",
        "₹7.25 a unit → ₹6.50 a unit",
    ]
    data = data_of(ravi, "Withdraw")
    assert (await ravi.tap("Withdraw")).text == "Withdrawn."
    assert len(await versions(building)) == 1
    again = await ravi.forge(data)
    assert again.show_alert


@on_sqlite
async def test_a_new_tariff_is_made_and_used_for_rooms(ravi: Chat, building: Lakeside) -> None:
    await ravi.say("/tariffs")
    await ravi.press("New tariff …")
    said = await ravi.say("lakeside 2026")
    assert "There is a tariff “Lakeside 2026” here already." in said.text
    await ravi.say("Shops <2026>")
    await ravi.say("9")
    await ravi.press("None")
    summary = await ravi.press("None")
    assert "Make the tariff “Shops <2026>” at Lakeside Apartments?" in summary.text
    assert "A month with 120 units: ₹1,080.00" in summary.text
    await ravi.press("Make it")
    assert "No room has it today.\n\nNow\n₹9.00 a unit" in ravi.text

    await ravi.press("Use it for rooms …")
    assert ravi.buttons[:3] == [f"{room} · {NAME[:12]}" for room in (302, 303, 304)]
    await ravi.press("303")
    await ravi.press("304")
    await ravi.press("✓ 303")
    assert "1 room: 304" in ravi.text
    await ravi.say("303, 304")
    summary = await ravi.press("1 Dec")
    assert summary.text.splitlines() == [
        "Use “Shops <2026>” from 1 Dec?",
        "",
        "2 rooms: 303, 304",
        "A month with 120 units: ₹780.00 → ₹1,080.00",
        "",
        "Days before keep the old tariff.",
    ]
    assert (await ravi.tap("Use it from 1 Dec")).text == "Set."
    async with building.transactions.read() as unit:
        timelines = await unit.lease_tariffs.timelines(
            {building.lease_id("Room #303"): building.tariff_id}
        )
    ((timeline,),) = (each.values() for each in timelines.values())
    assert timeline.tariff_on(date(2026, 12, 1)).name == "Shops <2026>"


@on_sqlite
async def test_a_room_says_what_it_pays_and_changes_it(ravi: Chat, building: Lakeside) -> None:
    async with building.transactions.begin() as unit:
        await unit.tariffs.add(
            place_id=building.place.id,
            name="Shops",
            versions=[(await versions(building))[0]],
        )
    await ravi.say("302")
    await ravi.press("More …")
    card = await ravi.press("Tariff …")
    assert card.text.splitlines() == [
        "302 · Asha Rao",
        "Lakeside Apartments",
        "",
        "Tariff Lakeside 2026 · ₹6.50 a unit",
    ]
    await ravi.press("Change to Shops")
    await ravi.say("20 Nov")
    await ravi.press("Use it from 20 Nov")
    assert "From 20 Nov · Shops · ₹6.50 a unit" in ravi.text
    asked = await ravi.press("Stay with Lakeside 2026")
    assert asked.text.startswith("Use “Lakeside 2026” from 20 Nov?")
    await ravi.press("Use it from 20 Nov")
    assert "From 20 Nov" not in ravi.text


@on_sqlite
async def test_rooms_that_are_not_there_are_named(ravi: Chat) -> None:
    await open_card(ravi)
    await ravi.press("Use it for rooms …")
    said = await ravi.say("302, 999")
    assert "“999” is not one room here that is let." in said.text
    await ravi.say("all")
    await ravi.press("‹ Back")
    assert "3 rooms: 302, 303, 304" in ravi.text


@on_sqlite
async def test_a_tariff_gets_another_name(ravi: Chat, building: Lakeside) -> None:
    await open_card(ravi)
    await ravi.press("Rename …")
    said = await ravi.say("x" * 41)
    assert "up to 40 characters" in said.text
    assert (await ravi.say("Homes 2026")).text.startswith("Homes 2026 · Lakeside Apartments")
    assert await versions(building) == []


@on_sqlite
async def test_who_may_not_set_tariffs_does_not_find_them(
    anil: Chat, kishan: Chat, asha: Chat, elsewhere: Chat, ravi: Chat
) -> None:
    for chat in (anil, kishan, asha):
        assert "/tariffs is not yours to do here." in (await chat.say("/tariffs")).text
    await open_card(ravi)
    data = data_of(ravi, "Change from")
    await elsewhere.say("/start")
    answer = await elsewhere.forge(data)
    assert answer.text == "This tariff is not here, or not yours to set."
    assert "There are no tariffs yet." in (await elsewhere.say("/tariffs")).text


@on_sqlite
async def test_an_owner_of_several_buildings_says_which(
    owner: Chat, elsewhere: Chat, building: Lakeside
) -> None:
    await elsewhere.say("/start")
    await owner.say("/start")
    assert "Of which building?" in (await owner.say("/tariffs")).text
    assert owner.buttons[:2] == ["Hilltop", "Lakeside Apartments"]
    assert NAME in (await owner.press("Lakeside Apartments")).text
