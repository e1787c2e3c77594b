"""A round through a place: the next meter, by whom, what becomes of it, and what is left."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import pytest_asyncio

from bot.domain.meter import MeterStatus
from bot.domain.people import NotAllowed, Role
from bot.domain.reading_window import ReadingWindow
from bot.services.cause import AlreadyHandled
from bot.services.meter import MeterUnknown
from bot.services.reading_appraisal import ReadingFell
from bot.services.reading_entry import EntryOutcome, Recorded
from bot.services.round import NoteMissing, ReadMeanwhile, Rounds, Stop
from bot.services.round_progress import CLAIM_LASTS, Progress
from bot.services.rules import PlaceUnknown
from bot.services.store import NoticeKind, Person
from bot.services.stores.reading_round import SkipReason
from tests.building import Building, at
from tests.handread import add_gas_meter, add_room, hire_caretaker, set_window, was_read

WINDOW = ReadingWindow(first_day=25, last_day=28)


class Round:
    """The round of a building, as people go it."""

    def __init__(
        self, building: Building, people: Sequence[Person], meters: dict[str, int]
    ) -> None:
        self.building = building
        self.kishan, self.kavi = people
        self.meters = meters

    @property
    def rounds(self) -> Rounds:
        """The use case, as after a restart."""
        building = self.building
        return Rounds(building.transactions, building.clock, building.doorbell)

    async def next(self, person: Person | None = None) -> Stop | Progress:
        """Ask for the next meter."""
        cause = await self.building.cause(person or self.kishan)
        return await self.rounds.next(actor=cause.actor, place_id=self.building.place.id)

    async def next_name(self, person: Person | None = None) -> str | None:
        """Ask for the next meter, and return what it is called."""
        shown = await self.next(person)
        return shown.meter.sheet.name if isinstance(shown, Stop) else None

    async def read(
        self,
        name: str,
        value: str,
        person: Person | None = None,
        *,
        update_id: int | None = None,
    ) -> Recorded:
        """Say what a meter shows."""
        return await self.rounds.record(
            cause=await self.building.cause(person or self.kishan, update_id=update_id),
            place_id=self.building.place.id,
            meter_id=self.meters[name],
            value=Decimal(value),
        )

    async def skip(
        self,
        name: str,
        reason: SkipReason = SkipReason.NO_ACCESS,
        note: str | None = None,
        *,
        person: Person | None = None,
    ) -> None:
        """Leave a meter out."""
        await self.rounds.skip(
            cause=await self.building.cause(person or self.kishan),
            place_id=self.building.place.id,
            meter_id=self.meters[name],
            reason=reason,
            note=note,
        )

    async def look(self, person: Person | None = None) -> Progress:
        """Look how far it is."""
        cause = await self.building.cause(person or self.kishan)
        return await self.rounds.look(actor=cause.actor, place_id=self.building.place.id)


@pytest_asyncio.fixture
async def tour(building: Building) -> Round:
    """Return a building with meters in rooms 2, 9 and 10 and in the yard, on the 26th."""
    store, place = building.transactions, building.place
    building.place = await set_window(store, place, WINDOW)
    meters = {}
    for name, room in (("Gas 10", "Room 10"), ("Gas 9", "Room 9"), ("Gas 2", "Room 2")):
        room_id = await add_room(store, place, room)
        meters[name] = await add_gas_meter(store, place, name, at=at(1), room_id=room_id)
    meters["Yard"] = await add_gas_meter(store, place, "Yard", at=at(1))
    for meter_id in meters.values():
        await was_read(store, meter_id, "100", at(1, "09:00"))
    building.clock.set(at(26, "10:00"))
    people = [
        await hire_caretaker(store, place, name, number, at=at(1))
        for name, number in (("Kishan", 77), ("Kavi", 78))
    ]
    return Round(building, people, meters)


async def test_meters_come_in_the_order_of_the_rooms_and_the_yard_last(tour: Round) -> None:
    seen = []
    while (name := await tour.next_name()) is not None:
        seen.append(name)
        await tour.read(name, "105")
    assert seen == ["Gas 2", "Gas 9", "Gas 10", "Yard"]
    progress = await tour.look()
    assert (progress.total, progress.read, progress.held, progress.due) == (4, 4, 0, ())


async def test_the_last_value_is_shown_with_the_meter(tour: Round) -> None:
    shown = await tour.next()
    assert isinstance(shown, Stop)
    assert shown.last is not None
    assert (shown.last.point.value, shown.last.point.at) == (Decimal(100), at(1, "09:00"))
    assert (shown.progress.done, shown.progress.total, shown.meter.room) == (0, 4, "Room 2")


async def test_the_same_meter_is_offered_until_it_is_read_or_left_out(tour: Round) -> None:
    assert [await tour.next_name(), await tour.next_name()] == ["Gas 2", "Gas 2"]
    await tour.skip("Gas 2")
    assert await tour.next_name() == "Gas 9"


async def test_two_are_never_sent_to_the_same_meter(tour: Round) -> None:
    assert [await tour.next_name(), await tour.next_name(tour.kavi)] == ["Gas 2", "Gas 9"]
    await tour.read("Gas 2", "101")
    await tour.read("Gas 9", "101", tour.kavi)
    assert [await tour.next_name(tour.kavi), await tour.next_name()] == ["Gas 10", "Yard"]


async def test_two_who_ask_at_once_are_sent_to_different_meters(tour: Round) -> None:
    found = await asyncio.gather(tour.next_name(), tour.next_name(tour.kavi))
    assert sorted(found, key=str) == ["Gas 2", "Gas 9"]


async def test_who_comes_when_others_have_the_rest_is_told_who(tour: Round) -> None:
    for name in ("Gas 9", "Gas 10", "Yard"):
        await tour.read(name, "101")
    assert await tour.next_name() == "Gas 2"
    shown = await tour.next(tour.kavi)
    assert isinstance(shown, Progress)
    assert len(shown.due) == 1
    assert list(shown.taken.values()) == ["Kishan"]
    assert shown.round is not None
    assert shown.round.finished_at is None


async def test_a_meter_that_somebody_was_sent_to_long_ago_is_offered_to_others(
    tour: Round,
) -> None:
    assert await tour.next_name() == "Gas 2"
    tour.building.clock.set(at(26, "10:00") + CLAIM_LASTS)
    assert await tour.next_name(tour.kavi) == "Gas 2"


async def test_who_stops_leaves_the_meter_to_others_and_goes_on_later(tour: Round) -> None:
    await tour.next()
    cause = await tour.building.cause(tour.kishan)
    progress = await tour.rounds.stop(actor=cause.actor, place_id=tour.building.place.id)
    assert (progress.done, len(progress.due)) == (0, 4)
    assert await tour.next_name(tour.kavi) == "Gas 2"
    assert await tour.next_name() == "Gas 9"


async def test_what_somebody_else_has_read_is_never_overwritten(tour: Round) -> None:
    await tour.next()
    await tour.read("Gas 2", "103", tour.kavi)
    with pytest.raises(ReadMeanwhile) as refused:
        await tour.read("Gas 2", "104")
    assert refused.value.reading.point.value == Decimal(103)
    assert refused.value.reading.reader_name == "Kavi"
    with pytest.raises(ReadMeanwhile):
        await tour.skip("Gas 2")
    assert await tour.next_name() == "Gas 9"


async def test_two_values_at_once_are_one_reading(tour: Round) -> None:
    done = await asyncio.gather(
        tour.read("Gas 2", "103"), tour.read("Gas 2", "104", tour.kavi), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["ReadMeanwhile", "Recorded"]


async def test_a_message_that_comes_twice_is_one_reading(tour: Round) -> None:
    await tour.read("Gas 2", "103", update_id=5)
    with pytest.raises(AlreadyHandled):
        await tour.read("Gas 2", "103", update_id=5)


async def test_a_jump_is_held_and_counts_as_read(tour: Round) -> None:
    recorded = await tour.read("Gas 2", "999")
    assert recorded.outcome is EntryOutcome.HELD
    progress = await tour.look()
    assert (progress.read, progress.held, len(progress.due)) == (0, 1, 3)
    assert await tour.next_name() == "Gas 9"


async def test_a_held_reading_that_was_rejected_is_due_again(tour: Round) -> None:
    recorded = await tour.read("Gas 2", "999")
    building = tour.building
    await building.readings.judge(
        cause=await building.cause(), reading_id=recorded.reading.id, accept=False
    )
    assert await tour.next_name() == "Gas 2"


async def test_a_value_that_fell_is_refused_and_the_meter_stays(tour: Round) -> None:
    await tour.next()
    with pytest.raises(ReadingFell):
        await tour.read("Gas 2", "99")
    assert await tour.next_name() == "Gas 2"


async def test_only_what_people_read_in_the_window_counts(tour: Round) -> None:
    store = tour.building.transactions
    await was_read(store, tour.meters["Gas 2"], "101", at(24, "23:59"))
    await was_read(store, tour.meters["Gas 9"], "101", at(25, "00:00"))
    assert [each.sheet.name for each in (await tour.look()).due] == ["Gas 2", "Gas 10", "Yard"]


async def test_a_meter_out_of_use_is_not_in_the_round(tour: Round) -> None:
    async with tour.building.transactions.begin() as unit:
        sheet = await unit.sheets.get(tour.meters["Gas 2"])
        assert sheet is not None
        await unit.sheets.save(replace(sheet, status=MeterStatus.FAULTY), at=at(26))
    assert await tour.next_name() == "Gas 9"
    with pytest.raises(MeterUnknown):
        await tour.read("Gas 2", "105")


async def test_managers_hear_once_at_the_end_of_what_was_left_out(tour: Round) -> None:
    building = tour.building
    await tour.read("Gas 2", "101")
    await tour.skip("Gas 9", SkipReason.OTHER, "  dog \n in the yard ")
    assert await building.notices(NoticeKind.ROUND_DONE) == []
    await tour.read("Gas 10", "999")
    await tour.skip("Yard", SkipReason.NOT_FOUND)
    shown = await tour.next()
    assert isinstance(shown, Progress)
    assert shown.round is not None
    assert shown.round.finished_at is not None
    await tour.next(tour.kavi)

    told = await building.notices(NoticeKind.ROUND_DONE, to=building.manager)
    assert len(told) == 1
    facts = told[0].facts
    assert (facts["read"], facts["held"], facts["count"], facts["total"]) == (1, 1, 2, 4)
    assert facts["meters"] == [
        {
            "name": "Gas 9",
            "room": "Room 9",
            "reason": "other",
            "note": "dog in the yard",
            "by": "Kishan",
        },
        {"name": "Yard", "room": None, "reason": "not_found", "note": None, "by": "Kishan"},
    ]
    assert await building.notices(NoticeKind.ROUND_DONE, to=tour.kishan) == []


async def test_nobody_is_told_of_a_round_that_left_nothing_out(tour: Round) -> None:
    for name in tour.meters:
        await tour.read(name, "101")
    await tour.next()
    assert await tour.building.notices(NoticeKind.ROUND_DONE) == []


async def test_what_was_left_out_can_be_tried_again_in_another_round(tour: Round) -> None:
    for name in tour.meters:
        await tour.skip(name)
    assert await tour.next_name() is None
    assert await tour.next_name() == "Gas 2"
    assert len(await tour.building.notices(NoticeKind.ROUND_DONE, to=tour.building.manager)) == 1


async def test_another_reason_is_to_be_said(tour: Round) -> None:
    with pytest.raises(NoteMissing):
        await tour.skip("Gas 2", SkipReason.OTHER, "  ")
    with pytest.raises(NoteMissing):
        await tour.skip("Gas 2", SkipReason.OTHER, "x" * 201)


async def test_the_next_window_begins_another_round_and_tells_of_the_old_one(tour: Round) -> None:
    building = tour.building
    await tour.skip("Gas 2")
    building.clock.set(at(25, "09:00", month=12))
    assert await tour.next_name() == "Gas 2"
    (told,) = await building.notices(NoticeKind.ROUND_DONE, to=building.manager)
    assert (told.facts["count"], told.facts["due"]) == (1, 3)


async def test_after_the_window_what_was_missed_is_still_due(tour: Round) -> None:
    await tour.read("Gas 2", "101")
    tour.building.clock.set(at(10, month=12))
    progress = await tour.look()
    assert not progress.is_open
    assert (progress.read, len(progress.due)) == (1, 3)


async def test_nothing_due_begins_no_round(tour: Round) -> None:
    for name in tour.meters:
        await was_read(tour.building.transactions, tour.meters[name], "101", at(26, "09:00"))
    shown = await tour.next()
    assert isinstance(shown, Progress)
    assert shown.round is None


async def test_without_a_window_a_meter_is_due_once_a_month(tour: Round) -> None:
    async with tour.building.transactions.begin() as unit:
        await unit.places.save(replace(tour.building.place, reading_window=None))
    assert (await tour.look()).due == ()
    tour.building.clock.set(at(1, "00:00", month=12) + timedelta(seconds=1))
    assert len((await tour.look()).due) == 4


async def test_who_may_not_read_meters_goes_no_round(tour: Round) -> None:
    store, place = tour.building.transactions, tour.building.place
    async with store.begin() as unit:
        anil = await unit.people.add(telegram_id=5, chat_id=5, name="Anil", language="en", at=at(1))
        await unit.people.grant(person_id=anil.id, place_id=place.id, role=Role.ACCOUNTANT)
        eve = await unit.people.add(telegram_id=6, chat_id=6, name="Eve", language="en", at=at(1))
    with pytest.raises(NotAllowed):
        await tour.next(anil)
    with pytest.raises(PlaceUnknown):
        await tour.next(eve)
