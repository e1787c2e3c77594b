from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.services.meter_photo import (
    MeterReader,
    NotAPhoto,
    PhotoProposal,
    PhotoToolsMissing,
    ReaderTrouble,
)
from bot.vision.reader import PhotoReader
from tests.integration.vision.stand_ins import CRASH, HANG, proposes, works_without_tools


async def proposed(reader: MeterReader, photo: bytes) -> PhotoProposal:
    return await reader.propose(photo, previous=Decimal(1450), plausible=Decimal(500), decimals=1)


@pytest.fixture
async def reader() -> AsyncIterator[PhotoReader]:
    reader = PhotoReader(does=proposes)
    yield reader
    await reader.close()


async def test_a_number_that_was_read_is_proposed(reader: PhotoReader) -> None:
    proposal = await proposed(reader, b"a photo")

    assert [each.value for each in proposal.candidates] == [Decimal("1462.3")]


async def test_a_crash_costs_nothing_but_the_proposal(reader: PhotoReader) -> None:
    assert (await proposed(reader, CRASH)).trouble is ReaderTrouble.CRASHED
    assert (await proposed(reader, b"a photo")).candidates


async def test_a_photo_that_takes_too_long_costs_nothing_but_the_proposal() -> None:
    reader = PhotoReader(does=proposes, time_out_s=0.05)

    assert (await proposed(reader, HANG)).trouble is ReaderTrouble.TOO_SLOW
    await reader.close()


async def test_when_too_many_wait_the_person_is_asked_to_type() -> None:
    reader = PhotoReader(does=proposes, most_waiting=0)

    assert (await proposed(reader, b"a photo")).trouble is ReaderTrouble.BUSY
    await reader.close()


async def test_without_the_extra_the_answer_comes_at_once_and_no_process_starts() -> None:
    reader = PhotoReader(tools=["surely_nobody_installed_this"])

    assert (await proposed(reader, b"a photo")).trouble is ReaderTrouble.NOT_INSTALLED
    with pytest.raises(PhotoToolsMissing):
        await reader.reencoded(b"a photo")
    assert reader.pid is None
    await reader.close()


async def test_tools_that_do_not_load_are_as_good_as_missing() -> None:
    reader = PhotoReader(does=works_without_tools)

    assert (await proposed(reader, b"a photo")).trouble is ReaderTrouble.NOT_INSTALLED
    assert (await proposed(reader, b"a photo")).trouble is ReaderTrouble.NOT_INSTALLED
    await reader.close()


async def test_bytes_that_are_no_photo_are_refused_by_the_real_work() -> None:
    reader = PhotoReader()

    with pytest.raises(NotAPhoto):
        await proposed(reader, b"%PDF-1.7 no photo")
    with pytest.raises(NotAPhoto):
        await reader.reencoded(b"GIF89a")
    await reader.close()
