"""Setting the rules of a place and the terms of a lease, one at a time, confirmed once."""

import re
from dataclasses import replace
from datetime import time, timedelta

from bot.domain.money import decimal_from_text, paise_from_rupees
from bot.domain.people import Permission
from bot.domain.period import close_of
from bot.domain.protection import ProtectedHours
from bot.domain.rule import Rule, Value
from bot.services.rule_edit import (
    LONGEST_DUE,
    LONGEST_GRACE,
    LONGEST_KEPT,
    SHORTEST_KEPT,
    DueOutOfRange,
    GraceOutOfRange,
    HolidaySetting,
    KeptOutOfRange,
    PlaceEdit,
    Setting,
)
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.rule_press import (
    CODES,
    Subject,
    edit_of,
    hours_of,
    rule_of,
    subject_of,
    window_word,
)
from bot.telegram.screens.rule_question import (
    Asked,
    asked_of_lease,
    asked_of_place,
    question_screen,
    weekdays_screen,
)
from bot.telegram.screens.rule_summary import holidays_summary, lease_summary, place_summary
from bot.telegram.screens.rules import (
    no_places_screen,
    places_screen,
    settings_screen,
    terms_screen,
)
from bot.telegram.staff.typed_day import parse_day
from bot.telegram.staff.typed_days import parse_days
from bot.telegram.staff.typed_hours import parse_hours, parse_weekdays
from bot.telegram.staff.typed_reminders import parse_reminders
from bot.telegram.staff.typed_window import parse_window

ASKING = "rule.value"
_TAPPED_ONLY = frozenset({Rule.CHECK_INTERVAL, Rule.PROTECTED})


async def settings(context: Context) -> Screen:
    """This function will show the rules of a place, or ask of which."""
    await context.services.dialogs.end(person_id=context.person.id)
    if context.press is not None and context.press.arguments:
        return await _card(context, Subject(place_id=context.press.integer(0)))
    places = await context.services.rooms.places(
        actor=context.actor, permission=Permission.SET_RULES
    )
    if not places:
        return no_places_screen(context.speaker)
    if len(places) > 1:
        return places_screen(places, context.speaker)
    return await _card(context, Subject(place_id=places[0].id))


async def terms(context: Context) -> Screen:
    """This function will show the terms of a lease."""
    await context.services.dialogs.end(person_id=context.person.id)
    return await _card(context, Subject(lease_id=context.tap.integer(0)))


async def ask(context: Context) -> Screen:
    """This function will ask what a rule shall be."""
    subject, rule = _named(context)
    asked = await _asked(context, subject, rule)
    if rule in _TAPPED_ONLY:
        await context.services.dialogs.end(person_id=context.person.id)
    else:
        await _await_text(context, asked)
    return question_screen(asked, context.speaker_in(asked.place.zone))


async def value(context: Context) -> Screen:
    """This function will take an answer that was tapped, and ask for confirmation."""
    (subject, rule), word = _named(context), context.tap.text(2)
    asked = await _asked(context, subject, rule)
    if rule is Rule.PROTECTED_HOURS and len(word) > 1:
        start, end, weekdays = hours_of(word)
        if weekdays is None:
            return await _ask_weekdays(context, asked, start, end)
    return await _summary(context, asked, edit_of(subject, rule, word))


async def typed(context: Context) -> Screen:
    """This function will take an answer that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    subject = subject_of(str(facts["subject"]))
    rule = rule_of(subject, str(facts["rule"]))
    asked = await _asked(context, subject, rule)
    text = context.request.text
    if rule is Rule.HOLIDAYS:
        days = parse_days(text, today_on=asked.today_on)
        return await _summary(context, asked, HolidaySetting(days=days, are_holidays=True))
    if rule is Rule.PROTECTED_HOURS:
        return await _typed_hours(context, asked, str(facts.get("hours", "")))
    said = _typed_value(asked, text)
    return await _summary(context, asked, Setting(rule=rule, value=said))


async def confirm(context: Context) -> Screen:
    """This function will set what was confirmed, and show what holds now."""
    tap, rules = context.tap, context.services.rules
    subject, rule = _named(context)
    seen = tap.text(3) if len(tap.arguments) > 3 else None
    edit = edit_of(subject, rule, tap.text(2), seen)
    if tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    if subject.place_id is not None:
        await rules.set_place(cause=context.cause, place_id=subject.place_id, edit=edit)
    elif isinstance(edit, Setting):
        await rules.set_lease(cause=context.cause, lease_id=subject.lease_id or 0, edit=edit)
    await context.services.dialogs.end(person_id=context.person.id)
    card = await _card(context, subject)
    return replace(card, toast=context.speaker.plain.text("Set."))


async def _card(context: Context, subject: Subject) -> Screen:
    services, actor = context.services, context.actor
    if subject.place_id is not None:
        rules = await services.rules.place(actor=actor, place_id=subject.place_id)
        return settings_screen(rules, context.speaker_in(rules.place.zone))
    shown = await services.rules.lease(actor=actor, lease_id=subject.lease_id or 0)
    return terms_screen(shown, context.speaker_in(shown.book.place.zone))


async def _asked(context: Context, subject: Subject, rule: Rule) -> Asked:
    rules, actor = context.services.rules, context.actor
    if subject.place_id is not None:
        place = await rules.place(actor=actor, place_id=subject.place_id)
        return asked_of_place(place, rule, context.speaker_in(place.place.zone))
    lease = await rules.lease(actor=actor, lease_id=subject.lease_id or 0)
    return asked_of_lease(lease, rule, context.speaker_in(lease.book.place.zone))


async def _summary(context: Context, asked: Asked, edit: PlaceEdit) -> Screen:
    """A refusal leaves the question open, so that another answer can be typed."""
    screen = await _summed_up(context, asked, edit)
    await context.services.dialogs.end(person_id=context.person.id)
    return screen


async def _summed_up(context: Context, asked: Asked, edit: PlaceEdit) -> Screen:
    rules, actor, subject = context.services.rules, context.actor, asked.subject
    speaker, nonce = context.speaker_in(asked.place.zone), context.nonce
    if subject.place_id is not None:
        of_place = await rules.preview_place(actor=actor, place_id=subject.place_id, edit=edit)
        if isinstance(edit, HolidaySetting):
            return holidays_summary(of_place, edit, asked, speaker, nonce=nonce)
        return place_summary(of_place, asked, edit.value, speaker, nonce=nonce)
    if isinstance(edit, HolidaySetting):
        raise ButtonUnknown(context.request.data)
    of_lease = await rules.preview_lease(actor=actor, lease_id=subject.lease_id or 0, edit=edit)
    return lease_summary(of_lease, asked, edit.value, speaker, nonce=nonce)


async def _ask_weekdays(context: Context, asked: Asked, start: time, end: time) -> Screen:
    await _await_text(context, asked, hours=window_word(start, end))
    return weekdays_screen(asked, start, end, context.speaker_in(asked.place.zone))


async def _typed_hours(context: Context, asked: Asked, known: str) -> Screen:
    """Hours come with their weekdays, or weekdays for the hours that were said before."""
    text = context.request.text
    if known:
        start, end, _ = hours_of(known)
        weekdays: frozenset[int] | None = parse_weekdays(text)
    else:
        hours = parse_hours(text)
        start, end, weekdays = hours.start, hours.end, hours.weekdays
    if weekdays is None:
        return await _ask_weekdays(context, asked, start, end)
    window = ProtectedHours(start=start, end=end, weekdays=weekdays)
    return await _summary(context, asked, Setting(rule=asked.rule, value=(window,)))


async def _await_text(context: Context, asked: Asked, **more: str) -> None:
    facts = {"subject": asked.subject.word, "rule": CODES[asked.rule], **more}
    await context.services.dialogs.go_to(person_id=context.person.id, step=ASKING, facts=facts)


def _typed_value(asked: Asked, text: str) -> Value:
    if asked.rule is Rule.READING_WINDOW:
        return (parse_window(text),)
    if asked.rule is Rule.REMINDER_DAYS:
        return (parse_reminders(text),)
    if asked.rule.is_amount:
        return paise_from_rupees(decimal_from_text(text))
    if asked.subject.place_id is None:
        return close_of(parse_day(text, today_on=asked.today_on), asked.place.zone)
    days = re.match(r"\s*(\d{1,4})\b", text)
    if days is None and asked.rule is Rule.PHOTOS_KEPT:
        raise KeptOutOfRange(SHORTEST_KEPT.days, LONGEST_KEPT.days)
    if days is None and asked.rule is Rule.DUE_DAYS:
        raise DueOutOfRange(LONGEST_DUE.days)
    if days is None:
        raise GraceOutOfRange(LONGEST_GRACE.days)
    return timedelta(days=int(days[1]))


def _named(context: Context) -> tuple[Subject, Rule]:
    """Return whose rule a button names, and which. Raises ButtonUnknown."""
    subject = subject_of(context.tap.text(0))
    return subject, rule_of(subject, context.tap.text(1))
