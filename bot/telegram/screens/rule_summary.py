"""What setting a rule does, before it is confirmed."""

from collections.abc import Iterator

from bot.domain.rule import Rule, Value, lease_value
from bot.i18n import Safe, Speaker
from bot.services.revision import Consequences
from bot.services.rule_edit import HolidaySetting
from bot.services.rules import LeaseRevision, PlaceRevision
from bot.services.terms_notice import effective
from bot.telegram.callbacks import Press
from bot.telegram.screen import Button, Screen
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label
from bot.telegram.screens.rule_press import confirm_press, days_word, rule_press, word_of
from bot.telegram.screens.rule_question import Asked, said_of, ways_back
from bot.telegram.screens.rules import follows

MOST_ROOMS = 8


def place_summary(
    revision: PlaceRevision, asked: Asked, value: Value, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return what would be set for a place, for whom it holds, and what it does at once."""
    seen = (asked.is_now,)
    following = revision.leases - revision.own
    who = [speaker.plural("Holds for {n} room.", "Holds for {n} rooms.", following)]
    if asked.rule in {Rule.READING_WINDOW, Rule.PHOTOS_KEPT}:
        who = []
    elif revision.own and not following:
        who = [speaker.text("Nothing changes now: every room has its own.")]
    elif revision.own:
        who.append(
            speaker.plural("{n} room keeps its own.", "{n} rooms keep their own.", revision.own)
        )
    return _summary(
        asked,
        _from_to(asked, value, speaker),
        [line(*who, between=" ")] if who else [],
        revision.effects,
        confirm_press(asked.subject, asked.rule, word_of(value), seen, nonce=nonce),
        speaker,
    )


def holidays_summary(
    revision: PlaceRevision, edit: HolidaySetting, asked: Asked, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return which days would be holidays, or none any more."""
    days = said_of(asked, edit.days, speaker)
    said = speaker.text("New: <b>{days}</b>", days=days)
    if not edit.are_holidays:
        said = speaker.text("No holiday any more: <b>{days}</b>", days=days)
    word = days_word(edit.days, are_holidays=edit.are_holidays)
    return _summary(
        asked,
        said,
        [speaker.plural("Holds for {n} room.", "Holds for {n} rooms.", revision.leases)],
        revision.effects,
        confirm_press(asked.subject, asked.rule, word, (), nonce=nonce),
        speaker,
    )


def lease_summary(
    revision: LeaseRevision, asked: Asked, value: Value, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return what would be set for a lease, and what it does at once."""
    rule, after = asked.rule, revision.after
    said = _from_to(asked, effective(after, rule), speaker)
    notes = []
    if follows(rule) and lease_value(after.lease, rule) is None:
        notes.append(speaker.text("It follows the building from now on."))
    raised = after.terms.low_balance_paise > revision.before.terms.low_balance_paise
    if rule is Rule.CUT_OFF and raised:
        low = speaker.money(after.terms.low_balance_paise, asked.place.currency)
        notes.append(speaker.text("The low balance goes up with it to {amount}.", amount=low))
    seen = (lease_value(revision.before.lease, rule),)
    confirm = confirm_press(asked.subject, rule, word_of(value), seen, nonce=nonce)
    return _summary(asked, said, notes, revision.effects, confirm, speaker)


def _summary(
    asked: Asked,
    said: Safe,
    notes: list[Safe],
    effects: Consequences,
    confirm: Press,
    speaker: Speaker,
) -> Screen:
    set_it = Button(label=speaker.plain.text("Set it"), press=confirm)
    back = rule_press(asked.subject, asked.rule)
    return Screen(
        html=blocks([asked.title, said], notes, list(_effects(asked, effects, speaker))),
        buttons=((set_it,), ways_back(back, asked.subject, speaker)),
    )


def _effects(asked: Asked, effects: Consequences, speaker: Speaker) -> Iterator[Safe]:
    if asked.subject.place_id is None:
        yield from _effects_on_one(effects, speaker)
        return
    if effects.cut:
        yield speaker.text("🔴 Power goes off: {rooms}", rooms=_rooms(effects.cut, speaker))
    if effects.lit:
        yield speaker.text("🟢 Power comes back: {rooms}", rooms=_rooms(effects.lit, speaker))
    if effects.warned:
        yield speaker.plural(
            "🟡 {n} tenant is warned of a low balance.",
            "🟡 {n} tenants are warned of a low balance.",
            effects.warned,
        )
    if asked.rule is Rule.READING_WINDOW:
        yield speaker.text("It holds for the meters that people read.")
    elif asked.rule is Rule.PHOTOS_KEPT:
        yield speaker.text("Photos that are older are deleted within a day, for good.")
    elif asked.rule is Rule.DUE_DAYS:
        yield speaker.text("It holds for the bills to come.")
    elif not (effects.cut or effects.lit) and asked.rule is not Rule.REMINDER_DAYS:
        yield speaker.text("Power stays as it is everywhere.")


def _effects_on_one(effects: Consequences, speaker: Speaker) -> Iterator[Safe]:
    if effects.cut:
        yield speaker.text("🔴 Power will be switched off.")
    elif effects.lit:
        yield speaker.text("⏳ Power will be switched on again.")
    else:
        yield speaker.text("Power stays as it is.")
    if effects.warned:
        yield speaker.text("🟡 The tenant is warned of a low balance.")


def _rooms(names: tuple[str, ...], speaker: Speaker) -> Safe:
    rest = len(names) - MOST_ROOMS
    more = speaker.text("{n} more", n=speaker.count(rest)) if rest > 0 else None
    return line(*(room_label(name) for name in names[:MOST_ROOMS]), more, between=", ")


def _from_to(asked: Asked, value: Value, speaker: Speaker) -> Safe:
    before, after = (said_of(asked, each, speaker) for each in (asked.is_now, value))
    return line(before, bold(after), between=" → ")
