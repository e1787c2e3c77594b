"""What staff are told of meters that are to be inspected."""

from collections.abc import Iterator
from datetime import date

from bot.i18n import N_, Safe
from bot.telegram.callbacks import Action
from bot.telegram.screen import Screen, rows_of
from bot.telegram.screens.html import bold, line, lines
from bot.telegram.screens.meter_tree import due_sign
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader
from bot.telegram.screens.room import room_label


def inspections(facts: Facts, reader: Reader) -> Screen:
    """Return which meters of a building are to be inspected, the most urgent by name."""
    speaker, count = reader.speaker, facts.whole("count")
    named = list(_named(facts, reader))
    more = count - len(named)
    head = speaker.plural(
        "🔍 {n} meter is to be inspected", "🔍 {n} meters are to be inspected", count
    )
    return Screen(
        html=lines(
            bold(head),
            facts.word("place"),
            *named,
            speaker.plural("and {n} more", "and {n} more", more) if more > 0 else None,
        ),
        buttons=rows_of(reader.button(N_("Inspections …"), Action.INSPECTIONS)),
    )


def _named(facts: Facts, reader: Reader) -> Iterator[Safe]:
    today_on = date.fromisoformat(facts.word("today"))
    for each in facts.records("meters"):
        room = each.maybe_word("room")
        due_on = date.fromisoformat(each.word("due"))
        yield line(
            due_sign(due_on, today_on, reader.speaker),
            each.word("name"),
            None if room is None else room_label(room),
        )
