"""A photo of a meter, at any time: which meter it is, and what it shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.error import BadRequest, TelegramError

from bot.services.meter_photo import PhotoTooLarge
from bot.services.photo import LARGEST_BYTES, PhotoNotKept, require_size
from bot.services.photo_reading import Sighted
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.photo import (
    NO_PHOTO,
    album_screen,
    no_meter_screen,
    reading_screen,
    type_screen,
)
from bot.telegram.screens.sighting import proposal_screen
from bot.telegram.staff import round as round_
from bot.telegram.tenant.reading import VALUE, choose, wait_for_value


class PhotoNotFetched(Exception):
    """Telegram did not hand the photo over."""


class NotAPicture(Exception):
    """A file was sent that is no picture."""


async def photo(context: Context) -> Screen | None:
    """This function will read the number in a photo, and answer in one message.

    Raises AlreadyHandled, PhotoRefused and PhotoNotFetched.
    """
    readings = context.services.photo_readings
    await readings.require_new(cause=context.cause)
    if not (await readings.meters(actor=context.actor)).lines:
        return no_meter_screen(context.speaker)
    upload = context.request.upload
    assert upload is not None
    require_size(upload.size_bytes)
    if context.request.album is not None and not await _is_first(context, context.request.album):
        return await _one_of_many(context, context.request.album)
    async with _waiting(context) as message_id:
        content = await download(context, upload.file_id)
        screen = await _answer(context, content)
        await context.window.change(message_id, screen)
    await readings.answered(cause=context.cause)
    return None


async def meter(context: Context) -> Screen:
    """This function will read a photo that is kept already, as one of the chosen meter.

    Without a photo it asks for one.
    """
    photo_id, meter_id = context.tap.integer(0), context.tap.integer(1)
    if photo_id == NO_PHOTO:
        return await wait_for_value(context, meter_id)
    await context.window.show(reading_screen(context.speaker))
    return await _look(context, meter_id, photo_id)


async def no_picture(_context: Context) -> Screen:
    """Raises NotAPicture."""
    raise NotAPicture


async def _answer(context: Context, content: bytes) -> Screen:
    meter_id = await _meant(context)
    try:
        kept = await context.services.photos.take(actor=context.actor, content=content)
    except PhotoNotKept:
        return await _type(context, meter_id)
    if meter_id is None:
        return await choose(context, photo_id=kept.id)
    return await _look(context, meter_id, kept.id, content)


async def _meant(context: Context) -> int | None:
    """Return the meter that was asked for, or the only one that it can be."""
    dialog = context.dialog
    if dialog is not None and dialog.step in {VALUE, round_.ASKING}:
        return int(str(dialog.facts["meter_id"]))
    found = await context.services.photo_readings.meters(actor=context.actor)
    return None if found.obvious is None else found.obvious.sheet.id


async def _look(
    context: Context, meter_id: int, photo_id: int, content: bytes | None = None
) -> Screen:
    seen = await context.services.photo_readings.look(
        actor=context.actor, meter_id=meter_id, photo_id=photo_id, content=content
    )
    await context.services.dialogs.go_to(
        person_id=context.person.id,
        step=VALUE,
        facts={"meter_id": meter_id, "photo_id": photo_id}
        | await round_.of_round(context, meter_id),
    )
    return _screen(context, seen, photo_id)


def _screen(context: Context, seen: Sighted, photo_id: int) -> Screen:
    speaker = context.speaker_in(seen.asked.place.zone)
    if not seen.values:
        return type_screen(seen.asked, seen.flaw or seen.trouble, speaker, photo_id=photo_id)
    return proposal_screen(seen, speaker, photo_id=photo_id, nonce=context.nonce)


async def _type(context: Context, meter_id: int | None) -> Screen:
    """Ask for the number of a picture that cannot be opened here."""
    if meter_id is None:
        return await choose(context)
    asked = await context.services.photo_readings.ask(actor=context.actor, meter_id=meter_id)
    await wait_for_value(context, meter_id)
    return type_screen(asked, None, context.speaker_in(asked.place.zone), photo_id=NO_PHOTO)


async def _is_first(context: Context, album: str) -> bool:
    return await context.services.photo_readings.first_to(
        actor=context.actor, mark=f"album-{context.person.id}-{album}"
    )


async def _one_of_many(context: Context, album: str) -> Screen | None:
    """Say once that the others of an album are not read."""
    mark = f"album-{context.person.id}-{album}-told"
    is_news = await context.services.photo_readings.first_to(actor=context.actor, mark=mark)
    return album_screen(context.speaker) if is_news else None


@asynccontextmanager
async def _waiting(context: Context) -> AsyncIterator[int]:
    """Show that the photo is being read; if it comes to nothing, that is not left standing."""
    message_id = await context.window.show(reading_screen(context.speaker), fresh=True)
    is_answered = False
    try:
        yield message_id
        is_answered = True
    finally:
        if not is_answered:
            await context.window.withdraw(message_id)


async def download(context: Context, file_id: str) -> bytes:
    """This function will fetch what was sent. Raises PhotoTooLarge and PhotoNotFetched."""
    try:
        file = await context.bot.get_file(file_id)
        require_size(file.file_size)
        return bytes(await file.download_as_bytearray())
    except BadRequest as error:
        if "too big" in error.message.lower():
            size = (context.request.upload and context.request.upload.size_bytes) or LARGEST_BYTES
            raise PhotoTooLarge(size=size, limit=LARGEST_BYTES, unit="bytes") from None
        raise PhotoNotFetched from error
    except TelegramError as error:
        raise PhotoNotFetched from error
