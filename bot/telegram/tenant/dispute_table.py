"""The rows of the one table of handlers in which amounts are questioned. Section 10."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import TENANT, tenants_and_staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.tenant import dispute

_BOTH = tenants_and_staff_with(Permission.SEE_MONEY)

DISPUTE_TABLE: tuple[Route, ...] = (
    Route(
        command="dispute",
        menu=N_("Question an amount, and see what became of it"),
        action=Action.DISPUTES,
        audience=TENANT,
        handler=dispute.own,
    ),
    Route(action=Action.DISPUTE, audience=TENANT, handler=dispute.begin),
    Route(action=Action.DISPUTE_AMOUNT, audience=TENANT, handler=dispute.part),
    Route(content=Kind.TEXT, step=dispute.PART, audience=TENANT, handler=dispute.typed_part),
    Route(action=Action.DISPUTE_CARD, audience=_BOTH, handler=dispute.card),
    Route(action=Action.DISPUTE_SAY, audience=_BOTH, handler=dispute.say),
    Route(content=Kind.TEXT, step=dispute.WORDS, audience=_BOTH, handler=dispute.words),
    Route(content=Kind.PHOTO, step=dispute.WORDS, audience=_BOTH, handler=dispute.photo),
    Route(content=Kind.DOCUMENT, step=dispute.WORDS, audience=_BOTH, handler=dispute.no_picture),
    Route(action=Action.DISPUTE_SEND, audience=_BOTH, handler=dispute.send),
    Route(action=Action.DISPUTE_PHOTO, audience=_BOTH, handler=dispute.picture),
    Route(action=Action.DISPUTE_WITHDRAW, audience=TENANT, handler=dispute.withdraw),
    Route(
        action=Action.DISPUTE_WITHDRAW_CONFIRM,
        audience=TENANT,
        handler=dispute.withdraw_confirmed,
    ),
)
