"""What is in the store, as spreadsheets get it."""

from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal

from bot.domain.ledger import EntryKind, LedgerEntry, PaymentMethod, transfer
from bot.domain.metering import Reading, ReadingType, RegisterPoint
from bot.domain.place import Place
from bot.domain.supply import SupplyReason
from bot.services.book import SupplyState
from bot.services.exchange.export import Exports, Row
from bot.services.store import BookedEntry, LastSeen

from .conftest import KOLKATA, NOON, ROOM_302, Desk, room


async def rows_of(source: AsyncIterator[Row]) -> list[dict[str, str]]:
    header, *rows = [row async for row in source]
    return [dict(zip(header, row, strict=True)) for row in rows]


def explained(entry: BookedEntry, place: Place) -> str:
    return f"=because of {entry.kind.value} in {place.name}"


async def test_the_headers_are_the_documented_ones(desk: Desk) -> None:
    balances = [row async for row in desk.exports.balances()]
    ledger = [row async for row in desk.exports.ledger(explained)]

    assert [",".join(row) for row in (*balances, *ledger)] == [
        "place,room,meter,tenant,mode,balance,currency,power,last_reading,last_read_at",
        "entry_id,at,place,room,kind,amount,balance_after,reference,explanation",
    ]


async def test_a_balance_is_told_in_rupees_with_the_last_reading(desk: Desk) -> None:
    await desk.carry_out(ROOM_302)
    (row,) = await rows_of(desk.exports.balances())

    assert row == {
        "place": "Lakeside Apartments",
        "room": "Room #302",
        "meter": "lakeside.302",
        "tenant": "Asha Rao",
        "mode": "prepaid",
        "balance": "3000.00",
        "currency": "INR",
        "power": "unknown",
        "last_reading": "1450.0",
        "last_read_at": "2026-10-26T00:00:00+05:30",
    }


async def test_the_newest_of_charged_and_seen_is_the_last_reading(desk: Desk) -> None:
    (new,) = (await desk.carry_out(ROOM_302)).created
    (link,) = (await desk.book(new.lease_id)).meters
    seen = LastSeen(
        lease_id=new.lease_id,
        meter_id=link.meter.id,
        value=Decimal("1461.8"),
        power_w=None,
        at=NOON,
    )
    async with desk.transactions.begin() as unit:
        await unit.metering.save_last_seen([seen])
    (row,) = await rows_of(desk.exports.balances())

    assert (row["last_reading"], row["last_read_at"]) == ("1461.8", "2026-11-18T12:00:00+05:30")


async def test_power_is_what_the_meter_confirmed(desk: Desk) -> None:
    created = (await desk.carry_out(room(1), room(2), room(3))).created
    async with desk.transactions.begin() as unit:
        for new, actual_on in zip(created, (True, False), strict=False):
            (link,) = (await unit.books.load([new.lease_id], now=NOON, lock=True))[
                new.lease_id
            ].meters
            state = SupplyState(
                meter_id=link.meter.id,
                desired_on=False,
                reason=SupplyReason.IN_ORDER,
                decided_at=NOON,
                actual_on=actual_on,
            )
            await unit.supplies.save([state])

    assert [row["power"] for row in await rows_of(desk.exports.balances())] == [
        "on",
        "off",
        "unknown",
    ]


async def test_the_ledger_tells_every_entry_with_its_reason(desk: Desk) -> None:
    (new,) = (await desk.carry_out(ROOM_302 | {"opening_balance": "85.50"})).created
    place_id = (await desk.book(new.lease_id)).place.id
    payment = LedgerEntry(
        key="p",
        kind=EntryKind.PAYMENT,
        place_id=place_id,
        lease_id=new.lease_id,
        occurred_at=NOON,
        postings=transfer(
            lease_id=new.lease_id, tenant_paise=200_000, other=PaymentMethod.UPI.account
        ),
        reference="@4231",
    )
    async with desk.transactions.begin() as unit:
        await unit.ledger.append([payment], recorded_at=NOON)
    opening, paid = await rows_of(desk.exports.ledger(explained))

    assert (opening["kind"], opening["amount"], opening["balance_after"]) == (
        "opening",
        "85.50",
        "85.50",
    )
    assert (paid["kind"], paid["amount"], paid["balance_after"]) == (
        "payment",
        "2000.00",
        "2085.50",
    )
    assert paid["at"] == "2026-11-18T12:00:00+05:30"
    assert paid["reference"] == "'@4231"
    assert paid["explanation"] == "'=because of payment in Lakeside Apartments"


async def test_no_name_becomes_a_formula(desk: Desk) -> None:
    await desk.carry_out(ROOM_302 | {"tenant": "=cmd|' /C calc'!A0", "room": "+302"})
    (row,) = await rows_of(desk.exports.balances())

    assert row["tenant"].startswith("'=")
    assert row["room"] == "'+302"


async def test_balances_are_sorted_as_people_look_for_them(desk: Desk) -> None:
    await desk.carry_out(room(9), room(3, place="A House"), room(1))

    assert [row["room"] for row in await rows_of(desk.exports.balances())] == [
        "Room #3",
        "Room #1",
        "Room #9",
    ]


async def test_a_corrected_reading_names_who_read_it_and_what_it_replaces(desk: Desk) -> None:
    (new,) = (await desk.carry_out(ROOM_302)).created
    (link,) = (await desk.book(new.lease_id)).meters
    assert link.anchor is not None
    right = Reading(
        meter_id=link.meter.id,
        installation_id=link.anchor.installation_id,
        point=RegisterPoint(at=NOON, value=Decimal("1449.5")),
        type=ReadingType.PHOTO,
        lease_id=new.lease_id,
        corrects_id=link.anchor.id,
        reader_name="=Kishan",
        is_billing=True,
        proposed_value=Decimal("1440.5"),
        notes="by torch",
    )
    async with desk.transactions.begin() as unit:
        await unit.metering.add_readings([right])
    _, row = await rows_of(desk.exports.readings())

    told = ("reader", "corrects", "is_billing", "is_anomalous", "proposed_value", "notes")
    assert {name: row[name] for name in told} == {
        "reader": "'=Kishan",
        "corrects": str(link.anchor.id),
        "is_billing": "yes",
        "is_anomalous": "no",
        "proposed_value": "1440.5",
        "notes": "by torch",
    }
    assert row["installation_id"] == str(link.anchor.installation_id)
    assert row["meter_name"]


async def test_readings_are_told_with_their_origin(desk: Desk) -> None:
    (new,) = (await desk.carry_out(ROOM_302)).created
    (link,) = (await desk.book(new.lease_id)).meters
    later = Reading(
        meter_id=link.meter.id,
        installation_id=link.installation_id or 0,
        point=RegisterPoint(
            at=datetime(2026, 10, 26, 23, 59, tzinfo=KOLKATA), value=Decimal("1461.8")
        ),
        type=ReadingType.AUTOMATIC,
        consumption=Decimal("11.8"),
    )
    async with desk.transactions.begin() as unit:
        await unit.metering.add_readings([later])
    opening, automatic = await rows_of(desk.exports.readings())

    assert (opening["type"], opening["consumption"]) == ("MANUAL", "")
    told = {
        "at": "2026-10-26T23:59:00+05:30",
        "place": "Lakeside Apartments",
        "room": "Room #302",
        "meter": "lakeside.302",
        "type": "AUTOMATIC",
        "status": "ACCEPTED",
        "value": "1461.8",
        "unit": "kWh",
        "consumption": "11.8",
    }
    assert told.items() <= automatic.items()


async def test_exports_go_on_over_many_pages(desk: Desk) -> None:
    await desk.carry_out(*(room(number) for number in range(1, 6)))
    exports = Exports(desk.transactions, desk.clock, page=2)

    assert len(await rows_of(exports.balances())) == 5
    assert [row["entry_id"] for row in await rows_of(exports.ledger(explained))] == list("12345")
    assert len(await rows_of(exports.readings())) == 5
