"""The card that staff begin with, also those who are tenants besides."""

from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.room_card import room_card_screen
from bot.telegram.screens.staff_home import staff_home_screen
from bot.telegram.tenant import home as tenant_home


async def home(context: Context) -> Screen:
    """This function will show what is the matter, or the room that a button names."""
    if context.press is not None and context.press.arguments:
        lease_id = context.press.integer(0)
        if lease_id in context.actor.lease_ids:
            return await tenant_home.home(context)
        card = await context.services.rooms.card_of_lease(actor=context.actor, lease_id=lease_id)
        return room_card_screen(card, context.speaker_in(card.zone))
    await context.services.dialogs.end(person_id=context.person.id)
    found = await context.services.rooms.home(actor=context.actor)
    waiting = await context.services.inboxes.count(actor=context.actor)
    return staff_home_screen(found, context.actor, context.speaker, waiting=waiting)
