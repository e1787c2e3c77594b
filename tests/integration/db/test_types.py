"""Values come back as they went in, or do not go in at all. Rules 1.1 and 1.5."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.types import (
    Consumed,
    Facts,
    Flag,
    Id,
    InexactQuantity,
    LocalDate,
    NaiveInstant,
    Paise,
    RegisterValue,
    UtcDateTime,
)

sample = Table(
    "sample",
    MetaData(),
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime),
    Column("on", LocalDate),
    Column("flag", Flag),
    Column("value", RegisterValue),
    Column("consumed", Consumed),
    Column("paise", Paise),
    Column("facts", Facts),
    sqlite_strict=True,
)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    """Return a connection to a database that has the sample table."""
    async with database.writer.begin() as opened:
        await opened.run_sync(sample.metadata.create_all)
        yield opened


async def _round_trip(connection: AsyncConnection, column: str, value: object) -> Any:
    await connection.execute(insert(sample).values({column: value}))
    return (await connection.execute(select(sample.c[column]))).scalar_one()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", datetime(2026, 3, 10, 12, 0, 0, 1, tzinfo=UTC)),
        ("on", date(2026, 2, 28)),
        ("flag", True),
        ("flag", False),
        ("value", Decimal("1450.125")),
        ("value", Decimal("999999999999.999")),
        ("consumed", Decimal("-11.800001")),
        ("paise", -(10**15)),
        ("facts", {"place": "झील", "nested": {"a": [1, None]}}),
    ],
)
async def test_a_value_comes_back_as_it_went_in(
    connection: AsyncConnection, column: str, value: object
) -> None:
    found = await _round_trip(connection, column, value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("column", ["at", "on", "flag", "value", "facts"])
async def test_nothing_comes_back_as_nothing(connection: AsyncConnection, column: str) -> None:
    assert await _round_trip(connection, column, None) is None


async def test_an_instant_comes_back_in_utc(connection: AsyncConnection) -> None:
    local = datetime(2026, 3, 10, 23, 59, tzinfo=ZoneInfo("Asia/Kolkata"))
    found = await _round_trip(connection, "at", local)
    assert found == local
    assert found.utcoffset() == timedelta(0)


async def test_a_naive_instant_is_refused(connection: AsyncConnection) -> None:
    naive = datetime(2026, 3, 10, 12)  # noqa: DTZ001
    with pytest.raises(StatementError) as refused:
        await _round_trip(connection, "at", naive)
    assert isinstance(refused.value.orig, NaiveInstant)


@pytest.mark.parametrize(
    ("column", "places", "too_fine"),
    [
        ("value", 3, Decimal("0.0001")),
        ("consumed", 6, Decimal("0.0000001")),
        ("value", 3, Decimal("1." + 40 * "0" + "1")),
    ],
)
async def test_a_decimal_that_would_be_rounded_is_refused(
    connection: AsyncConnection, column: str, places: int, too_fine: Decimal
) -> None:
    with pytest.raises(StatementError) as refused:
        await _round_trip(connection, column, too_fine)
    assert isinstance(refused.value.orig, InexactQuantity)
    assert (refused.value.orig.value, refused.value.orig.places) == (too_fine, places)


async def test_instants_are_ordered_as_time_goes(connection: AsyncConnection) -> None:
    start = datetime(2026, 3, 10, 12, tzinfo=UTC)
    gaps = [timedelta(0), timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=30)]
    zones = [UTC, ZoneInfo("Asia/Kolkata"), ZoneInfo("America/New_York"), UTC]
    times = [(start + gap).astimezone(zone) for gap, zone in zip(gaps, zones, strict=True)]
    await connection.execute(insert(sample), [{"at": at} for at in reversed(times)])
    found = await connection.execute(select(sample.c.at).order_by(sample.c.at))
    assert list(found.scalars()) == times


async def test_equal_facts_are_equal_text(connection: AsyncConnection) -> None:
    await connection.execute(
        insert(sample), [{"facts": {"a": 1, "b": 2}}, {"facts": {"b": 2, "a": 1}}]
    )
    found = await connection.execute(select(sample.c.id).where(sample.c.facts == {"b": 2, "a": 1}))
    assert len(found.all()) == 2
