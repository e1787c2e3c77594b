"""Who says what a meter showed."""

from bot.i18n.markup import Safe
from bot.i18n.speaker import Speaker


def read_by(reading_type: str, speaker: Speaker, *, name: str | None = None) -> Safe:
    """Return where a reading comes from, by the name of its type, and by whom if that is known."""
    match reading_type, name:
        case "ESTIMATED", _:
            return speaker.text("estimated")
        case "PHOTO", None:
            return speaker.text("read from a photo")
        case "PHOTO", _:
            return speaker.text("from a photo by {name}", name=name)
        case "MANUAL", None:
            return speaker.text("read by hand")
        case "MANUAL", _:
            return speaker.text("typed by {name}", name=name)
    return speaker.text("read by the meter")
