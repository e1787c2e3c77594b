"""The staff's rows of the one table of handlers for what tenants say of payments."""

from bot.domain.people import Permission
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import claim

_SEES = staff_with(Permission.SEE_MONEY)
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
)
