"""Shared use is looked at, charged once to the paisa, and taken back. Rules 8.1 to 8.4."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.allocation import MeasureUnknown, Span, Stretch
from bot.domain.dispute import ItemKind, StepKind
from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode, Occupancy
from bot.domain.ledger import EntryKind
from bot.domain.meter import BillingType, MeterSheet, SplitKey
from bot.domain.people import NotAllowed
from bot.domain.room_size import ALWAYS, RoomSize
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion, Tax
from bot.services.allocation import DaysNotOver, PlanChanged
from bot.services.allocation_plan import AlreadySplit, Plan, Wish
from bot.services.allocation_record import Allocation
from bot.services.allocation_undo import SplitTakenBack
from bot.services.allocation_use import UseUnknown
from bot.services.bill_anew import BillsAnew
from bot.services.credit_note import CreditNotes
from bot.services.dispute import Disputes
from bot.services.ports import GatewayUnavailable
from bot.services.room_size import RoomSizes, SizeNotYet
from bot.services.store import NoticeKind
from bot.services.tariff import ChargedAlready, PriceLists
from bot.services.tariff_change import PriceChanges
from tests.building import Building, House, at, flat
from tests.commons import TEN_DAYS, allocations, lists, shared_meter, wish

FIRST, LAST = date(2025, 11, 11), date(2025, 11, 21)
CLOSES = {FIRST: "1000.0", LAST: "1100.0"}


@pytest.fixture
async def two(building: Building) -> tuple[House, House]:
    """Return a prepaid and a postpaid room."""
    first = await building.let("Room 301")
    second = await building.let(
        "Room 302", mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0
    )
    building.clock.set(at(22, "10:00"))
    return first, second


async def lift(building: Building) -> MeterSheet:
    return await shared_meter(building, "Lift", closes=CLOSES)


async def looked_at(building: Building, wanted: Wish) -> Plan:
    actor = (await building.cause()).actor
    return await allocations(building).preview(actor=actor, wish=wanted)


async def charged(building: Building, wanted: Wish, *, nonce: str | None = None) -> Allocation:
    plan = await looked_at(building, wanted)
    return await allocations(building).carry_out(
        cause=await building.cause(nonce=nonce), wish=wanted, seal=plan.seal
    )


async def the_share(building: Building, house: House) -> dict[str, object]:
    (entry,) = await building.entries(house, EntryKind.SHARE)
    share = entry.why["share"]
    assert isinstance(share, dict)
    return share


async def test_a_preview_tells_all_and_charges_nothing(
    building: Building, two: tuple[House, House]
) -> None:
    plan = await looked_at(building, wish(building, await lift(building)))
    assert (plan.use.quantity, plan.cost.total_paise) == (Decimal("100.000"), 65_000)
    assert [(each.claim.room, each.total_paise) for each in plan.parts] == [
        ("Room 301", 32_500),
        ("Room 302", 32_500),
    ]
    assert await building.entries(two[0], EntryKind.SHARE) == []


async def test_a_prepaid_lease_is_charged_at_once_and_a_postpaid_one_by_its_next_bill(
    building: Building, two: tuple[House, House]
) -> None:
    await charged(building, wish(building, await lift(building)))
    assert await building.balance(two[0]) == 300_000 - 32_500
    assert await building.balance(two[1]) == -32_500
    building.device(two[1]).close((date(2025, 11, 25), "1450.0"))
    building.clock.set(at(26, "02:00"))
    (bill,) = (await building.invoicing.run()).issued
    lines = bill.facts["lines"]
    assert isinstance(lines, list)
    (line,) = lines
    assert (bill.total_paise, line["amount_paise"], line["quantity"]) == (32_500, 32_500, "50")
    assert line["share"]["whole_paise"] == 65_000
    assert await building.flaws() == 0


async def test_every_tenant_is_told_the_whole_the_key_and_the_own_part(
    building: Building, two: tuple[House, House]
) -> None:
    await charged(building, wish(building, await lift(building)))
    told = await building.notices(NoticeKind.SHARE, to=two[0].tenant)
    assert [each.facts["part_paise"] for each in told] == [32_500]
    facts = await the_share(building, two[0])
    assert (facts["whole_quantity"], facts["key"], facts["days"]) == ("100", "equal", 10)


async def test_a_low_balance_goes_dark_with_its_part(
    building: Building, two: tuple[House, House]
) -> None:
    poor = await building.let("Room 303", balance_paise=20_000)
    await charged(building, wish(building, await lift(building)))
    assert await building.balance(poor) < 10_000
    assert not (await building.supply(poor)).desired_on


async def test_days_before_a_lease_and_vacant_rooms_are_the_owners(
    building: Building, two: tuple[House, House]
) -> None:
    await building.let("Room 303", start_on=date(2025, 11, 17))
    async with building.transactions.begin() as unit:
        await unit.places.add_room(place_id=building.place.id, name="Room 304")
    split = await charged(building, wish(building, await lift(building)))
    parts = {(each.room, each.tenant is None): each.total_paise for each in split.parts}
    assert parts == {
        ("Room 301", False): 16_250,
        ("Room 302", False): 16_250,
        ("Room 303", False): 8_125,
        ("Room 303", True): 8_125,
        ("Room 304", True): 16_250,
    }
    assert split.owner_paise == 24_375


async def test_a_room_of_unknown_size_is_named(
    building: Building, two: tuple[House, House]
) -> None:
    await people_in(building, two[0], "3")
    with pytest.raises(MeasureUnknown) as caught:
        await looked_at(building, wish(building, await lift(building), key=SplitKey.HEADCOUNT))
    assert caught.value.rooms == ("Room 302",)


async def people_in(building: Building, house: House, people: str, since_on: date = ALWAYS) -> None:
    await RoomSizes(building.transactions, building.clock).set_size(
        cause=await building.cause(),
        room_id=house.room.id,
        key=SplitKey.HEADCOUNT,
        size=RoomSize(from_on=since_on, value=Decimal(people)),
    )


async def test_people_count_from_the_day_on_which_they_came(
    building: Building, two: tuple[House, House]
) -> None:
    await people_in(building, two[0], "1")
    await people_in(building, two[0], "9", date(2025, 11, 22))
    await people_in(building, two[0], "4", date(2025, 11, 20))
    await people_in(building, two[1], "2")
    wanted = wish(building, await lift(building), key=SplitKey.HEADCOUNT)
    split = await charged(building, wanted)
    assert [(each.stretches, each.total_paise) for each in split.parts] == [
        ((Stretch(days=8, measure=Decimal(1)), Stretch(days=2, measure=Decimal(4))), 28_889),
        ((Stretch(days=10, measure=Decimal(2)),), 36_111),
    ]
    actor = (await building.cause()).actor
    shown = await lists(building).split(actor=actor, allocation_id=split.id)
    assert [each.stretches for each in shown.split.parts] == [
        each.stretches for each in split.parts
    ]
    share = await the_share(building, two[0])
    assert (share["days"], share["stretches"]) == (10, [[8, "1"], [2, "4"]])


async def test_people_who_come_between_looking_and_charging_are_shown_first(
    building: Building, two: tuple[House, House]
) -> None:
    for house in two:
        await people_in(building, house, "2")
    wanted = wish(building, await lift(building), key=SplitKey.HEADCOUNT)
    seen = await looked_at(building, wanted)
    await people_in(building, two[0], "3", date(2025, 11, 21))
    with pytest.raises(PlanChanged):
        await allocations(building).carry_out(
            cause=await building.cause(), wish=wanted, seal=seen.seal
        )
    assert await building.entries(two[0], EntryKind.SHARE) == []


async def test_people_who_are_still_to_come_are_not_counted(
    building: Building, two: tuple[House, House]
) -> None:
    with pytest.raises(SizeNotYet):
        await people_in(building, two[0], "3", date(2025, 11, 23))


async def test_what_meters_of_the_rooms_counted_can_be_the_key(
    building: Building, two: tuple[House, House]
) -> None:
    for house, upto in zip(two, ("1480.0", "1460.0"), strict=True):
        building.device(house).close((LAST, upto))
    sheet = await lift(building)
    plan = await looked_at(building, wish(building, sheet, key=SplitKey.OWN_CONSUMPTION))
    assert [each.total_paise for each in plan.parts] == [48_750, 16_250]


async def test_the_rest_of_a_main_meter_is_split_and_a_great_one_told_to_staff(
    building: Building, two: tuple[House, House]
) -> None:
    main = await shared_meter(building, "Main", closes=CLOSES, is_main=True)
    await hang_below(building, main, two)
    for house, upto in zip(two, ("1480.0", "1500.0"), strict=True):
        building.device(house).close((FIRST, "1450.0"), (LAST, upto))
    wanted = wish(building, main, is_residual=True)
    plan = await looked_at(building, wanted)
    assert plan.use.quantity == Decimal("20.000")
    assert plan.is_loss
    await charged(building, wanted)
    (told,) = await building.notices(NoticeKind.LOSS, to=building.manager)
    assert (told.facts["left"], told.facts["main"]) == ("20", "100")
    await allocations(building).take_back(
        cause=await building.cause(), allocation_id=1, reason="A meter was misread"
    )
    await charged(building, wanted)
    assert len(await building.notices(NoticeKind.LOSS, to=building.manager)) == 1


async def hang_below(building: Building, main: MeterSheet, houses: tuple[House, House]) -> None:
    async with building.transactions.begin() as unit:
        for house in houses:
            sheet = await unit.sheets.get(house.meter.id)
            assert sheet is not None
            await unit.sheets.save(replace(sheet, parent_id=main.id), at=building.clock.now())


async def test_sub_meters_that_counted_more_leave_nothing(
    building: Building, two: tuple[House, House]
) -> None:
    main = await shared_meter(building, "Main", closes=CLOSES, is_main=True)
    await hang_below(building, main, two)
    for house in two:
        building.device(house).close((FIRST, "1450.0"), (LAST, "1510.0"))
    split = await charged(building, wish(building, main, is_residual=True))
    assert (split.quantity, split.total_paise) == (Decimal(0), 0)
    assert await building.entries(two[0], EntryKind.SHARE) == []


async def test_ratios_split_what_some_leases_share(
    building: Building, two: tuple[House, House]
) -> None:
    sheet = await shared_meter(building, "Pump", closes=CLOSES, billing_type=BillingType.SHARED)
    async with building.transactions.begin() as unit:
        await unit.sheets.set_shares(sheet.id, {two[0].lease.id: 333_333, two[1].lease.id: 666_667})
    split = await charged(building, wish(building, sheet, key=SplitKey.FIXED_RATIO))
    assert [each.total_paise for each in split.parts] == [21_667, 43_333]


async def test_splitting_again_changes_nothing_and_says_so(
    building: Building, two: tuple[House, House]
) -> None:
    wanted = wish(building, await lift(building))
    first = await charged(building, wanted)
    part = Span(from_on=LAST, to_on=LAST)
    for again in (wanted, replace(wanted, span=part), replace(wanted, key=SplitKey.HEADCOUNT)):
        with pytest.raises(AlreadySplit) as caught:
            await allocations(building).carry_out(cause=await building.cause(), wish=again, seal="")
        assert caught.value.allocation.id == first.id
    assert len(await building.entries(two[0], EntryKind.SHARE)) == 1


async def test_two_managers_at_once_charge_once(
    building: Building, two: tuple[House, House]
) -> None:
    wanted = wish(building, await lift(building))
    seal = (await looked_at(building, wanted)).seal
    causes = [await building.cause(nonce=f"n{at}") for at in range(4)]
    done = await asyncio.gather(
        *(allocations(building).carry_out(cause=each, wish=wanted, seal=seal) for each in causes),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["Allocation", *["AlreadySplit"] * 3]
    assert await building.balance(two[1]) == -32_500
    assert await building.flaws() == 0


async def test_what_comes_out_otherwise_than_looked_at_is_not_charged(
    building: Building, two: tuple[House, House]
) -> None:
    wanted = wish(building, await lift(building))
    seen = await looked_at(building, wanted)
    await building.let("Room 303", start_on=date(2025, 11, 17))
    with pytest.raises(PlanChanged):
        await allocations(building).carry_out(
            cause=await building.cause(), wish=wanted, seal=seen.seal
        )
    assert (await looked_at(building, wanted)).cost == seen.cost
    assert await building.entries(two[0], EntryKind.SHARE) == []


@pytest.mark.parametrize("is_taken_back", [False, True])
async def test_prices_that_only_a_split_was_charged_at_were_charged_with(
    building: Building, two: tuple[House, House], is_taken_back: bool
) -> None:
    dear, later = flat("1000", date(2025, 1, 1)), flat("1100", date(2025, 11, 17))
    async with building.transactions.begin() as unit:
        tariff_id = await unit.tariffs.add(
            place_id=building.place.id, name="Common", versions=[dear, later]
        )
    prices = PriceLists(building.transactions, building.clock)
    cause = await building.cause()
    assert (await prices.card(actor=cause.actor, tariff_id=tariff_id)).open_ids
    sheet = await shared_meter(building, "Lift", closes={**CLOSES, date(2025, 11, 16): "1040.0"})
    done = await charged(building, replace(wish(building, sheet), tariff_id=tariff_id))
    if is_taken_back:
        await allocations(building).take_back(
            cause=cause, allocation_id=done.id, reason="Wrong price"
        )
    card = await prices.card(actor=cause.actor, tariff_id=tariff_id)
    assert (card.charged_through_on, card.open_ids) == (LAST, frozenset())
    with pytest.raises(ChargedAlready):
        await PriceChanges(building.transactions, building.clock).change(
            cause=cause, tariff_id=tariff_id, version=flat("1200", LAST), seen=card.version_ids
        )


async def test_taking_back_gives_back_all_and_a_new_split_can_follow(
    building: Building, two: tuple[House, House]
) -> None:
    wanted = wish(building, await lift(building))
    first = await charged(building, wanted)
    building.device(two[1]).close((date(2025, 11, 25), "1450.0"))
    building.clock.set(at(26, "02:00"))
    await building.invoicing.run()
    undone = await allocations(building).take_back(
        cause=await building.cause(), allocation_id=first.id, reason="Wrong key"
    )
    assert undone.leases == 2
    assert [await building.balance(each) for each in two] == [300_000, 0]
    async with building.transactions.read() as unit:
        newest = (await unit.invoices.of_lease(two[1].lease.id, limit=1))[0]
    assert (newest.kind, newest.total_paise) == (DocumentKind.CREDIT_NOTE, -32_500)
    with pytest.raises(SplitTakenBack):
        await allocations(building).take_back(
            cause=await building.cause(), allocation_id=first.id, reason="Wrong key"
        )
    again = await charged(building, wanted)
    assert again.id != first.id
    assert len(await building.notices(NoticeKind.SHARE_TAKEN_BACK)) == 2
    assert await building.flaws() == 0


async def test_who_had_the_last_bill_gets_one_for_the_part(building: Building) -> None:
    house = await building.let(mode=BillingMode.POSTPAID, billing_day=25, balance_paise=0)
    ended = replace(
        house.lease, occupancy=Occupancy(start_on=date(2025, 11, 1), end_on=date(2025, 11, 15))
    )
    async with building.transactions.begin() as unit:
        await unit.leases.save(ended)
    building.device(house).close((date(2025, 11, 14), "1450.0"))
    building.clock.set(at(22, "10:00"))
    (last,) = (await building.invoicing.run()).issued
    await charged(building, wish(building, await lift(building)))
    async with building.transactions.read() as unit:
        newest = (await unit.invoices.of_lease(house.lease.id, limit=1))[0]
    assert newest.id != last.id
    assert newest.total_paise == 65_000 * 3 // 10
    (told,) = await building.notices(NoticeKind.SHARE, to=house.tenant)
    assert told.facts["has_next_bill"] is False


async def test_readings_that_are_missing_are_named(
    building: Building, two: tuple[House, House]
) -> None:
    sheet = await shared_meter(building, "Pump", read={11: "500.0"})
    with pytest.raises(UseUnknown) as caught:
        await looked_at(building, wish(building, sheet))
    assert [(each.sheet.name, each.on) for each in caught.value.missing] == [("Pump", LAST)]


async def test_a_reading_that_is_missing_is_named_once_with_the_room_of_its_meter(
    building: Building, two: tuple[House, House]
) -> None:
    building.device(two[0]).close((LAST, "1480.0"))
    wanted = wish(building, await lift(building), key=SplitKey.OWN_CONSUMPTION)
    with pytest.raises(UseUnknown) as caught:
        await looked_at(building, wanted)
    (missing,) = caught.value.missing
    assert (missing.sheet.id, missing.on) == (two[1].meter.id, FIRST)
    assert caught.value.rooms[missing.sheet.room_id or 0] == "Room 302"


async def test_readings_of_people_count_evenly_between_them(
    building: Building, two: tuple[House, House]
) -> None:
    sheet = await shared_meter(building, "Pump", read={7: "500.0", 17: "600.0", 27: "700.0"})
    building.clock.set(at(28, "10:00"))
    first = await charged(building, wish(building, sheet))
    assert first.quantity == Decimal("100.000")


async def test_the_next_days_begin_where_the_last_ended(
    building: Building, two: tuple[House, House]
) -> None:
    sheet = await shared_meter(building, "Pump", read={11: "500.0", 21: "600.0"})
    first = await charged(building, wish(building, sheet))
    await read_on(building, sheet, 27, "690.0")
    building.clock.set(at(28, "10:00"))
    rest = Span(from_on=date(2025, 11, 22), to_on=date(2025, 11, 26))
    second = await charged(building, wish(building, sheet, span=rest))
    assert first.facts["to_value"] == second.facts["from_value"] == "600"


async def read_on(building: Building, sheet: MeterSheet, day: int, value: str) -> None:
    async with building.transactions.begin() as unit:
        installed = await unit.metering.open_installation(sheet.id)
        latest = await unit.metering.latest(sheet.id)
        assert installed is not None
        assert latest is not None
        point = replace(latest.point, at=at(day, "09:00"), value=Decimal(value))
        await unit.metering.add_readings([replace(latest, id=0, point=point)])


async def test_a_price_that_changes_splits_the_days_and_taxes_are_split_apart(
    building: Building, two: tuple[House, House]
) -> None:
    async with building.transactions.begin() as unit:
        tariff_id = await unit.tariffs.add(
            place_id=building.place.id,
            name="Common",
            versions=[
                version(date(2025, 1, 1), "650"),
                version(date(2025, 11, 17), "1000"),
            ],
        )
    middle = {**CLOSES, date(2025, 11, 16): "1040.0"}
    sheet = await shared_meter(building, "Lift", closes=middle)
    split = await charged(building, replace(wish(building, sheet), tariff_id=tariff_id))
    assert (split.net_paise, split.tax_paise) == (40 * 650 + 60 * 1000, 15_480)
    assert split.facts["portions"] == [["40", "650"], ["60", "1000"]]
    assert sum(each.tax_paise for each in split.parts) == 15_480


def version(from_on: date, rate: str) -> TariffVersion:
    return TariffVersion(
        id=0,
        from_on=from_on,
        slabs=(Slab(up_to=None, rate_paise=Decimal(rate)),),
        standing=StandingCharge(amount_paise=5_000, per=StandingPer.MONTH),
        taxes=(Tax(name="GST", percent=Decimal(18)),),
    )


async def test_days_that_are_not_over_are_not_split(
    building: Building, two: tuple[House, House]
) -> None:
    span = Span(from_on=TEN_DAYS.from_on, to_on=date(2025, 11, 22))
    with pytest.raises(DaysNotOver):
        await looked_at(building, wish(building, await lift(building), span=span))


async def test_a_vendor_that_cannot_be_asked_leaves_readings_missing(
    building: Building, two: tuple[House, House]
) -> None:
    sheet = await lift(building)
    building.gateway.fail(
        "day_closes", "dev-COMMON-Lift", GatewayUnavailable(code="503", detail="down")
    )
    with pytest.raises(UseUnknown):
        await looked_at(building, wish(building, sheet))


async def test_splits_are_listed_with_their_parts(
    building: Building, two: tuple[House, House]
) -> None:
    first = await charged(building, wish(building, await lift(building)))
    actor = (await building.cause()).actor
    page = await lists(building).splits(actor=actor, place_id=building.place.id)
    assert [each.id for each in page.splits] == [first.id]
    shown = await lists(building).split(actor=actor, allocation_id=first.id)
    assert (shown.by, len(shown.split.parts)) == ("Mani", 2)
    assert all(each.entry_id for each in shown.split.parts)


async def test_tenants_split_nothing(building: Building, two: tuple[House, House]) -> None:
    cause = await building.cause(two[0].tenant)
    with pytest.raises(NotAllowed):
        await lists(building).meters(actor=cause.actor, place_id=building.place.id)


async def test_books_balance_whatever_is_left_over(building: Building) -> None:
    houses = [await building.let(f"Room {number}") for number in range(401, 408)]
    building.clock.set(at(22) + timedelta(days=1))
    odd = {FIRST: "1000.0", LAST: "1000.1"}
    split = await charged(
        building, wish(building, await shared_meter(building, "Bell", closes=odd))
    )
    assert sum(each.total_paise for each in split.parts) == split.total_paise == 65
    assert {300_000 - await building.balance(each) for each in houses} == {9, 10}
    assert await building.flaws() == 0


async def test_what_a_question_gave_back_of_a_part_is_not_given_back_twice(
    building: Building, two: tuple[House, House]
) -> None:
    done = await charged(building, wish(building, await lift(building)))
    disputes = Disputes(building.transactions, building.clock, building.doorbell)
    for house in two:
        (entry,) = await building.entries(house, EntryKind.SHARE)
        opened = await disputes.open(
            cause=await building.cause(house.tenant),
            kind=ItemKind.ENTRY,
            item_id=entry.id,
            words="I never use the lift",
        )
        await disputes.decide(
            cause=await building.cause(),
            dispute_id=opened.id,
            verdict=StepKind.PARTLY,
            reason="Half of it",
            amount_paise=16_000,
        )
    await allocations(building).take_back(
        cause=await building.cause(), allocation_id=done.id, reason="Split by area instead"
    )
    assert [await building.balance(house) for house in two] == [300_000, 0]
    assert await building.flaws() == 0


async def test_a_share_that_was_billed_anew_comes_back_with_its_split(
    building: Building, two: tuple[House, House]
) -> None:
    split = await charged(building, wish(building, await lift(building)))
    house = two[1]
    building.device(house).close((date(2025, 11, 25), "1550.0"))
    building.clock.set(at(26, "02:00"))
    (bill,) = (await building.invoicing.run()).issued
    notes = CreditNotes(building.transactions, building.clock, building.doorbell)
    again = BillsAnew(building.transactions, building.clock, building.doorbell)
    for _ in range(2):
        await notes.issue(cause=await building.cause(), invoice_id=bill.id, reason="Wrong price")
        assert await building.balance(house) == 0
        bill = await again.bill(
            cause=await building.cause(), invoice_id=bill.id, total_paise=97_500
        )
        assert await building.balance(house) == -97_500

    await allocations(building).take_back(
        cause=await building.cause(), allocation_id=split.id, reason="The key was wrong"
    )

    assert await building.balance(house) == -65_000
    await notes.issue(cause=await building.cause(), invoice_id=bill.id, reason="Wrong price")
    done = await again.bill(cause=await building.cause(), invoice_id=bill.id, total_paise=65_000)
    assert (await building.balance(house), done.total_paise) == (-65_000, 65_000)
    assert await building.flaws() == 0


async def test_a_share_whose_split_was_taken_back_is_not_billed_anew(
    building: Building, two: tuple[House, House]
) -> None:
    split = await charged(building, wish(building, await lift(building)))
    house = two[1]
    building.device(house).close((date(2025, 11, 25), "1550.0"))
    building.clock.set(at(26, "02:00"))
    (bill,) = (await building.invoicing.run()).issued
    notes = CreditNotes(building.transactions, building.clock, building.doorbell)
    await notes.issue(cause=await building.cause(), invoice_id=bill.id, reason="Wrong price")
    await allocations(building).take_back(
        cause=await building.cause(), allocation_id=split.id, reason="The key was wrong"
    )
    again = BillsAnew(building.transactions, building.clock, building.doorbell)
    done = await again.bill(cause=await building.cause(), invoice_id=bill.id, total_paise=65_000)
    assert done.total_paise == 65_000
    assert await building.balance(house) == -65_000
