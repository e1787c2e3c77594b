"""A tenant says when they will pay."""

from bot.telegram.callbacks import Action
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.promise import (
    promise_confirm_screen,
    promise_days_screen,
    promise_sent_screen,
)
from bot.telegram.tenant.choice import lease_or_choice

CONFIRMING = "promise.confirm"


async def promise(context: Context) -> Screen:
    """This function will ask on which day, or with a day for the confirmation."""
    lease = await lease_or_choice(context, Action.PROMISE)
    if isinstance(lease, Screen):
        return lease
    offer = await context.services.promises.offer(actor=context.actor, lease_id=lease)
    speaker = context.speaker_in(offer.book.place.zone)
    if len(context.tap.arguments) == 1:
        await context.services.dialogs.end(person_id=context.person.id)
        return promise_days_screen(offer, speaker)
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={"lease_id": lease}
    )
    return promise_confirm_screen(offer.book, context.tap.day(1), speaker, nonce=nonce)


async def confirm(context: Context) -> Screen:
    """This function will send the promise to the staff."""
    tap = context.tap
    await context.services.dialogs.answered(cause=context.cause)
    made = await context.services.promises.ask(
        cause=context.cause, lease_id=tap.integer(0), pay_on=tap.day(1)
    )
    await context.services.dialogs.end(person_id=context.person.id)
    return promise_sent_screen(made, context.speaker)
