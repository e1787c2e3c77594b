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
    *(
        Route(content=Kind.TEXT, step=step, audience=TENANT, handler=claim.typed)
        for step in claim.STEPS
    ),
    *(
        Route(content=Kind.PHOTO, step=step, audience=TENANT, handler=claim.picture)
        for step in claim.STEPS
    ),
    Route(action=Action.PROMISE, audience=TENANT, handler=promise.promise),
    Route(action=Action.PROMISE_CONFIRM, audience=TENANT, handler=promise.confirm),
    Route(action=Action.CLAIM_CONFIRM, audience=TENANT, handler=claim.confirm),
)
