"""Billing a room otherwise, in the chat: guided, confirmed once, with a closing reading."""

import pytest

from bot.domain.lease import BillingMode, Lease
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, transfer
from tests.driver import Chat
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def lease_of(building: Lakeside, room: str = "Room #303") -> Lease:
    async with building.transactions.read() as unit:
        lease = await unit.leases.get(building.lease_id(room))
    assert lease is not None
    return lease


async def asked(chat: Chat) -> None:
    """Come to the question for the billing day of a room, by buttons."""
    await chat.say("303")
    await chat.press("More …")
    await chat.press("Billing …")
    await chat.press("Bill later …")


async def test_a_room_is_billed_later_in_a_few_taps(ravi: Chat, building: Lakeside) -> None:
    await asked(ravi)
    question = await ravi.press("Day 25")
    assert "Billed on day 25 of each month." in question.text
    assert "The meters are read now" in question.text
    assert "What is left of the balance of ₹" in question.text
    done = await ravi.press("Change")
    assert "Postpaid: billed on day 25 of each month." in done.text
    lease = await lease_of(building)
    assert (lease.mode, lease.billing_day) == (BillingMode.POSTPAID, 25)
    assert "postpaid" in (await ravi.say("303")).text


async def test_a_day_may_be_typed_and_a_wrong_one_is_refused(
    ravi: Chat, building: Lakeside
) -> None:
    await asked(ravi)
    refused = await ravi.say("31")
    assert refused.text == "A billing day is one that every month has. Type one from 1 to 28."
    await ravi.say("7")
    await ravi.press("Change")
    assert (await lease_of(building)).billing_day == 7


async def test_it_goes_back_to_prepaid(ravi: Chat, building: Lakeside) -> None:
    await asked(ravi)
    await ravi.press("Day 25")
    await ravi.press("Change")
    question = await ravi.press("Pay beforehand …")
    assert "all until now comes on a last bill" in question.text
    done = await ravi.press("Change")
    assert "Prepaid: use is deducted from the balance." in done.text
    assert (await lease_of(building)).mode is BillingMode.PREPAID


async def test_nothing_changes_before_it_is_confirmed(ravi: Chat, building: Lakeside) -> None:
    await asked(ravi)
    await ravi.press("Day 25")
    await ravi.press("Cancel")
    assert (await lease_of(building)).mode is BillingMode.PREPAID


async def test_a_meter_that_is_offline_is_said_so(ravi: Chat, building: Lakeside) -> None:
    for meter in building.gateway.meters.values():
        meter.is_online = False
    await asked(ravi)
    await ravi.press("Day 25")
    answer = await ravi.tap("Change")
    assert answer.text == "The meter is offline and cannot be read. Try again when it is back."
    assert (await lease_of(building)).mode is BillingMode.PREPAID


async def test_what_a_tenant_owes_is_said_to_be_due_with_the_first_bill(
    ravi: Chat, building: Lakeside
) -> None:
    lease_id = building.lease_id("Room #303")
    async with building.transactions.begin() as unit:
        lease = await unit.leases.get(lease_id)
        assert lease is not None
        owed = LedgerEntry(
            key="owed",
            kind=EntryKind.ADJUSTMENT,
            place_id=lease.place_id,
            lease_id=lease_id,
            occurred_at=building.clock.now(),
            postings=transfer(
                lease_id=lease_id, tenant_paise=-1_000_000, other=AccountKind.ADJUSTMENTS
            ),
        )
        await unit.ledger.append([owed], recorded_at=building.clock.now())
    await asked(ravi)
    question = await ravi.press("Day 25")
    assert "−" not in question.text
    assert "The tenant owes ₹" in question.text
    assert "What no bill has asked for is due with the next one." in question.text
