"""What was used, as a picture."""

from bot.telegram.callbacks import Action, ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.usage import SPANS_DAYS, usage_screen
from bot.telegram.tenant.choice import lease_or_choice


async def usage(context: Context) -> Screen:
    """This function will draw the last 7 or 30 days."""
    lease = await lease_or_choice(context, Action.USAGE)
    if isinstance(lease, Screen):
        return lease
    days = _days(context)
    report = await context.services.reports.usage(actor=context.actor, lease_id=lease, days=days)
    language = context.speaker.language
    picture = await context.services.pictures.usage(report.chart, language=language)
    return usage_screen(report, picture, context.speaker)


def _days(context: Context) -> int:
    """Raises ButtonUnknown for a span that is not offered."""
    if context.press is None or len(context.press.arguments) < 2:
        return SPANS_DAYS[0]
    days = context.press.integer(1)
    if days not in SPANS_DAYS:
        raise ButtonUnknown(context.request.data)
    return days
