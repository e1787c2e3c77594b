"""A month of a place, its accounts, who owes what, and closing it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

from bot.services.use_record import UseReport
from bot.telegram.callbacks import Action, ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.books import END, MONTH, YEAR, books_screen, close_screen, dues_screen
from bot.telegram.screens.export import EVER
from bot.telegram.screens.report import month_screen, report_places_screen
from bot.telegram.screens.rules import no_places_screen
from bot.telegram.screens.uses import losses_screen, use_screen

CLOSING = "books.close"
YEARS = range(2000, 2200)

Opened = Callable[[Context, int, date | None], Awaitable[Screen]]
"""What a place, and perhaps a month, is chosen for."""


async def report(context: Context) -> Screen:
    """This function will show a month of a place, or ask of which place."""
    return await opening(context, Action.REPORT, _card)


async def opening(context: Context, action: Action, opened: Opened) -> Screen:
    """This function will show what is `opened` of a place and, if a button names one, a month.

    Without a button it asks of which place, if there are several.
    """
    await context.services.dialogs.end(person_id=context.person.id)
    tap = context.press
    if tap is not None and tap.arguments:
        month_on = None
        if len(tap.arguments) > 1 and tap.integer(1) != EVER:
            month_on = month_of(context, 1)
        return await opened(context, tap.integer(0), month_on)
    places = await context.services.accounts.places(actor=context.actor)
    if not places:
        return no_places_screen(context.speaker)
    if len(places) > 1:
        return report_places_screen(places, action, context.speaker)
    return await opened(context, places[0].id, None)


async def dues(context: Context) -> Screen:
    """This function will show who owes what."""
    found = await context.services.accounts.dues(
        actor=context.actor, place_id=context.tap.integer(0)
    )
    return dues_screen(found, month_of(context, 1), context.speaker_in(found.place.zone))


async def books(context: Context) -> Screen:
    """This function will show the accounts."""
    tap = context.tap
    view = tap.text(2)
    if view not in {MONTH, YEAR, END}:
        raise ButtonUnknown(context.request.data)
    found = await context.services.accounts.books(
        actor=context.actor,
        place_id=tap.integer(0),
        month_on=month_of(context, 1),
        is_year=view == YEAR,
    )
    return books_screen(found, view, context.speaker_in(found.month.place.zone))


async def consumption(context: Context) -> Screen:
    """This function will show what was used, and whose it was."""
    found = await _uses(context)
    return use_screen(found, context.speaker_in(found.place.zone))


async def losses(context: Context) -> Screen:
    """This function will show what main meters counted beyond their sub-meters."""
    found = await _uses(context)
    return losses_screen(found, context.speaker_in(found.place.zone))


async def _uses(context: Context) -> UseReport:
    return await context.services.uses.month(
        actor=context.actor, place_id=context.tap.integer(0), month_on=month_of(context, 1)
    )


async def ask_close(context: Context) -> Screen:
    """This function will tell what closing a month does, and ask."""
    month_on, nonce = month_of(context, 1), context.nonce
    preview = await context.services.period_closes.preview(
        actor=context.actor, place_id=context.tap.integer(0), month_on=month_on
    )
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CLOSING, nonce=nonce, facts={}
    )
    return close_screen(preview, month_on, context.speaker_in(preview.place.zone), nonce=nonce)


async def close(context: Context) -> Screen:
    """This function will close a month, and show it."""
    tap, month_on = context.tap, month_of(context, 1)
    await context.services.dialogs.answered(cause=context.cause)
    await context.services.period_closes.close(
        cause=context.cause, place_id=tap.integer(0), month_on=month_on
    )
    await context.services.dialogs.end(person_id=context.person.id)
    card = await _card(context, tap.integer(0), month_on)
    return replace(card, toast=context.speaker.plain.text("Closed."))


def month_of(context: Context, index: int) -> date:
    """Return the month that a button names. Raises ButtonUnknown."""
    year, month = divmod(context.tap.integer(index), 100)
    if year not in YEARS or not 1 <= month <= 12:
        raise ButtonUnknown(context.request.data)
    return date(year, month, 1)


async def _card(context: Context, place_id: int, month_on: date | None) -> Screen:
    found = await context.services.accounts.month(
        actor=context.actor, place_id=place_id, month_on=month_on
    )
    return month_screen(found, context.speaker_in(found.month.place.zone))
