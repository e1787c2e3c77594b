"""Every entry with its arithmetic."""

from dataclasses import replace

from bot.telegram.callbacks import Action
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.dispute import question_button
from bot.telegram.screens.entry import entry_screen
from bot.telegram.screens.statement import statement_screen
from bot.telegram.tenant.choice import lease_or_choice


async def statement(context: Context) -> Screen:
    """This function will show a page of entries, the newest first."""
    lease = await lease_or_choice(context, Action.STATEMENT)
    if isinstance(lease, Screen):
        return lease
    page = await context.services.reports.statement(
        actor=context.actor, lease_id=lease, before_id=_page(context, 1)
    )
    return statement_screen(page, context.speaker_in(page.book.place.zone))


async def entry(context: Context) -> Screen:
    """This function will open one entry."""
    opened = await context.services.reports.entry(
        actor=context.actor, entry_id=context.tap.integer(0)
    )
    speaker = context.speaker_in(opened.book.place.zone)
    screen = entry_screen(opened, speaker, before_id=_page(context, 1))
    if opened.entry.lease_id not in context.actor.lease_ids:
        return screen
    question = question_button("e", opened.entry.id, speaker)
    return replace(screen, buttons=((question,), *screen.buttons))


def _page(context: Context, index: int) -> int | None:
    """Return before which entry the page begins; 0 stands for the newest page."""
    if context.press is None or len(context.press.arguments) <= index:
        return None
    return context.press.integer(index) or None
