"""Whether all is well."""

from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.status import status_screen


async def status(context: Context) -> Screen:
    """This function will look at everything once."""
    report = await context.services.status.report(actor=context.actor)
    return status_screen(report, context.speaker)
