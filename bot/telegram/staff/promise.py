"""Deciding whether power stays for somebody who will pay later."""

from bot.domain.period import local_date
from bot.services.promise_word import PromiseView
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.promise import (
    promise_accept_screen,
    promise_other_screen,
    promise_refuse_screen,
    promise_screen,
)

CONFIRMING = "promise.decide"


async def view(context: Context) -> Screen:
    """This function will show a promise."""
    await context.services.dialogs.end(person_id=context.person.id)
    return _card(context, await _view(context))


async def other(context: Context) -> Screen:
    """This function will ask until which day instead."""
    found = await _view(context)
    zone = found.book.place.zone
    now = context.services.promises.now()
    return promise_other_screen(found, local_date(now, zone), context.speaker_in(zone))


async def accept(context: Context) -> Screen:
    """This function will ask whether power stays until a day is over."""
    found = await _view(context)
    nonce = await _ask(context)
    speaker = context.speaker_in(found.book.place.zone)
    return promise_accept_screen(found, context.tap.day(1), speaker, nonce=nonce)


async def grant(context: Context) -> Screen:
    """This function will keep the power, and show how the promise stands."""
    tap = context.tap
    await context.services.dialogs.answered(cause=context.cause)
    found = await context.services.promises.accept(
        cause=context.cause, promise_id=tap.integer(0), pay_on=tap.day(1)
    )
    await context.services.dialogs.end(person_id=context.person.id)
    return _card(context, found)


async def refuse(context: Context) -> Screen:
    """This function will ask whether the promise is refused."""
    found = await _view(context)
    nonce = await _ask(context)
    return promise_refuse_screen(found, context.speaker_in(found.book.place.zone), nonce=nonce)


async def deny(context: Context) -> Screen:
    """This function will refuse the promise, and show how it stands."""
    await context.services.dialogs.answered(cause=context.cause)
    found = await context.services.promises.refuse(
        cause=context.cause, promise_id=context.tap.integer(0)
    )
    await context.services.dialogs.end(person_id=context.person.id)
    return _card(context, found)


async def _view(context: Context) -> PromiseView:
    return await context.services.promises.view(
        actor=context.actor, promise_id=context.tap.integer(0)
    )


def _card(context: Context, found: PromiseView) -> Screen:
    return promise_screen(found, context.actor, context.speaker_in(found.book.place.zone))


async def _ask(context: Context) -> str:
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={}
    )
    return nonce
