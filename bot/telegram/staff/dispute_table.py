"""The rows of the one table of handlers in which staff settle questions. Section 10."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import dispute

_STAFF = staff_with(Permission.SEE_MONEY)
_SETTLES = staff_with(Permission.CREDIT_BILLS)

STAFF_DISPUTE_TABLE: tuple[Route, ...] = (
    Route(
        command="disputes",
        menu=N_("What tenants question"),
        action=Action.DISPUTES,
        audience=_STAFF,
        handler=dispute.disputes,
    ),
    Route(action=Action.DISPUTE_EVIDENCE, audience=_STAFF, handler=dispute.evidence),
    Route(action=Action.DISPUTE_DECIDE, audience=_SETTLES, handler=dispute.decide),
    Route(action=Action.DISPUTE_DECIDE_CONFIRM, audience=_SETTLES, handler=dispute.confirm),
    Route(content=Kind.TEXT, step=dispute.CREDIT, audience=_SETTLES, handler=dispute.amount),
    Route(content=Kind.TEXT, step=dispute.WHY, audience=_SETTLES, handler=dispute.reason),
)
