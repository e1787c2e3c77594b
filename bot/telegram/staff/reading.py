"""A held reading is accepted or rejected, in the message that asked. Rule 3.5."""

from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.judgement import judgement_screen


async def accept(context: Context) -> Screen:
    """This function will charge the reading."""
    return await _judge(context, accept=True)


async def reject(context: Context) -> Screen:
    """This function will set the reading aside."""
    return await _judge(context, accept=False)


async def _judge(context: Context, *, accept: bool) -> Screen:
    judged = await context.services.readings.judge(
        cause=context.cause, reading_id=context.tap.integer(0), accept=accept
    )
    return judgement_screen(judged, context.speaker)
