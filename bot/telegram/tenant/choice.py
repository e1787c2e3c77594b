"""Which of several leases a command or a button is about."""

from bot.telegram.callbacks import Action
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.home import chooser_screen


async def lease_or_choice(context: Context, action: Action, *said: int) -> int | Screen:
    """This function will return the lease that is meant, or the card that asks for it.

    What was said besides is kept by the buttons of the card.
    """
    if context.press is not None and context.press.arguments:
        return context.press.integer(0)
    lease_ids = context.actor.lease_ids
    if len(lease_ids) == 1:
        return next(iter(lease_ids))
    books = await context.services.reports.leases(actor=context.actor)
    if len(books) == 1:
        return books[0].lease.id
    return chooser_screen(books, context.speaker, *said, action=action)
