"""From a photo to a reading: what it may show, and what a person says it shows."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.db.photo_files import PhotoFolder
from bot.domain.metering import MeterTerms, MeterType, ReadingStatus, ReadingType
from bot.domain.people import Actor, Role
from bot.services.cause import AlreadyHandled, ButtonSpent
from bot.services.check import CheckOutcome
from bot.services.meter import MeterUnknown
from bot.services.meter_photo import PhotoFlaw, ReaderTrouble
from bot.services.photo import Photos, PhotoUnknown
from bot.services.photo_reading import MOST_METERS, PhotoReadings, Said, Sighted
from bot.services.reading_entry import EntryOutcome, ReadingEntry, Recorded, SameReadingKnown
from bot.services.store import NoticeKind, Person
from tests.building import Building, House, at
from tests.fakes.reader import A_PHOTO, KEPT, FakeReader

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = timedelta(days=1)


class Desk:
    """A building in which people read meters with photos."""

    def __init__(self, building: Building, folder: Path) -> None:
        self.building = building
        self.reader = FakeReader()
        transactions, clock = building.transactions, building.clock
        self.photos = Photos(transactions, clock, self.reader, PhotoFolder(folder))
        self.entry = ReadingEntry(transactions, clock, building.doorbell)
        self.readings = PhotoReadings(transactions, clock, self.reader, self.photos, self.entry)

    async def actor(self, person: Person) -> Actor:
        return (await self.building.cause(person)).actor

    async def take(self, by: Person) -> int:
        photo = await self.photos.take(actor=await self.actor(by), content=A_PHOTO)
        return photo.id

    async def look(self, house: House, photo_id: int, *, by: Person | None = None) -> Sighted:
        actor = await self.actor(by or house.tenant)
        return await self.readings.look(actor=actor, meter_id=house.meter.id, photo_id=photo_id)

    async def record(
        self, house: House, value: str, photo_id: int | None, *, by: Person | None = None
    ) -> Recorded:
        said = Said(meter_id=house.meter.id, value=Decimal(value), photo_id=photo_id)
        cause = await self.building.cause(by or house.tenant)
        return await self.readings.record(cause=cause, said=said)


@pytest.fixture
def desk(building: Building, tmp_path: Path) -> Desk:
    building.clock.set(at(14, "10:00"))
    return Desk(building, tmp_path / "photos")


async def test_the_value_proposed_and_the_value_confirmed_are_both_kept(desk: Desk) -> None:
    house = await desk.building.let()
    desk.reader.show("1482.3", "1462.3", "1462.8")
    photo_id = await desk.take(house.tenant)
    seen = await desk.look(house, photo_id)
    assert seen.values == (Decimal("1482.3"), Decimal("1462.3"), Decimal("1462.8"))
    assert seen.preview is not None
    assert seen.preview.appraisal.fit.consumption == Decimal("32.3")
    done = await desk.record(house, "1462.3", photo_id)
    reading = done.reading
    assert (reading.type, reading.photo_id) == (ReadingType.PHOTO, photo_id)
    assert (reading.proposed_value, reading.point.value) == (Decimal("1482.3"), Decimal("1462.3"))
    assert done.outcome is EntryOutcome.CHARGED
    assert await desk.building.balance(house) == 300_000 - 7_995


async def test_a_reading_is_of_the_moment_when_its_photo_came(desk: Desk) -> None:
    house = await desk.building.let()
    photo_id = await desk.take(house.tenant)
    desk.building.clock.set(at(15))
    done = await desk.record(house, "1462.3", photo_id)
    assert done.reading.point.at == at(14, "10:00")


async def test_the_reader_is_told_what_the_counter_can_show(desk: Desk) -> None:
    house = await desk.building.let(opening_kwh="1450.37")
    await desk.look(house, await desk.take(house.tenant))
    (look,) = desk.reader.looks
    minutes = (desk.building.clock.now() - at(11)) // timedelta(minutes=1)
    assert (look.photo, look.previous, look.decimals) == (KEPT, Decimal("1450.3"), 1)
    assert look.plausible is not None
    assert abs(look.plausible * 4 - minutes) < 1  # 15 kW: a quarter of a kWh a minute


async def test_a_habit_narrows_what_the_counter_can_show(desk: Desk) -> None:
    terms = MeterTerms(multiplier=Decimal(2))
    house = await desk.building.let(terms=terms)
    for day, value in ((12, "1455"), (13, "1460"), (14, "1465")):
        desk.building.clock.set(at(day))
        await desk.record(house, value, None)
    desk.building.clock.set(at(18))
    await desk.look(house, await desk.take(house.tenant))
    assert desk.reader.looks[-1].plausible == Decimal(4 * 10 * 5) / 2


async def test_what_was_sent_is_looked_at_rather_than_what_is_kept(desk: Desk) -> None:
    house = await desk.building.let()
    photo_id = await desk.take(house.tenant)
    actor = await desk.actor(house.tenant)
    await desk.readings.look(
        actor=actor, meter_id=house.meter.id, photo_id=photo_id, content=A_PHOTO
    )
    assert desk.reader.looks[0].photo == A_PHOTO


@pytest.mark.parametrize("why", [*PhotoFlaw, *ReaderTrouble])
async def test_without_a_number_the_person_types_it(
    desk: Desk, why: PhotoFlaw | ReaderTrouble
) -> None:
    house = await desk.building.let()
    desk.reader.blind(why)
    photo_id = await desk.take(house.tenant)
    seen = await desk.look(house, photo_id)
    assert not seen.values
    assert why in {seen.flaw, seen.trouble}
    done = await desk.record(house, "1462.3", photo_id)
    assert (done.outcome, done.reading.proposed_value) == (EntryOutcome.CHARGED, None)


async def test_a_value_far_from_the_photo_is_held_for_the_staff(desk: Desk) -> None:
    house = await desk.building.let()
    desk.reader.show("1482.3", "1492.3")
    photo_id = await desk.take(house.tenant)
    await desk.look(house, photo_id)
    said = Said(meter_id=house.meter.id, value=Decimal("1452.3"), photo_id=photo_id)
    weighed = await desk.readings.weigh(actor=await desk.actor(house.tenant), said=said)
    assert weighed.proposed == Decimal("1482.3")
    assert weighed.preview.will_be_held
    done = await desk.record(house, "1452.3", photo_id)
    assert (done.outcome, done.reading.status) == (EntryOutcome.HELD, ReadingStatus.HELD)
    assert await desk.building.balance(house) == 300_000
    told = await desk.building.notices(NoticeKind.READING_HELD, to=desk.building.manager)
    assert told[0].facts["proposed_value"] == "1482.3"
    assert told[0].facts["photo_id"] == photo_id


@pytest.mark.parametrize("value", ["8482.3", "1482.3", "1452.3"])
async def test_whatever_is_said_of_a_photo_that_shows_too_much_is_held(
    desk: Desk, value: str
) -> None:
    house = await desk.building.let()
    desk.reader.show("8482.3", "1482.3")
    photo_id = await desk.take(house.tenant)
    seen = await desk.look(house, photo_id)
    assert seen.is_implausible
    assert seen.preview is not None
    assert seen.preview.will_be_held
    said = Said(meter_id=house.meter.id, value=Decimal(value), photo_id=photo_id)
    weighed = await desk.readings.weigh(actor=await desk.actor(house.tenant), said=said)
    assert weighed.proposed == (None if value == "8482.3" else Decimal("8482.3"))
    done = await desk.record(house, value, photo_id)
    assert (done.outcome, done.reading.status) == (EntryOutcome.HELD, ReadingStatus.HELD)


async def test_what_is_beyond_the_habit_in_a_photo_is_held_too(desk: Desk) -> None:
    house = await desk.building.let()
    for day, value in ((12, "1455"), (13, "1460"), (14, "1465")):
        desk.building.clock.set(at(day))
        await desk.record(house, value, None)
    desk.building.clock.set(at(18))
    desk.reader.show("1665.5", "1565.5")
    photo_id = await desk.take(house.tenant)
    seen = await desk.look(house, photo_id)
    assert seen.is_implausible
    assert seen.preview is not None
    assert not seen.preview.appraisal.fit.is_jump
    assert (await desk.record(house, "1665.5", photo_id)).outcome is EntryOutcome.HELD


async def test_a_digit_behind_the_point_is_no_difference(desk: Desk) -> None:
    house = await desk.building.let()
    desk.reader.show("1482")
    photo_id = await desk.take(house.tenant)
    await desk.look(house, photo_id)
    assert (await desk.record(house, "1482.3", photo_id)).outcome is EntryOutcome.CHARGED


async def test_what_cannot_have_been_used_is_held(desk: Desk) -> None:
    house = await desk.building.let()
    photo_id = await desk.take(house.tenant)
    assert (await desk.record(house, "9462.3", photo_id)).outcome is EntryOutcome.HELD


async def test_a_held_photo_does_not_stop_what_the_device_is_charged_for(desk: Desk) -> None:
    building = desk.building
    house = await building.let()
    desk.reader.show("1482.3")
    photo_id = await desk.take(house.tenant)
    await desk.look(house, photo_id)
    held = await desk.record(house, "1455", photo_id)
    assert held.outcome is EntryOutcome.HELD
    building.device(house).energy_kwh = Decimal(1460)
    building.clock.set(at(14))
    (line,) = (await building.deductions.run()).lines
    assert (line.outcome, line.amount_paise) == (CheckOutcome.CHARGED, 6_500)
    await building.readings.judge(
        cause=await building.cause(nonce="judged"), reading_id=held.reading.id, accept=True
    )
    assert await building.balance(house) == 300_000 - 6_500
    assert await building.flaws() == 0


async def test_one_photo_makes_one_reading(desk: Desk) -> None:
    house = await desk.building.let()
    photo_id = await desk.take(house.tenant)
    await desk.record(house, "1462.3", photo_id)
    with pytest.raises(ButtonSpent):
        await desk.record(house, "1463.3", photo_id)


async def test_a_second_photo_of_the_same_number_is_asked_about(desk: Desk) -> None:
    house = await desk.building.let()
    await desk.record(house, "1462.3", await desk.take(house.tenant))
    desk.building.clock.set(at(14, "11:00"))
    again = await desk.take(house.tenant)
    with pytest.raises(SameReadingKnown):
        await desk.record(house, "1462.3", again)
    said = Said(meter_id=house.meter.id, value=Decimal("1462.3"), photo_id=again)
    cause = await desk.building.cause(house.tenant)
    done = await desk.readings.record(cause=cause, said=said, again=True)
    assert done.reading.photo_id == again


async def test_nobody_reads_with_the_photo_of_another(desk: Desk) -> None:
    house, other = await desk.building.let(), await desk.building.let("Room 303")
    photo_id = await desk.take(house.tenant)
    with pytest.raises(PhotoUnknown):
        await desk.look(other, photo_id)
    with pytest.raises(PhotoUnknown):
        await desk.record(other, "1462.3", photo_id)
    with pytest.raises(MeterUnknown):
        await desk.look(other, photo_id, by=house.tenant)


async def test_a_proposal_for_another_meter_counts_for_nothing(desk: Desk) -> None:
    house = await desk.building.let()
    meter, _ = await desk.building.add_meter(house.lease, "SECOND", opening_kwh="1450")
    desk.reader.show("1482.3")
    photo_id = await desk.take(house.tenant)
    await desk.look(house, photo_id)
    done = await desk.record(replace(house, meter=meter), "1452.3", photo_id)
    assert (done.outcome, done.reading.proposed_value) == (EntryOutcome.CHARGED, None)


async def test_the_only_meter_that_no_device_reads_is_meant(desk: Desk) -> None:
    house = await desk.building.let()
    actor = await desk.actor(house.tenant)
    only = await desk.readings.meters(actor=actor)
    assert only.obvious is not None
    assert only.obvious.sheet.id == house.meter.id

    await desk.building.add_meter(house.lease, "SECOND", opening_kwh="1450")
    assert (await desk.readings.meters(actor=actor)).obvious is None

    gas_id = await add_gas(desk, house)
    found = await desk.readings.meters(actor=actor)
    assert len(found.lines) == 3
    assert found.obvious is not None
    assert found.obvious.sheet.id == gas_id


async def test_a_stranger_has_no_meters_and_staff_have_those_of_their_place(desk: Desk) -> None:
    await desk.building.let()
    kishan = await add_caretaker(desk)
    assert not (await desk.readings.meters(actor=Actor(person_id=99))).lines
    assert len((await desk.readings.meters(actor=await desk.actor(kishan))).lines) == 1


async def test_staff_with_many_meters_find_one_by_its_room(desk: Desk) -> None:
    houses = [await desk.building.let(f"Room {number}") for number in range(300, 310)]
    actor = await desk.actor(desk.building.manager)
    everything = await desk.readings.meters(actor=actor)
    assert (len(everything.lines), everything.has_more) == (MOST_METERS, True)
    assert everything.obvious is None
    found = await desk.readings.meters(actor=actor, words=["305"])
    assert found.obvious is not None
    assert found.obvious.sheet.id == houses[5].meter.id


async def test_a_photo_that_was_answered_is_not_answered_again(desk: Desk) -> None:
    cause = await desk.building.cause(update_id=7)
    await desk.readings.require_new(cause=cause)
    await desk.readings.answered(cause=cause)
    with pytest.raises(AlreadyHandled):
        await desk.readings.require_new(cause=cause)


async def test_of_an_album_the_first_is_the_first_once(desk: Desk) -> None:
    actor = await desk.actor(desk.building.manager)
    assert await desk.readings.first_to(actor=actor, mark="album-1")
    assert not await desk.readings.first_to(actor=actor, mark="album-1")
    assert await desk.readings.first_to(actor=actor, mark="album-2")


async def add_gas(desk: Desk, house: House) -> int:
    """Give a lease a gas meter that people read."""
    async with desk.building.transactions.begin() as unit:
        sheet = await unit.sheets.get(house.meter.id)
        assert sheet is not None
        gas = replace(
            sheet,
            udf1=None,
            name="Gas",
            type=MeterType.GAS,
            unit="m³",
            installed_on=date(2025, 1, 1),
        )
        stored = await unit.sheets.add(gas, at=desk.building.clock.now())
        await unit.metering.link(
            lease_id=house.lease.id, meter_id=stored.id, anchor_reading_id=None
        )
    return stored.id


async def add_caretaker(desk: Desk) -> Person:
    async with desk.building.transactions.begin() as unit:
        person = await unit.people.add(
            telegram_id=77, chat_id=77, name="Kishan", language="en", at=at(11)
        )
        await unit.people.grant(
            person_id=person.id, place_id=desk.building.place.id, role=Role.CARETAKER
        )
    return person
