"""A photo at any time: read, proposed, confirmed, charged; and everything that is no such photo."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import pytest_asyncio

from bot.domain.meter import MeterStatus
from bot.domain.metering import MeterType, Reading, ReadingStatus, ReadingType
from bot.domain.people import Role
from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram import TelegramWorld
from bot.sandbox.telegram.files import MAX_DOWNLOAD_BYTES
from bot.sandbox.telegram.images import grey_png
from bot.services.meter_photo import NotAPhoto, PhotoFlaw, PhotoToolsMissing, ReaderTrouble
from bot.telegram.application import TelegramBot
from tests.driver import Chat
from tests.fakes.reader import FakeReader
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PNG = grey_png(64, 48)
ROOM = "Room #302"


@pytest_asyncio.fixture
async def anita(asha: Chat, lakeside: Lakeside) -> Chat:
    """Return the chat of a tenant, three days after her meter was read."""
    wait(lakeside, timedelta(days=3))
    return asha


def wait(lakeside: Lakeside, span: timedelta) -> None:
    """Let some time pass."""
    assert isinstance(lakeside.clock, SandboxClock)
    lakeside.clock.step(span)


async def add_meter(lakeside: Lakeside, room: str, name: str, *, by_hand: bool = True) -> int:
    """Give a room one more meter."""
    let = lakeside.lets[room]
    async with lakeside.transactions.begin() as unit:
        sheet = await unit.sheets.get(let.meter.id)
        assert sheet is not None
        new = replace(
            sheet,
            name=name,
            udf1=None if by_hand else name,
            type=MeterType.GAS,
            unit="m³",
            installed_on=date(2026, 1, 1),
        )
        stored = await unit.sheets.add(new, at=lakeside.clock.now())
        await unit.metering.link(lease_id=let.lease.id, meter_id=stored.id, anchor_reading_id=None)
    return stored.id


async def readings(lakeside: Lakeside) -> list[Reading]:
    """Return what was read in photos, oldest first."""
    let = lakeside.lets[ROOM]
    found: list[Reading] = []
    async with lakeside.transactions.read() as unit:
        for installation in await unit.chains.installations(let.meter.id):
            found += await unit.chains.between(
                installation.id,
                from_at=installation.opened_at,
                to_at=lakeside.clock.now(),
            )
    return [each for each in found if each.type is ReadingType.PHOTO]


async def sent(chat: Chat, data: bytes = PNG) -> None:
    """Send a photo, and wait for what it is answered with."""
    seen = chat.seq
    chat.person.send_photo(data)
    await chat.until(lambda one: fresh(one, seen) and "🔎" not in one.text)


async def sent_file(chat: Chat, data: bytes, name: str, mime: str) -> None:
    """Send a file, and wait for what it is answered with."""
    seen = chat.seq
    chat.person.send_document(data, name, mime)
    await chat.until(lambda one: fresh(one, seen) and "Reading the" not in one.text)


def fresh(chat: Chat, seen: int) -> bool:
    return bool(chat.all) and chat.last.seq > seen


def plain(text: str) -> str:
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def labels(chat: Chat) -> list[str]:
    return [plain(each) for each in chat.buttons]


async def test_a_photo_becomes_a_reading_and_a_charge(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    reader.show("1462.3", "1482.3", "1462.8")
    await anita.say("/balance")
    before = len(anita.all)
    seen = anita.seq
    anita.person.send_photo(PNG)
    await anita.hears("Is it", after=seen)
    assert len(anita.all) == before + 1
    assert plain(anita.text).startswith("Is it  01 462.3 ?")
    assert "last 01 450.0 on 12 Nov" in plain(anita.text)
    assert "12.3 kWh in 3 days" in anita.text
    assert labels(anita) == [
        "Yes, 01 462.3",
        "01 482.3",
        "01 462.8",
        "Type it",
        "New photo",
        "Cancel",
    ]
    done = await anita.press("Yes, ")
    assert "01 462.3 is recorded" in plain(done.text)
    assert "₹79.95 charged, balance ₹2,920.05" in done.text
    (read,) = await readings(lakeside)
    assert (read.point.value, read.proposed_value) == (Decimal("1462.3"), Decimal("1462.3"))
    assert read.photo_id is not None


async def test_another_number_is_asked_about_before_it_counts(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    reader.show("1482.3", "1462.3")
    await sent(anita)
    asked = await anita.press("462.3")
    assert "12.3 kWh in 3 days" in asked.text
    await anita.press("Yes, ")
    (read,) = await readings(lakeside)
    assert (read.point.value, read.proposed_value) == (Decimal("1462.3"), Decimal("1482.3"))
    assert read.status is ReadingStatus.ACCEPTED


async def test_a_number_typed_far_from_the_photo_waits_for_a_manager(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    reader.show("1482.3")
    await sent(anita)
    await anita.press("Type it")
    assert "Type what the counter shows" in anita.text
    asked = await anita.say("01 452.3")
    assert "looks like 01 482.3" in plain(asked.text)
    done = await anita.press("Yes, ")
    assert "waits for a manager" in done.text
    (read,) = await readings(lakeside)
    assert read.status is ReadingStatus.HELD


@pytest.mark.parametrize(
    ("language", "said", "look", "yes", "held"),
    [
        (
            "English",
            "It looks like  08 482.3. That is more than is plausible since 12 Nov. Is it right?",
            "Look once more. A manager will look at it before it counts.",
            "Yes, ",
            "waits for a manager",
        ),
        (
            "हिन्दी",
            "यह  08 482.3  लगता है। 12 नव॰ से अब तक यह संभव से ज़्यादा है। क्या यह सही है?",
            "एक बार फिर देख लें। गिने जाने से पहले मैनेजर इसे देखेगा।",
            "हाँ, ",
            "मैनेजर",
        ),
    ],
)
async def test_a_photo_that_shows_too_much_is_asked_about_and_waits_for_a_manager(
    anita: Chat,
    lakeside: Lakeside,
    reader: FakeReader,
    language: str,
    said: str,
    look: str,
    yes: str,
    held: str,
) -> None:
    await anita.say("/language")
    await anita.press(language)
    reader.show("8482.3", "1482.3")
    await sent(anita)
    assert plain(anita.text).startswith(said)
    assert look in anita.text
    assert "08 482.3" in labels(anita)[0]
    assert labels(anita)[1] == "01 482.3"
    assert held in (await anita.press(yes)).text
    (read,) = await readings(lakeside)
    assert read.status is ReadingStatus.HELD


async def test_a_number_can_be_typed_under_the_proposal_at_once(
    anita: Chat, reader: FakeReader
) -> None:
    reader.show("1482.3")
    await sent(anita)
    asked = await anita.say("1482.9 kWh")
    assert "01 482.9" in plain(asked.text)


async def test_what_is_no_number_is_asked_for_again(anita: Chat, reader: FakeReader) -> None:
    reader.show("1482.3")
    await sent(anita)
    said = await anita.say("about twelve")
    assert "“about twelve” is not a number" in said.text
    assert "Is it" in (await anita.say("1483")).text


async def test_a_counter_that_ran_back_is_refused_with_its_last_value(
    anita: Chat, reader: FakeReader
) -> None:
    reader.show("1482.3")
    await sent(anita)
    assert "1,450.0 kWh" in (await anita.say("1400")).text


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (PhotoFlaw.TOO_DARK, "too dark"),
        (PhotoFlaw.CUT_OFF, "cut off"),
        (PhotoFlaw.TURNED, "turned"),
        (PhotoFlaw.BLURRED, "blurred"),
        (PhotoFlaw.NO_NUMBER, "no number"),
        (ReaderTrouble.NOT_INSTALLED, "I have the photo."),
        (ReaderTrouble.BUSY, "many are waiting"),
        (ReaderTrouble.TOO_SLOW, "could not read it"),
        (ReaderTrouble.CRASHED, "could not read it"),
    ],
)
async def test_without_a_number_the_reason_is_said_and_it_is_typed(
    anita: Chat,
    lakeside: Lakeside,
    reader: FakeReader,
    why: PhotoFlaw | ReaderTrouble,
    said: str,
) -> None:
    reader.blind(why)
    await sent(anita)
    assert said in anita.text
    assert "Type what the counter shows, or send another photo" in anita.text
    await anita.say("1462.3")
    await anita.press("Yes, ")
    (read,) = await readings(lakeside)
    assert read.photo_id is not None
    assert read.proposed_value is None


async def test_a_new_photo_takes_the_place_of_a_bad_one(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    reader.show("1999.9")
    await sent(anita)
    assert "Send a photo of the counter" in (await anita.press("New photo")).text
    reader.show("1462.3")
    await sent(anita)
    await anita.press("Yes, ")
    (read,) = await readings(lakeside)
    assert read.proposed_value == Decimal("1462.3")


async def test_reading_asks_for_the_photo_or_the_number(anita: Chat, lakeside: Lakeside) -> None:
    asked = await anita.say("/reading")
    assert "Send a photo of the counter, or type what it shows" in asked.text
    assert "01 462.3" in plain((await anita.say("1462.3")).text)
    await anita.press("Yes, ")
    assert not await readings(lakeside)  # it is one without a photo
    assert any(command.name == "reading" for command in anita.menu)


async def test_reading_has_a_button_below_more(anita: Chat) -> None:
    await anita.say("/help")
    assert "Send a photo of the counter" in (await anita.press("📷 Read a meter")).text


async def test_of_several_meters_the_one_is_asked_for_and_then_read(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    await add_meter(lakeside, ROOM, "Gas")
    await add_meter(lakeside, ROOM, "Water")
    reader.show("77.3")
    await sent(anita)
    assert "Which meter is it?" in anita.text
    assert anita.buttons == ["Gas", "Water", "Room 302 · Electricity", "Cancel"]
    seen = anita.seq
    anita.person.press(anita.last.message_id, "Water")
    asked = await anita.hears("Is it", after=seen)
    assert "Meter “Water”" in asked.text
    assert "77.3 ?" in asked.text
    assert "It is the first reading" in asked.text
    assert "is recorded" in (await anita.press("Yes, ")).text


async def test_the_only_meter_without_a_device_is_meant_and_another_can_be_chosen(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    await add_meter(lakeside, ROOM, "Gas")
    reader.show("1462.3")
    await sent(anita)
    assert "Meter “Gas”" in anita.text
    assert "Which meter" in (await anita.press("Another meter")).text
    seen = anita.seq
    anita.person.press(anita.last.message_id, "Room 302 · Electricity")
    assert "12.3 kWh" in (await anita.hears("Is it", after=seen)).text
    assert len(reader.looks) == 2


async def test_a_tenant_of_two_leases_is_asked_which_room(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    await lakeside.let("Room #303")
    await lakeside.join("Room #303", anita.person.user_id)
    await sent(anita)
    assert anita.buttons == [
        "Room 302 · Electricity",
        "Room 303 · Electricity",
        "Cancel",
    ]


async def test_a_caretaker_finds_a_meter_by_typing_its_room(
    lakeside: Lakeside, world: TelegramWorld, telegram: TelegramBot, reader: FakeReader
) -> None:
    for number in range(301, 312):
        await lakeside.let(f"Room #{number}")
    kishan = Chat(world.person("Kishan"))
    await lakeside.employ(kishan.person.user_id, Role.CARETAKER, name="Kishan")
    wait(lakeside, timedelta(days=3))
    reader.show("1462.3")
    await sent(kishan)
    assert "There are more. Type a room" in kishan.text
    assert "called “999”" in (await kishan.say("999")).text
    assert kishan.buttons == ["Cancel"]
    await kishan.say("311")
    assert "311" in kishan.buttons[0]
    seen = kishan.seq
    kishan.person.press(kishan.last.message_id, kishan.buttons[0])
    await kishan.hears("Is it", after=seen)
    done = await kishan.press("Yes, ")
    assert "is recorded" in done.text
    assert "₹" not in done.text


async def test_several_photos_in_a_row_each_have_their_card(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    reader.show("1462.3")
    await anita.say("/balance")
    for _ in range(3):
        anita.person.send_photo(PNG)
    await anita.until(lambda one: sum("Is it" in each.text for each in one.all) == 3)
    first, second, _ = [each for each in anita.all if "Is it" in each.text]
    wait(lakeside, timedelta(hours=1))
    await anita.press("Yes, ", on=second)
    alert = await anita.tap("Yes, ", on=first)
    assert alert.text is not None
    assert len(await readings(lakeside)) == 1


async def test_a_confirmation_counts_once(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    reader.show("1462.3")
    await sent(anita)
    card = anita.last
    data = card.keyboard[0][0].callback_data
    assert data is not None
    await anita.press("Yes, ")
    alert = await anita.forge(data, on=card)
    assert "This was done already" in (alert.text or "")
    assert len(await readings(lakeside)) == 1


async def test_of_an_album_the_first_is_read_and_the_rest_mentioned_once(
    anita: Chat, reader: FakeReader
) -> None:
    reader.show("1462.3")
    await anita.say("/balance")
    for _ in range(4):
        anita.person.send_photo(PNG, media_group_id="album")
    await anita.hears("I read the first photo only")
    await anita.say("/balance")
    said = [each.text for each in anita.all]
    assert sum("Is it" in each for each in said) == 1
    assert sum("I read the first photo only" in each for each in said) == 1
    assert len(reader.looks) == 1


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("meter.png", "image/png"),
        ("IMG_1.HEIC", "application/octet-stream"),
        ("meter", "image/webp"),
    ],
)
async def test_a_picture_sent_as_a_file_is_a_photo(
    anita: Chat, reader: FakeReader, name: str, mime: str
) -> None:
    reader.show("1462.3")
    await sent_file(anita, PNG, name, mime)
    assert "Is it" in anita.text


async def test_a_picture_that_cannot_be_opened_here_is_typed(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    reader.refuses = PhotoToolsMissing(trouble=ReaderTrouble.NOT_INSTALLED)
    await sent_file(anita, b"\x00\x00\x00\x18ftypheic....", "IMG_1.HEIC", "image/heic")
    assert "I cannot open this kind of picture here" in anita.text
    assert "Is it" in (await anita.say("1462.3")).text


async def test_what_is_no_picture_is_said_so_and_leaves_nothing(
    anita: Chat, reader: FakeReader
) -> None:
    await anita.say("/balance")
    before = len(anita.all)
    reader.refuses = NotAPhoto()
    seen = anita.seq
    anita.person.send_document(b"no picture", "meter.jpg", "image/jpeg")
    await anita.hears("not a picture I can open", after=seen)
    assert len(anita.all) == before + 1
    seen = anita.seq
    anita.person.send_document(b"%PDF", "bill.pdf", "application/pdf")
    await anita.hears("not a picture I can open", after=seen)


async def test_a_file_beyond_twenty_megabytes_is_refused_before_it_is_fetched(
    anita: Chat, reader: FakeReader
) -> None:
    seen = anita.seq
    anita.person.send_document(bytes(MAX_DOWNLOAD_BYTES + 1), "meter.png", "image/png")
    await anita.hears("larger than 20 MB", after=seen)
    assert not reader.looks


async def test_a_stranger_learns_nothing_from_a_photo(stranger: Chat, reader: FakeReader) -> None:
    said = await stranger.photo(PNG)
    assert "This bot is for tenants" in said.text
    assert not reader.looks


async def test_who_has_no_meter_is_told_so(
    anita: Chat, lakeside: Lakeside, reader: FakeReader
) -> None:
    async with lakeside.transactions.begin() as unit:
        sheet = await unit.sheets.get(lakeside.lets[ROOM].meter.id)
        assert sheet is not None
        faulty = replace(sheet, status=MeterStatus.FAULTY)
        await unit.sheets.save(faulty, at=lakeside.clock.now())
    assert "You have no meter to read here" in (await anita.photo(PNG)).text
    assert "You have no meter to read here" in (await anita.say("/reading")).text
    assert not reader.looks


async def test_the_photo_of_another_cannot_be_used(
    anita: Chat, lakeside: Lakeside, world: TelegramWorld, reader: FakeReader
) -> None:
    reader.show("1462.3")
    await sent(anita)
    data = anita.last.keyboard[0][0].callback_data
    assert data is not None
    await lakeside.let("Room #303")
    other = Chat(world.person("Bela"))
    await lakeside.join("Room #303", other.person.user_id)
    await other.say("/balance")
    alert = await other.forge(data)
    assert "This photo is not here any more" in (alert.text or "")
    assert not await readings(lakeside)


async def test_a_photo_in_the_middle_of_something_else_is_still_a_photo(
    lakeside: Lakeside, world: TelegramWorld, telegram: TelegramBot, reader: FakeReader
) -> None:
    await lakeside.let(ROOM)
    ravi = Chat(world.person("Ravi"))
    await lakeside.employ(ravi.person.user_id, Role.MANAGER)
    wait(lakeside, timedelta(days=3))
    await ravi.say("/pay")
    reader.show("1462.3")
    await sent(ravi)
    assert "Is it" in ravi.text


async def test_cancel_ends_the_reading(anita: Chat, lakeside: Lakeside, reader: FakeReader) -> None:
    reader.show("1462.3")
    await sent(anita)
    assert "Cancelled" in (await anita.press("Cancel")).text
    assert not await readings(lakeside)
