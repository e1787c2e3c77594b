"""What people are told of readings that somebody took, judged or corrected. Section 3."""

from decimal import ROUND_HALF_UP, Decimal

from bot.i18n import N_, Safe
from bot.i18n.favour_words import given_before
from bot.services.reading_notice import ReadingWord
from bot.telegram.callbacks import Action
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import bold, line, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.meters import step_line, value_text
from bot.telegram.screens.notices.reader import Reader

TENTH = Decimal("0.1")


def reading_held(facts: Facts, reader: Reader) -> Screen:
    """Return the question whether an implausible reading is right. Rule 3.5."""
    speaker, reading_id = reader.speaker, facts.maybe_whole("reading_id")
    told = lines(
        _held_head(facts, reader),
        reader.whose(facts),
        _step(facts, reader),
        _plausible(facts, reader),
        _read_by(facts, reader),
        speaker.text("Nothing is charged until you decide."),
    )
    room = _room_button(facts, reader)
    if reading_id is None:
        return Screen(html=told, buttons=rows_of(room))
    look = reader.button(N_("Look closer …"), Action.READING, reading_id)
    return Screen(html=told, buttons=rows_of(*_judgements(reader, reading_id), look, room))


def reading_unusual(facts: Facts, reader: Reader) -> Screen:
    """Return the flag for a use that is off the meter's habit, with its numbers. Rule 3.6."""
    speaker = reader.speaker
    look = reader.button(N_("Look closer …"), Action.READING, facts.whole("reading_id"))
    return Screen(
        html=lines(
            speaker.text("⚠️ Unusual reading: {room}", room=reader.room(facts)),
            reader.whose(facts),
            _step(facts, reader),
            deviation_line(facts, reader),
            _read_by(facts, reader),
        ),
        buttons=rows_of(look, _room_button(facts, reader)),
    )


def reading_outcome(facts: Facts, reader: Reader) -> Screen:
    """Return what became of a reading, and of the money that hung on it."""
    money = facts.whole("before_paise") != facts.whole("after_paise") or facts.values.get("favours")
    is_mine = reader.rents(facts)
    reading_id = facts.maybe_whole("reading_id")
    statement = reader.button(N_("Statement"), Action.STATEMENT, facts.whole("lease_id"))
    return Screen(
        html=lines(
            _outcome(facts, reader),
            None if is_mine else reader.whose(facts),
            _reason(facts, reader),
            *(_money(facts, reader) if money else ()),
        ),
        buttons=rows_of(
            statement if money else None,
            reader.question("r", reading_id) if is_mine and reading_id is not None else None,
        ),
    )


def deviation_line(facts: Facts, reader: Reader) -> Safe:
    """Return a use per day held against the usual one, with the numbers. Rule 3.6."""
    speaker, percent = reader.speaker, facts.maybe_whole("percent")
    said = {
        "used": value_text(_rounded(facts.decimal("per_day")), facts, reader),
        "mean": value_text(_rounded(facts.decimal("mean_per_day")), facts, reader),
    }
    if percent is None:
        return speaker.text("{used} a day, and none before", **said)
    shown = f"+{speaker.percent(percent)}" if percent > 0 else speaker.percent(percent)
    return speaker.text("{used} a day, usual {mean} ({percent})", **said, percent=shown)


def _held_head(facts: Facts, reader: Reader) -> Safe:
    speaker, room = reader.speaker, reader.room(facts)
    if not facts.maybe_word("is_reminder"):
        return speaker.text("⚠️ Reading held: {room}", room=room)
    since = speaker.day_and_time(facts.instant("taken_at"))
    return speaker.text("⏰ Still held since {time}: {room}", time=since, room=room)


def _step(facts: Facts, reader: Reader) -> Safe:
    if facts.maybe_decimal("previous_value") is None:
        return bold(value_text(facts.decimal("value"), facts, reader))
    return step_line(facts, reader)


def _plausible(facts: Facts, reader: Reader) -> Safe | None:
    used = facts.maybe_decimal("consumption")
    if used is None or facts.values.get("is_jump") is False:
        return reader.speaker.text("It came while another reading waited, or leaves a jump behind.")
    hours = facts.whole("hours")
    return reader.speaker.text(
        "That is {used} in {span}; up to {limit} is plausible.",
        used=value_text(used, facts, reader),
        span=reader.speaker.plural("{n} hour", "{n} hours", hours),
        limit=value_text(facts.decimal("limit") * hours, facts, reader),
    )


def _judgements(reader: Reader, reading_id: int) -> tuple[Button, Button]:
    return (
        reader.button(N_("Accept …"), Action.ACCEPT_READING, reading_id),
        reader.button(N_("Reject …"), Action.REJECT_READING, reading_id),
    )


def _read_by(facts: Facts, reader: Reader) -> Safe | None:
    name = facts.maybe_word("reader")
    return None if name is None else reader.speaker.text("Read by {name}", name=name)


def _rounded(per_day: Decimal) -> Decimal:
    return per_day.quantize(TENTH if per_day >= 1 else TENTH / 10, ROUND_HALF_UP)


def _outcome(facts: Facts, reader: Reader) -> Safe:
    speaker = reader.speaker
    said = {
        "value": bold(value_text(facts.decimal("value"), facts, reader)),
        "time": speaker.day_and_time(facts.instant("taken_at")),
    }
    match ReadingWord(facts.word("outcome")):
        case ReadingWord.ACCEPTED:
            return speaker.text("✅ The reading {value} of {time} was checked and counts.", **said)
        case ReadingWord.REJECTED:
            return speaker.text("↩️ The reading {value} of {time} does not count.", **said)
        case ReadingWord.ADDED:
            return speaker.text("✏️ The reading {value} of {time} was added.", **said)
        case ReadingWord.CORRECTED:
            was = value_text(facts.decimal("was_value"), facts, reader)
            return speaker.text(
                "✏️ Your reading of {time} was corrected: {was} → {value}", was=was, **said
            )


def _reason(facts: Facts, reader: Reader) -> Safe | None:
    reason = facts.maybe_word("reason")
    return (
        None
        if reason is None
        else reader.speaker.text("Reason: “{reason}”", reason=reader.speaker.reason(reason))
    )


def _money(facts: Facts, reader: Reader) -> tuple[Safe, ...]:
    speaker = reader.speaker
    charged = speaker.text("{amount} charged", amount=reader.money(facts, "charged_paise"))
    returned = None
    if facts.whole("returned_paise"):
        returned = speaker.text("{amount} given back", amount=reader.money(facts, "returned_paise"))
    balance = speaker.text(
        "Balance {before} → <b>{after}</b>",
        before=reader.money(facts, "before_paise"),
        after=reader.money(facts, "after_paise"),
    )
    return line(returned, charged), *_favours(facts, reader), balance


def _favours(facts: Facts, reader: Reader) -> list[Safe]:
    """Return what of it was given back before."""
    if not facts.values.get("favours"):
        return []
    return [
        given_before(
            each.whole("amount_paise"),
            each.maybe_word("dispute"),
            each.maybe_word("credit_note"),
            facts.word("currency"),
            reader.speaker,
        )
        for each in facts.records("favours")
    ]


def _room_button(facts: Facts, reader: Reader) -> Button | None:
    lease_id = facts.maybe_whole("lease_id")
    return None if lease_id is None else reader.button(N_("Open room"), Action.ROOM, lease_id)
