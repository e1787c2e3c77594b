"""Real pictures of the meter of Room #302, read by the real reader, over HTTP."""

from decimal import ROUND_DOWN, Decimal

import pytest
from pillow_heif import register_heif_opener

from tests.driver import Chat
from tests.integration.vision.pictures import display, drum, file
from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PATIENCE_S = 60
TRIES = 3
TOO_SLOW = ("could not read it", "पढ़ नहीं पाया")


def counter(house: House, *, more: str = "3.4") -> Decimal:
    """Return what the meter of the room may show by now, its last wheel at nought."""
    return (house.meter.register_kwh + Decimal(more)).quantize(Decimal(1), ROUND_DOWN)


def digits_of(value: Decimal) -> str:
    return str(int(value * 10)).zfill(6)


def spaced(value: Decimal) -> str:
    """Return a value as the counter shows it."""
    whole, _, tenth = f"{value:07.1f}".partition(".")
    return f"{whole[:2]}\N{NARROW NO-BREAK SPACE}{whole[2:]}.{tenth}"


async def tenant(house: House, *, language: str = "en") -> Chat:
    """Return the chat of the tenant of the room, who waits for a reader that takes its time."""
    chat = Chat(
        house.world.telegram.person("Rinkesh", language),
        timeout_s=PATIENCE_S,
    )
    await chat.say(f"/start {house.invitations['Room #302']}")
    return chat


async def shown(chat: Chat, picture: bytes, *, name: str | None = None, kind: str = "") -> str:
    """Send a picture, as a photo or as a file, and return what becomes of the word on it.

    On a machine that has much else to do the reader may take too long to begin: it is tried again,
    as a person would.
    """
    said = await _shown_once(chat, picture, name, kind)
    for _ in range(TRIES - 1):
        if not any(word in said for word in TOO_SLOW):
            break
        said = await _shown_once(chat, picture, name, kind)
    return said


async def _shown_once(chat: Chat, picture: bytes, name: str | None, kind: str) -> str:
    seen = chat.seq
    if name is None:
        chat.person.send_photo(picture)
    else:
        chat.person.send_document(picture, name, kind)
    return await chat.until(lambda one: _answer(one, seen))


def _answer(chat: Chat, seen: int) -> str | None:
    if not chat.all or chat.last.seq <= seen or "…" in chat.text:
        return None
    return chat.text


@pytest.mark.parametrize(
    ("language", "draw", "asks", "done"),
    [
        ("en", display, "Is it", "is recorded"),
        ("hi", drum, "क्या यह", "दर्ज हो गया"),
    ],
)
async def test_a_photo_becomes_a_reading_and_a_charge_though_the_bot_stops_in_between(
    house: House, language: str, draw: object, asks: str, done: str
) -> None:
    assert callable(draw)
    rinkesh = await tenant(house, language=language)
    await house.until(at(4))
    house.world.clock.move_to(at(5, "12:00"))
    value = counter(house)
    said = await shown(rinkesh, file(draw(digits_of(value))))
    assert asks in said
    assert spaced(value) in said

    await house.stop()
    await house.start()
    before = await house.balance()
    card = await rinkesh.press(spaced(value))
    assert done in card.text
    assert Decimal(await house.balance()) < Decimal(before)


async def test_pictures_sent_as_files_of_any_kind_are_read(house: House) -> None:
    rinkesh = await tenant(house)
    await house.until(at(4))
    house.world.clock.move_to(at(5, "12:00"))
    value = counter(house)
    picture = display(digits_of(value))
    register_heif_opener()
    for kind, name, mime in (
        ("PNG", "meter.png", "image/png"),
        ("WEBP", "meter.webp", "image/webp"),
        ("HEIF", "IMG_0302.HEIC", "application/octet-stream"),
    ):
        assert spaced(value) in await shown(rinkesh, file(picture, kind), name=name, kind=mime)


async def test_what_is_no_picture_has_an_answer_that_says_what_to_do(house: House) -> None:
    rinkesh = await tenant(house)
    await house.until(at(4))
    said = await shown(rinkesh, b"\xff\xd8 broken", name="meter.jpg", kind="image/jpeg")
    assert "not a picture I can open" in said
    asked = await rinkesh.say("/reading")
    assert "Send a photo of the counter" in asked.text


async def test_a_number_far_from_the_photo_waits_until_a_manager_has_looked(house: House) -> None:
    rinkesh = await tenant(house)
    await house.until(at(4))
    house.world.clock.move_to(at(5, "12:00"))
    value = counter(house, more="30")
    assert spaced(value) in await shown(rinkesh, file(display(digits_of(value))))
    asked = await rinkesh.say(str(value - 28))
    assert f"looks like {spaced(value)}" in asked.text
    before = await house.balance()
    assert "waits for a manager" in (await rinkesh.press("Yes, ", on=asked)).text
    assert await house.balance() == before
    held = await house.ravi.hears("Reading held")
    seen = rinkesh.seq
    await house.ravi.press("Accept …", on=held)
    await house.ravi.press("Accept and charge")
    await rinkesh.hears("was checked and counts", after=seen)
    assert Decimal(await house.balance()) < Decimal(before)
