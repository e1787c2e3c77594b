"""Photos are kept fit to be kept, shown to those who may see them, and forgotten."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.db.photo_files import PhotoFolder
from bot.domain.dispute import ItemKind
from bot.domain.people import Role
from bot.services.adjustment import Adjustments
from bot.services.dispute import Disputes
from bot.services.dispute_case import MOST_PHOTOS
from bot.services.meter_photo import NotAPhoto, PhotoTooLarge, PhotoToolsMissing, ReaderTrouble
from bot.services.photo import (
    LARGEST_BYTES,
    UNUSED_FOR,
    PhotoCleaning,
    PhotoNotKept,
    Photos,
    PhotoUnknown,
)
from bot.services.photo_reading import PhotoReadings, Said
from bot.services.reading_entry import ReadingEntry
from bot.services.store import Person
from bot.services.stores.photo import Photo
from tests.building import Building, House, at
from tests.fakes.reader import A_PHOTO, KEPT, FakeReader
from tests.unit.services.test_jpeg import END, EXIF, PICTURE, START

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MINUTE = timedelta(minutes=1)


class Shelf:
    """The photos of a building, with a reader that sees what it is told."""

    def __init__(self, building: Building, folder: Path) -> None:
        self.building = building
        self.reader = FakeReader()
        self.store = PhotoFolder(folder)
        self.photos = Photos(building.transactions, building.clock, self.reader, self.store)
        self.cleaning = PhotoCleaning(building.transactions, building.clock, self.store)

    async def take(self, by: Person, content: bytes = A_PHOTO) -> Photo:
        return await self.photos.take(actor=(await self.building.cause(by)).actor, content=content)

    async def seen_by(self, person: Person, photo: Photo) -> bytes:
        actor = (await self.building.cause(person)).actor
        return await self.photos.picture(actor=actor, photo_id=photo.id)

    async def use(self, house: House, photo: Photo, value: str) -> None:
        entry = ReadingEntry(
            self.building.transactions, self.building.clock, self.building.doorbell
        )
        readings = PhotoReadings(
            self.building.transactions, self.building.clock, self.reader, self.photos, entry
        )
        said = Said(meter_id=house.meter.id, value=Decimal(value), photo_id=photo.id)
        await readings.record(cause=await self.building.cause(house.tenant), said=said)


@pytest.fixture
def shelf(building: Building, tmp_path: Path) -> Shelf:
    building.clock.set(at(14, "10:00"))
    return Shelf(building, tmp_path / "photos")


async def test_what_is_kept_was_made_anew(shelf: Shelf) -> None:
    photo = await shelf.take(shelf.building.manager)
    assert await shelf.seen_by(shelf.building.manager, photo) == KEPT
    assert photo.size_bytes == len(KEPT)


async def test_without_tools_a_jpeg_is_kept_without_what_its_camera_told(shelf: Shelf) -> None:
    for trouble in ReaderTrouble:
        shelf.reader.refuses = PhotoToolsMissing(trouble=trouble)
        photo = await shelf.take(shelf.building.manager, START + EXIF + PICTURE + END)
        assert await shelf.seen_by(shelf.building.manager, photo) == START + PICTURE + END


@pytest.mark.parametrize(
    "picture",
    [b"\x89PNG\r\n\x1a\n.", b"RIFF\x00\x00\x00\x00WEBPVP8 ", b"\x00\x00\x00\x18ftypheic\x00"],
    ids=["PNG", "WebP", "HEIC"],
)
async def test_without_tools_other_pictures_are_not_kept(shelf: Shelf, picture: bytes) -> None:
    shelf.reader.refuses = PhotoToolsMissing(trouble=ReaderTrouble.NOT_INSTALLED)
    with pytest.raises(PhotoNotKept):
        await shelf.take(shelf.building.manager, picture)


@pytest.mark.parametrize("trouble", [None, ReaderTrouble.NOT_INSTALLED])
async def test_what_is_no_picture_is_refused(shelf: Shelf, trouble: ReaderTrouble | None) -> None:
    if trouble is not None:
        shelf.reader.refuses = PhotoToolsMissing(trouble=trouble)
    with pytest.raises(NotAPhoto):
        await shelf.take(shelf.building.manager, b"%PDF-1.7")


async def test_what_is_too_large_is_refused_before_it_is_opened(shelf: Shelf) -> None:
    with pytest.raises(PhotoTooLarge) as refused:
        await shelf.take(shelf.building.manager, b"\xff\xd8" + bytes(LARGEST_BYTES))
    assert refused.value.limit == LARGEST_BYTES


async def test_only_who_took_it_and_the_staff_of_its_place_see_a_photo(
    shelf: Shelf, tmp_path: Path
) -> None:
    building = shelf.building
    house, other = await building.let(), await building.let("Room 303")
    photo = await shelf.take(house.tenant)
    with pytest.raises(PhotoUnknown):
        await shelf.seen_by(building.manager, photo)
    await shelf.use(house, photo, "1461.8")
    assert await shelf.seen_by(house.tenant, photo) == KEPT
    assert await shelf.seen_by(building.manager, photo) == KEPT
    with pytest.raises(PhotoUnknown):
        await shelf.seen_by(other.tenant, photo)
    assert Role.MANAGER in {role for _, role in (await building.cause()).actor.roles}


async def test_a_photo_whose_file_was_lost_is_unknown(shelf: Shelf) -> None:
    photo = await shelf.take(shelf.building.manager)
    await shelf.store.delete(photo.file_name)
    with pytest.raises(PhotoUnknown):
        await shelf.seen_by(shelf.building.manager, photo)


async def test_photos_are_forgotten_after_their_time(shelf: Shelf, tmp_path: Path) -> None:
    building = shelf.building
    house = await building.let()
    used, unused = await shelf.take(house.tenant), await shelf.take(house.tenant)
    await shelf.use(house, used, "1461.8")
    taken_at = building.clock.now()

    building.clock.set(taken_at + UNUSED_FOR)
    assert (await shelf.cleaning.run()).deleted == 0
    building.clock.set(taken_at + UNUSED_FOR + MINUTE)
    assert (await shelf.cleaning.run()).deleted == 1
    assert [path.name for path in (tmp_path / "photos").iterdir()] == [used.file_name]
    with pytest.raises(PhotoUnknown):
        await shelf.seen_by(house.tenant, unused)
    assert await shelf.seen_by(house.tenant, used) == KEPT

    kept_for = timedelta(days=90)
    async with building.transactions.begin() as unit:
        await unit.places.save(replace(building.place, photos_kept=kept_for))
    building.clock.set(taken_at + kept_for)
    assert (await shelf.cleaning.run()).deleted == 0
    building.clock.set(taken_at + kept_for + MINUTE)
    assert (await shelf.cleaning.run()).deleted == 1
    assert (await shelf.cleaning.run()).deleted == 0
    assert not list((tmp_path / "photos").iterdir())


async def test_no_photo_of_somebody_else_goes_with_a_question_however_many_do(
    building: Building, shelf: Shelf
) -> None:
    house = await building.let()
    disputes = Disputes(building.transactions, building.clock, building.doorbell)
    own = [(await shelf.take(house.tenant)).id for _ in range(MOST_PHOTOS)]
    other = (await shelf.take(building.manager)).id
    adjustments = Adjustments(building.transactions, building.clock, building.doorbell)
    charged = await adjustments.record(
        cause=await building.cause(), lease_id=house.lease.id, amount_paise=-900, reason="Lost key"
    )
    with pytest.raises(PhotoUnknown):
        await disputes.open(
            cause=await building.cause(house.tenant),
            kind=ItemKind.ENTRY,
            item_id=charged.entry.id,
            words="Look at this",
            photo_ids=[*own, other],
        )
