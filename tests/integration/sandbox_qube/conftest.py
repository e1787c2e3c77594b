from collections.abc import AsyncIterator

import pytest

from .world import World, lakeside


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with lakeside() as world:
        yield world
