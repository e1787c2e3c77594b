"""What people are told when a photo is refused, and what to do instead."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.i18n import Safe, Speaker
from bot.services.meter_photo import NotAPhoto, PhotoTooLarge
from bot.services.photo import PhotoUnknown
from bot.telegram.tenant.photo import NotAPicture, PhotoNotFetched

Sentence = Callable[[Any, Speaker], Safe]
_A_MEGABYTE = 1024 * 1024


def _too_large(error: PhotoTooLarge, speaker: Speaker) -> Safe:
    if error.unit != "bytes":
        return speaker.text(
            "The picture is too large to be opened. Send it as a photo, not as a file."
        )
    return speaker.text(
        "The file is larger than {most} MB. Send it as a photo, not as a file: then it is small "
        "enough.",
        most=error.limit // _A_MEGABYTE,
    )


def _not_a_photo(_error: Exception, speaker: Speaker) -> Safe:
    return speaker.text(
        "This is not a picture I can open. Take a photo of the counter, or type the number: "
        "/reading"
    )


def _not_fetched(_error: PhotoNotFetched, speaker: Speaker) -> Safe:
    return speaker.text("The photo did not arrive whole. Please send it again.")


def _unknown(_error: PhotoUnknown, speaker: Speaker) -> Safe:
    return speaker.text("This photo is not here any more. Please send it again.")


PHOTO_SENTENCES: Mapping[type[Exception], Sentence] = {
    PhotoTooLarge: _too_large,
    NotAPhoto: _not_a_photo,
    NotAPicture: _not_a_photo,
    PhotoNotFetched: _not_fetched,
    PhotoUnknown: _unknown,
}
