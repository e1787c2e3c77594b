"""Somebody reads a meter: it is checked, charged, held or refused. Rules 3.1 to 3.7."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.lease import BillingMode
from bot.domain.meter import BillingType, MeterStatus
from bot.domain.metering import MeterTerms, ReadingStatus, ReadingType
from bot.domain.people import NotAllowed, Role
from bot.services.cause import AlreadyHandled, ButtonSpent
from bot.services.check import CheckOutcome
from bot.services.meter import MeterUnknown
from bot.services.reading_appraisal import (
    ReadingAtThatTime,
    ReadingFell,
    ReadingInFuture,
    ReadingOvertaken,
)
from bot.services.reading_entry import (
    EntryOutcome,
    MeterNotInUse,
    NewReading,
    ReadingEntry,
    Recorded,
    SameReadingKnown,
)
from bot.services.reading_spot import ReadingBeforeInstallation
from bot.services.store import NoticeKind, Person
from tests.building import Building, House, at


async def read(
    building: Building,
    house: House,
    value: str,
    when: datetime,
    *,
    by: Person | None = None,
    again: bool = False,
    update_id: int | None = None,
    nonce: str | None = None,
    **more: object,
) -> Recorded:
    """Read the meter of a room, by default as the manager, and say it at once or later."""
    if building.clock.now() < when:
        building.clock.set(when)
    entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
    new = NewReading(meter_id=house.meter.id, value=Decimal(value), at=when)
    return await entry.record(
        cause=await building.cause(by, update_id=update_id, nonce=nonce),
        new=replace(new, **more),  # type: ignore[arg-type]
        again=again,
    )


async def caretaker(building: Building) -> Person:
    async with building.transactions.begin() as unit:
        person = await unit.people.add(
            telegram_id=77, chat_id=77, name="Kishan", language="en", at=at(11)
        )
        await unit.people.grant(
            person_id=person.id, place_id=building.place.id, role=Role.CARETAKER
        )
    return person


async def change_sheet(building: Building, house: House, **changes: object) -> None:
    async with building.transactions.begin() as unit:
        sheet = await unit.sheets.get(house.meter.id)
        assert sheet is not None
        changed = replace(sheet, **changes)  # type: ignore[arg-type]
        await unit.sheets.save(changed, at=building.clock.now())


async def anchor(building: Building, house: House) -> tuple[datetime, Decimal]:
    link = (await building.book(house)).meters[0]
    assert link.anchor is not None
    return link.anchor.point.at, link.anchor.point.value


async def test_a_reading_is_charged_at_once_and_says_who_took_it(building: Building) -> None:
    house = await building.let()
    kishan = await caretaker(building)
    done = await read(building, house, "1461.8", at(12), by=kishan, notes="by torch")
    assert done.outcome is EntryOutcome.CHARGED
    assert (done.reading.previous_value, done.reading.consumption) == (
        Decimal(1450),
        Decimal("11.8"),
    )
    assert (done.reading.reader_name, done.reading.reader_id) == ("Kishan", kishan.id)
    assert await building.balance(house) == 300_000 - 7_670
    (entry,) = await building.entries(house)
    assert (entry.why["reading_to"], entry.why["reading_type"]) == (done.reading.id, "MANUAL")
    assert entry.key == f"deduction:{house.lease.id}:reading:{done.reading.id}"
    assert await anchor(building, house) == (at(12), Decimal("1461.8"))
    assert ("reading.recorded", "charged") in [
        (action, facts["outcome"]) for action, facts in await building.trail()
    ]


async def test_the_next_check_of_the_device_goes_on_from_there(building: Building) -> None:
    house = await building.let()
    await read(building, house, "1461.8", at(12, "10:00"))
    building.device(house).energy_kwh = Decimal(1463)
    building.clock.set(at(12))
    (line,) = (await building.deductions.run()).lines
    assert (line.outcome, line.amount_paise) == (CheckOutcome.CHARGED, 780)


async def test_the_same_update_and_the_same_button_count_once(building: Building) -> None:
    house = await building.let()
    await read(building, house, "1461.8", at(12), update_id=5)
    with pytest.raises(AlreadyHandled):
        await read(building, house, "1462", at(12, "23:59"), update_id=5)
    await read(building, house, "1463", at(13), nonce="n1")
    with pytest.raises(ButtonSpent):
        await read(building, house, "1464", at(14), nonce="n1")
    assert await building.balance(house) == 300_000 - 13 * 650


async def test_the_same_value_on_the_same_day_is_asked_about(building: Building) -> None:
    house = await building.let()
    first = await read(building, house, "1461.8", at(12, "09:00"))
    with pytest.raises(SameReadingKnown) as known:
        await read(building, house, "1461.8", at(12, "18:00"))
    assert known.value.known.id == first.reading.id
    again = await read(building, house, "1461.8", at(12, "18:00"), again=True)
    assert again.reading.consumption == 0
    assert await building.balance(house) == 300_000 - 7_670
    next_day = await read(building, house, "1461.8", at(13))
    assert next_day.reading.id > again.reading.id


async def test_what_cannot_be_is_refused_and_changes_nothing(building: Building) -> None:
    house = await building.let()
    await read(building, house, "1460", at(12))
    with pytest.raises(ReadingFell) as fell:
        await read(building, house, "1459", at(13))
    assert fell.value.previous.value == 1460
    with pytest.raises(ReadingOvertaken) as overtaken:
        await read(building, house, "1461", at(12, "12:00"))
    assert overtaken.value.following.value == 1460
    with pytest.raises(ReadingAtThatTime):
        await read(building, house, "1460.5", at(12))
    with pytest.raises(ReadingBeforeInstallation):
        await read(building, house, "1400", at(1, "10:00"))
    entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
    late = NewReading(meter_id=house.meter.id, value=Decimal(1470), at=at(20))
    with pytest.raises(ReadingInFuture):
        await entry.record(cause=await building.cause(), new=late)
    assert await building.balance(house) == 300_000 - 6_500


async def test_a_person_reads_fewer_digits_than_the_device_told(building: Building) -> None:
    house = await building.let(opening_kwh="1450.37")
    done = await read(building, house, "1450.3", at(12))
    assert (done.reading.point.value, done.reading.consumption) == (
        Decimal("1450.37"),
        Decimal(0),
    )


async def test_only_who_reads_meters_here_and_tenants_of_it_may(building: Building) -> None:
    house, other = await building.let(), await building.let("Room 303")
    with pytest.raises(MeterUnknown):
        await read(building, house, "1451", at(12), by=other.tenant)
    done = await read(building, house, "1451", at(12), by=house.tenant, type=ReadingType.PHOTO)
    assert done.reading.type is ReadingType.PHOTO
    async with building.transactions.begin() as unit:
        await unit.people.grant(
            person_id=other.tenant.id, place_id=building.place.id, role=Role.ACCOUNTANT
        )
    with pytest.raises(NotAllowed):
        await read(building, house, "1452", at(12), by=other.tenant)


@pytest.mark.parametrize("status", [MeterStatus.RETIRED, MeterStatus.FAULTY])
async def test_a_meter_out_of_use_is_not_read(building: Building, status: MeterStatus) -> None:
    house = await building.let()
    await change_sheet(building, house, status=status)
    with pytest.raises(MeterNotInUse):
        await read(building, house, "1451", at(12))


async def test_before_the_meter_was_installed_there_is_nothing_to_read(building: Building) -> None:
    house = await building.let()
    await change_sheet(building, house, installed_on=date(2025, 11, 13))
    with pytest.raises(ReadingBeforeInstallation) as error:
        await read(building, house, "1451", at(12))
    assert error.value.since_at == at(13, "00:00")


async def test_a_jump_is_held_and_the_staff_asked(building: Building) -> None:
    house = await building.let()
    kishan = await caretaker(building)
    done = await read(building, house, "1850", at(12), by=kishan)
    assert (done.outcome, done.reading.status) == (EntryOutcome.HELD, ReadingStatus.HELD)
    assert await building.balance(house) == 300_000
    asked = await building.notices(NoticeKind.READING_HELD)
    assert {each.person_id for each in asked} == {building.owner.id, building.manager.id}
    facts = asked[0].facts
    assert (facts["value"], facts["previous_value"], facts["hours"]) == ("1850", "1450.000", 24)
    assert (facts["reader"], facts["is_jump"]) == ("Kishan", True)


async def test_what_comes_after_a_held_reading_waits_with_it(building: Building) -> None:
    house = await building.let()
    first = await read(building, house, "1850", at(12))
    second = await read(building, house, "1455", at(13))
    assert second.outcome is EntryOutcome.HELD
    await building.readings.judge(
        cause=await building.cause(), reading_id=first.reading.id, accept=False
    )
    done = await building.readings.judge(
        cause=await building.cause(), reading_id=second.reading.id, accept=True
    )
    assert done.amount_paise == 5 * 650
    assert await building.balance(house) == 300_000 - 5 * 650


async def test_held_readings_may_be_accepted_in_any_order(building: Building) -> None:
    house = await building.let()
    first = await read(building, house, "1850", at(12))
    second = await read(building, house, "1900", at(13))
    for held in (second, first):
        await building.readings.judge(
            cause=await building.cause(), reading_id=held.reading.id, accept=True
        )
    charges = [each.tenant_paise for each in await building.entries(house)]
    assert charges == [-450 * 650, 450 * 650, -400 * 650, -50 * 650]
    assert await building.balance(house) == 300_000 - 450 * 650
    assert await anchor(building, house) == (at(13), Decimal(1900))


async def test_an_unusual_use_is_told_with_its_numbers_and_charged(building: Building) -> None:
    house = await building.let()
    for day, value in ((12, "1460"), (13, "1470"), (14, "1480")):
        await read(building, house, value, at(day))
    kishan = await caretaker(building)
    done = await read(building, house, "1554", at(15), by=kishan)
    assert done.outcome is EntryOutcome.CHARGED
    assert done.reading.is_anomalous
    told = await building.notices(NoticeKind.READING_UNUSUAL)
    assert {each.person_id for each in told} == {building.owner.id, building.manager.id}
    assert told[0].facts["percent"] == 640
    assert Decimal(str(told[0].facts["mean_per_day"])) == 10


async def test_who_enters_an_unusual_reading_is_not_told_what_they_saw(building: Building) -> None:
    house = await building.let()
    for day, value in ((12, "1460"), (13, "1470"), (14, "1480"), (15, "1554")):
        await read(building, house, value, at(day))
    told = await building.notices(NoticeKind.READING_UNUSUAL)
    assert [each.person_id for each in told] == [building.owner.id]


async def test_a_late_reading_splits_what_was_charged(building: Building) -> None:
    house = await building.let()
    await read(building, house, "1470", at(14))
    late = await read(building, house, "1455.5", at(12))
    kinds = [(each.kind.value, each.tenant_paise) for each in await building.entries(house)]
    assert kinds == [
        ("deduction", -13_000),
        ("reversal", 13_000),
        ("deduction", -3_575),
        ("deduction", -9_425),
    ]
    assert late.recharged is not None
    assert late.recharged.plan.change_paise == 0
    assert await anchor(building, house) == (at(14), Decimal(1470))
    assert await building.flaws() == 0
    async with building.transactions.read() as unit:
        latest = await unit.metering.latest(house.meter.id)
    assert latest is not None
    assert (latest.previous_value, latest.consumption) == (Decimal("1455.5"), Decimal("14.5"))


@pytest.mark.parametrize("billing", [BillingType.INCLUDED, BillingType.SHARED])
async def test_what_no_lease_pays_alone_is_stored_and_not_charged(
    building: Building, billing: BillingType
) -> None:
    house = await building.let()
    await change_sheet(building, house, billing_type=billing)
    done = await read(building, house, "1460", at(12))
    assert (done.outcome, done.reading.consumption) == (EntryOutcome.RECORDED, Decimal(10))
    assert (done.reading.lease_id is None) is (billing is BillingType.SHARED)
    assert await building.balance(house) == 300_000


async def test_who_pays_later_is_charged_at_once_and_billed_later(building: Building) -> None:
    house = await building.let(mode=BillingMode.POSTPAID)
    done = await read(building, house, "1460", at(12))
    assert done.outcome is EntryOutcome.CHARGED
    book = await building.book(house)
    assert (book.balance_paise, book.dues) == (300_000 - 6_500, ())


async def test_a_meter_that_was_never_read_begins_with_its_first_reading(
    building: Building,
) -> None:
    house = await building.let()
    async with building.transactions.begin() as unit:
        meter = await unit.metering.add_meter(replace(house.meter, udf1=None))
        await unit.metering.link(lease_id=house.lease.id, meter_id=meter.id, anchor_reading_id=None)
    by_hand = replace(house, meter=meter)
    first = await read(building, by_hand, "100", at(13))
    assert (first.outcome, first.reading.consumption) == (EntryOutcome.RECORDED, None)
    second = await read(building, by_hand, "104", at(14))
    assert (second.outcome, second.reading.consumption) == (EntryOutcome.CHARGED, Decimal(4))
    earlier = await read(building, by_hand, "90", at(12))
    assert earlier.reading.lease_id is None
    assert await building.balance(house) == 300_000 - 4 * 650
    link = next(each for each in (await building.book(house)).meters if each.meter.id == meter.id)
    assert (link.last_value, link.last_read_at) == (Decimal(104), at(14))


async def test_a_rollover_is_read_as_one(building: Building) -> None:
    house = await building.let(opening_kwh="99990", terms=MeterTerms(max_value=Decimal(100_000)))
    done = await read(building, house, "4", at(12))
    assert (done.outcome, done.reading.consumption) == (EntryOutcome.CHARGED, Decimal(14))


async def test_an_estimate_that_was_too_high_comes_down_with_the_next_reading(
    building: Building,
) -> None:
    """Rule 3.7: both periods together come to what actual readings alone would have given."""
    house = await building.let(mode=BillingMode.POSTPAID)
    await read(building, house, "1490", at(13), type=ReadingType.ESTIMATED, is_billing=True)
    done = await read(building, house, "1460", at(15))
    async with building.transactions.read() as unit:
        stored = await unit.chains.between(
            done.reading.installation_id, from_at=at(11), to_at=at(15)
        )
    assert [(each.point.value, each.status, each.consumption) for each in stored] == [
        (Decimal(1490), ReadingStatus.CORRECTED, Decimal(40)),
        (Decimal(1455), ReadingStatus.ACCEPTED, Decimal(5)),
        (Decimal(1460), ReadingStatus.ACCEPTED, Decimal(5)),
    ]


async def test_a_use_over_the_end_of_a_month_is_split_there(building: Building) -> None:
    house = await building.let()
    await read(building, house, "1490", at(30, "00:00"))
    await read(building, house, "1510", at(2, "00:00", month=12))
    book = await building.book(house)
    charged = {
        on.month: sum(month.charged_paise.values()) for (_, on), month in book.months.items()
    }
    assert sum(charged.values()) == 60 * 650
    assert charged[12] == 6_500


async def test_cutting_follows_when_it_takes_the_money(building: Building) -> None:
    house = await building.let(balance_paise=20_000)
    await read(building, house, "1470", at(12))
    await building.reconciler.run()
    assert not building.device(house).relay_on


async def test_a_preview_tells_what_a_reading_means_and_stores_nothing(building: Building) -> None:
    house = await building.let()
    building.clock.set(at(12) + timedelta(minutes=1))
    entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
    new = NewReading(meter_id=house.meter.id, value=Decimal("1461.8"))
    actor = (await building.cause()).actor
    shown = await entry.preview(actor=actor, new=new)
    assert (shown.appraisal.fit.consumption, shown.will_be_held) == (Decimal("11.8"), False)
    assert shown.room == "Room 302"
    assert await building.entries(house) == []
