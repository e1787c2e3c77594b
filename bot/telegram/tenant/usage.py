"""What was used, as a picture."""

from dataclasses import replace

from bot.telegram.callbacks import Action, ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.room import room_title
from bot.telegram.screens.usage import SPANS_DAYS, usage_screen
from bot.telegram.tenant.choice import lease_or_choice


async def usage(context: Context) -> Screen:
    """This function will draw the last 7 or 30 days."""
    lease = await lease_or_choice(context, Action.USAGE)
    if isinstance(lease, Screen):
        return lease
    days = _days(context)
    report = await context.services.reports.usage(actor=context.actor, lease_id=lease, days=days)
    speaker = context.speaker
    chart = replace(report.chart, room=room_title(report.chart.room, speaker.plain))
    picture = await context.services.pictures.usage(chart, language=speaker.language)
    return usage_screen(report, picture, speaker)


def _days(context: Context) -> int:
    """Raises ButtonUnknown for a span that is not offered."""
    if context.press is None or len(context.press.arguments) < 2:
        return SPANS_DAYS[0]
    days = context.press.integer(1)
    if days not in SPANS_DAYS:
        raise ButtonUnknown(context.request.data)
    return days
