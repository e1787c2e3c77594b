"""The card that a tenant begins with, and looking at the meter just now."""

from bot.services.home_card import HomeCard
from bot.telegram.callbacks import Action
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.home import home_screen
from bot.telegram.tenant.choice import lease_or_choice


async def home(context: Context) -> Screen:
    """This function will show the lease that was asked for, the only one, or the choice."""
    lease = await lease_or_choice(context, Action.HOME)
    if isinstance(lease, Screen):
        return lease
    card = await context.services.reports.home(actor=context.actor, lease_id=lease)
    return _screen(card, context)


async def refresh(context: Context) -> Screen:
    """This function will ask the meter and bring the card up to date, in its place."""
    lease_id = context.tap.integer(0)
    await context.window.toast(context.speaker.plain.text("Asking the meter …"))
    card = await context.services.reports.refresh(actor=context.actor, lease_id=lease_id)
    return _screen(card, context)


def _screen(card: HomeCard, context: Context) -> Screen:
    has_others = bool(context.actor.lease_ids - {card.lease_id})
    return home_screen(card, context.speaker_in(card.zone), has_others=has_others)
