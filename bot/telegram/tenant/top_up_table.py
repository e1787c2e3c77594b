"""The rows of the one table of handlers in which tenants pay."""

from bot.i18n import N_
from bot.telegram.audience import TENANT
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.tenant import claim, top_up

TOP_UP_TABLE: tuple[Route, ...] = (
    Route(
        command="recharge",
        menu=N_("Pay: how much, and where to"),
        action=Action.TOP_UP,
        audience=TENANT,
        handler=top_up.top_up,
    ),
    *(
        Route(content=Kind.TEXT, step=step, audience=TENANT, handler=top_up.typed)
        for step in top_up.STEPS
    ),
    *(
        Route(content=Kind.PHOTO, step=step, audience=TENANT, handler=claim.picture)
        for step in top_up.STEPS
    ),
)
