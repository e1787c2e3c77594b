"""The rows of the one table that are about Qube: what it has, and its devices."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import device, sync

_ONBOARDS = staff_with(Permission.ONBOARD)

DEVICE_TABLE: tuple[Route, ...] = (
    Route(
        command="sync",
        menu=N_("What Qube has, and what does not fit"),
        action=Action.SYNC,
        audience=_ONBOARDS,
        handler=sync.sync,
    ),
    Route(action=Action.SYNC_LIST, audience=_ONBOARDS, handler=sync.misfits),
    Route(action=Action.DEVICE, audience=_ONBOARDS, handler=device.device),
    Route(action=Action.DEVICE_MODE, audience=_ONBOARDS, handler=device.ask_mode),
    Route(action=Action.DEVICE_MODE_CONFIRM, audience=_ONBOARDS, handler=device.switch),
    Route(action=Action.DEVICE_LINK, audience=_ONBOARDS, handler=device.choose_meter),
    Route(content=Kind.TEXT, step=device.CHOOSING, audience=_ONBOARDS, handler=device.typed_meter),
    Route(action=Action.DEVICE_LINK_ASK, audience=_ONBOARDS, handler=device.ask_link),
    Route(action=Action.DEVICE_LINK_CONFIRM, audience=_ONBOARDS, handler=device.link),
    Route(action=Action.DEVICE_NAME, audience=_ONBOARDS, handler=device.ask_name),
    Route(action=Action.DEVICE_NAME_CONFIRM, audience=_ONBOARDS, handler=device.rename),
)
