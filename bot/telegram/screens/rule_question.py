"""The question what a rule shall be, with the usual answers to tap."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.lease import CheckInterval
from bot.domain.period import close_of, local_date
from bot.domain.place import Place
from bot.domain.protection import ProtectedHours
from bot.domain.reading_window import ReadingWindow
from bot.domain.reminder_days import ReminderDays
from bot.domain.rule import Rule, Value, lease_value, place_value
from bot.i18n import N_, Safe, Speaker
from bot.services.rule_edit import MOST_DAYS_AT_ONCE
from bot.services.rules import LeaseTerms, PlaceRules
from bot.services.terms_notice import effective
from bot.telegram.callbacks import Press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label
from bot.telegram.screens.rule_hints import ASKED, HINTS
from bot.telegram.screens.rule_press import (
    FOLLOWS,
    Subject,
    days_word,
    rule_press,
    value_press,
    window_word,
    word_of,
)
from bot.telegram.screens.rule_text import (
    name_text,
    span_text,
    spans_of,
    value_text,
    weekdays_text,
    window_text,
)
from bot.telegram.screens.rules import follows

AMOUNTS_PAISE: Mapping[Rule, tuple[int, ...]] = {
    Rule.CUT_OFF: (10_000, 20_000, 5_000, 0),
    Rule.LOW_BALANCE: (50_000, 30_000, 100_000, 20_000),
    Rule.EMERGENCY_CREDIT: (10_000, 20_000, 50_000, 0),
}
WINDOWS = ((time(18), time(8)), (time(20), time(8)), (time(22), time(6)))
WEEKDAYS = (frozenset(range(7)), frozenset(range(5)), frozenset({5, 6}))
GRACE_DAYS = (3, 7)
KEPT_DAYS = (90, 180, 400, 730)
DUE_DAYS = (7, 10, 15, 21)
REMINDERS = ((-3, 0, 3, 7), (-1, 1, 5), (0, 7))
READING_DAYS = ((25, 28), (28, 31), (1, 5))
MOST_SPANS = 8
SPANS_DAYS: Mapping[Rule, tuple[int, ...]] = {
    Rule.PHOTOS_KEPT: KEPT_DAYS,
    Rule.DUE_DAYS: DUE_DAYS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A rule that is being set: whose, and what it is now."""

    subject: Subject
    rule: Rule
    title: Safe
    place: Place
    now: datetime
    is_now: Value
    own: bool = True
    coming: tuple[date, ...] = ()

    @property
    def today_on(self) -> date:
        """The day in the place."""
        return local_date(self.now, self.place.zone)


def asked_of_place(rules: PlaceRules, rule: Rule, speaker: Speaker) -> Asked:
    """Return what is asked about a place's rule."""
    return Asked(
        subject=Subject(place_id=rules.place.id),
        rule=rule,
        title=line(bold(name_text(rule, speaker)), rules.place.name),
        place=rules.place,
        now=rules.now,
        is_now=place_value(rules.place, rule),
        coming=rules.coming_holidays,
    )


def asked_of_lease(terms: LeaseTerms, rule: Rule, speaker: Speaker) -> Asked:
    """Return what is asked about a lease's term."""
    book = terms.book
    who = line(room_label(book.room.name), book.lease.tenant_name)
    return Asked(
        subject=Subject(lease_id=book.lease.id),
        rule=rule,
        title=line(bold(name_text(rule, speaker)), who),
        place=book.place,
        now=terms.now,
        is_now=effective(book, rule),
        own=not follows(rule) or lease_value(book.lease, rule) is not None,
    )


def question_screen(asked: Asked, speaker: Speaker) -> Screen:
    """Return the question what a rule shall be, with the usual answers to tap."""
    hint = HINTS[asked.rule]
    if asked.rule is Rule.GRACE and asked.subject.place_id is not None:
        hint = N_("So long after a bill is due power stays on.")
    return Screen(
        html=blocks(
            [asked.title, _now_is(asked, speaker)],
            [speaker.text(hint)],
            [speaker.text(_ask(asked))],
        ),
        buttons=(*rows_of(*_answers(asked, speaker)), (_cancel(asked.subject, speaker),)),
    )


def weekdays_screen(asked: Asked, start: time, end: time, speaker: Speaker) -> Screen:
    """Return the question on which days of the week a window begins."""
    subject = asked.subject
    return Screen(
        html=blocks(
            [asked.title, bold(window_text(start, end))],
            [speaker.text("<b>On which days?</b> Tap or type them, for example Mon–Fri.")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=_begun(weekdays_text(days, speaker.plain)),
                        press=_to(asked, (ProtectedHours(start=start, end=end, weekdays=days),)),
                    )
                    for days in WEEKDAYS
                )
            ),
            ways_back(rule_press(subject, asked.rule), subject, speaker),
        ),
    )


def _now_is(asked: Asked, speaker: Speaker) -> Safe:
    value = frozenset(asked.coming) if asked.rule is Rule.HOLIDAYS else asked.is_now
    said = bold(said_of(asked, value, speaker))
    if not asked.own:
        return speaker.text("Now {value}, as the building", value=said)
    return speaker.text("Now {value}", value=said)


def said_of(asked: Asked, value: Value, speaker: Speaker) -> Safe:
    """Return a value of the rule that is asked about."""
    return value_text(asked.rule, value, asked.place.currency, speaker, today_on=asked.today_on)


def _ask(asked: Asked) -> str:
    if asked.rule is Rule.GRACE and asked.subject.place_id is not None:
        return N_("<b>How many days?</b> Tap or type them, for example 5.")
    return ASKED[asked.rule]


def _answers(asked: Asked, speaker: Speaker) -> Iterator[Button]:
    """Yield the usual answers; what it is already is none, and to follow again is the last."""
    of_place: tuple[Value, ...] = ()
    if asked.subject.lease_id is not None and follows(asked.rule) and asked.own:
        of_place = (place_value(asked.place, asked.rule),)
    for value, button in _usual(asked, speaker):
        sets_none = value == () and not asked.own
        if (value != asked.is_now or sets_none) and value not in of_place:
            yield button
    for value in of_place:
        said = said_of(asked, value, speaker.plain)
        yield Button(
            label=speaker.plain.text("As the building: {value}", value=said),
            press=value_press(asked.subject, asked.rule, FOLLOWS),
        )


def _usual(asked: Asked, speaker: Speaker) -> Iterator[tuple[Value, Button]]:
    if asked.rule.is_amount:
        for paise in AMOUNTS_PAISE[asked.rule]:
            yield paise, _answer(asked, paise, speaker)
    elif asked.rule is Rule.CHECK_INTERVAL:
        for interval in CheckInterval:
            yield interval, _answer(asked, interval, speaker)
    elif asked.rule is Rule.PROTECTED:
        wish = not asked.is_now
        label = N_("Protect") if wish else N_("Protect no more")
        yield wish, Button(label=speaker.plain.text(label), press=_to(asked, wish))
    elif asked.rule is Rule.PROTECTED_HOURS:
        yield from _usual_windows(asked, speaker)
    elif asked.rule is Rule.GRACE:
        yield from _usual_graces(asked, speaker)
    elif asked.rule is Rule.READING_WINDOW:
        yield from _usual_days(asked, speaker)
    elif asked.rule in SPANS_DAYS:
        for span in (timedelta(days=days) for days in SPANS_DAYS[asked.rule]):
            yield span, _answer(asked, span, speaker)
    elif asked.rule is Rule.REMINDER_DAYS:
        yield from _usual_reminders(asked, speaker)
    else:
        yield from _holidays_to_drop(asked, speaker)


def _usual_windows(asked: Asked, speaker: Speaker) -> Iterator[tuple[Value, Button]]:
    for start, end in WINDOWS:
        to_days = value_press(asked.subject, asked.rule, window_word(start, end))
        yield None, Button(label=window_text(start, end), press=to_days)
    yield (), Button(label=speaker.plain.text("No hours"), press=_to(asked, ()))


def _usual_days(asked: Asked, speaker: Speaker) -> Iterator[tuple[Value, Button]]:
    for first_day, last_day in READING_DAYS:
        value = (ReadingWindow(first_day=first_day, last_day=last_day),)
        yield value, _answer(asked, value, speaker)
    yield (), Button(label=speaker.plain.text("No days"), press=_to(asked, ()))


def _usual_reminders(asked: Asked, speaker: Speaker) -> Iterator[tuple[Value, Button]]:
    for days in REMINDERS:
        value = (ReminderDays(days=days),)
        yield value, _answer(asked, value, speaker)
    yield (), Button(label=speaker.plain.text("No reminders"), press=_to(asked, ()))


def _usual_graces(asked: Asked, speaker: Speaker) -> Iterator[tuple[Value, Button]]:
    of_place = asked.subject.place_id is not None
    for days in GRACE_DAYS:
        ends_at = close_of(asked.today_on + timedelta(days=days), asked.place.zone)
        value = timedelta(days=days) if of_place else ends_at
        yield value, _answer(asked, value, speaker)
    nothing = timedelta(0) if of_place else None
    yield nothing, Button(label=speaker.plain.text("No grace"), press=_to(asked, nothing))


def _holidays_to_drop(asked: Asked, speaker: Speaker) -> Iterator[tuple[Value, Button]]:
    for first_on, last_on in spans_of(asked.coming)[:MOST_SPANS]:
        days = [on for on in asked.coming if first_on <= on <= last_on][:MOST_DAYS_AT_ONCE]
        word = days_word(days, are_holidays=False)
        said = span_text((first_on, last_on), speaker, today_on=asked.today_on)
        yield None, Button(label=f"✕ {said}", press=value_press(asked.subject, asked.rule, word))


def _answer(asked: Asked, value: Value, speaker: Speaker) -> Button:
    return Button(label=_begun(said_of(asked, value, speaker.plain)), press=_to(asked, value))


def _to(asked: Asked, value: Value) -> Press:
    return value_press(asked.subject, asked.rule, word_of(value))


def _begun(text: str) -> str:
    """Return a text as a label begins."""
    return text[:1].upper() + text[1:]


def ways_back(back: Press, subject: Subject, speaker: Speaker) -> tuple[Button, ...]:
    """Return the way one step back, and the way out."""
    return Button(label=speaker.plain.text("‹ Back"), press=back), _cancel(subject, speaker)


def _cancel(subject: Subject, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=subject.card)
