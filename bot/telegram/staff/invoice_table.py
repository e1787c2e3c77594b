"""The staff's rows of the one table of handlers that are about bills."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.staff import bill_anew, credit_note, invoices

_SEES_MONEY = staff_with(Permission.SEE_MONEY)
_CREDITS = staff_with(Permission.CREDIT_BILLS)

INVOICE_TABLE: tuple[Route, ...] = (
    Route(
        command="invoices",
        menu=N_("Bills of a building"),
        action=Action.INVOICES,
        audience=_SEES_MONEY,
        handler=invoices.invoices,
    ),
    Route(action=Action.CREDIT, audience=_CREDITS, handler=credit_note.credit),
    Route(
        content=Kind.TEXT,
        step=credit_note.ASKING_AMOUNT,
        audience=_CREDITS,
        handler=credit_note.amount,
    ),
    Route(content=Kind.TEXT, step=credit_note.WHY, audience=_CREDITS, handler=credit_note.reason),
    Route(action=Action.CREDIT_CONFIRM, audience=_CREDITS, handler=credit_note.confirm),
    Route(action=Action.BILL_ANEW, audience=_CREDITS, handler=bill_anew.ask),
    Route(action=Action.BILL_ANEW_CONFIRM, audience=_CREDITS, handler=bill_anew.confirm),
)
