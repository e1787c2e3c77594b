import pytest
from telegram import Bot, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, NetworkError

from bot.sandbox.telegram import SandboxPerson
from bot.sandbox.telegram.files import MAX_DOWNLOAD_BYTES, MAX_PHOTO_BYTES, MAX_UPLOAD_BYTES
from tests.integration.sandbox_telegram.pictures import PNG, jpeg


async def test_a_picture_arrives_with_its_size_and_caption(bot: Bot, asha: SandboxPerson) -> None:
    sent = await bot.send_photo(asha.chat_id, PNG, caption="<b>Usage</b>", parse_mode="HTML")

    assert (sent.photo[-1].width, sent.photo[-1].height) == (320, 200)
    assert sent.caption == "Usage"
    seen = asha.messages[-1]
    assert seen.photo is not None
    assert (seen.photo.data, seen.html) == (PNG, "<b>Usage</b>")


async def test_a_picture_is_sent_again_by_its_id(bot: Bot, asha: SandboxPerson) -> None:
    sent = await bot.send_photo(asha.chat_id, PNG)

    again = await bot.send_photo(asha.chat_id, sent.photo[-1].file_id)

    assert again.photo == sent.photo
    with pytest.raises(BadRequest, match=r"(?i)Can't use file of type photo as document"):
        await bot.send_document(asha.chat_id, sent.photo[-1].file_id)
    with pytest.raises(BadRequest, match=r"(?i)Wrong file identifier/http url specified"):
        await bot.send_photo(asha.chat_id, "no-such-file")


async def test_a_file_arrives_under_its_name(bot: Bot, asha: SandboxPerson) -> None:
    sent = await bot.send_document(asha.chat_id, b"a,b\n", filename="balances.csv", caption="all")

    assert sent.document is not None
    assert sent.document.file_name == "balances.csv"
    seen = asha.messages[-1].document
    assert seen is not None
    assert (seen.name, seen.data, seen.mime) == ("balances.csv", b"a,b\n", "text/csv")


async def test_what_a_person_sends_can_be_downloaded(bot: Bot, asha: SandboxPerson) -> None:
    reading = jpeg(640, 480)
    asha.send_photo(reading, "01462.3")
    asha.send_document(b"place,room\n", "rooms.csv", "text/csv")

    photo, document = [update.message for update in (await bot.get_updates())[-2:]]

    assert photo is not None
    assert photo.caption == "01462.3"
    largest = await photo.photo[-1].get_file()
    assert bytes(await largest.download_as_bytearray()) == reading
    assert document is not None
    assert document.document is not None
    table = await document.document.get_file()
    assert bytes(await table.download_as_bytearray()) == b"place,room\n"


async def test_the_smallest_size_is_not_the_picture_itself(bot: Bot, asha: SandboxPerson) -> None:
    asha.send_photo(jpeg(640, 480))

    message = (await bot.get_updates())[-1].message

    assert message is not None
    small = await message.photo[0].get_file()
    assert (message.photo[0].width, message.photo[0].height) == (90, 68)
    assert bytes(await small.download_as_bytearray()) != jpeg(640, 480)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"not a picture", "Image_process_failed"),
        (jpeg(6000, 4001), "Photo_invalid_dimensions"),
        (jpeg(2100, 100), "Photo_invalid_dimensions"),
        (PNG + b"\0" * MAX_PHOTO_BYTES, "Too big for a photo"),
    ],
)
async def test_a_picture_that_telegram_would_not_take_is_refused(
    bot: Bot, asha: SandboxPerson, data: bytes, reason: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_photo(asha.chat_id, data)


async def test_a_caption_has_at_most_1024_characters(bot: Bot, asha: SandboxPerson) -> None:
    with pytest.raises(BadRequest, match=r"(?i)Message caption is too long"):
        await bot.send_photo(asha.chat_id, PNG, caption="x" * 1025)


async def test_an_upload_has_at_most_50_megabytes(bot: Bot, asha: SandboxPerson) -> None:
    with pytest.raises(NetworkError, match=r"(?i)Request Entity Too Large"):
        await bot.send_document(asha.chat_id, b"\0" * (MAX_UPLOAD_BYTES + 1), filename="x")


async def test_a_download_has_at_most_20_megabytes(bot: Bot, asha: SandboxPerson) -> None:
    sent = asha.send_document(b"\0" * (MAX_DOWNLOAD_BYTES + 1), "film.bin", "video/mp4")
    assert sent.document is not None

    with pytest.raises(BadRequest, match=r"(?i)File is too big"):
        await bot.get_file(sent.document.file_id)


async def test_an_album_is_several_messages_of_one_group(bot: Bot, asha: SandboxPerson) -> None:
    sent = await bot.send_media_group(
        asha.chat_id, [InputMediaPhoto(PNG, caption="one"), InputMediaPhoto(jpeg(64, 64))]
    )

    assert len({message.media_group_id for message in sent}) == 1
    assert [message.photo is not None for message in asha.messages[-2:]] == [True, True]
    assert asha.messages[-2].text == "one"


async def test_an_album_is_of_one_kind(bot: Bot, asha: SandboxPerson) -> None:
    with pytest.raises(BadRequest, match=r"(?i)Can't use the media of the specified type"):
        await bot.send_media_group(
            asha.chat_id, [InputMediaPhoto(PNG), InputMediaDocument(b"x", filename="x")]
        )
    with pytest.raises(BadRequest, match=r"(?i)2-10 items"):
        await bot.send_media_group(asha.chat_id, [InputMediaPhoto(PNG)])
