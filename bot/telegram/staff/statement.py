"""An entry of a tenant's statement, which staff can take back if it is a payment."""

from dataclasses import replace

from bot.domain.ledger import EntryKind
from bot.domain.people import Permission
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.reversal import reverse_button
from bot.telegram.tenant import statement


async def entry(context: Context) -> Screen:
    """This function will open an entry, with the way to take a payment back."""
    screen = await statement.entry(context)
    opened = await context.services.reports.entry(
        actor=context.actor, entry_id=context.tap.integer(0)
    )
    may = context.actor.may(Permission.TAKE_PAYMENT, opened.book.place.id)
    is_payment = opened.entry.kind is EntryKind.PAYMENT
    if not (may and is_payment) or opened.reversed_by is not None:
        return screen
    button = reverse_button(opened.entry.id, context.speaker)
    return replace(screen, buttons=((button,), *screen.buttons))
