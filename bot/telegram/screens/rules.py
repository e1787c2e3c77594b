"""The rules of a place, and the terms of a lease, at a glance."""

from collections.abc import Sequence
from datetime import date

from bot.domain.lease import BillingMode
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.rule import Rule, Value, lease_value, place_value
from bot.i18n import Safe, Speaker
from bot.services.book import LeaseBook
from bot.services.rules import OF_BILLS, LeaseTerms, PlaceRules
from bot.services.terms_notice import effective
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label
from bot.telegram.screens.rule_press import (
    OF_PLACE,
    OF_POSTPAID,
    OF_PREPAID,
    Subject,
    rule_press,
)
from bot.telegram.screens.rule_text import name_text, value_text


def places_screen(places: Sequence[Place], speaker: Speaker) -> Screen:
    """Return the choice of a place."""
    return Screen(
        html=speaker.text("<b>Settings</b>\n\nThe rules of which building?"),
        buttons=(
            *rows_of(
                *(
                    Button(label=place.name, press=press(Action.SETTINGS, place.id))
                    for place in places
                )
            ),
            (home_button(speaker),),
        ),
    )


def no_places_screen(speaker: Speaker) -> Screen:
    """Return that there is nothing to set yet, and how that changes."""
    said = speaker.text("There is no building yet. Send a CSV file to bring one in.")
    return Screen(html=said, buttons=((home_button(speaker),),))


def settings_screen(rules: PlaceRules, speaker: Speaker) -> Screen:
    """Return what holds in a place, and the way to change each rule."""
    place, today_on = rules.place, local_date(rules.now, rules.place.zone)
    let = speaker.plural("{n} room is let", "{n} rooms are let", rules.leases)
    shown = [rule for rule in OF_PLACE if rule not in OF_BILLS or rules.has_postpaid]
    return Screen(
        html=blocks(
            [bold(place.name), let],
            [
                _line(rule, _coming(rules, rule), place.currency, speaker, today_on=today_on)
                for rule in shown
            ],
            [speaker.text("A room may have terms of its own: its card, More …, Terms.")],
        ),
        buttons=(
            *rows_of(
                *_rule_buttons(Subject(place_id=place.id), shown, speaker),
                Button(
                    label=speaker.plain.text("Rename …"),
                    press=press(Action.PLACE_RENAME, place.id),
                ),
            ),
            (home_button(speaker),),
        ),
    )


def terms_screen(terms: LeaseTerms, speaker: Speaker) -> Screen:
    """Return what holds for a lease, which of it is its own, and the way to change it."""
    book, today_on = terms.book, local_date(terms.now, terms.book.place.zone)
    shown = OF_PREPAID if book.lease.mode is BillingMode.PREPAID else OF_POSTPAID
    subject = Subject(lease_id=book.lease.id)
    back = Button(label=speaker.plain.text("‹ Back"), press=press(Action.ROOM_MORE, book.room.id))
    who = line(bold(room_label(book.room.name)), book.lease.tenant_name)
    return Screen(
        html=blocks(
            [who, book.place.name],
            [_term_line(book, rule, speaker, today_on=today_on) for rule in shown],
            [speaker.text("What is marked • is this room's own.")] if has_own(book) else [],
        ),
        buttons=(*rows_of(*_rule_buttons(subject, shown, speaker)), (back,)),
    )


def has_own(book: LeaseBook) -> bool:
    """Return whether a lease does not follow its place in all that it could."""
    lease = book.lease
    of_its_own = (
        lease.cut_off_paise,
        lease.low_balance_paise,
        lease.emergency_credit_paise,
        lease.protected_hours,
    )
    return any(value is not None for value in of_its_own)


def follows(rule: Rule) -> bool:
    """Return whether a lease can take a rule from its place."""
    return rule.is_amount or rule is Rule.PROTECTED_HOURS


def _coming(rules: PlaceRules, rule: Rule) -> Value:
    if rule is Rule.HOLIDAYS:
        return frozenset(rules.coming_holidays)
    return place_value(rules.place, rule)


def _term_line(book: LeaseBook, rule: Rule, speaker: Speaker, *, today_on: date) -> Safe:
    said = _line(rule, effective(book, rule), book.place.currency, speaker, today_on=today_on)
    is_own = follows(rule) and lease_value(book.lease, rule) is not None
    return line(said, "•" if is_own else None, between=" ")


def _line(rule: Rule, value: Value, currency: str, speaker: Speaker, *, today_on: date) -> Safe:
    said = bold(value_text(rule, value, currency, speaker, today_on=today_on))
    return line(name_text(rule, speaker), said, between="  ")


def _rule_buttons(subject: Subject, rules: Sequence[Rule], speaker: Speaker) -> list[Button]:
    return [
        Button(label=name_text(rule, speaker.plain), press=rule_press(subject, rule))
        for rule in rules
    ]
