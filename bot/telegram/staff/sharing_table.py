"""The rows of the one table of handlers with which common areas are split."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import sharing, sharing_past, sharing_size

_TAKES = staff_with(Permission.TAKE_PAYMENT)
_ONBOARDS = staff_with(Permission.ONBOARD)
_SETS = staff_with(Permission.SET_RULES)

COMMON_TABLE: tuple[Route, ...] = (
    Route(
        command="common",
        menu=N_("Split the use of common areas"),
        action=Action.COMMON,
        audience=_TAKES,
        handler=sharing.common,
    ),
    Route(action=Action.COMMON_STEP, audience=_TAKES, handler=sharing.step),
    Route(content=Kind.TEXT, step=sharing.DAYS, audience=_TAKES, handler=sharing.days),
    Route(action=Action.COMMON_CONFIRM, audience=_TAKES, handler=sharing.confirm),
    Route(action=Action.COMMON_PAST, audience=_TAKES, handler=sharing_past.past),
    Route(action=Action.COMMON_SPLIT, audience=_TAKES, handler=sharing_past.split),
    Route(action=Action.COMMON_UNDO, audience=_TAKES, handler=sharing_past.ask_undo),
    Route(content=Kind.TEXT, step=sharing_past.WHY, audience=_TAKES, handler=sharing_past.reason),
    Route(action=Action.COMMON_UNDO_CONFIRM, audience=_TAKES, handler=sharing_past.undo),
    Route(action=Action.COMMON_SIZES, audience=_TAKES, handler=sharing_size.sizes),
    Route(action=Action.COMMON_SIZE, audience=_ONBOARDS, handler=sharing_size.ask),
    Route(content=Kind.TEXT, step=sharing_size.SIZE, audience=_ONBOARDS, handler=sharing_size.size),
    Route(
        content=Kind.TEXT, step=sharing_size.SINCE, audience=_ONBOARDS, handler=sharing_size.since
    ),
    Route(action=Action.COMMON_SIZE_SINCE, audience=_ONBOARDS, handler=sharing_size.set_since),
    Route(action=Action.COMMON_LOSS, audience=_SETS, handler=sharing_size.loss),
)
