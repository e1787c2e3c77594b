"""What staff are told of uses that are off the habit of their meters. Rule 3.6."""

from datetime import date

from bot.i18n import Safe
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader
from bot.telegram.screens.notices.readings import deviation_line
from bot.telegram.screens.room import room_label


def unusual_uses(facts: Facts, reader: Reader) -> Screen:
    """Return which meters of a building used unusually on a day, the farthest off by name."""
    speaker, count, meters = reader.speaker, facts.whole("count"), facts.records("meters")
    head = speaker.plural(
        "⚠️ {n} unusual use on {day}",
        "⚠️ {n} unusual uses on {day}",
        count,
        day=speaker.date(date.fromisoformat(facts.word("on"))),
    )
    more = count - len(meters)
    rest = speaker.plural("and {n} more", "and {n} more", more) if more > 0 else None
    return Screen(
        html=blocks(
            [bold(head), facts.word("place")],
            [*(_line(each, reader) for each in meters), rest],
        ),
        buttons=rows_of(*map(_button, meters)),
    )


def _line(each: Facts, reader: Reader) -> Safe:
    return line(bold(_called(each)), deviation_line(each, reader), between="  ")


def _called(each: Facts) -> str:
    name, room = each.maybe_word("name"), each.maybe_word("room")
    return name or room_label(room or "")


def _button(each: Facts) -> Button:
    asked = press(Action.READING, each.whole("reading_id"), aside=True)
    return Button(label=_called(each), press=asked)
