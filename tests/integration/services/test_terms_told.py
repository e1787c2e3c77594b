"""Tenants are told once when their terms or their price change, and nobody else is."""

from datetime import date, time

import pytest

from bot.domain.protection import EVERY_DAY, ProtectedHours
from bot.domain.rule import Rule, Value
from bot.services.cause import AlreadyHandled
from bot.services.doorbell import Doorbell
from bot.services.lease_tariff_change import RoomTariffChanges
from bot.services.rule_edit import Setting
from bot.services.store import Notice, NoticeKind
from bot.services.tariff_change import PriceChanges
from tests.building import Building, House, flat

DECEMBER = date(2025, 12, 1)


async def set_place(building: Building, rule: Rule, value: Value, update_id: int = 1) -> None:
    await building.rules.set_place(
        cause=await building.cause(update_id=update_id),
        place_id=building.place.id,
        edit=Setting(rule=rule, value=value),
    )


async def terms(building: Building) -> list[tuple[int, object, object, object]]:
    told = await building.notices(NoticeKind.TERMS_CHANGED)
    return [
        (each.person_id, each.facts["rule"], each.facts["was"], each.facts["value"])
        for each in told
    ]


async def prices(building: Building) -> list[Notice]:
    return await building.notices(NoticeKind.PRICE_CHANGED)


async def versions(building: Building) -> list[int]:
    async with building.transactions.read() as unit:
        (found,) = await unit.tariffs.of_place(building.place.id)
    return [each.id for each in found.versions]


async def change(building: Building, rate: str, update_id: int = 1) -> None:
    await PriceChanges(building.transactions, building.clock).change(
        cause=await building.cause(update_id=update_id),
        tariff_id=building.tariff_id,
        version=flat(rate, DECEMBER),
        seen=await versions(building),
    )


class TestTerms:
    """Rules of a place, terms of a lease."""

    async def test_a_rule_of_the_place_is_told_to_those_who_follow_it(
        self, building: Building
    ) -> None:
        follows = await building.let("1", cut_off_paise=None, low_balance_paise=None)
        await building.let("2")

        await set_place(building, Rule.CUT_OFF, 20_000)

        assert await terms(building) == [(follows.tenant.id, "cut_off", 10_000, 20_000)]

    async def test_the_same_update_tells_nobody_again(self, building: Building) -> None:
        await building.let("1", cut_off_paise=None, low_balance_paise=None)
        await set_place(building, Rule.CUT_OFF, 20_000)

        with pytest.raises(AlreadyHandled):
            await set_place(building, Rule.CUT_OFF, 20_000)

        assert len(await terms(building)) == 1

    async def test_a_term_of_the_lease_is_told_to_its_tenants(self, building: Building) -> None:
        house: House = await building.let("1")
        await building.let("2")
        hours = ProtectedHours(start=time(18), end=time(8), weekdays=EVERY_DAY)

        await building.rules.set_lease(
            cause=await building.cause(),
            lease_id=house.lease.id,
            edit=Setting(rule=Rule.PROTECTED_HOURS, value=(hours,)),
        )

        ((person_id, rule, was, value),) = await terms(building)
        assert (person_id, rule, was) == (house.tenant.id, "protected_hours", [])
        assert value == [{"start": "18:00", "end": "08:00", "weekdays": sorted(EVERY_DAY)}]


class TestPrice:
    """A tariff changes, or is another one."""

    async def test_a_price_from_a_day_on_is_told_to_those_who_have_the_tariff(
        self, building: Building
    ) -> None:
        house = await building.let("1")
        await building.let("2", versions=[flat("900")])
        async with building.transactions.read() as unit:
            found = await unit.tariffs.of_place(building.place.id)
        seen = [v.id for t in found if t.id == building.tariff_id for v in t.versions]

        await PriceChanges(building.transactions, building.clock).change(
            cause=await building.cause(),
            tariff_id=building.tariff_id,
            version=flat("700", DECEMBER),
            seen=seen,
        )

        (told,) = await prices(building)
        assert told.person_id == house.tenant.id
        assert (told.facts["from_on"], told.facts["is_withdrawn"]) == ("2025-12-01", False)
        assert told.facts["before"]["slabs"] == [[None, "650"]]  # type: ignore[index]
        assert told.facts["after"]["slabs"] == [[None, "700"]]  # type: ignore[index]

    async def test_a_change_that_is_taken_back_is_told_too(self, building: Building) -> None:
        await building.let("1")
        await change(building, "700")

        await PriceChanges(building.transactions, building.clock).withdraw(
            cause=await building.cause(),
            tariff_id=building.tariff_id,
            version_id=(await versions(building))[-1],
        )

        assert [each.facts["is_withdrawn"] for each in await prices(building)] == [False, True]

    async def test_another_tariff_is_told_unless_it_costs_the_same(
        self, building: Building
    ) -> None:
        house = await building.let("1")
        other = await building.let("2", versions=[flat("650")])
        async with building.transactions.begin() as unit:
            dear = await unit.tariffs.add(
                place_id=building.place.id, name="Dear", versions=[flat("900")]
            )
        changes = RoomTariffChanges(building.transactions, building.clock, Doorbell())

        await changes.give(
            cause=await building.cause(),
            tariff_id=building.tariff_id,
            lease_ids=[other.lease.id],
            from_on=DECEMBER,
        )
        assert await prices(building) == []
        await changes.give(
            cause=await building.cause(),
            tariff_id=dear,
            lease_ids=[house.lease.id],
            from_on=DECEMBER,
        )

        (told,) = await prices(building)
        assert told.person_id == house.tenant.id
