"""What people are told of questions: who said what, how it ended, and what is late. Section 10."""

from collections.abc import Mapping

from bot.domain.dispute import Nudge, StepKind
from bot.i18n import N_, Safe
from bot.telegram.callbacks import Action
from bot.telegram.screen import Screen, rows_of
from bot.telegram.screens.dispute_item import item_text
from bot.telegram.screens.html import italic, lines
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.notices.reader import Reader

_HEADS: Mapping[str, str] = {
    StepKind.OPENED.value: N_("❓ {room} questions an amount · {number}"),
    StepKind.ADDED.value: N_("💬 {room} adds to {number}"),
    StepKind.ASKED.value: N_("❓ Your manager asks about {number}"),
    StepKind.ANSWERED.value: N_("💬 {room} answers · {number}"),
    StepKind.UPHELD.value: N_("✅ <b>You are right</b> · {number}"),
    StepKind.PARTLY.value: N_("✅ <b>You are right in part</b> · {number}"),
    StepKind.REJECTED.value: N_("<b>It stands as it is</b> · {number}"),
    StepKind.WITHDRAWN.value: N_("↩︎ {room} has withdrawn {number}"),
    f"late_{Nudge.ANSWER.value}": N_("⏰ {room} waits for a first answer · {number}"),
    f"late_{Nudge.DECISION.value}": N_("⏰ {number} of {room} is to be decided soon"),
    f"late_{Nudge.OWNER.value}": N_("⚠️ {number} of {room} is late"),
}
_VERDICTS = frozenset(each.value for each in (StepKind.UPHELD, StepKind.PARTLY, StepKind.REJECTED))


def dispute(facts: Facts, reader: Reader) -> Screen:
    """Return the word on a step of a question, or on a time limit of it."""
    speaker, event = reader.speaker, facts.word("event")
    about = facts.values["about"]
    assert isinstance(about, Mapping)
    words = facts.maybe_word("words")
    dispute_id = facts.whole("dispute_id")
    is_asked = event == StepKind.ASKED.value and reader.rents(facts)
    answer = reader.button(N_("Answer"), Action.DISPUTE_SAY, dispute_id)
    return Screen(
        html=lines(
            speaker.text(_HEADS[event], room=reader.room(facts), number=facts.word("number")),
            None if reader.rents(facts) else reader.whose(facts),
            item_text(about, facts.word("currency"), speaker),
            None if words is None else italic(f"“{speaker.reason(words)}”"),
            *_outcome(facts, reader),
            _limit(facts, reader),
        ),
        buttons=rows_of(
            answer if is_asked else None,
            reader.button(N_("Open question"), Action.DISPUTE_CARD, dispute_id),
        ),
    )


def _outcome(facts: Facts, reader: Reader) -> tuple[Safe | None, ...]:
    """Return what a settled question did to the money."""
    speaker = reader.speaker
    if facts.word("event") not in _VERDICTS:
        return ()
    if not facts.maybe_whole("credit_paise"):
        held = facts.whole("held_paise") > 0
        return (speaker.text("It counts again from now on.") if held else None,)
    note = facts.maybe_word("credit_note")
    given = reader.money(facts, "credit_paise")
    said = speaker.text("{amount} given back", amount=given)
    if note is not None:
        said = speaker.text("{amount} given back on {number}", amount=given, number=note)
    balance = speaker.text(
        "Balance {before} → <b>{after}</b>",
        before=reader.money(facts, "before_paise"),
        after=reader.money(facts, "after_paise"),
    )
    return said, balance


def _limit(facts: Facts, reader: Reader) -> Safe | None:
    """Return until when staff answer or decide, for those who do."""
    speaker, event = reader.speaker, facts.word("event")
    if event == StepKind.OPENED.value:
        day = speaker.day_and_time(facts.instant("answer_by"))
        return speaker.text("Answer by {day}.", day=day)
    if event.startswith("late_"):
        day = speaker.day_and_time(facts.instant("decide_by"))
        return speaker.text("Decide by {day}.", day=day)
    return None
