"""Photos go with a question both ways, and nobody else looks at them. Rules 10.1 and 10.2."""

from dataclasses import replace

import pytest
from PIL import Image

from bot.demo.tenants import ANANYA
from bot.domain.people import Role
from tests.driver import Chat
from tests.integration.vision.pictures import file
from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM = "Room #202"
NUMBER = "LA1/26-27/0001"
PLACES = (b"Exif", b"GPS")


def jpeg(shade: int) -> bytes:
    """Return a real photo, with what a camera tells beside it."""
    picture = Image.new("RGB", (640, 480), (shade, 120, 90))
    told = Image.Exif()
    told[0x010E] = "GPS of the flat"
    return file(picture, exif=told)


@pytest.fixture
async def ananya(house: House) -> Chat:
    """Return the chat of a tenant who was asked what is wrong with the first bill."""
    await house.take_in(ANANYA)
    chat = await house.tenant("Ananya", room=ROOM)
    await house.until(at(6, "06:00"))
    told = await chat.hears(NUMBER)
    await chat.press("Open bill", on=told)
    await chat.press("Question this")
    return chat


async def shown(chat: Chat, count: int) -> list[bytes]:
    """Page through the photos of the card that the chat shows, and return them."""
    found = []
    message = await chat.press("📷 Photos")
    for at_ in range(1, count + 1):
        assert f"📷 {at_} of {count}" in message.text
        assert message.photo is not None
        found.append(message.photo.data)
        if at_ < count:
            message = await chat.press("Next ›", on=message)
    return found


async def test_photos_of_both_sides_are_seen_by_both(house: House, ananya: Chat) -> None:
    kept = await ananya.photo(jpeg(10))
    assert "1 photo is kept" in kept.text
    first = ananya.person.send_photo(jpeg(20), "The meter stood still", media_group_id="77")
    assert first.media_group_id == "77"
    await ananya.hears("📷 2 photos")
    ananya.person.send_photo(jpeg(30), media_group_id="77")
    await ananya.hears("📷 3 photos")
    refused = await ananya.document(b"%PDF-1.7", "letter.pdf", "application/pdf")
    assert "not a picture that others could look at" in refused.text
    refused = await ananya.document(b"\xff\xd8 broken", "meter.jpg", "image/jpeg")
    assert "nothing is lost" in refused.text
    summary = await ananya.document(jpeg(40), "meter.jpg", "image/jpeg")
    assert "📷 4 photos" in summary.text
    assert "The meter stood still" in summary.text
    sent = await ananya.press("Send", on=summary)
    assert sent.text.startswith("❓ D-0001")

    heard = await house.ravi.hears("questions an amount")
    await house.ravi.press("Open", on=heard)
    theirs = await shown(house.ravi, 4)
    assert all(picture.startswith(b"\xff\xd8") for picture in theirs)
    assert len(set(theirs)) == 4
    assert not any(word in picture for picture in theirs for word in PLACES)

    await house.ravi.press("‹ Back")
    await house.ravi.press("Ask …")
    await house.ravi.photo(jpeg(50))
    summary = await house.ravi.say("Is it this meter?")
    assert "📷 1 photo" in summary.text
    await house.ravi.press("Send", on=summary)
    asked = await ananya.hears("Is it this meter?")
    card = await ananya.press("Open", on=asked)
    assert "waits for your answer" in card.text
    assert len(await shown(ananya, 5)) == 5
    await ananya.press("‹ Back")
    await ananya.press("Answer")
    await ananya.photo(jpeg(60), "Yes, this one")
    await ananya.press("Send")
    told = await house.ravi.hears("Yes, this one")
    await house.ravi.press("Open", on=told)
    assert len(await shown(house.ravi, 6)) == 6


async def test_no_more_than_five_go_with_one_word(house: House, ananya: Chat) -> None:
    await ananya.say("The meter stood still")
    for shade in range(10, 80, 10):
        summary = await ananya.photo(jpeg(shade))
    assert "📷 5 photos" in summary.text
    assert "all the photos that fit" in summary.text


async def test_who_looks_after_another_building_sees_neither_words_nor_photos(
    house: House, ananya: Chat
) -> None:
    await ananya.photo(jpeg(10), "The meter stood still")
    await ananya.press("Send")
    heard = await house.ravi.hears("questions an amount")
    card = await house.ravi.press("Open", on=heard)
    photos = await house.ravi.press("📷 Photos", on=card)
    data = [
        button for message in (heard, card, photos) for row in message.keyboard for button in row
    ]
    meera = await another_owner(house)
    kabir = house.phone("Kabir")
    await kabir.say("/start")
    for other in (meera, kabir):
        for each in data:
            assert each.callback_data is not None
            await other.forge(each.callback_data)
        for answer in other.all:
            assert answer.photo is None
            assert "D-0001" not in answer.text
            assert "stood still" not in answer.text
    assert "D-0001" not in (await meera.say("/disputes")).text


async def another_owner(house: House) -> Chat:
    """Return the chat of somebody who owns another building, and nothing else."""
    meera = house.phone("Meera")
    await meera.say("/start")
    async with house.bot.app.transactions.begin() as unit:
        (first,) = await unit.places.all()
        other = await unit.places.add(replace(first, id=0, name="Hillside", space_id=None))
        person = await unit.people.by_telegram(meera.person.user_id)
        assert person is not None
        await unit.people.grant(person_id=person.id, place_id=other.id, role=Role.OWNER)
    return meera
