"""An entry of a tenant's statement, which staff can take back if they booked it by hand."""

from dataclasses import replace

from bot.domain.people import Permission
from bot.services.payment import is_reversible
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.reversal import reverse_button
from bot.telegram.tenant import statement


async def entry(context: Context) -> Screen:
    """This function will open an entry, with the way to take it back."""
    screen = await statement.entry(context)
    opened = await context.services.reports.entry(
        actor=context.actor, entry_id=context.tap.integer(0)
    )
    may = context.actor.may(Permission.TAKE_PAYMENT, opened.book.place.id)
    by_hand = is_reversible(opened.entry)
    if not (may and by_hand) or opened.reversed_by is not None:
        return screen
    button = reverse_button(opened.entry, context.speaker)
    return replace(screen, buttons=((button,), *screen.buttons))
