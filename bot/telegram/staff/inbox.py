"""Everything that waits for somebody's decision."""

from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.inbox import inbox_screen


async def inbox(context: Context) -> Screen:
    """This function will show what waits, a page at a time."""
    await context.services.dialogs.end(person_id=context.person.id)
    tap = context.press
    offset = tap.integer(0) if tap is not None and tap.arguments else 0
    page = await context.services.inboxes.page(actor=context.actor, offset=offset)
    return inbox_screen(page, context.speaker)
