"""A correction takes back what was charged on a wrong reading, to the paisa. Rules 1.4 and 3.8."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from bot.domain.billing import LineKey
from bot.domain.ledger import EntryKind
from bot.domain.metering import MeterTerms, ReadingStatus
from bot.domain.people import NotAllowed
from bot.domain.service_kind import ServiceKind
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion, Tax
from bot.services.cause import ButtonSpent
from bot.services.reading_appraisal import ReadingFell, ReadingOvertaken
from bot.services.reading_correction import (
    Corrected,
    Corrections,
    ReadingReckoned,
    SameValue,
)
from bot.services.readings import ReadingJudged, ReadingUnknown
from bot.services.store import BookedEntry, NoticeKind
from tests.building import Building, House, at
from tests.integration.services.test_reading_entry import anchor, caretaker, read

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def corrections(building: Building) -> Corrections:
    return Corrections(building.transactions, building.clock, building.doorbell)


async def correct(
    building: Building, reading_id: int, value: str, when: datetime | None = None
) -> Corrected:
    building.clock.advance(timedelta(minutes=1))
    return await corrections(building).correct(
        cause=await building.cause(),
        reading_id=reading_id,
        value=Decimal(value),
        at=when,
        reason="misread",
    )


async def test_the_charges_on_both_sides_are_taken_back_and_made_anew(building: Building) -> None:
    house = await building.let()
    wrong = await read(building, house, "1481.8", at(12))
    await read(building, house, "1490", at(13))
    done = await correct(building, wrong.reading.id, "1461.8")
    entries = await building.entries(house)
    assert [(each.kind, each.tenant_paise) for each in entries] == [
        (EntryKind.DEDUCTION, -20_670),
        (EntryKind.DEDUCTION, -5_330),
        (EntryKind.REVERSAL, 20_670),
        (EntryKind.REVERSAL, 5_330),
        (EntryKind.DEDUCTION, -7_670),
        (EntryKind.DEDUCTION, -18_330),
    ]
    assert [each.reverses_id for each in entries[2:4]] == [entries[0].id, entries[1].id]
    assert {each.why["was_value"] for each in entries[2:4]} == {"1481.800"}
    assert {each.reason for each in entries[2:4]} == {"misread"}
    assert entries[4].why["reading_to"] == entries[5].why["reading_from"] == done.reading.id
    assert await anchor(building, house) == (at(13), Decimal(1490))
    assert await building.flaws() == 0


async def test_the_wrong_reading_stays_as_it_was_said_and_counts_no_longer(
    building: Building,
) -> None:
    house = await building.let()
    wrong = await read(building, house, "1481.8", at(12))
    done = await correct(building, wrong.reading.id, "1461.8")
    async with building.transactions.read() as unit:
        was = await unit.metering.reading(wrong.reading.id)
        latest = await unit.metering.latest(house.meter.id)
    assert was is not None
    assert (was.status, was.point.value) == (ReadingStatus.CORRECTED, Decimal("1481.8"))
    assert latest is not None
    assert (latest.id, latest.revision, latest.corrects_id) == (done.reading.id, 1, was.id)
    assert latest.consumption == Decimal("11.8")
    assert await anchor(building, house) == (at(12), Decimal("1461.8"))
    assert await building.balance(house) == 300_000 - 7_670
    with pytest.raises(ReadingJudged):
        await correct(building, wrong.reading.id, "1470")


async def test_it_can_be_corrected_again_and_back(building: Building) -> None:
    house = await building.let()
    first = await read(building, house, "1460", at(12))
    await read(building, house, "1490", at(13))
    second = await correct(building, first.reading.id, "1470")
    third = await correct(building, second.reading.id, "1460")
    assert third.reading.revision == 2
    assert await building.balance(house) == 300_000 - 40 * 650
    standing = (await building.entries(house))[-2:]
    assert [each.tenant_paise for each in standing] == [-6_500, -19_500]


async def test_power_is_given_back_when_the_correction_gives_the_money_back(
    building: Building,
) -> None:
    house = await building.let(balance_paise=20_000)
    wrong = await read(building, house, "1480", at(12))
    await building.reconciler.run()
    assert not building.device(house).relay_on
    await correct(building, wrong.reading.id, "1451")
    await building.reconciler.run()
    assert building.device(house).relay_on


async def test_tenants_are_told_what_was_given_back_and_charged(building: Building) -> None:
    house = await building.let()
    wrong = await read(building, house, "1481.8", at(12))
    await correct(building, wrong.reading.id, "1461.8")
    (told,) = await building.notices(NoticeKind.READING_OUTCOME, to=house.tenant)
    facts = told.facts
    assert (facts["outcome"], facts["was_value"], facts["value"]) == (
        "corrected",
        "1481.800",
        "1461.8",
    )
    assert (facts["returned_paise"], facts["charged_paise"]) == (20_670, 7_670)
    assert (facts["before_paise"], facts["after_paise"]) == (279_330, 292_330)


async def test_a_held_reading_is_judged_by_correcting_it(building: Building) -> None:
    house = await building.let()
    held = await read(building, house, "1850", at(12))
    done = await correct(building, held.reading.id, "1461.8")
    assert await building.balance(house) == 300_000 - 7_670
    assert [each.kind for each in await building.entries(house)] == [EntryKind.DEDUCTION]
    assert done.reading.status is ReadingStatus.ACCEPTED
    with pytest.raises(ReadingJudged):
        await building.readings.judge(
            cause=await building.cause(), reading_id=held.reading.id, accept=True
        )


async def test_the_opening_reading_of_a_lease_can_be_corrected(building: Building) -> None:
    house = await building.let()
    await read(building, house, "1470", at(12))
    async with building.transactions.read() as unit:
        opening = (await unit.metering.openings([house.lease.id]))[house.lease.id, house.meter.id]
    await correct(building, opening.id, "1460")
    assert await building.balance(house) == 300_000 - 10 * 650
    async with building.transactions.read() as unit:
        opening = (await unit.metering.openings([house.lease.id]))[house.lease.id, house.meter.id]
    assert (opening.point.value, opening.previous_value) == (Decimal(1460), None)


async def test_the_instant_can_be_corrected_too(building: Building) -> None:
    house = await building.let()
    wrong = await read(building, house, "1470", at(14))
    await read(building, house, "1480", at(16))
    done = await correct(building, wrong.reading.id, "1470", at(12))
    assert done.reading.point.at == at(12)
    assert await building.balance(house) == 300_000 - 30 * 650
    assert await building.flaws() == 0


async def test_a_last_reading_that_is_moved_back_is_gone_on_from_there(building: Building) -> None:
    house = await building.let()
    wrong = await read(building, house, "1470", at(14))
    await correct(building, wrong.reading.id, "1470", at(12))
    assert await anchor(building, house) == (at(12), Decimal(1470))


async def test_what_cannot_be_is_refused(building: Building) -> None:
    house = await building.let()
    first = await read(building, house, "1460", at(12))
    second = await read(building, house, "1470", at(13))
    with pytest.raises(ReadingFell):
        await correct(building, second.reading.id, "1459")
    with pytest.raises(ReadingOvertaken):
        await correct(building, first.reading.id, "1471")
    with pytest.raises(SameValue):
        await correct(building, first.reading.id, "1460")
    with pytest.raises(ReadingUnknown):
        await correct(building, 999, "1")
    kishan = await caretaker(building)
    with pytest.raises(NotAllowed):
        await corrections(building).correct(
            cause=await building.cause(kishan), reading_id=first.reading.id, value=Decimal(1461)
        )
    assert await building.balance(house) == 300_000 - 20 * 650


async def test_a_point_between_months_is_reckoned_and_not_corrected(building: Building) -> None:
    house = await building.let()
    await read(building, house, "1490", at(29))
    wrong = await read(building, house, "1510", at(1, month=12))
    async with building.transactions.read() as unit:
        between = await unit.chains.between(
            wrong.reading.installation_id, from_at=at(29), to_at=at(1, month=12)
        )
    point = between[0]
    with pytest.raises(ReadingReckoned):
        await correct(building, point.id, "1495")
    await correct(building, wrong.reading.id, "1500")
    async with building.transactions.read() as unit:
        between = await unit.chains.between(
            wrong.reading.installation_id, from_at=at(29), to_at=at(1, month=12)
        )
    assert [(each.point.value, each.status) for each in between if each.id != point.id][:1] != []
    used = [each.consumption for each in between if each.status is ReadingStatus.ACCEPTED]
    assert sum(each for each in used if each is not None) == Decimal(10)
    assert await building.balance(house) == 300_000 - 50 * 650


async def test_pressing_twice_corrects_once(building: Building) -> None:
    house = await building.let()
    wrong = await read(building, house, "1481.8", at(12))
    cause = await building.cause(nonce="once")
    for expected in (None, ButtonSpent):
        try:
            await corrections(building).correct(
                cause=cause, reading_id=wrong.reading.id, value=Decimal("1461.8")
            )
        except ButtonSpent:
            assert expected is ButtonSpent
    assert len(await building.entries(house, EntryKind.REVERSAL)) == 1


async def test_a_preview_tells_the_money_and_changes_nothing(building: Building) -> None:
    house = await building.let()
    wrong = await read(building, house, "1481.8", at(12))
    shown = await corrections(building).preview(
        actor=(await building.cause()).actor,
        reading_id=wrong.reading.id,
        value=Decimal("1461.8"),
    )
    assert shown.plan is not None
    assert (shown.plan.returned_paise, shown.plan.charged_paise) == (20_670, 7_670)
    assert await building.balance(house) == 300_000 - 20_670


async def test_a_reading_of_the_device_before_is_charged_by_what_it_was_multiplied(
    building: Building,
) -> None:
    house = await building.let(terms=MeterTerms(multiplier=Decimal(20)))
    wrong = await read(building, house, "1451", at(12))
    async with building.transactions.begin() as unit:
        current = await unit.metering.open_installation(house.meter.id)
        assert current is not None
        await unit.metering.uninstall(installation_id=current.id, at=at(12))
        await unit.metering.install(meter_id=house.meter.id, device_id=None, at=at(13))
        await unit.metering.save_terms(meter_id=house.meter.id, terms=MeterTerms())
        await unit.metering.move_anchors([(house.lease.id, house.meter.id, None)])
    await correct(building, wrong.reading.id, "1452")
    assert await building.balance(house) == 300_000 - 2 * 20 * 650


ANY_JUMP = MeterTerms(limit_per_hour=Decimal(10**6))
VERSIONS = (
    TariffVersion(
        id=0,
        from_on=date(2025, 1, 1),
        slabs=(
            Slab(up_to=Decimal(60), rate_paise=Decimal("333.3")),
            Slab(up_to=Decimal(110), rate_paise=Decimal("512.7")),
            Slab(up_to=None, rate_paise=Decimal("805.1")),
        ),
        standing=StandingCharge(amount_paise=10_007, per=StandingPer.MONTH),
        taxes=(Tax(name="GST", percent=Decimal(18)), Tax(name="Duty", percent=Decimal("4.5"))),
    ),
    TariffVersion(
        id=0,
        from_on=date(2025, 11, 24),
        slabs=(Slab(up_to=None, rate_paise=Decimal("650.5")),),
        standing=StandingCharge(amount_paise=333, per=StandingPer.DAY),
    ),
)


def rates(entry: BookedEntry) -> list[str]:
    """Return by which prices the use of an entry is explained."""
    why: Mapping[str, Any] = entry.why
    return [rate for _, rate in why["portions"]]


async def bill(building: Building, house: House) -> dict[date, dict[LineKey, int]]:
    """Return what each month was charged, by line."""
    async with building.transactions.read() as unit:
        months = await unit.chains.months(
            house.lease.id, service=ServiceKind.ELECTRICITY, since_on=date(2025, 11, 1)
        )
    return {
        on: {key: paise for key, paise in month.charged_paise.items() if paise}
        for on, month in months.items()
    }


@on_sqlite
@pytest.mark.parametrize("seed", range(10))
async def test_late_and_corrected_readings_come_to_the_bill_of_right_ones(
    building: Building, seed: int
) -> None:
    """Whatever was wrong or late, and in whatever order it is set right."""
    chance = Random(seed)
    instants = sorted(
        at(12, "06:00") + chance.randrange(1, 40 * 24) * timedelta(hours=1) for _ in range(12)
    )
    instants = sorted(set(instants))
    values, value = [], Decimal(1450)
    for _ in instants:
        value += Decimal(chance.randrange(0, 40_000)).scaleb(-3)
        values.append(value)
    right = await building.let("Right", versions=VERSIONS, terms=ANY_JUMP)
    for when, shown in zip(instants, values, strict=True):
        await read(building, right, str(shown), when, again=True)
    astray = await building.let("Astray", versions=VERSIONS, terms=ANY_JUMP)
    todo: list[tuple[int, int | None]] = []
    last = Decimal(1450)
    for number, (when, shown) in enumerate(zip(instants, values, strict=True)):
        if chance.random() < 0.25 and number < len(instants) - 1:
            todo.append((number, None))
            continue
        said = shown
        if chance.random() < 0.4:
            said = last + (shown - last) * chance.randrange(0, 3) / 4
            said = said.quantize(Decimal("0.001"))
        done = await read(building, astray, str(said), when, again=True)
        last = said
        if said != done.reading.point.value or said != shown:
            todo.append((number, done.reading.id))
    building.clock.set(instants[-1] + timedelta(days=1))
    for _ in range(8 * len(todo)):
        chance.shuffle(todo)
        left = []
        for number, reading_id in todo:
            try:
                if reading_id is None:
                    await read(building, astray, str(values[number]), instants[number], again=True)
                else:
                    await correct(building, reading_id, str(values[number]))
            except (ReadingFell, ReadingOvertaken):
                left.append((number, reading_id))
        todo = left
    assert todo == []
    assert await bill(building, astray) == await bill(building, right)
    assert await building.balance(astray) == await building.balance(right)
    assert await anchor(building, astray) == await anchor(building, right)
    assert await building.flaws() == 0
    standing = await building.entries(astray, EntryKind.DEDUCTION)
    undone = {each.reverses_id for each in await building.entries(astray, EntryKind.REVERSAL)}
    assert {each.id for each in standing} >= undone - {None}


@on_sqlite
async def test_the_arithmetic_of_a_corrected_charge_is_told_in_the_slabs_where_it_lies(
    building: Building,
) -> None:
    house = await building.let(versions=VERSIONS[:1], start_on=date(2025, 11, 1))
    wrong = await read(building, house, "1500", at(13))
    await read(building, house, "1600", at(14))
    await correct(building, wrong.reading.id, "1520")
    first, second = (await building.entries(house))[-2:]
    assert rates(first) == ["333.3", "512.7"]
    assert rates(second) == ["512.7", "805.1"]
