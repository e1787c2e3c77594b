"""What people are told of meters that are to be read, and of rounds that are over."""

from datetime import date

from bot.i18n import N_, Safe
from bot.services.stores.reading_round import SkipReason
from bot.telegram.callbacks import Action
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import bold, line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader
from bot.telegram.screens.photo import NO_PHOTO
from bot.telegram.screens.readings import meter_title
from bot.telegram.screens.round import reason_text

MOST_NAMED = 6


def reading_due(facts: Facts, reader: Reader) -> Screen:
    """Return the reminder to read one's meters."""
    speaker, meters = reader.speaker, facts.records("meters")
    until = speaker.date(date.fromisoformat(facts.word("last_on")))
    when = speaker.text("By {day} is early enough.", day=until)
    if facts.is_true("is_last"):
        when = speaker.text("Today is the last day.")
    return Screen(
        html=lines(
            speaker.plural(
                "📟 Please read your meter: {room}",
                "📟 Please read your meters: {room}",
                len(meters),
                room=reader.room(facts),
            ),
            *(bold(each.word("name")) for each in meters[:MOST_NAMED]),
            when,
            speaker.text("Without a reading it may have to be estimated.")
            if facts.is_true("may_be_estimated")
            else None,
        ),
        buttons=rows_of(*(_enter(each, facts, reader) for each in meters[:MOST_NAMED]), width=1),
    )


def round_done(facts: Facts, reader: Reader) -> Screen:
    """Return what a round has left out, and why."""
    speaker, left_out = reader.speaker, facts.records("meters")
    named = left_out[:MOST_NAMED]
    rest = facts.whole("count") - len(named)
    return Screen(
        html=lines(
            speaker.text("📋 Round done: {place}", place=bold(facts.word("place"))),
            speaker.text(
                "{read} of {total} read, {count} left out:",
                read=facts.whole("read") + facts.whole("held"),
                total=facts.whole("total"),
                count=facts.whole("count"),
            ),
            *(_left_out(each, reader) for each in named),
            speaker.text("{n} more", n=speaker.count(rest)) if rest > 0 else None,
        ),
        buttons=rows_of(reader.button(N_("Look closer …"), Action.ROUND, facts.whole("place_id"))),
    )


def _enter(meter: Facts, facts: Facts, reader: Reader) -> Button:
    message, to = N_("Send a photo / type it"), (NO_PHOTO, meter.whole("id"))
    told = reader.button(message, Action.READ_METER, *to)
    if len(facts.records("meters")) == 1:
        return told
    return Button(label=f"{meter.word('name')} …", press=told.press)


def _left_out(each: Facts, reader: Reader) -> Safe:
    reason = SkipReason(each.word("reason"))
    name = meter_title(each.word("name"), each.maybe_word("room"))
    said = reason_text(reason, each.maybe_word("note"), reader.speaker)
    by = each.maybe_word("by")
    return line(line(name, said, between=": "), None if by is None else f"({by})", between=" ")
