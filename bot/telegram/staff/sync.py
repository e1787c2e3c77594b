"""What Qube has: asked now, and what of it does not fit."""

from bot.services.fitting import Misfit
from bot.services.ports import GatewayError
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.sync import CODES, KEPT, misfit_screen, sync_screen, waiting_screen


async def sync(context: Context) -> Screen | None:
    """This function will ask Qube now, or show again what it said, and tell what does not fit."""
    await context.services.dialogs.end(person_id=context.person.id)
    if context.press is not None and KEPT in context.press.arguments:
        found = await context.services.devices.fitting(actor=context.actor)
        return sync_screen(found, context.speaker)
    if context.press is not None:
        await context.window.toast(context.speaker.plain.text("Asking Qube …"))
        return await _looked(context)
    message_id = await context.window.show(waiting_screen(context.speaker))
    await context.window.change(message_id, await _looked(context))
    return None


async def misfits(context: Context) -> Screen:
    """This function will list what does not fit in one way."""
    tap = context.tap
    await context.services.dialogs.end(person_id=context.person.id)
    found = await context.services.devices.fitting(actor=context.actor)
    return misfit_screen(found, _misfit(tap.text(0), context), tap.integer(1), context.speaker)


async def _looked(context: Context) -> Screen:
    """What was known before is shown when Qube does not answer."""
    devices = context.services.devices
    try:
        found = await devices.look(actor=context.actor)
    except GatewayError as error:
        found = await devices.fitting(actor=context.actor)
        return sync_screen(found, context.speaker, trouble=error)
    return sync_screen(found, context.speaker)


def _misfit(code: str, context: Context) -> Misfit:
    if code not in CODES:
        raise ButtonUnknown(context.request.data)
    return CODES[code]
