"""How a meter is read is set for what comes, never for what was. Rules 3.1, 3.2 and 3.5."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.db.audit import audit
from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind
from bot.domain.metering import MeterTerms
from bot.domain.people import NotAllowed, Role
from bot.services.boundary import ReadingInTheWay, begin_anew
from bot.services.cause import ButtonSpent, Cause
from bot.services.check import CheckOutcome
from bot.services.closeup import look_closely
from bot.services.meter import (
    BadTerms,
    CounterIsBeyond,
    MeterCard,
    Meters,
    MeterUnknown,
    SameTerms,
    TermsChange,
    TermsField,
)
from bot.services.ports import DeviceUnreachable
from bot.services.reading_entry import NewReading, ReadingEntry
from tests.building import Building, House, at
from tests.integration.services.test_meter_edit import made

HOUR = timedelta(hours=1)


def meters(building: Building) -> Meters:
    """Return the use cases."""
    return Meters(building.transactions, building.gateway, building.clock, building.doorbell)


async def change(
    building: Building,
    house: House,
    field: TermsField,
    value: str | None,
    *,
    nonce: str | None = None,
) -> MeterCard:
    """Change a meter by the manager."""
    return await meters(building).change(
        cause=await building.cause(nonce=nonce),
        meter_id=house.meter.id,
        change=TermsChange(field=field, value=None if value is None else Decimal(value)),
    )


async def charged(building: Building, house: House) -> list[int]:
    return [-each.tenant_paise for each in await building.entries(house, EntryKind.DEDUCTION)]


class TestMultiplier:
    """Rule 3.1."""

    async def test_only_what_is_used_after_the_change_counts_by_it(
        self, building: Building
    ) -> None:
        house = await building.let()
        building.clock.set(at(12))
        building.device(house).use("10")

        card = await change(building, house, TermsField.MULTIPLIER, "20")
        building.clock.advance(HOUR)
        building.device(house).use("0.5")
        await building.deductions.run()

        assert card.meter.terms.multiplier == 20
        assert await charged(building, house) == [6_500, 20 * 325]
        assert await building.flaws() == 0

    async def test_a_meter_that_people_read_counts_by_it_from_its_last_reading_on(
        self, building: Building
    ) -> None:
        gas = await made(building)
        entry = ReadingEntry(building.transactions, building.clock, building.doorbell)
        cause = await building.cause()
        for value in (100, 110):
            await entry.record(cause=cause, new=NewReading(meter_id=gas.id, value=Decimal(value)))
            building.clock.advance(HOUR)

        await meters(building).change(
            cause=cause,
            meter_id=gas.id,
            change=TermsChange(field=TermsField.MULTIPLIER, value=Decimal("0.5")),
        )
        done = await entry.record(cause=cause, new=NewReading(meter_id=gas.id, value=Decimal(113)))

        assert done.reading.previous_value == 110
        assert done.reading.consumption == Decimal("1.5")
        async with building.transactions.read() as unit:
            before = await unit.sheets.counted([gas.id], from_at=at(1), to_at=building.clock.now())
        assert before == {gas.id: Decimal("11.5")}

    async def test_the_same_device_begins_an_installation_at_what_it_shows(
        self, building: Building
    ) -> None:
        house = await building.let()
        building.clock.set(at(12))
        building.device(house).use("10")

        card = await change(building, house, TermsField.MULTIPLIER, "0.125")

        (link,) = (await building.book(house)).meters
        assert link.anchor is not None
        assert (link.anchor.point.value, link.anchor.point.at) == (Decimal(1460), at(12))
        assert link.anchor.installation_id == link.installation_id
        assert link.device_id == house.device_id
        assert card.replaced is None

    async def test_a_sweep_that_was_faster_counts_nothing_twice(self, building: Building) -> None:
        house = await building.let()
        building.clock.set(at(12))
        building.device(house).use("10")
        book = await building.book(house)
        early = await look_closely(
            building.gateway, book, book.meters[0], house.device_id, clock=building.clock
        )
        building.clock.advance(HOUR)
        building.device(house).use("4")
        await building.deductions.run()

        async with building.transactions.begin() as unit:
            await begin_anew(unit, house.meter, [early], now=building.clock.now())
        building.clock.advance(HOUR)
        building.device(house).use("1")
        await building.deductions.run()

        assert await charged(building, house) == [14 * 650, 650]

    async def test_a_device_that_is_offline_has_to_be_waited_for(self, building: Building) -> None:
        house = await building.let()
        building.device(house).is_online = False

        with pytest.raises(DeviceUnreachable):
            await change(building, house, TermsField.MULTIPLIER, "20")

        card = await meters(building).card(
            actor=(await building.cause()).actor, meter_id=house.meter.id
        )
        assert card.meter.terms.multiplier == 1

    @pytest.mark.parametrize(
        ("use", "outcome"), [("5000", CheckOutcome.HELD), ("-10", CheckOutcome.FELL)]
    )
    async def test_a_reading_that_cannot_be_charged_is_settled_first(
        self, building: Building, use: str, outcome: CheckOutcome
    ) -> None:
        house = await building.let()
        building.clock.advance(HOUR)
        building.device(house).use(use)

        with pytest.raises(ReadingInTheWay) as refused:
            await change(building, house, TermsField.MULTIPLIER, "20")

        assert refused.value.outcome is outcome
        assert await charged(building, house) == []
        assert (await building.book(house)).meters[0].meter.terms == MeterTerms()

    async def test_a_lease_that_is_billed_later_is_charged_up_to_the_boundary(
        self, building: Building
    ) -> None:
        house = await building.let(mode=BillingMode.POSTPAID)
        building.clock.set(at(12))
        building.device(house).use("10")

        await change(building, house, TermsField.MULTIPLIER, "20")

        assert await charged(building, house) == [6_500]

    async def test_one_button_changes_once(self, building: Building) -> None:
        house = await building.let()
        await change(building, house, TermsField.MULTIPLIER, "2", nonce="once")

        with pytest.raises(ButtonSpent):
            await change(building, house, TermsField.MULTIPLIER, "3", nonce="once")


class TestModulus:
    """Rule 3.2."""

    async def test_a_counter_may_begin_anew_after_its_end(self, building: Building) -> None:
        house = await building.let(opening_kwh="99995")
        await change(building, house, TermsField.MODULUS, "100000")
        building.clock.advance(HOUR)
        building.device(house).energy_kwh = Decimal(3)
        await building.deductions.run()

        assert await charged(building, house) == [8 * 650]

    async def test_it_lies_above_what_the_counter_shows(self, building: Building) -> None:
        house = await building.let(opening_kwh="1450")
        with pytest.raises(CounterIsBeyond) as refused:
            await change(building, house, TermsField.MODULUS, "1450")
        assert refused.value.shows == 1450

    async def test_it_can_be_unknown_again(self, building: Building) -> None:
        house = await building.let(terms=MeterTerms(max_value=Decimal(100_000)))
        card = await change(building, house, TermsField.MODULUS, None)
        assert card.meter.terms.max_value is None


async def test_the_limit_decides_what_is_held(building: Building) -> None:
    house = await building.let()
    await change(building, house, TermsField.LIMIT, "40")
    building.clock.advance(HOUR)
    building.device(house).use("39")
    await building.deductions.run()

    assert await charged(building, house) == [39 * 650]


@pytest.mark.parametrize("field", [TermsField.MULTIPLIER, TermsField.LIMIT, TermsField.MODULUS])
@pytest.mark.parametrize("value", ["0", "-1", "0.0001", "NaN", "1000000000000"])
async def test_what_counts_nothing_is_refused(
    building: Building, field: TermsField, value: str
) -> None:
    house = await building.let()
    with pytest.raises(BadTerms):
        await change(building, house, field, value)


async def test_what_is_set_already_is_refused(building: Building) -> None:
    house = await building.let()
    with pytest.raises(SameTerms):
        await change(building, house, TermsField.MULTIPLIER, "1.000")


async def test_only_who_onboards_changes_it(building: Building) -> None:
    house = await building.let()
    cause = await building.cause(house.tenant)
    wish = TermsChange(field=TermsField.LIMIT, value=Decimal(20))
    with pytest.raises(MeterUnknown):
        await meters(building).change(cause=cause, meter_id=house.meter.id, change=wish)
    with pytest.raises(NotAllowed):
        await meters(building).change(
            cause=await _caretaker(building), meter_id=house.meter.id, change=wish
        )


async def test_a_change_is_audited(building: Building) -> None:
    house = await building.let()
    await change(building, house, TermsField.LIMIT, "20")

    async with building.database.reader.connect() as connection:
        (line,) = (await connection.execute(select(audit))).all()
    assert (line.action, line.actor_id) == ("meter.limit_per_hour", building.manager.id)
    assert (line.facts["before"], line.facts["after"]) == ("15.000", "20")


async def _caretaker(building: Building) -> Cause:
    async with building.transactions.begin() as unit:
        person = await unit.people.add(
            telegram_id=77, chat_id=77, name="Kishan", language="en", at=building.clock.now()
        )
        await unit.people.grant(
            person_id=person.id, place_id=building.place.id, role=Role.CARETAKER
        )
    return await building.cause(person)
