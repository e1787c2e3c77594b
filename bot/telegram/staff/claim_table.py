"""The staff's rows of the one table of handlers for what tenants say of payments."""

from bot.domain.people import Permission
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import claim, promise

_SEES = staff_with(Permission.SEE_MONEY)
_SWITCHES = staff_with(Permission.SWITCH_POWER)
_TAKES = staff_with(Permission.TAKE_PAYMENT)

STAFF_CLAIM_TABLE: tuple[Route, ...] = (
    Route(action=Action.CLAIM_VIEW, audience=_SEES, handler=claim.view),
    Route(action=Action.CLAIM_APPROVE, audience=_TAKES, handler=claim.approve),
    Route(action=Action.CLAIM_OTHER, audience=_TAKES, handler=claim.other),
    Route(content=Kind.TEXT, step=claim.OTHER, audience=_TAKES, handler=claim.amount),
    Route(action=Action.CLAIM_ACCEPT, audience=_TAKES, handler=claim.accept),
    Route(action=Action.CLAIM_REJECT, audience=_TAKES, handler=claim.reject),
    Route(content=Kind.TEXT, step=claim.WHY, audience=_TAKES, handler=claim.reason),
    Route(action=Action.CLAIM_REFUSE, audience=_TAKES, handler=claim.refuse),
    Route(action=Action.PROMISE_VIEW, audience=_SEES, handler=promise.view),
    Route(action=Action.PROMISE_ACCEPT, audience=_SWITCHES, handler=promise.accept),
    Route(action=Action.PROMISE_GRANT, audience=_SWITCHES, handler=promise.grant),
    Route(action=Action.PROMISE_OTHER, audience=_SWITCHES, handler=promise.other),
    Route(action=Action.PROMISE_REFUSE, audience=_SWITCHES, handler=promise.refuse),
    Route(action=Action.PROMISE_DENY, audience=_SWITCHES, handler=promise.deny),
)
