"""Lakeside Apartments, in each database."""

import pytest_asyncio

from bot.db.engine import Database
from tests.building import Building, build


@pytest_asyncio.fixture
async def building(database: Database) -> Building:
    """Return a building with its staff, in which nothing is let yet."""
    return await build(database)
