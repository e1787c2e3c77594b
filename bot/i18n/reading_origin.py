"""Who says what a meter showed."""

from bot.i18n.markup import Safe
from bot.i18n.speaker import Speaker


def read_by(reading_type: str, speaker: Speaker) -> Safe:
    """Return where a reading comes from, by the name of its type."""
    names = {
        "AUTOMATIC": speaker.text("read by the meter"),
        "MANUAL": speaker.text("read by hand"),
        "PHOTO": speaker.text("read from a photo"),
        "ESTIMATED": speaker.text("estimated"),
    }
    return names.get(reading_type, names["AUTOMATIC"])
