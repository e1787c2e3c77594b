"""The rows of the one table of handlers in which tenants say that they have paid, or will."""

from bot.i18n import N_
from bot.telegram.audience import TENANT
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.tenant import claim, promise

CLAIM_TABLE: tuple[Route, ...] = (
    Route(
        command="paid",
        menu=N_("Say that you have paid"),
        action=Action.CLAIM,
        audience=TENANT,
        handler=claim.claim,
    ),
    Route(content=Kind.TEXT, step=claim.AMOUNT, audience=TENANT, handler=claim.amount),
    Route(content=Kind.TEXT, step=claim.PROOF, audience=TENANT, handler=claim.reference),
    Route(content=Kind.PHOTO, step=claim.PROOF, audience=TENANT, handler=claim.picture),
    Route(action=Action.PROMISE, audience=TENANT, handler=promise.promise),
    Route(action=Action.PROMISE_CONFIRM, audience=TENANT, handler=promise.confirm),
    Route(action=Action.CLAIM_CONFIRM, audience=TENANT, handler=claim.confirm),
)
