"""Places, rooms and price lists are kept whole."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from bot.db.unit_of_work import SqlTransactions
from bot.domain.place import Room
from bot.domain.protection import ProtectedHours
from bot.domain.reading_window import ReadingWindow
from bot.domain.tariff import Slab, StandingCharge, StandingPer, TariffVersion, Tax
from tests.integration.db.world import a_place, a_version

WINDOW = ReadingWindow(first_day=25, last_day=28, since_on=date(2026, 3, 10))


async def test_a_place_comes_back_with_all_its_rules(transactions: SqlTransactions) -> None:
    plain = replace(a_place(), space_id=12)
    async with transactions.begin() as unit:
        stored = await unit.places.add(plain)
        assert await unit.places.get(stored.id) == replace(plain, id=stored.id)
        strict = replace(
            stored,
            name="Hillside",
            cut_off_paise=-5_000,
            grace=timedelta(hours=6),
            protected_hours=ProtectedHours(
                start=time(18, 30), end=time(8), weekdays=frozenset({0, 6})
            ),
            holidays=frozenset({date(2026, 3, 8), date(2026, 10, 2)}),
            reading_window=WINDOW,
            photos_kept=timedelta(days=90),
        )
        await unit.places.save(strict)
    async with transactions.read() as unit:
        kept = await unit.places.get(stored.id)
        assert kept == strict
        assert kept.reading_window is not None
        assert kept.reading_window.since_on == WINDOW.since_on
        assert await unit.places.find(name="Hillside") == strict
        assert await unit.places.find(name="Lakeside") is None
        assert await unit.places.get(stored.id + 1) is None


async def test_places_are_in_the_order_of_their_names(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        for name in ("B", "C", "A"):
            await unit.places.add(a_place(name))
        assert [each.name for each in await unit.places.all()] == ["A", "B", "C"]


async def test_a_room_has_its_name_for_itself_in_its_place(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        here, there = await unit.places.add(a_place("A")), await unit.places.add(a_place("B"))
        second = await unit.places.add_room(place_id=here.id, name="102")
        first = await unit.places.add_room(place_id=here.id, name="101")
        await unit.places.add_room(place_id=there.id, name="101")
        assert await unit.places.rooms(here.id) == [first, second]
        assert await unit.places.room(first.id) == Room(id=first.id, place_id=here.id, name="101")
        assert await unit.places.room(99) is None
    with pytest.raises(IntegrityError):
        async with transactions.begin() as unit:
            await unit.places.add_room(place_id=here.id, name="101")


async def test_a_tariff_comes_back_with_every_term(transactions: SqlTransactions) -> None:
    later = TariffVersion(
        id=0,
        from_on=date(2026, 4, 1),
        slabs=(
            Slab(up_to=Decimal("100.5"), rate_paise=Decimal("450.25")),
            Slab(up_to=None, rate_paise=Decimal(700)),
        ),
        generator_rate_paise=Decimal("1800.5"),
        standing=StandingCharge(amount_paise=15_000, per=StandingPer.MONTH),
        taxes=(Tax(name="ED", percent=Decimal("9.5")), Tax(name="Cess", percent=Decimal(0))),
    )
    async with transactions.begin() as unit:
        place = await unit.places.add(a_place())
        tariff_id = await unit.tariffs.add(place_id=place.id, name="Home", versions=[later])
        first_id = await unit.tariffs.add_version(tariff_id, a_version())
        other_id = await unit.tariffs.add(place_id=place.id, name="Shop", versions=[a_version()])
    async with transactions.read() as unit:
        found = (await unit.tariffs.get({tariff_id, 99}))[tariff_id]
        assert [each.id for each in await unit.tariffs.of_place(place.id)] == [tariff_id, other_id]
        assert await unit.tariffs.get([]) == {}
    assert found.name == "Home"
    assert [replace(each, id=0) for each in found.versions] == [a_version(), later]
    assert found.versions[0].id == first_id


async def test_a_tariff_has_one_version_per_day(transactions: SqlTransactions) -> None:
    async with transactions.begin() as unit:
        place = await unit.places.add(a_place())
        tariff_id = await unit.tariffs.add(place_id=place.id, name="Home", versions=[a_version()])
    with pytest.raises(IntegrityError):
        async with transactions.begin() as unit:
            await unit.tariffs.add_version(tariff_id, a_version(rate="1"))
