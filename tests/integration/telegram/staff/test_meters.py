"""Meters are made, changed, found, shared and hung below one another in the chat."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.meter import BillingType, MeterSheet, MeterStatus
from bot.domain.metering import MeterType
from bot.sandbox.clock import SandboxClock
from bot.services.meters import PAGE_METERS
from bot.services.stores.meter_sheet import MeterQuery
from tests.driver import Chat
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def make(chat: Chat, name: str, *, kind: str = "🔥 Gas", pays: str = "One tenant") -> None:
    """Make a meter with the likeliest answers."""
    await chat.say("/meters")
    await chat.press("New meter …")
    await chat.press(kind)
    if chat.buttons[0] == "m³":
        await chat.press("m³")
    await chat.say(name)
    await chat.press("No room")
    await chat.press(pays)
    await chat.press("Not known")
    await chat.press("Not known")
    await chat.press("Make it")


async def sheets(building: Lakeside) -> dict[str, MeterSheet]:
    async with building.transactions.read() as unit:
        found = await unit.sheets.page(MeterQuery(), limit=50)
    return {each.sheet.name: each.sheet for each in found}


async def change(chat: Chat, name: str, field: str, *, page: int = 1) -> None:
    """Open the question for an attribute of a meter."""
    await chat.say("/meters")
    await chat.press(name)
    await chat.press("Change …")
    if page == 2:
        await chat.press("More …")
    await chat.press(field)


async def test_a_gas_meter_is_made_step_by_step(ravi: Chat, building: Lakeside) -> None:
    await ravi.say("/meters")
    assert ravi.text.splitlines()[0] == "Meters"
    assert "⚡ 302 · Electricity" in ravi.text
    await ravi.press("New meter …")
    assert ravi.text.splitlines() == ["New meter · Lakeside Apartments", "", "What does it count?"]
    assert "Tap one of the buttons" in (await ravi.say("gas")).text
    await ravi.press("🔥 Gas")
    await ravi.press("m³")
    assert "How is the meter called?" in ravi.text
    await ravi.say("Gas, flat B-2")
    assert "No such room of this building" in (await ravi.say("999")).text
    await ravi.say("302")
    await ravi.press("One tenant pays")
    await ravi.say("g-4711")
    assert (
        "It cannot be installed later than today, 12 Nov 2026"
        in (await ravi.say("1 Dec 2026")).text
    )
    assert "is not a day" in (await ravi.say("some day")).text
    await ravi.say("1 Mar 2015")

    assert ravi.text.splitlines() == [
        "New meter · Lakeside Apartments",
        "",
        "🔥 Gas, flat B-2 · 302 · Gas, m³",
        "One tenant pays",
        "Serial number: G-4711",
        "Installed: 1 Mar 2015",
    ]
    await ravi.press("‹ Back")
    assert "Now: 1 Mar 2015" in ravi.text
    await ravi.say("1.3.2024")
    card = await ravi.press("Make it")

    assert card.text.splitlines() == [
        "302 · 🔥 Gas, flat B-2",
        "Lakeside Apartments · Gas",
        "",
        "It has not been read yet.",
        "No. G-4711",
        "Installed 1 Mar 2024",
        "",
        "One tenant pays: nobody is named yet",
    ]
    made = (await sheets(building))["Gas, flat B-2"]
    assert (made.type, made.unit, made.serial_number) == (MeterType.GAS, "m³", "G-4711")


async def test_what_breaks_a_rule_is_said_and_asked_again(ravi: Chat, building: Lakeside) -> None:
    await make(ravi, "Gas 1")
    await change(ravi, "Gas 1", "Serial number", page=2)
    await ravi.say("ab1")
    await ravi.press("Set it")

    await ravi.say("/meters")
    await ravi.press("New meter …")
    await ravi.press("🔥 Gas")
    await ravi.press("m³")
    assert "is called “gas 1”" in (await ravi.say("gas  1")).text
    await ravi.say("Gas 2")
    await ravi.press("No room")
    await ravi.press("Some tenants share it")
    assert "Number AB1 is on “Gas 1”, Lakeside Apartments, already" in (await ravi.say("AB1")).text
    await ravi.say("ab2")
    await ravi.press("Not known")
    await ravi.press("Make it")

    assert (await sheets(building))["Gas 2"].billing_type is BillingType.SHARED


async def test_a_sub_meter_never_makes_a_circle(ravi: Chat, building: Lakeside) -> None:
    await make(ravi, "Gas main")
    await make(ravi, "Gas sub")
    await make(ravi, "Water", kind="💧 Cold water")
    await change(ravi, "Gas main", "Main meter")
    await ravi.press("Yes")
    assert "Main meter: no → yes" in ravi.text
    await ravi.press("Set it")

    await change(ravi, "Gas sub", "Below")
    assert (
        "No meter of this building is called “nothing like it”"
        in (await ravi.say("nothing like it")).text
    )
    assert "“Water” counts Cold water in m³" in (await ravi.say("water")).text
    await ravi.press("🔥 Gas main")
    assert "Below: Gas main" in ravi.text
    await ravi.press("Set it")
    assert "Sub-meter of “Gas main”" in ravi.text

    await change(ravi, "Gas main", "Below")
    refused = await ravi.say("gas sub")
    assert "hangs below none" in refused.text
    await change(ravi, "Gas main", "Main meter")
    await ravi.press("No")
    await ravi.press("Set it")
    await change(ravi, "Gas main", "Below")
    assert "That would be a circle" in (await ravi.say("gas sub")).text

    await ravi.say("/meters")
    await ravi.press("Sub-meters")
    await ravi.press("🔥 Gas main ▸")
    assert "├ Gas sub   –" in ravi.text
    await ravi.press("▲ Up")
    assert "Main meters · Lakeside Apartments" in ravi.text


async def test_a_filter_narrows_the_list(ravi: Chat, building: Lakeside) -> None:
    await make(ravi, "Gas 1")
    await ravi.say("/meters")
    await ravi.press("Filter …")
    await ravi.press("Type: any")
    await ravi.press("Gas")
    assert ravi.text.splitlines() == ["Meters", "Gas", "", "🔥 Gas 1"]
    await ravi.press("✓ Filter …")
    await ravi.press("State: any")
    await ravi.press("Faulty")
    assert "There is no such meter." in ravi.text
    await ravi.press("✓ Filter …")
    await ravi.press("All meters")
    assert len(ravi.text.splitlines()) == 2 + 4

    await ravi.press("Filter …")
    await ravi.press("Room: any")
    await ravi.say("303")
    assert "⚡ 303 · Electricity" in ravi.text
    assert "302" not in ravi.text


async def test_a_serial_number_or_a_room_is_typed_after_the_command(
    ravi: Chat, building: Lakeside
) -> None:
    for name, number in (("Gas 1", "G-47"), ("Gas 2", "G-48")):
        await make(ravi, name)
        await change(ravi, name, "Serial number", page=2)
        await ravi.say(number)
        await ravi.press("Set it")

    assert "🔥 Gas 2" in (await ravi.say("/meters g-48")).text
    assert "Which meter do you mean by “g-4”?" in (await ravi.say("/meters g-4")).text
    assert "Which meter do you mean by “GAS”?" in (await ravi.say("/meters GAS")).text
    assert "🔥 Gas 2" in (await ravi.say("/meters as 2")).text
    assert "⚡ 304 · Electricity" in (await ravi.say("/meters 304")).text
    assert "No meter that you may see" in (await ravi.say("/meters zzz")).text


async def test_a_long_list_is_turned_page_by_page(ravi: Chat, building: Lakeside) -> None:
    for number in range(PAGE_METERS):
        await make(ravi, f"Gas {number}")
    await ravi.say("/meters")
    assert len(ravi.text.splitlines()) <= 12
    await ravi.press("Next ›")
    assert "🔥 Gas 7" in ravi.text
    await ravi.press("‹ Previous")
    assert "⚡ 302" in ravi.text


async def test_many_sub_meters_are_turned_page_by_page(ravi: Chat, building: Lakeside) -> None:
    await make(ravi, "Main")
    async with building.transactions.begin() as unit:
        found = await unit.sheets.called("Main", place_ids=None, limit=1)
        top = found[0].sheet
        for number in range(10):
            sub = replace(top, name=f"Sub {number}", parent_id=top.id)
            await unit.sheets.add(sub, at=building.clock.now())
    await ravi.say("/meters Main")
    await ravi.press("Sub-meters")
    assert "├ Sub 7   –\nand 2 more" in ravi.text
    await ravi.press("Next ›")
    assert "├ Sub 9   –" in ravi.text
    assert "Sub 7" not in ravi.text
    await ravi.press("‹ Previous")
    assert "It has not been read yet." in ravi.text


async def test_shares_are_said_room_by_room(ravi: Chat, building: Lakeside) -> None:
    await make(ravi, "Water", kind="💧 Cold water", pays="Some tenants share it")
    await ravi.press("Who pays …")
    await ravi.press("302 · Asha Rao")
    await ravi.say("303")
    await ravi.press("304 · Chitra <Iyer>")
    await ravi.press("Shares …")
    assert "1. 302 · Asha Rao" in ravi.text
    assert "is not a share for each of the 3 rooms" in (await ravi.say("50/50")).text
    assert "Together that is 95%." in (await ravi.say("50/30/15")).text
    await ravi.say("1/3")
    assert "302 · Asha Rao   33.3334%" in ravi.text
    await ravi.press("‹ Back")
    await ravi.say("50/30/20")
    card = await ravi.press("Set it")

    assert card.text.splitlines()[-4:] == [
        "Some tenants share it:",
        "  302 · Asha Rao   50%",
        "  303 · Binod Das   30%",
        "  304 · Chitra <Iyer>   20%",
    ]
    water = (await sheets(building))["Water"]
    async with building.transactions.read() as unit:
        shares = await unit.sheets.shares(water.id)
    assert [each.share_ppm for each in shares] == [500_000, 300_000, 200_000]


async def test_one_tenant_gets_a_meter_and_loses_it(ravi: Chat, building: Lakeside) -> None:
    await make(ravi, "Gas 1")
    await ravi.press("Who pays …")
    await ravi.press("303 · Binod Das")
    assert "From now on" in ravi.text
    await ravi.press("Set it")
    assert "One tenant pays: 303 · Binod Das" in ravi.text
    await ravi.press("Who pays …")
    await ravi.press("Nobody")
    await ravi.press("Set it")
    assert "nobody is named yet" in ravi.text


async def test_who_pays_stays_where_a_tenant_was_charged(ravi: Chat, building: Lakeside) -> None:
    await ravi.say("/meters 302")
    await ravi.press("⚡ 302")
    await ravi.press("Who pays …")
    answer = await ravi.tap("303 · Binod Das")
    assert answer.text is not None
    assert "302 was charged by this meter" in answer.text


async def test_retiring_the_meter_of_a_tenant_asks(ravi: Chat, building: Lakeside) -> None:
    await change(ravi, "⚡ 302", "State")
    assert "It counts for 1 room that is let." in ravi.text
    await ravi.press("Retired")
    assert "⚠️ It counts for 302. From now on it is neither read nor charged" in ravi.text
    assert (await sheets(building))["lakeside.Room #302"].status is MeterStatus.ACTIVE

    await ravi.press("Set it")

    assert "⚠️ Retired: it is neither read nor charged" in ravi.text
    assert (await sheets(building))["lakeside.Room #302"].status is MeterStatus.RETIRED


async def test_what_a_read_meter_counts_cannot_be_changed(ravi: Chat, building: Lakeside) -> None:
    await change(ravi, "⚡ 302", "Type", page=2)
    answer = await ravi.tap("🔥 Gas")
    assert answer.text is not None
    assert "was read already" in answer.text
    await ravi.press("Cancel")
    await ravi.press("Change …")
    await ravi.press("More …")
    answer = await ravi.tap("Delete …")
    assert answer.text is not None
    assert "Set its state to “Retired” instead" in answer.text


async def test_a_meter_made_by_mistake_is_deleted(ravi: Chat, building: Lakeside) -> None:
    await make(ravi, "Oops")
    await ravi.press("Change …")
    await ravi.press("More …")
    await ravi.press("Delete …")
    assert "Delete the meter “Oops”?" in ravi.text
    listed = await ravi.press("Delete it")
    assert "Oops" not in listed.text
    assert "Oops" not in await sheets(building)


async def test_an_inspection_is_due_and_done(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    await make(ravi, "Gas 1")
    await change(ravi, "Gas 1", "Next inspection", page=2)
    await ravi.say("20 Nov 2026")
    await ravi.press("Set it")
    assert "🔍 inspection due 20 Nov 2026" in ravi.text
    clock.step(timedelta(days=10))

    await ravi.say("/meters")
    await ravi.press("Inspections")
    assert "⚠️ 20 Nov 2026 · 🔥 Gas 1" in ravi.text
    await ravi.press("🔥 Gas 1")
    await ravi.press("Inspected …")
    await ravi.press("Today")
    await ravi.press("22 Nov 2027")
    assert "Last inspection: not known → 22 Nov 2026" in ravi.text
    await ravi.press("Set it")
    assert "inspection" not in ravi.text


async def test_a_caretaker_looks_and_changes_nothing(
    kishan: Chat, ravi: Chat, building: Lakeside
) -> None:
    await make(ravi, "Gas 1")
    await kishan.say("/meters")
    assert "New meter …" not in kishan.buttons
    await kishan.press("🔥 Gas 1")
    assert "Counter …" in kishan.buttons
    assert not {"Change …", "Who pays …"} & set(kishan.buttons)


async def test_another_place_sees_none_of_it(
    elsewhere: Chat, ravi: Chat, building: Lakeside
) -> None:
    await make(ravi, "Gas 1")
    assert "There are no meters here yet." in (await elsewhere.say("/meters")).text
    gas = (await sheets(building))["Gas 1"]
    await elsewhere.forge(f"1:mt::{gas.id}")
    assert "Gas 1" not in elsewhere.transcript()


@pytest.mark.parametrize(
    "data",
    [
        "1:ms::x:-",
        "1:ms::-:tZ",
        "1:ms::-:-:c5",
        "1:mf::-:-:q",
        "1:mo::mgone:n",
        "1:mi::1:9",
        "1:mn::x",
    ],
)
async def test_what_no_button_of_ours_holds_is_an_old_button(
    ravi: Chat, building: Lakeside, data: str
) -> None:
    await ravi.say("/meters")
    await ravi.forge(data)
    await ravi.hears("This button is from an older message")
