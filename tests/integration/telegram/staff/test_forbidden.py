"""Nobody gets by a command or a forged button what their role does not cover."""

from collections.abc import Iterator
from itertools import count

import pytest

from bot.domain.supply import Hold
from bot.telegram.callbacks import Action, encode, nonce_of, press
from tests.driver import Chat
from tests.lakeside import Lakeside

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

NONCES = map(nonce_of, count(1))
COMMANDS = (
    "/rooms",
    "/rooms 302",
    "/relay 302 on",
    "/pay 302 500 cash",
    "/import",
    "/status",
    "/team",
    "302",
)


def forgeries(lease_id: int, room_id: int, entry_id: int, place_id: int) -> Iterator[str]:
    """Yield what every staff button would carry, and some that no button ever did."""
    for action in Action:
        yield encode(press(action, lease_id))
        yield encode(press(action, entry_id, "r", nonce=next(NONCES)))
    for pressed in (
        press(Action.ROOMS, "owing", 0, ""),
        press(Action.ROOMS, "all", -1, ""),
        press(Action.ROOM_CARD, room_id),
        press(Action.ROOM_MORE, room_id),
        press(Action.POWER, lease_id, "on"),
        press(Action.POWER_CONFIRM, lease_id, "on", "h", nonce=next(NONCES)),
        press(Action.POWER_CONFIRM, lease_id, "off", "h", nonce=next(NONCES)),
        press(Action.POWER_REASON, lease_id, "off"),
        press(Action.PAY, lease_id, 50_000, "c"),
        press(Action.PAY_CONFIRM, lease_id, 50_000, "c", "-", nonce=next(NONCES)),
        press(Action.PAY_CONFIRM, lease_id, 10**17, "c", "-", nonce=next(NONCES)),
        press(Action.PAY_CONFIRM, lease_id, -50_000, "c", "-", nonce=next(NONCES)),
        press(Action.REVERSE_CONFIRM, entry_id, "r", nonce=next(NONCES)),
        press(Action.SETTINGS, place_id),
        press(Action.TERMS, lease_id),
        press(Action.RULE, f"l{lease_id}", "c"),
        press(Action.RULE_VALUE, f"p{place_id}", "c", 0),
        press(Action.RULE_CONFIRM, f"p{place_id}", "c", 0, 10_000, nonce=next(NONCES)),
        press(Action.RULE_CONFIRM, f"l{lease_id}", "p", "y", "x", nonce=next(NONCES)),
        press(Action.TEAM, place_id, "manager"),
        press(Action.TEAM, place_id, "owner"),
        press(Action.REPORT, place_id, 202611),
        press(Action.REPORT, place_id, 10**17),
        press(Action.REPORT_DUES, place_id, 202611),
        press(Action.REPORT_BOOKS, place_id, 202611, "y"),
        press(Action.REPORT_CLOSE, place_id, 202610),
        press(Action.REPORT_CLOSE_CONFIRM, place_id, 202610, nonce=next(NONCES)),
        press(Action.EXPORT, place_id, 0),
        press(Action.EXPORT_TABLE, place_id, "ledger", 0),
        press(Action.EXPORT_FILE, place_id, "ledger", 0, "csv"),
    ):
        yield encode(pressed)
    yield from ("", "1", "1:", "nonsense", "2:yk::1", "1:yk:x:1:2:3:4:5:6", "1:zz::1")


async def snapshot(building: Lakeside) -> tuple[object, ...]:
    """Return all that a forged button might change."""
    now = building.clock.now()
    ids = [let.lease.id for let in building.lets.values()]
    meters = [let.meter.id for let in building.lets.values()]
    async with building.transactions.read() as unit:
        books = await unit.books.load(ids, now=now, lock=False)
        entries = await unit.ledger.after(0, limit=1000)
        supplies = await unit.supplies.states(meters)
        staff = await unit.people.staff([building.place.id])
        orders = await unit.rooms.waiting_orders(None)
    balances = tuple((book.balance_paise, book.lease, book.place) for book in books.values())
    return balances, len(entries), tuple(supplies.items()), staff, orders


async def prepared(building: Lakeside) -> tuple[object, ...]:
    """Let there be a payment that one might take back, and return how all stands."""
    await building.pay("Room #303", 100)
    return await snapshot(building)


async def attack(chat: Chat, building: Lakeside) -> str:
    """Try everything, and return all that was read meanwhile, messages and alerts."""
    let = building.lets["Room #302"]
    async with building.transactions.read() as unit:
        paid = await unit.ledger.last_payment(building.lease_id("Room #303"))
    assert paid is not None
    await chat.say("/start")
    said = [(await chat.say(each)).text for each in COMMANDS]
    for data in forgeries(let.lease.id, let.room.id, paid.id, building.place.id):
        answer = await chat.forge(data)
        said += [answer.text or "", chat.text]
    return "\n".join(said)


async def test_a_stranger_gets_nothing(stranger: Chat, building: Lakeside) -> None:
    before = await prepared(building)

    said = await attack(stranger, building)

    assert await snapshot(building) == before
    assert "Asha" not in said
    assert "₹" not in said
    assert "Lakeside" not in said


async def test_a_tenant_gets_only_their_own(asha: Chat, building: Lakeside) -> None:
    before = await prepared(building)

    said = await attack(asha, building)

    assert await snapshot(building) == before
    assert "Binod" not in said
    assert "/pay is not yours to do here." in said


async def test_a_caretaker_gets_no_money_and_no_switch(kishan: Chat, building: Lakeside) -> None:
    before = await prepared(building)

    said = await attack(kishan, building)

    assert await snapshot(building) == before
    assert "₹" not in said
    assert "/relay is not yours to do here." in said
    assert "/pay is not yours to do here." in said


async def test_a_manager_of_another_place_gets_nothing(elsewhere: Chat, building: Lakeside) -> None:
    before = await prepared(building)

    said = await attack(elsewhere, building)

    assert await snapshot(building) == before
    assert "Asha" not in said
    assert "₹" not in said
    assert "Lakeside" not in said
    assert "Your role does not cover this." in said


async def test_an_accountant_switches_nothing(anil: Chat, building: Lakeside) -> None:
    before = await prepared(building)

    said = await attack(anil, building)

    meters = [let.meter.id for let in building.lets.values()]
    async with building.transactions.read() as unit:
        supplies = await unit.supplies.states(meters)
    assert {supply.hold for supply in supplies.values()} == {Hold.NONE}
    assert (await snapshot(building))[3] == before[3], "nobody may have been hired"
    assert "/relay is not yours to do here." in said


async def test_what_no_button_holds_is_answered_with_the_present_card(ravi: Chat) -> None:
    for data in ("1:yk:x:1", "1:pw::1:sideways", "1:rs::nonsense:0:", "1:pk::1:on:h", "1:py::x"):
        await ravi.say("/start")
        seen = ravi.seq
        await ravi.forge(data)
        said = await ravi.next(after=seen)
        assert said.text.startswith("This button is from an older message."), data
